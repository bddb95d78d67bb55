/**
 * Proofs about one handle: that the tree holds it with a leaf, or does not hold it. The path goes from the root to where the
 * record stands, or where it would: there is nothing, or another record that is alone below.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { HASH_SIZE, type Hasher, isSame } from '@bellwether/evidence';
import type { RollsError } from './errors.ts';
import { HANDLE_SIZE, NO_LEAF } from './rolls-types.ts';
import { bitAt, HANDLE_BITS, MAP_LEAF_PREFIX, MAP_NODE_PREFIX } from './subtrees.ts';

/** A proof of presence or absence. */
export type MapProof = {
  /** What stands beside the path, from the root downwards; 32 zero bytes where nothing does. */
  readonly siblings: readonly Uint8Array[];
  /** The record that stands alone where the handle would; null: nothing does, or the handle itself. */
  readonly other: { readonly handle: Uint8Array; readonly leaf: Uint8Array } | null;
};

/** Hash of a record as a leaf of the tree. */
export function mapLeaf(hasher: Hasher, handle: Uint8Array, leaf: Uint8Array): Uint8Array {
  return hashPair(hasher, MAP_LEAF_PREFIX, handle, leaf);
}

/** Hash of a node over two others. */
export function mapNode(hasher: Hasher, left: Uint8Array, right: Uint8Array): Uint8Array {
  return hashPair(hasher, MAP_NODE_PREFIX, left, right);
}

/** Whether the tree with this root holds the handle with this leaf; a leaf of null: does not hold the handle. */
export function checkMapProof(
  hasher: Hasher,
  root: Uint8Array,
  handle: Uint8Array,
  leaf: Uint8Array | null,
  proof: MapProof,
): Result<void, RollsError> {
  const { siblings, other } = proof;
  if (siblings.length > HANDLE_BITS) return wrongMapProof('the path is longer than a handle');
  const others = other === null ? [] : [other.handle, other.leaf];
  if ([root, handle, ...(leaf === null ? [] : [leaf]), ...others, ...siblings].some(isOddSize)) {
    return wrongMapProof('a handle or a hash has not 32 bytes');
  }
  if (leaf !== null && other !== null) return wrongMapProof('it proves presence by another record');
  if ([leaf, other?.leaf].some((given) => given != null && isSame(given, NO_LEAF))) {
    return wrongMapProof('a record without a leaf');
  }
  if (other !== null && !isStrangerBeside(handle, other.handle, siblings.length)) {
    return wrongMapProof('the other record does not stand where the handle would');
  }
  const last = siblings.at(-1);
  if (last !== undefined && isSame(last, NO_LEAF)) {
    return wrongMapProof('the path goes on where nothing branches');
  }
  let hash = bottom(hasher, handle, leaf, other);
  for (let depth = siblings.length - 1; depth >= 0; depth--) {
    const sibling = siblings[depth]!;
    hash = bitAt(handle, 0, depth) === 0 ? mapNode(hasher, hash, sibling) : mapNode(hasher, sibling, hash);
  }
  return isSame(hash, root) ? ok() : wrongMapProof('it leads to another root');
}

function bottom(
  hasher: Hasher,
  handle: Uint8Array,
  leaf: Uint8Array | null,
  other: MapProof['other'],
): Uint8Array {
  if (leaf !== null) return mapLeaf(hasher, handle, leaf);
  return other === null ? NO_LEAF : mapLeaf(hasher, other.handle, other.leaf);
}

/** Whether another handle begins with the same bits, and is another. */
function isStrangerBeside(handle: Uint8Array, other: Uint8Array, bits: number): boolean {
  if (isSame(handle, other)) return false;
  for (let depth = 0; depth < bits; depth++) {
    if (bitAt(handle, 0, depth) !== bitAt(other, 0, depth)) return false;
  }
  return true;
}

function hashPair(hasher: Hasher, prefix: number, first: Uint8Array, second: Uint8Array): Uint8Array {
  const pair = new Uint8Array(2 * HASH_SIZE);
  pair.set(first);
  pair.set(second, HASH_SIZE);
  const out = new Uint8Array(HASH_SIZE);
  hasher.hashAll(prefix, pair, pair.length, 1, out);
  return out;
}

function isOddSize({ length }: Uint8Array): boolean {
  return length !== HANDLE_SIZE;
}

function wrongMapProof(detail: string): Result<never, RollsError> {
  return err({ code: 'ROLLS_PROOF_WRONG', detail });
}
