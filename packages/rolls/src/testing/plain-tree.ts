/** The tree as README.md states it, record by record: what the fast one is compared with. */
import { HASH_SIZE, type Hasher } from '@bellwether/evidence';
import { mapLeaf, mapNode } from '../map-proof.ts';
import { bitAt } from '../subtrees.ts';

/** A record of the tree. */
export type PlainRecord = { readonly handle: Uint8Array; readonly leaf: Uint8Array };

/** Hash of the node at a depth that all these records are below. */
export function plainNode(hasher: Hasher, records: readonly PlainRecord[], depth = 0): Uint8Array {
  const [first, ...others] = records;
  if (first === undefined) return new Uint8Array(HASH_SIZE);
  if (others.length === 0) return mapLeaf(hasher, first.handle, first.leaf);
  const left = records.filter(({ handle }) => bitAt(handle, 0, depth) === 0);
  const right = records.filter(({ handle }) => bitAt(handle, 0, depth) === 1);
  return mapNode(hasher, plainNode(hasher, left, depth + 1), plainNode(hasher, right, depth + 1));
}
