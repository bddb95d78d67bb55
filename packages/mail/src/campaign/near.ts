/**
 * Texts that are nearly the same: MinHash over runs of words, cut into bands (Broder 1997; Leskovec, Rajaraman, Ullman, "Mining of
 * Massive Datasets", chapter 3). Two texts that share nine tenths of their runs share a band with 99.9 %, two that share a third with 5 %.
 */

/** Words of a run. */
const RUN = 4;

/** Bands, and rows of each: 1 - (1 - s^5)^4 for a share s of runs in common. */
const BANDS = 4;
const ROWS = 5;

/** Words that are read: lures are short, and newsletters are recognised by their beginning. */
const MOST_WORDS = 2_000;

/** Shorter texts are alike by chance. */
const FEWEST_WORDS = 12;

/** Odd constants that make one hash into many: multiples of the golden ratio's (Knuth, TAOCP 3, 6.4). */
const SEEDS = Uint32Array.from({ length: BANDS * ROWS }, (_, at) => Math.imul(at * 2 + 1, 0x9e3779b1));

/** Prints of a text, one for each band; none where it is too short to tell. */
export function nearPrints(text: string): string[] {
  const words = wordsOf(text);
  if (words.length < FEWEST_WORDS) return [];
  const least = new Uint32Array(SEEDS.length).fill(0xffff_ffff);
  for (let at = 0; at + RUN <= words.length; at++) {
    let hash = 0x811c9dc5;
    for (let next = at; next < at + RUN; next++) hash = mixed(hash, words[next]!);
    for (let seed = 0; seed < SEEDS.length; seed++) {
      const value = scrambled(hash ^ SEEDS[seed]!);
      if (value < least[seed]!) least[seed] = value;
    }
  }
  return Array.from({ length: BANDS }, (_, band) => {
    const rows = least.subarray(band * ROWS, (band + 1) * ROWS);
    return `${band}${[...rows].map((row) => row.toString(36)).join('.')}`;
  });
}

/** Words, without digits and addresses: those differ from copy to copy. */
function wordsOf(text: string): string[] {
  return (
    text
      .slice(0, MOST_WORDS * 12)
      .toLowerCase()
      .match(/[\p{L}@]+/gu) ?? []
  )
    .filter((word) => !word.includes('@'))
    .slice(0, MOST_WORDS);
}

/** FNV-1a over UTF-16 units, and a mark between words. */
function mixed(start: number, word: string): number {
  let hash = start;
  for (let at = 0; at < word.length; at++) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  return Math.imul(hash ^ 0x20, 0x01000193);
}

/** The finalizer of MurmurHash3. */
function scrambled(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
