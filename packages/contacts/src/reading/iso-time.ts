/**
 * Times as they stand in logs: digits, months, and ISO 8601 / RFC 3339.
 */
import { readEnd, readNumber, stopAt } from './bytes.ts';
import type { Clock } from './clock.ts';

const SPACE = 32;
const COLON = 58;

/** Two decimal digits at `at`, or -1. */
export function two(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 48;
  const ones = bytes[at + 1]! - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** Milliseconds of a decimal fraction; further digits are cut. `readEnd` is behind all digits. */
export function fraction(bytes: Uint8Array, from: number, to: number): number {
  const limit = Math.min(to, from + 15);
  readNumber(bytes, from, limit);
  const end = readEnd;
  let ms = 0;
  let unit = 100;
  for (let i = from; i < end && unit >= 1; i++) {
    ms += (bytes[i]! - 48) * unit;
    unit /= 10;
  }
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

/**
 * Reads an ISO 8601 / RFC 3339 time (`2026-10-09T22:33:20.52Z`, `-05:00`, `+0000`, or a space for the T; without a
 * zone the clock's zone holds). Returns ms UTC or NaN; `readEnd` is behind it.
 */
export function readIsoTime(bytes: Uint8Array, from: number, to: number, clock: Clock): number {
  if (to - from < 19 || bytes[from + 4] !== 45 || bytes[from + 7] !== 45) return Number.NaN;
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
  const zone = bytes[at];
  if (at >= to || (zone !== 90 && zone !== 43 && zone !== 45 && zone !== 122)) {
    const time = clock.utc(year, month, day, hour, minute, second, ms);
    stopAt(at);
    return time;
  }
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN;
  let time = clock.dayStart(year, month, day) + hour * 3_600_000 + minute * 60_000 + second * 1000 + ms;
  if (zone === 90 || zone === 122) {
    stopAt(at + 1);
    return time;
  }
  const colon = bytes[at + 3] === COLON ? 1 : 0;
  const zoneHours = at + 2 < to ? two(bytes, at + 1) : -1;
  const zoneMinutes = at + 4 + colon < to ? two(bytes, at + 3 + colon) : -1;
  if (zoneHours < 0 || zoneHours > 18) return Number.NaN;
  const offset = zoneHours * 3_600_000 + Math.max(0, zoneMinutes) * 60_000;
  time -= zone === 45 ? -offset : offset;
  const end = at + 3 + (zoneMinutes < 0 ? 0 : 2 + colon);
  stopAt(end);
  return time;
}
