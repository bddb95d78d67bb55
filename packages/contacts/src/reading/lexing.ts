/**
 * Small steps over a decoded target (see decoding.ts), shared by the rules that know an attack by its grammar.
 */
import { AMPERSAND, EQUALS } from './decoding.ts';

export const QUOTE = 39;
export const DOUBLE = 34;

/** Longest stretch that a rule looks ahead or back: payloads are dense, and work per byte stays bounded. */
export const REACH = 160;

/** ASCII letter in lower case, or a byte of a letter beyond ASCII. */
export function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 97 && byte <= 122) || byte > 127);
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}

/** Letter, digit, `_`, `@`: what a name in SQL or a programming language is made of. */
export function isName(byte: number | undefined): boolean {
  return isLetter(byte) || isDigit(byte) || byte === 95 || byte === 64;
}

export function isQuote(byte: number | undefined): boolean {
  return byte === QUOTE || byte === DOUBLE || byte === 96;
}

/** White space, also NUL and the no-break space of latin1, which MySQL takes for one. */
export function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 0 || byte === 0xa0;
}

/** Whether a parameter's value ends at `at`. */
export function isEnd(text: Uint8Array, at: number, end: number): boolean {
  return at >= end || text[at] === AMPERSAND;
}

/** Whether a parameter's value (or the path) begins at `at`. */
export function isBegin(text: Uint8Array, at: number): boolean {
  return at <= 0 || text[at - 1] === EQUALS || text[at - 1] === AMPERSAND;
}

/** First place at or behind `at` that is no separator of SQL: blanks, `+`, comments, and `/*!50000`, the star-slash. */
export function skipBlanks(text: Uint8Array, at: number, end: number): number {
  let i = at;
  const limit = Math.min(end, at + REACH);
  while (i < limit) {
    const byte = text[i];
    if (isBlank(byte) || byte === 43) i++;
    else if (byte === 47 && text[i + 1] === 42) i = commentEnd(text, i, limit);
    else if (byte === 42 && text[i + 1] === 47) i += 2;
    else break;
  }
  return i;
}

/** End of the comment that begins at `at`; of `/*!50000` only the head, since MySQL runs what is inside. */
function commentEnd(text: Uint8Array, at: number, end: number): number {
  let i = at + 2;
  if (text[i] === 33) {
    i++;
    while (i < end && isDigit(text[i])) i++;
    return i;
  }
  while (i < end && !(text[i] === 42 && text[i + 1] === 47)) i++;
  return Math.min(end, i + 2);
}

/** Last place before `at` that is no separator, or -1; the mirror of `skipBlanks`. */
export function skipBlanksBack(text: Uint8Array, at: number): number {
  let i = at - 1;
  const limit = Math.max(-1, at - REACH);
  while (i > limit) {
    const byte = text[i];
    if (isBlank(byte) || byte === 43) i--;
    else if (byte === 47 && text[i - 1] === 42) {
      i -= 2;
      while (i > limit && !(text[i] === 42 && text[i - 1] === 47)) i--;
      i -= 2;
    } else break;
  }
  return i;
}

/** End of the name at `at`; `at` itself if there is none. */
export function nameEnd(text: Uint8Array, at: number, end: number): number {
  let i = at;
  const limit = Math.min(end, at + REACH);
  while (i < limit && isName(text[i])) i++;
  return i;
}

/** Beginning of the name whose last byte is `last`; `last + 1` if there is none. */
export function nameBegin(text: Uint8Array, last: number): number {
  let i = last;
  const limit = Math.max(-1, last - REACH);
  while (i > limit && isName(text[i])) i--;
  return i + 1;
}

/** The name in [from, to) if it is short enough to be a keyword, else ''. Only rules that are rarely reached ask. */
export function nameAt(text: Uint8Array, from: number, to: number): string {
  if (to - from > 24 || to <= from) return '';
  let name = '';
  for (let i = from; i < to; i++) name += String.fromCharCode(text[i]!);
  return name;
}
