/**
 * Checks what a `PrefixTree` proves: a record has this leaf, or there is none of this handle.
 *
 * From the place of the handle up, each sibling makes the next node. A handle that is not there ends either at nothing, or at
 * another record that stands alone where this one would have to be.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { type Hasher, isSame } from '@bellwether/evidence';
import type { RollsError } from './errors.ts';
import { bitAt, MAX_DEPTH, type MapProof, mapLeafHash, mapNodeHash } from './prefix-tree.ts';
import { HANDLE_SIZE, NO_LEAF } from './rolls-types.ts';

/** Whether the proof leads from this handle, with this leaf or (null) without one, to this root. */
export function checkMapProof(
  hasher: Hasher,
  root: Uint8Array,
  handle: Uint8Array,
  leaf: Uint8Array | null,
  { siblings, other }: MapProof,
): Result<void, RollsError> {
  if (siblings.length > MAX_DEPTH)
    return noSuchProof(`${siblings.length} siblings, where a handle has ${MAX_DEPTH} bits`);
  if ([root, handle, ...siblings].some(({ length }) => length !== HANDLE_SIZE))
    return noSuchProof('a hash that is not of 32 bytes');
  if (leaf !== null && (leaf.length !== HANDLE_SIZE || isSame(leaf, NO_LEAF)))
    return noSuchProof('a leaf that is none');
  if (other !== null) {
    if (leaf !== null) return noSuchProof('another record stands where this one is said to be');
    if (other.handle.length !== HANDLE_SIZE || other.leaf.length !== HANDLE_SIZE)
      return noSuchProof('a record that is none');
    if (isSame(other.handle, handle)) return noSuchProof('the other record is this one');
    for (let depth = 0; depth < siblings.length; depth++) {
      if (bitAt(other.handle, 0, depth) !== bitAt(handle, 0, depth))
        return noSuchProof('the other record stands elsewhere');
    }
  }
  // A record alone below a node without a sibling would stand higher.
  const single = leaf !== null || other !== null;
  if (single && siblings.length > 0 && isSame(siblings.at(-1)!, NO_LEAF))
    return noSuchProof('deeper than it would stand');
  let hash = NO_LEAF;
  if (leaf !== null) hash = mapLeafHash(hasher, handle, leaf);
  else if (other !== null) hash = mapLeafHash(hasher, other.handle, other.leaf);
  for (let depth = siblings.length - 1; depth >= 0; depth--) {
    const sibling = siblings[depth]!;
    hash =
      bitAt(handle, 0, depth) === 0 ? mapNodeHash(hasher, hash, sibling) : mapNodeHash(hasher, sibling, hash);
  }
  return isSame(hash, root) ? ok() : noSuchProof('it leads to another root');
}

function noSuchProof(detail: string): Result<never, RollsError> {
  return err({ code: 'ROLLS_PROOF_WRONG', detail });
}
