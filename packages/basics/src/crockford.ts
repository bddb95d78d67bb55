/**
 * Bits as people read them aloud: Base 32 in Crockford's alphabet, which has no I, L, O or U. Five bits a character, the highest
 * first, without padding.
 */

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** No text of ours with all its spaces is longer: nobody reads further. */
const LONGEST_TYPED = 128;

/** The first `characters` of the bytes. Throws (RangeError) where the bytes do not reach. */
export function crockfordText(bytes: Uint8Array, characters: number): string {
  if (bytes.length * 8 < characters * 5) throw new RangeError(`${bytes.length} bytes are too few`);
  let text = '';
  for (let place = 0; place < characters; place++) {
    const bit = place * 5;
    const two = (bytes[bit >> 3]! << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    text += ALPHABET[(two >> (11 - (bit & 7))) & 31];
  }
  return text;
}

/** What somebody typed, as it is spelled: capitals, without what groups it; undefined where it cannot be so many characters. */
export function typedCrockford(typed: string, characters: number): string | undefined {
  if (typed.length > LONGEST_TYPED) return undefined;
  const bare = typed.replace(/[\s\p{Pd}._]/gu, '').toUpperCase();
  const text = bare.replaceAll('O', '0').replace(/[IL]/g, '1');
  const isWhole = text.length === characters && [...text].every((letter) => ALPHABET.includes(letter));
  return isWhole ? text : undefined;
}
