/**
 * Proofs that a tree holds a leaf, and that it grew from another tree or holds a part of it: RFC 9162, sections 2.1.3 and
 * 2.1.4, for parts (subtrees) draft-ietf-plants-merkle-tree-certs. A part is [start, end) where start is a multiple of the
 * smallest power of two that is no less than its length; the whole tree, and what it was before, start at 0.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { isSame, MAX_SIZE } from './bytes.ts';
import type { EvidenceError } from './errors.ts';
import { HASH_SIZE, type Hasher } from './hasher.ts';
import { nodeHash } from './tree.ts';

/** Most hashes of a proof: two for each of 64 levels would be more than any tree below 2^64 leaves needs. */
export const MAX_PROOF_HASHES = 128;

/** A proof: hashes of 32 bytes, from the leaf upwards. */
export type Proof = readonly Uint8Array[];

/** What an inclusion proof is about. */
export type Inclusion = {
  /** Number of the leaf, from 0. */
  readonly index: bigint;
  /** Leaves of the tree. */
  readonly size: bigint;
  readonly leaf: Uint8Array;
  readonly root: Uint8Array;
};

/** What a consistency proof is about: of the tree of `size`, the leaves [start, end) have the root `part`. */
export type Consistency = {
  /** 0, where the part is an older state of the tree. */
  readonly start: bigint;
  readonly end: bigint;
  readonly part: Uint8Array;
  readonly size: bigint;
  readonly root: Uint8Array;
};

/** Whether the proof leads from the leaf to the root: RFC 9162, 2.1.3.2. */
export function checkInclusion(hasher: Hasher, about: Inclusion, proof: Proof): Result<void, EvidenceError> {
  const { index, size, leaf, root } = about;
  if (index < 0n || index >= size || size > MAX_SIZE) return wrongProof('the tree has no such leaf');
  if (!areHashes([leaf, root, ...proof])) return wrongProof('a hash has not 32 bytes');
  let fn = index;
  let sn = size - 1n;
  let hash = leaf;
  for (const next of proof) {
    if (sn === 0n) return wrongProof('the proof is too long');
    if ((fn & 1n) === 1n || fn === sn) {
      hash = nodeHash(hasher, next, hash);
      while ((fn & 1n) === 0n && fn !== 0n) {
        fn >>= 1n;
        sn >>= 1n;
      }
    } else {
      hash = nodeHash(hasher, hash, next);
    }
    fn >>= 1n;
    sn >>= 1n;
  }
  if (sn !== 0n) return wrongProof('the proof is too short');
  return isSame(hash, root) ? ok() : wrongProof('the proof leads to another root');
}

/** What an inclusion proof within a part is about: of the leaves [start, end), whose root is `root`. */
export type PartInclusion = {
  readonly index: bigint;
  readonly start: bigint;
  readonly end: bigint;
  readonly leaf: Uint8Array;
  readonly root: Uint8Array;
};

/** Whether the proof leads from the leaf to the root of the part. */
export function checkPartInclusion(
  hasher: Hasher,
  { index, start, end, leaf, root }: PartInclusion,
  proof: Proof,
): Result<void, EvidenceError> {
  if (!isPart(start, end) || index < start || end > MAX_SIZE) return wrongProof('the part has no such leaf');
  return checkInclusion(hasher, { index: index - start, size: end - start, leaf, root }, proof);
}

/**
 * Whether the proof shows that the part is of the tree. An empty part proves nothing and is refused: whoever begins at
 * nothing has to say so.
 */
export function checkConsistency(
  hasher: Hasher,
  about: Consistency,
  proof: Proof,
): Result<void, EvidenceError> {
  const { start, end, part, size, root } = about;
  if (!isPart(start, end) || end > size || size > MAX_SIZE) return wrongProof('the tree has no such part');
  if (!areHashes([part, root, ...proof])) return wrongProof('a hash has not 32 bytes');
  let fn = start;
  let sn = end - 1n;
  let tn = size - 1n;
  const shift = (): void => {
    fn >>= 1n;
    sn >>= 1n;
    tn >>= 1n;
  };
  // Up to where the part ends: below, both trees are the same.
  if (sn === tn) while (fn !== sn) shift();
  else while (fn !== sn && (sn & 1n) === 1n) shift();
  const rest = [...proof];
  const seed = fn === sn ? part : rest.shift();
  if (seed === undefined) return wrongProof('the proof is too short');
  let fr = seed;
  let sr = seed;
  for (const next of rest) {
    if (tn === 0n) return wrongProof('the proof is too long');
    if ((sn & 1n) === 1n || sn === tn) {
      if (fn < sn) fr = nodeHash(hasher, next, fr);
      sr = nodeHash(hasher, next, sr);
      while ((sn & 1n) === 0n && sn !== 0n) shift();
    } else {
      sr = nodeHash(hasher, sr, next);
    }
    shift();
  }
  if (tn !== 0n) return wrongProof('the proof is too short');
  if (!isSame(fr, part)) return wrongProof('the proof leads to another root of the part');
  return isSame(sr, root) ? ok() : wrongProof('the proof leads to another root');
}

/** Whether [start, end) can be the leaves of a subtree. */
export function isPart(start: bigint, end: bigint): boolean {
  if (start < 0n || end <= start) return false;
  let width = 1n;
  while (width < end - start) width <<= 1n;
  return start % width === 0n;
}

function areHashes(hashes: readonly Uint8Array[]): boolean {
  return hashes.length <= MAX_PROOF_HASHES && hashes.every(({ length }) => length === HASH_SIZE);
}

function wrongProof(detail: string): Result<never, EvidenceError> {
  return err({ code: 'EVIDENCE_PROOF_WRONG', detail });
}
