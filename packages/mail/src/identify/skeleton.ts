/**
 * What a name looks like at a glance: two names with one skeleton are taken for each other. Letters of other scripts by the confusables of
 * Unicode (UTS #39), which fold neither accents nor i and l; digits and pairs of letters as fonts of mail programs draw them.
 */
import unhomoglyph from 'unhomoglyph';

/** Digits that stand for letters. */
const DIGITS: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '2': 'z',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'b',
  '7': 't',
  '8': 'b',
  '9': 'g',
};

/** Characters without width, and letters that are drawn as nothing (Hangul fillers, the empty pattern of Braille). */
const UNSEEN = /[\p{Cf}\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]|\u034f/gu;

/** Letters that have been looked up: a table of some thousand; names use a few. */
const letters = new Map<string, string>();
const MOST_LETTERS = 5_000;

/** Longest name that is looked at: a host name has 253 characters (RFC 1035). */
const MOST_NAME = 253;

/** Characters among which a name is looked for: what is not seen, and spaces, may stand before it. */
const MOST_PADDED = 8_000;

/** A name in Latin letters without marks, lower case: what a reader takes other letters for. Digits and spaces stay. */
export function latinOf(text: string): string {
  const seen = seenOf(text);
  if (isAscii(seen)) return seen.toLowerCase();
  let latin = '';
  for (const char of seen.normalize('NFKD')) latin += char < '\x80' ? char : latinLetter(char);
  return latin.toLowerCase();
}

/** What is seen of a text: without characters that have no width, one space for several, as long as names are. */
export function seenOf(text: string): string {
  if (text.length <= MOST_NAME && isAscii(text)) return text;
  return text.slice(0, MOST_PADDED).replaceAll(UNSEEN, '').replaceAll(/\s+/g, ' ').slice(0, MOST_NAME);
}

/** The skeleton of a name or a host name. */
export function skeletonOf(name: string): string {
  return latinOf(name)
    .replaceAll(/[0-9]/g, (digit) => DIGITS[digit]!)
    .replaceAll('i', 'l')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll('cl', 'd');
}

function latinLetter(char: string): string {
  const known = letters.get(char);
  if (known !== undefined) return known;
  const found = unhomoglyph(char.replace(/\p{M}/u, '')).normalize('NFKD').replaceAll(/\p{M}/gu, '');
  if (letters.size >= MOST_LETTERS) letters.clear();
  letters.set(char, found);
  return found;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
