/**
 * Hashes of the entries of a bundle. Items are all of one length and come by the hundred, so runs of one length are hashed in one call,
 * which takes a fifth of the time that one call each takes.
 */
import { HASH_SIZE, type Hasher, LEAF_PREFIX } from '@bellwether/evidence';

/** Makes the hashes of leaves of some entries, one after the other. */
export function bundleHashes(hasher: Hasher, entries: readonly Uint8Array[]): Uint8Array {
  const hashes = new Uint8Array(entries.length * HASH_SIZE);
  for (let from = 0; from < entries.length; ) {
    const size = entries[from]!.length;
    let to = from + 1;
    while (entries[to]?.length === size) to++;
    const run = new Uint8Array((to - from) * size);
    for (let at = from; at < to; at++) run.set(entries[at]!, (at - from) * size);
    hasher.hashAll(LEAF_PREFIX, run, size, to - from, hashes.subarray(from * HASH_SIZE));
    from = to;
  }
  return hashes;
}
