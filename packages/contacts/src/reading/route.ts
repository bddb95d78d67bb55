/**
 * The route of a request: its path with everything folded that differs from voter to voter, as a hash.
 *
 *     /lookup/2026/550e8400-e29b-41d4-a716-446655440000/Form   is   /lookup/0/0/form
 *
 * Letters in lower case; a run of digits is one 0; a hexadecimal name of 8 or more with a digit in it is one 0, with
 * the groups of a UUID behind it. A size or status outside a route's own history is judged by this hash, so it has to
 * be the same for all that one page answers.
 */
import { mix32 } from './bytes.ts';

/** Bytes of a path that count: routes differ at their beginning, and attackers write long ones. */
export const MAX_ROUTE = 256;
/** The hash before the first byte, and what it is multiplied by for each (FNV-1a, 32 bits). */
export const ROUTE_BEGIN = 0x811c9dc5 | 0;
export const ROUTE_STEP = 0x01000193;
/** Bit that `FOLDS` sets for a digit. */
export const ROUTE_DIGIT = 256;
/** Shortest hexadecimal name taken for an id: git and asset hashes begin at 7 or 8. */
const MIN_ID = 8;

const ZERO = 48;
const DASH = 45;

/** What a byte is within a path. */
const Mark = { separator: 0, digit: 1, hex: 2, letter: 3 } as const;
const MARKS = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  const lower = byte | 32;
  if (byte >= 48 && byte <= 57) MARKS[byte] = Mark.digit;
  else if (lower >= 97 && lower <= 102 && byte >= 65) MARKS[byte] = Mark.hex;
  else if ((lower >= 97 && lower <= 122 && byte >= 65) || byte > 127) MARKS[byte] = Mark.letter;
}

/**
 * What each byte is hashed as where no digit folds: letters in lower case. A digit has `ROUTE_DIGIT` set, so that one
 * pass over a path can tell whether `routeOf` has to be asked at all.
 */
export const FOLDS = new Uint16Array(256);
for (let byte = 0; byte < 256; byte++) {
  const mark = MARKS[byte]!;
  FOLDS[byte] = mark === Mark.digit ? byte | ROUTE_DIGIT : mark === Mark.separator ? byte : byte | 32;
}

/** Hash of the route of the decoded path in [from, to); never 0. */
export function routeOf(bytes: Uint8Array, from: number, to: number): number {
  const end = to - from > MAX_ROUTE ? from + MAX_ROUTE : to;
  let hash: number = ROUTE_BEGIN;
  let i = from;
  let inUuid = false;
  while (i < end) {
    let byte = bytes[i]!;
    let mark = MARKS[byte]!;
    if (mark === Mark.separator) {
      hash = Math.imul(hash ^ byte, ROUTE_STEP);
      if (byte !== DASH) inUuid = false;
      i++;
      continue;
    }
    // One name: hashed as it is read, and taken back to its beginning if it turns out to be an id.
    const start = i;
    const before = hash;
    let all = 0;
    let seen = 0;
    let last = 0;
    do {
      if (mark === Mark.digit) {
        if (last !== Mark.digit) hash = Math.imul(hash ^ ZERO, ROUTE_STEP);
      } else {
        hash = Math.imul(hash ^ (byte | 32), ROUTE_STEP);
      }
      last = mark;
      seen |= mark === Mark.digit ? 1 : 2;
      all |= mark === Mark.letter ? 1 : 0;
      i++;
      if (i >= end) break;
      byte = bytes[i]!;
      mark = MARKS[byte]!;
    } while (mark !== Mark.separator);
    if (all !== 0) {
      inUuid = false;
      continue;
    }
    const length = i - start;
    if (inUuid ? length === 4 || length === 12 : length >= MIN_ID && (seen & 1) !== 0) {
      hash = inUuid ? before : Math.imul(before ^ ZERO, ROUTE_STEP);
      inUuid = length === MIN_ID || (inUuid && length === 4);
    } else {
      inUuid = false;
    }
  }
  return finishRoute(hash);
}

/** The route that a hash of its bytes stands for; never 0. */
export function finishRoute(hash: number): number {
  const mixed = mix32(hash);
  return mixed === 0 ? 1 : mixed;
}
