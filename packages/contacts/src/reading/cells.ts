/**
 * Values of text into columns of a batch, for readers of many millions of lines.
 *
 * Hot path: results go straight into typed arrays, because a number above 2^31 that a function returns is an object to
 * V8, and millions of them are garbage.
 */
import type { Batch } from '../contact.ts';
import { mix32, readEnd, readIPv6, words } from './bytes.ts';
import type { Clock } from './clock.ts';
import { readIsoTime } from './iso-time.ts';

const DOT = 46;
const DASH = 45;
const PERCENT = 37;

/** The whole number in [from, to); -1 if it is none or has more than 15 digits. */
export function wholeNumber(bytes: Uint8Array, from: number, to: number): number {
  if (from >= to || to - from > 15) return -1;
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = bytes[i]! - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Digits of milliseconds since 1970 until the year 2286. */
const MAX_TIME_DIGITS = 13;

/**
 * Writes the time in [from, to) into row `row`: seconds with a fraction (`1531687187.123456`), milliseconds (twelve
 * digits or more, `JSON::TS_MILLIS`) or ISO 8601 (`JSON::TS_ISO8601`). False if it is no time.
 */
export function timeInto(
  bytes: Uint8Array,
  from: number,
  to: number,
  clock: Clock,
  batch: Batch,
  row: number,
): boolean {
  // 1e9 seconds are in 2001, so ten digits are seconds until 2286.
  let high = 0;
  let i = from;
  const middle = Math.min(to, from + 5);
  for (; i < middle; i++) {
    const digit = bytes[i]! - 48;
    if (digit < 0 || digit > 9) break;
    high = high * 10 + digit;
  }
  let low = 0;
  let unit = 1;
  if (i === from + 5) {
    const limit = Math.min(to, from + MAX_TIME_DIGITS + 1);
    for (; i < limit; i++) {
      const digit = bytes[i]! - 48;
      if (digit < 0 || digit > 9) break;
      low = low * 10 + digit;
      unit *= 10;
    }
  }
  if (i === from || i - from > MAX_TIME_DIGITS) return false;
  const whole = high * unit + low;
  if (i === to) {
    batch.time[row] = i - from > 11 ? whole : whole * 1000;
    return true;
  }
  if (bytes[i] !== DOT) {
    if (bytes[i] !== DASH) return false;
    const time = readIsoTime(bytes, from, to, clock);
    batch.time[row] = time;
    return readEnd === to && !Number.isNaN(time);
  }
  let ms = 0;
  let scale = 100;
  for (i++; i < to; i++) {
    const digit = bytes[i]! - 48;
    if (digit < 0 || digit > 9) return false;
    ms += digit * scale;
    scale = scale === 100 ? 10 : scale === 10 ? 1 : 0;
  }
  batch.time[row] = unit > 1e6 ? whole : whole * 1000 + ms;
  return true;
}

/** What `addressInto` found. */
export const Found = { none: 0, v4: 4, v6: 6 } as const;
export type Found = (typeof Found)[keyof typeof Found];

/**
 * Writes the address in [from, to) into row `row`: an IPv4 address (also IPv4-mapped) into `column`, an IPv6 one into
 * the four words of `wide` at `side` (0 source, 4 destination). A zone (`%eth0`) is passed over.
 */
export function addressInto(
  bytes: Uint8Array,
  from: number,
  to: number,
  column: Uint32Array,
  row: number,
  wide: Uint32Array,
  side: number,
): Found {
  let i = from;
  let address = 0;
  let part = 0;
  for (; part < 4; part++) {
    const start = i;
    let octet = 0;
    while (i < to) {
      const digit = bytes[i]! - 48;
      if (digit < 0 || digit > 9) break;
      octet = octet * 10 + digit;
      i++;
    }
    const length = i - start;
    if (length === 0 || length > 3 || octet > 255 || (length > 1 && bytes[start] === 48)) break;
    address = (address << 8) | octet;
    if (part === 3) {
      if (i !== to) break;
      column[row] = address;
      return Found.v4;
    }
    if (i >= to || bytes[i] !== DOT) break;
    i++;
  }
  if (to - from > MAX_ADDRESS || !readIPv6(bytes, from, to)) return Found.none;
  if (readEnd !== to && (bytes[readEnd] !== PERCENT || readEnd + 1 === to)) return Found.none;
  if (words[0] === 0 && words[1] === 0 && words[2] === 0xffff) {
    column[row] = words[3]!;
    return Found.v4;
  }
  const at = 8 * row + side;
  for (let word = 0; word < 4; word++) wide[at + word] = words[word]!;
  return Found.v6;
}

/** Longest address with a zone: 45 characters, `%`, and a name of an interface. */
const MAX_ADDRESS = 80;

/**
 * Writes the hash of a uid into key0 and key1 of row `row`. Two lanes take four bytes each in turn, so that a uid costs
 * six multiplications; it has 96 random bits, of which 64 are kept.
 */
export function uidInto(bytes: Uint8Array, from: number, to: number, batch: Batch, row: number): void {
  let a = 0x811c9dc5 | 0;
  let b = 0x9747b28c | 0;
  let i = from;
  for (; i + 8 <= to; i += 8) {
    a = Math.imul(a ^ wordAt(bytes, i, to), 0x01000193);
    b = Math.imul(b ^ wordAt(bytes, i + 4, to), 0x85ebca6b);
  }
  if (i < to) {
    a = Math.imul(a ^ wordAt(bytes, i, to), 0x01000193);
    b = Math.imul(b ^ wordAt(bytes, i + 4, to), 0x85ebca6b);
  }
  a ^= to - from;
  batch.key0[row] = mix32(a);
  batch.key1[row] = mix32(b ^ a) | 1;
}

/** Four bytes as a number, the first the lowest; zeros stand for those from `to` on. */
function wordAt(bytes: Uint8Array, at: number, to: number): number {
  if (at + 4 <= to) {
    return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  }
  let word = 0;
  for (let i = at; i < to; i++) word |= bytes[i]! << (8 * (i - at));
  return word;
}

/** Milliseconds of a duration in seconds (`12.345678`), or -1. */
export function durationMs(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  let ms = 0;
  while (i < to) {
    const digit = bytes[i]! - 48;
    if (digit < 0 || digit > 9) break;
    ms = ms * 10 + digit;
    i++;
  }
  if (i === from || i - from > 9) return -1;
  ms *= 1000;
  if (i === to) return ms;
  if (bytes[i] !== DOT) return exponentMs(bytes, from, to);
  let scale = 100;
  for (i++; i < to; i++) {
    const digit = bytes[i]! - 48;
    if (digit < 0 || digit > 9) return exponentMs(bytes, from, to);
    ms += digit * scale;
    scale = scale === 100 ? 10 : scale === 10 ? 1 : 0;
  }
  return ms;
}

/** `4.5e-05` is how JSON may write a short duration: less than a second then, and most of it is cut. */
function exponentMs(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to && (bytes[i]! | 32) !== 101) i++;
  if (i + 2 >= to || bytes[i + 1] !== DASH) return -1;
  const power = wholeNumber(bytes, i + 2, to);
  if (power < 0) return -1;
  if (power > 3) return 0;
  const digits = durationMs(bytes, from, i);
  return digits < 0 ? -1 : Math.floor(digits / 10 ** power);
}
