/**
 * A request target as the application behind the server may come to see it: escapes of the log undone, percent-encoding
 * undone up to three times, letters in lower case. What an attacker hides behind two encodings is plain here.
 *
 * Read in rounds: log escapes (`\x22` of nginx and Apache, `\"`), then `%41`, `%u0041` (IIS) and `+`, then `%41` again.
 * Overlong UTF-8 (`%c0%ae`) and full-width letters are folded to ASCII, as lenient servers and databases do.
 *
 * The `&` between parameters and the `=` behind a parameter's name become bytes of their own, `AMPERSAND` and `EQUALS`,
 * so that an encoded `&` or a second `=` stays a part of the value.
 */
import { hexDigit } from './bytes.ts';
import { MAX_LINE } from './reader.ts';

/** Stands for a `&` that separates parameters. */
export const AMPERSAND = 1;
/** Stands for the `=` between a parameter's name and its value. */
export const EQUALS = 2;

/** Ends of a value behind the target, so that a rule that looks a little ahead never sees what was decoded before. */
const SENTINELS = 16;

/** The decoded target; valid up to `decodedEnd`, until the next call. */
export const decoded: Uint8Array = new Uint8Array(MAX_LINE + SENTINELS);
export let decodedEnd = 0;
/** Where the path ends in `decoded`: at the `?`, or at the end. */
export let decodedPathEnd = 0;

const PERCENT = 37;
const BACKSLASH = 92;
const PLUS = 43;
const QUESTION = 63;
const SPACE = 32;

/** Times that percent-encoding is undone: once by the server, once by the application, once for a proxy between. */
const ROUNDS = 3;

/** What the first round has seen so far. */
let inQuery = false;
let named = false;
let percent = false;
let wide = false;

/** Decodes the target [from, to) of `bytes` into `decoded`. */
export function decodeTarget(bytes: Uint8Array, from: number, to: number): void {
  beginDecoding();
  takeRaw(bytes, from, to);
  finishDecoding();
}

/** Decodes a target whose path and query the log writes as two fields. */
export function decodeParts(
  bytes: Uint8Array,
  pathAt: number,
  pathEnd: number,
  queryAt: number,
  queryEnd: number,
): void {
  beginDecoding();
  takeRaw(bytes, pathAt, pathEnd);
  if (!inQuery) {
    decodedPathEnd = decodedEnd;
    inQuery = true;
    if (decodedEnd < MAX_LINE) decoded[decodedEnd++] = QUESTION;
  }
  takeRaw(bytes, queryAt, queryEnd);
  finishDecoding();
}

function beginDecoding(): void {
  decodedEnd = 0;
  decodedPathEnd = -1;
  inQuery = false;
  named = false;
  percent = false;
  wide = false;
}

/** The first round: escapes of the log and the marks of a query. */
function takeRaw(bytes: Uint8Array, from: number, to: number): void {
  const end = Math.min(to, from + MAX_LINE - decodedEnd);
  let at = decodedEnd;
  for (let i = from; i < end; i++) {
    let byte = bytes[i]!;
    if (byte === BACKSLASH && i + 1 < end) {
      byte = logEscape(bytes, i, end);
      i = escapeEnd - 1;
    } else if (inQuery) {
      if (byte === PLUS) byte = SPACE;
      else if (byte === 38) {
        byte = AMPERSAND;
        named = false;
      } else if (byte === 61 && !named) {
        byte = EQUALS;
        named = true;
      }
    } else if (byte === QUESTION) {
      inQuery = true;
      decodedPathEnd = at;
    }
    if (byte === PERCENT) percent = true;
    else if (byte >= 0xc0) wide = true;
    decoded[at++] = byte;
  }
  decodedEnd = at;
}

function finishDecoding(): void {
  if (decodedPathEnd < 0) decodedPathEnd = decodedEnd;
  for (let round = 0; percent && round < ROUNDS; round++) {
    percent = decodePercent();
    wide = true;
  }
  if (wide) foldWide();
  lower();
  decoded.fill(AMPERSAND, decodedEnd, decodedEnd + SENTINELS);
}

