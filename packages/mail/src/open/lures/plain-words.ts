/** Words as a reader takes them in: characters without width gone, letters that look alike made one, spaces folded. */
import unhomoglyph from 'unhomoglyph';

/** Most of a text that is looked through: lures are short. */
const MOST = 20_000;

/** Lower case, no marks, letters of other scripts that stand among Latin ones as those that they look like. */
export function plainWords(text: string): string {
  const folded = text
    .slice(0, MOST)
    .normalize('NFKC')
    .replaceAll(/[\u200b-\u200f\u2060-\u2064\ufeff\u00ad\u061c\u180e]|\u034f/g, '')
    .replaceAll(/[\u2018\u2019\u02bc\u2032]/g, "'")
    .toLowerCase()
    .replaceAll(/\s+/g, ' ');
  return folded.replaceAll(/[^\s]+/g, (word) => (isMixed(word) ? latin(word) : word));
}

/** Latin letters beside Greek or Cyrillic ones: no language writes a word so. */
function isMixed(word: string): boolean {
  return /[a-z]/.test(word) && /[\p{Script=Greek}\p{Script=Cyrillic}]/u.test(word);
}

/** The letters of other scripts as the Latin ones that they look like. The table makes "m" of no other letter, and "rn" of "m". */
function latin(word: string): string {
  return word.replaceAll(/[\p{Script=Greek}\p{Script=Cyrillic}]/gu, (letter) =>
    unhomoglyph(letter).toLowerCase(),
  );
}
