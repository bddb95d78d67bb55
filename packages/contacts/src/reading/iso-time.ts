/**
 * Times as they stand in logs: digits, months, and ISO 8601 / RFC 3339.
 */
import { readEnd, stopAt, viewOf } from './bytes.ts';
import type { Clock } from './clock.ts';

const SPACE = 32;
const COLON = 58;

/** Two decimal digits at `at`, or -1. */
export function two(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 48;
  const ones = bytes[at + 1]! - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** Milliseconds of a decimal fraction; further digits are cut. `readEnd` is behind all digits, of which 15 are taken. */
export function fraction(bytes: Uint8Array, from: number, to: number): number {
  const limit = Math.min(to, from + 15);
  let ms = 0;
  let unit = 100;
  let i = from;
  for (; i < limit; i++) {
    const digit = bytes[i]! - 48;
    if (digit < 0 || digit > 9) break;
    if (unit >= 1) {
      ms += digit * unit;
      unit /= 10;
    }
  }
  stopAt(i);
  return ms;
}

/** Month 1-12 of the three letters at `at` (`Jan`), 0 if they are none. */
export function monthAt(bytes: Uint8Array, at: number, to: number): number {
  if (to - at < 3) return 0;
  const a = bytes[at]!;
  const b = bytes[at + 1]!;
  const c = bytes[at + 2]!;
  switch ((a << 16) | (b << 8) | c) {
    case 0x4a616e:
      return 1;
    case 0x466562:
      return 2;
    case 0x4d6172:
      return 3;
    case 0x417072:
      return 4;
    case 0x4d6179:
      return 5;
    case 0x4a756e:
      return 6;
    case 0x4a756c:
      return 7;
    case 0x417567:
      return 8;
    case 0x536570:
      return 9;
    case 0x4f6374:
      return 10;
    case 0x4e6f76:
      return 11;
    case 0x446563:
      return 12;
    default:
      return 0;
  }
}

/** The last minute that was read with a zone, `2026-10-09T22:33` as four words, and when it began without the zone. */
let minute0 = 0;
let minute1 = 0;
let minute2 = 0;
let minute3 = 0;
let minuteStart = Number.NaN;

/**
 * Reads an ISO 8601 / RFC 3339 time (`2026-10-09T22:33:20.52Z`, `-05:00`, `+0000`, or a space for the T; without a
 * zone the clock's zone holds). Returns ms UTC or NaN; `readEnd` is behind it. Lines of one minute share most of it.
 */
export function readIsoTime(bytes: Uint8Array, from: number, to: number, clock: Clock): number {
  if (to - from < 19) return Number.NaN;
  const view = viewOf(bytes);
  if (
    view.getInt32(from + 12) === minute3 &&
    view.getInt32(from + 8) === minute2 &&
    view.getInt32(from + 4) === minute1 &&
    view.getInt32(from) === minute0 &&
    bytes[from + 16] === COLON
  ) {
    const second = two(bytes, from + 17);
    let at = from + 19;
    let ms = 0;
    if (at < to && (bytes[at] === 46 || bytes[at] === 44)) {
      ms = fraction(bytes, at + 1, to);
      at = readEnd;
    }
    if (at < to && isZone(bytes[at]!)) {
      return second < 0 || second > 60
        ? Number.NaN
        : minuteStart + second * 1000 + ms - zoneAt(bytes, at, to);
    }
  }
  return readWholeTime(bytes, from, to, clock);
}

function readWholeTime(bytes: Uint8Array, from: number, to: number, clock: Clock): number {
  if (bytes[from + 4] !== 45 || bytes[from + 7] !== 45) return Number.NaN;
  const separator = bytes[from + 10];
  if (separator !== 84 && separator !== SPACE && separator !== 116) return Number.NaN;
  if (bytes[from + 13] !== COLON || bytes[from + 16] !== COLON) return Number.NaN;
  const century = two(bytes, from);
  const years = two(bytes, from + 2);
  const month = two(bytes, from + 5);
  const day = two(bytes, from + 8);
  const hour = two(bytes, from + 11);
  const minute = two(bytes, from + 14);
  const second = two(bytes, from + 17);
  if (century < 0 || years < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0)
    return Number.NaN;
  const year = century * 100 + years;
  let at = from + 19;
  let ms = 0;
  if (at < to && (bytes[at] === 46 || bytes[at] === 44)) {
    ms = fraction(bytes, at + 1, to);
    at = readEnd;
  }
  if (at >= to || !isZone(bytes[at]!)) {
    const time = clock.utc(year, month, day, hour, minute, second, ms);
    stopAt(at);
    return time;
  }
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN;
  const start = clock.dayStart(year, month, day) + hour * 3_600_000 + minute * 60_000;
  const view = viewOf(bytes);
  minute0 = view.getInt32(from);
  minute1 = view.getInt32(from + 4);
  minute2 = view.getInt32(from + 8);
  minute3 = view.getInt32(from + 12);
  minuteStart = start;
  return start + second * 1000 + ms - zoneAt(bytes, at, to);
}

function isZone(byte: number): boolean {
  return byte === 90 || byte === 45 || byte === 43 || byte === 122;
}

/** Milliseconds that the zone at `at` is ahead of UTC, NaN if it is none; `readEnd` is behind it. */
function zoneAt(bytes: Uint8Array, at: number, to: number): number {
  const zone = bytes[at];
  if (zone === 90 || zone === 122) {
    stopAt(at + 1);
    return 0;
  }
  const colon = bytes[at + 3] === COLON ? 1 : 0;
  const hours = at + 2 < to ? two(bytes, at + 1) : -1;
  const minutes = at + 4 + colon < to ? two(bytes, at + 3 + colon) : -1;
  if (hours < 0 || hours > 18) return Number.NaN;
  stopAt(at + 3 + (minutes < 0 ? 0 : 2 + colon));
  const offset = hours * 3_600_000 + Math.max(0, minutes) * 60_000;
  return zone === 45 ? -offset : offset;
}
