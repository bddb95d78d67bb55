/**
 * Finds the end of a quoted field: access logs are mostly quoted text that nothing else has to look at. Hot path.
 */
import { viewOf } from './bytes.ts';

const QUOTE = 34;
const BACKSLASH = 92;
/** The constants that tell a zero byte in a word of four (Mycroft, 1987). */
const ONES = 0x01010101;
const HIGHS = 0x80808080 | 0;

/** Fields shorter than this (`"-"`) are searched byte by byte: the call into the machine's search costs more. */
const SHORT = 4;

/**
 * Index of the first `"` in [from, to) that no backslash escapes, or -1. Apache writes `\"` for a quote in a field and
 * `\\` for a backslash; nginx writes `\x22` and `\x5C`, so its fields hold no quote at all.
 */
export function closingQuote(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  for (;;) {
    const near = Math.min(to, i + SHORT);
    while (i < near && bytes[i] !== QUOTE) i++;
    if (i >= to) return -1;
    // Runs on beyond `to` at most to the quote that opens a field of a later line.
    if (bytes[i] !== QUOTE) i = bytes.indexOf(QUOTE, i);
    if (i < 0 || i >= to) return -1;
    if (bytes[i - 1] !== BACKSLASH || i === from) return i;
    let slashes = 1;
    while (i - slashes > from && bytes[i - slashes - 1] === BACKSLASH) slashes++;
    if ((slashes & 1) === 0) return i;
    i++;
  }
}

/** Whether [from, to) holds a `$` or a `(`: without them a field holds no expression and no function. */
export function holdsExpression(bytes: Uint8Array, from: number, to: number): boolean {
  const words = viewOf(bytes);
  let i = from;
  for (; i <= to - 4; i += 4) {
    // Clears what tells the blank, `$`, `(` and `,` apart; the rare address with one of the others costs a search.
    const word = (words.getInt32(i, true) & 0xf3f3f3f3) ^ 0x20202020;
    if (((word - ONES) & ~word & HIGHS) !== 0) return true;
  }
  for (; i < to; i++) if ((bytes[i]! & 0xf3) === 0x20) return true;
  return false;
}
