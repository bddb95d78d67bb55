/**
 * The second hand: which records are opened to auditors after a night was sealed. Nobody chooses them, and anybody can draw
 * again:
 *
 *     seed   = H("bellwether/second-hand@1\n" ‖ bytes of a cosigned checkpoint, its signatures too)
 *     rank i = first 8 bytes of H(seed ‖ u32 i), as a number, mod N       i = 0, 1, 2, ...; a rank that was drawn is skipped
 *
 * The checkpoint is the newest that the witnesses had accepted before the entry of the seal was in the log; N is the number of
 * leaves that the seal tells, and a rank is a place among the handles of that state, sorted. Signatures of many witnesses
 * go into the seed, so that no single one of them, and not the log either, can try seeds until a draw suits it.
 */
import { concat, encodeText, HASH_SIZE, type Hasher } from '@bellwether/evidence';

/**
 * Records that are drawn a night: a false row among 4.3 million is met seldom, but whoever alters one in a thousand is met with
 * a chance of 86 % in one night; and an auditor can look at so many within a minute.
 */
export const DRAWN_RECORDS = 2_000;

const SEED_HEAD = encodeText('bellwether/second-hand@1\n');

/** The seed of a draw; `checkpoint`: the bytes of the note as it was published. */
export function drawSeed(hasher: Hasher, checkpoint: Uint8Array): Uint8Array {
  return hashOf(hasher, concat(SEED_HEAD, checkpoint));
}

/** The ranks that are drawn among so many leaves, ascending: `DRAWN_RECORDS` of them, or all where there are no more. */
export function drawnRanks(hasher: Hasher, seed: Uint8Array, leaves: number): readonly number[] {
  if (!Number.isSafeInteger(leaves) || leaves < 0) throw new RangeError(`no number of leaves: ${leaves}`);
  if (leaves <= DRAWN_RECORDS) return Array.from({ length: leaves }, (_, rank) => rank);
  const ranks = new Set<number>();
  for (let i = 0; ranks.size < DRAWN_RECORDS; i++) {
    const hash = hashOf(hasher, concat(seed, Uint8Array.of(i >>> 24, i >>> 16, i >>> 8, i)));
    ranks.add(Number(new DataView(hash.buffer).getBigUint64(0) % BigInt(leaves)));
  }
  return [...ranks].sort((a, b) => a - b);
}

function hashOf(hasher: Hasher, message: Uint8Array): Uint8Array {
  const out = new Uint8Array(HASH_SIZE);
  hasher.hash(message, out, 0);
  return out;
}