let escapeEnd = 0;
/** `\x22`, `\"`, `\\`, `\n`: a byte that the server escaped in its log. Any other backslash is one. */
function logEscape(bytes: Uint8Array, at: number, end: number): number {
  const next = bytes[at + 1]!;
  escapeEnd = at + 2;
  if (next === 120 && at + 3 < end) {
    const high = hexDigit(bytes[at + 2]!);
    const low = hexDigit(bytes[at + 3]!);
    if (high >= 0 && low >= 0) {
      escapeEnd = at + 4;
      return high * 16 + low;
    }
  }
  if (next === 34 || next === BACKSLASH || next === 39) return next;
  if (next === 110 && at + 2 === end) return 10;
  escapeEnd = at + 1;
  return BACKSLASH;
}

/** One round of percent-decoding in place. Says whether another round could find more. */
function decodePercent(): boolean {
  const end = decodedEnd;
  let at = 0;
  let left = false;
  let pathEnd = decodedPathEnd;
  for (let i = 0; i < end; i++) {
    if (i === decodedPathEnd) pathEnd = at;
    let byte = decoded[i]!;
    if (byte === PERCENT) {
      const high = i + 2 < end ? hexDigit(decoded[i + 1]!) : -1;
      const low = high >= 0 ? hexDigit(decoded[i + 2]!) : -1;
      if (low >= 0) {
        byte = high * 16 + low;
        if (byte === AMPERSAND || byte === EQUALS) byte = SPACE;
        i += 2;
      } else if (i + 5 < end && (decoded[i + 1]! | 32) === 117) {
        const code = fourHex(i + 2);
        if (code >= 0) {
          byte = narrow(code);
          i += 5;
        }
      }
    }
    if (byte === PERCENT) left = true;
    decoded[at++] = byte;
  }
  decodedPathEnd = decodedPathEnd >= end ? at : pathEnd;
  decodedEnd = at;
  return left && at < end;
}

function fourHex(at: number): number {
  let code = 0;
  for (let i = at; i < at + 4; i++) {
    const digit = hexDigit(decoded[i]!);
    if (digit < 0) return -1;
    code = code * 16 + digit;
  }
  return code;
}

/** The byte that a lenient program makes of a character: full-width forms are ASCII, the rest is some letter. */
function narrow(code: number): number {
  if (code > 2 && code < 256) return code;
  if (code >= 0xff01 && code <= 0xff5e) return code - 0xfee0;
  return 0xff;
}

/** Folds overlong UTF-8 (two and three bytes for ASCII) and full-width ASCII to the one byte that is meant. */
function foldWide(): void {
  const end = decodedEnd;
  let at = 0;
  let pathEnd = decodedPathEnd;
  for (let i = 0; i < end; i++) {
    if (i === decodedPathEnd) pathEnd = at;
    let byte = decoded[i]!;
    if (byte >= 0xc0) {
      const second = i + 1 < end ? decoded[i + 1]! : 0;
      const third = i + 2 < end ? decoded[i + 2]! : 0;
      if (byte <= 0xc1 && second >= 0x80 && second < 0xc0) {
        byte = ((byte & 1) << 6) | (second & 63);
        i++;
      } else if (byte === 0xe0 && second >= 0x80 && second < 0x82 && third >= 0x80 && third < 0xc0) {
        byte = ((second & 1) << 6) | (third & 63);
        i += 2;
      } else if (byte === 0xef && (second === 0xbc || second === 0xbd) && third >= 0x80 && third < 0xc0) {
        byte = narrow(0xf000 | ((second & 63) << 6) | (third & 63));
        i += 2;
      }
    }
    decoded[at++] = byte;
  }
  decodedPathEnd = decodedPathEnd >= end ? at : pathEnd;
  decodedEnd = at;
}

/** Lower case; control bytes but NUL and line ends become spaces, which databases and shells take them for. */
function lower(): void {
  for (let i = 0; i < decodedEnd; i++) {
    const byte = decoded[i]!;
    if (byte >= 65 && byte <= 90) decoded[i] = byte | 32;
    else if (byte < 32 && byte > EQUALS && byte !== 10 && byte !== 13) decoded[i] = SPACE;
  }
}
