/**
 * The lexical part of JSON (RFC 8259): strings, numbers and words on their bytes.
 */
import { hexDigit } from './bytes.ts';

const QUOTE = 34;
const BACKSLASH = 92;

/** Bytes that end the plain part of a string: quote, backslash, control bytes. */
export const STOPS: Uint8Array = new Uint8Array(256);
STOPS.fill(1, 0, 32);
STOPS[QUOTE] = 1;
STOPS[BACKSLASH] = 1;

/**
 * Writes the bytes (UTF-8) that the string in [from, to) stands for into `out`, and returns how many; what does not
 * fit is cut. Half of a surrogate pair becomes U+FFFD. The string must have passed a scan.
 */
export function unescapeJson(bytes: Uint8Array, from: number, to: number, out: Uint8Array): number {
  let length = 0;
  let i = from;
  while (i < to && length < out.length) {
    const byte = bytes[i++]!;
    if (byte !== BACKSLASH) {
      out[length++] = byte;
      continue;
    }
    const letter = bytes[i++]!;
    if (letter !== 117) {
      out[length++] = ESCAPES[letter]!;
      continue;
    }
    let code = hex4(bytes, i);
    i += 4;
    if (code >= 0xd800 && code < 0xe000) {
      const low = code < 0xdc00 && bytes[i] === BACKSLASH && bytes[i + 1] === 117 ? hex4(bytes, i + 2) : -1;
      if (i + 6 <= to && low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        i += 6;
      } else {
        code = 0xfffd;
      }
    }
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (length + size > out.length) break;
    if (size === 1) {
      out[length++] = code;
      continue;
    }
    out[length++] = FIRST_BYTE[size]! | (code >> (6 * (size - 1)));
    for (let rest = size - 2; rest >= 0; rest--) out[length++] = 0x80 | ((code >> (6 * rest)) & 0x3f);
  }
  return length;
}

/** Leading bits of a UTF-8 sequence by its length. */
const FIRST_BYTE = [0, 0, 0xc0, 0xe0, 0xf0];

/** What the letter behind a backslash stands for; 0: no such escape. */
const ESCAPES = new Uint8Array(256);
for (const [letter, code] of [
  ['"', 34],
  ['\\', 92],
  ['/', 47],
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
] as const) {
  ESCAPES[letter.charCodeAt(0)] = code;
}

function hex4(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    const digit = hexDigit(bytes[at + i]!);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** First byte in [from, to) that is no white space, or `to`. */
export function skipSpace(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to) {
    const byte = bytes[i]!;
    if (byte > 32 || (byte !== 32 && byte !== 9 && byte !== 10 && byte !== 13)) break;
    i++;
  }
  return i;
}

/** End (the closing quote) of a string that stopped being plain at `at`; -1 if it is none. */
export function stringEnd(bytes: Uint8Array, at: number, to: number): number {
  let i = at;
  for (;;) {
    while (i < to && STOPS[bytes[i]!] === 0) i++;
    if (i >= to) return -1;
    const byte = bytes[i]!;
    if (byte === QUOTE) return i;
    if (byte !== BACKSLASH || i + 1 >= to) return -1;
    const letter = bytes[i + 1]!;
    if (letter === 117) {
      if (i + 6 > to || hex4(bytes, i + 2) < 0) return -1;
      i += 6;
    } else {
      if (ESCAPES[letter] === 0) return -1;
      i += 2;
    }
  }
}

/** End of `true`, `false` or `null`, -1 if it is none of them. */
export function wordEnd(bytes: Uint8Array, at: number, to: number): number {
  const word = bytes[at] === 116 ? TRUE : bytes[at] === 102 ? FALSE : NULL;
  if (to - at < word.length) return -1;
  for (let i = 1; i < word.length; i++) if (bytes[at + i] !== word[i]) return -1;
  return at + word.length;
}
const TRUE = Uint8Array.of(116, 114, 117, 101);
const FALSE = Uint8Array.of(102, 97, 108, 115, 101);
const NULL = Uint8Array.of(110, 117, 108, 108);

/** End of the number at `from`, -1 if it is none (RFC 8259 section 6). */
export function numberEnd(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  if (i < to && bytes[i] === 45) i++;
  const first = i;
  i = digitsEnd(bytes, i, to);
  if (i === first || (bytes[first] === 48 && i > first + 1)) return -1;
  if (i < to && bytes[i] === 46) {
    const digits = digitsEnd(bytes, i + 1, to);
    if (digits === i + 1) return -1;
    i = digits;
  }
  if (i < to && (bytes[i]! | 32) === 101) {
    i++;
    if (i < to && (bytes[i] === 43 || bytes[i] === 45)) i++;
    const digits = digitsEnd(bytes, i, to);
    if (digits === i) return -1;
    i = digits;
  }
  return i;
}

function digitsEnd(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to && bytes[i]! >= 48 && bytes[i]! <= 57) i++;
  return i;
}
