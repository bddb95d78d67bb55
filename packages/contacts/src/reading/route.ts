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
/** Shortest hexadecimal name taken for an id: git and asset hashes begin at 7 or 8. */
export const MIN_ID = 8;

const ZERO = 48;
const DASH = 45;

/** Bits of `FOLDS` beside the byte that is hashed. */
export const FOLD_DIGIT = 256;
export const FOLD_HEX = 512;
const FOLD_NAME = 1024;

/**
 * What each byte is hashed as: letters in lower case, digits as 0 with `FOLD_DIGIT`; digits and the letters a to f have
 * `FOLD_HEX`; all that names are made of `FOLD_NAME`. For a pass that hashes a path while it looks for other things,
 * and asks `routeOf` only where MIN_ID hexadecimal digits stand in a row.
 */
export const FOLDS = new Uint16Array(256);
for (let byte = 0; byte < 256; byte++) {
  const lower = byte | 32;
  if (byte >= 48 && byte <= 57) FOLDS[byte] = ZERO | FOLD_DIGIT | FOLD_HEX | FOLD_NAME;
  else if (byte >= 65 && lower >= 97 && lower <= 122)
    FOLDS[byte] = lower | FOLD_NAME | (lower <= 102 ? FOLD_HEX : 0);
  else FOLDS[byte] = byte > 127 ? byte | FOLD_NAME : byte;
}

/** Hash of the route of the decoded path in [from, to), signed; never 0. */
export function routeOf(bytes: Uint8Array, from: number, to: number): number {
  const end = Math.min(to, from + MAX_ROUTE);
  const folds = FOLDS;
  let hash: number = ROUTE_BEGIN;
  let inUuid = false;
  let i = from;
  while (i < end) {
    let fold = folds[bytes[i]!]!;
    if ((fold & FOLD_NAME) === 0) {
      hash = Math.imul(hash ^ fold, ROUTE_STEP);
      if (fold !== DASH) inUuid = false;
      i++;
      continue;
    }
    // One name: hashed as it is read, and taken back to its beginning if it turns out to be an id.
    const start = i;
    const saved = hash;
    let all = fold;
    let some = 0;
    let before = 0;
    do {
      // A digit behind a digit multiplies by one: a branch here would be guessed wrong at each number.
      const again = ((fold & before) >>> 8) & 1;
      hash = Math.imul(hash ^ (fold & 255 & (again - 1)), ROUTE_STEP - again * (ROUTE_STEP - 1));
      all &= fold;
      some |= fold;
      before = fold;
      i++;
      if (i >= end) break;
      fold = folds[bytes[i]!]!;
    } while ((fold & FOLD_NAME) !== 0);
    const length = i - start;
    if ((all & FOLD_HEX) === 0) {
      inUuid = false;
    } else if (inUuid ? length === 4 || length === 12 : length >= MIN_ID && (some & FOLD_DIGIT) !== 0) {
      hash = inUuid ? saved : Math.imul(saved ^ ZERO, ROUTE_STEP);
      inUuid = length === MIN_ID || (inUuid && length === 4);
    } else {
      inUuid = false;
    }
  }
  return finishRoute(hash);
}

/** The route that a hash of its bytes stands for, as a signed number (which is none that has to be allocated); never 0. */
export function finishRoute(hash: number): number {
  const mixed = mix32(hash) | 0;
  return mixed === 0 ? 1 : mixed;
}
