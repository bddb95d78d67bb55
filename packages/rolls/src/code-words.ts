/**
 * Four words that stand for a root, to be compared by eye or read over the telephone: what the desk shows and what the
 * office computes by itself have to be the same four.
 *
 *     h = H("bellwether/code-words@1\n" ‖ root), hashed again 65,536 times; its first 40 bits, ten a word
 *
 * Somebody who wants another root with the same words does not have to find the same root, only 40 equal bits: 2^40 tries.
 */
import { concat, encodeText, HASH_SIZE, type Hasher } from '@bellwether/evidence';
import { CODE_WORDS } from './words.ts';

/** Stands before the root, so that the words stand for roots of batches and nothing else. */
const LABEL = 'bellwether/code-words@1\n';

/**
 * Times that the hash is hashed again: with 2^16, each try costs as many hashes, and 2^40 tries cost 2^56, far more than
 * anybody has in the three days that a sheet waits; to whoever shows the words once, it is a tenth of a second.
 */
const ROUNDS = 65_536;

/** The words of a root of 32 bytes. */
export function codeWords(hasher: Hasher, root: Uint8Array): readonly [string, string, string, string] {
  if (root.length !== HASH_SIZE) throw new RangeError('a root has 32 bytes');
  const hash = new Uint8Array(HASH_SIZE);
  hasher.hash(concat(encodeText(LABEL), root), hash, 0);
  for (let round = 0; round < ROUNDS; round++) hasher.hash(hash, hash, 0);
  const [a, b, c, d, e] = hash as unknown as readonly [number, number, number, number, number];
  return [
    CODE_WORDS[(a << 2) | (b >> 6)]!,
    CODE_WORDS[((b & 63) << 4) | (c >> 4)]!,
    CODE_WORDS[((c & 15) << 6) | (d >> 2)]!,
    CODE_WORDS[((d & 3) << 8) | e]!,
  ];
}
