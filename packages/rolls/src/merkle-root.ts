/**
 * Root of a Merkle tree (RFC 6962, section 2.1) over rows of one size that lie one after the other: the items of a batch,
 * the rows of an extract. Level by level, a node that has no neighbour going up as it is: the same tree as the one that the
 * RFC splits at the largest power of two.
 */
import { emptyRoot, HASH_SIZE, type Hasher, LEAF_PREFIX, NODE_PREFIX } from '@bellwether/evidence';

/** The root, 32 bytes. `rows` stays as it is. */
export function merkleRoot(hasher: Hasher, rows: Uint8Array, rowBytes: number): Uint8Array {
  const count = rows.length / rowBytes;
  if (!Number.isInteger(count)) throw new RangeError('the rows end within one');
  const hashes = new Uint8Array(count * HASH_SIZE);
  hasher.hashAll(LEAF_PREFIX, rows, rowBytes, count, hashes);
  return rootOfHashes(hasher, hashes, count);
}

/** The root over the first `leaves` hashes of leaves, which are written over. */
export function rootOfHashes(hasher: Hasher, hashes: Uint8Array, leaves: number): Uint8Array {
  if (leaves === 0) return emptyRoot(hasher);
  let count = leaves;
  while (count > 1) {
    const pairs = count >> 1;
    hasher.hashAll(NODE_PREFIX, hashes, 2 * HASH_SIZE, pairs, hashes);
    if (count % 2 === 1) hashes.copyWithin(pairs * HASH_SIZE, (count - 1) * HASH_SIZE, count * HASH_SIZE);
    count -= pairs;
  }
  return hashes.slice(0, HASH_SIZE);
}
