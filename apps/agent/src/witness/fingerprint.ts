/**
 * The fingerprint of a witness: what is read aloud in the office and compared with what the hub was told, so that nobody can
 * put keys of their own in the place of the office's on the way.
 *
 *     4711 0815 3141 5926 5358 9793 2384 6264
 *
 * SHA-256 of `bellwether/witness-fingerprint@1` and of the keys as others read them, each with a newline; as a number with the
 * first byte highest, modulo 10^32, in groups of four digits. To find other keys with the same digits takes about 2^106 tries.
 * Digits and not words: they are read the same by everybody, on any phone.
 */
import { createHash } from 'node:crypto';
import { formatNoteKey, type NoteKey } from '@bellwether/evidence';

/** Groups of four digits: as few as keep 100 bits, since each one has to be read aloud. */
const GROUPS = 8;

const DIGITS = 4;

/** The fingerprint of keys, in this order. */
export function fingerprintOf(keys: readonly NoteKey[]): string {
  const text = ['bellwether/witness-fingerprint@1', ...keys.map(formatNoteKey), ''].join('\n');
  const number = BigInt(`0x${createHash('sha256').update(text).digest('hex')}`);
  const digits = (number % 10n ** BigInt(GROUPS * DIGITS)).toString().padStart(GROUPS * DIGITS, '0');
  return digits.match(/.{4}/g)!.join(' ');
}
