/**
 * Times as devices write them into a field of their own (the header's are in `envelope.ts`):
 *
 *     2026/10/09 22:33:20[.520]          PAN-OS, pfirewall exports; wall clock of the device
 *     2026-10-09T22:33:20.52-05:00       ISO 8601, zone optional
 *     1791584000  1791584000.52          seconds since 1970, also as ms, us or ns: told apart by their digits
 *     Oct 09 2026 22:33:20[.520] [zone]  CEF; the year and the zone may be missing
 *     09/Oct/2026:22:33:20 -0500         web servers
 *
 * All return milliseconds UTC, NaN if the field is none of these.
 */
import { readEnd, readNumber } from './bytes.ts';
import { Clock, dateToMs, UTC } from './clock.ts';
import { fraction, monthAt, readIsoTime, two } from './iso-time.ts';

const SPACE = 32;
const COLON = 58;
const DASH = 45;
const PLUS = 43;
const SLASH = 47;
const DOT = 46;

/** For wall clocks whose zone stands in the line: the year does too, so no file window is asked. */
const WITHOUT_ZONE = new Clock(UTC, { year: 1970, firstMonth: 0, lastMonth: 0 });

/** Reads `2026/10/09 22:33:20`, which must fill [from, to). */
export function readSlashTime(bytes: Uint8Array, from: number, to: number, clock: Clock): number {
  if (to - from < 19 || bytes[from + 4] !== SLASH || bytes[from + 7] !== SLASH) return Number.NaN;
  if (bytes[from + 10] !== SPACE) return Number.NaN;
  return readClock(
    bytes,
    from + 11,
    to,
    clock,
    yearAt(bytes, from),
    two(bytes, from + 5),
    two(bytes, from + 8),
  );
}

/**
 * Reads a time in three fields: date `2026-10-09`, clock `22:33:20`, zone `-0500` (empty: the sensor's). Milliseconds
 * UTC, NaN if one of them is something else.
 */
export function readDateAndClock(
  bytes: Uint8Array,
  dateAt: number,
  dateEnd: number,
  clockAt: number,
  clockEnd: number,
  zoneAt: number,
  zoneEnd: number,
  clock: Clock,
): number {
  if (dateEnd - dateAt !== 10 || bytes[dateAt + 4] !== DASH || bytes[dateAt + 7] !== DASH) return Number.NaN;
  const offset = zoneEnd > zoneAt ? readZone(bytes, zoneAt, zoneEnd) : 0;
  if (Number.isNaN(offset)) return Number.NaN;
  const wall = readClock(
    bytes,
    clockAt,
    clockEnd,
    zoneEnd > zoneAt ? WITHOUT_ZONE : clock,
    yearAt(bytes, dateAt),
    two(bytes, dateAt + 5),
    two(bytes, dateAt + 8),
  );
  return wall - offset;
}

/** Reads `22:33:20[.520][ zone]`, which must fill [from, to), on the given day. */
function readClock(
  bytes: Uint8Array,
  from: number,
  to: number,
  clock: Clock,
  year: number,
  month: number,
  day: number,
): number {
  if (to - from < 8 || bytes[from + 2] !== COLON || bytes[from + 5] !== COLON) return Number.NaN;
  const hour = two(bytes, from);
  const minute = two(bytes, from + 3);
  const second = two(bytes, from + 6);
  let at = from + 8;
  let ms = 0;
  if (at < to && bytes[at] === DOT) {
    ms = fraction(bytes, at + 1, to);
    at = readEnd;
  }
  if (at === to) return clock.utc(year, month, day, hour, minute, second, ms);
  if (bytes[at] === SPACE) at++;
  const offset = readZone(bytes, at, to);
  if (Number.isNaN(offset) || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return Number.NaN;
  return dateToMs(year, month, day) + hour * 3_600_000 + minute * 60_000 + second * 1000 + ms - offset;
}

/** Milliseconds that `Z`, `UTC`, `GMT`, `-0500` or `-05:00` is ahead of UTC; it must fill [from, to). */
export function readZone(bytes: Uint8Array, from: number, to: number): number {
  const first = bytes[from];
  if (first === PLUS || first === DASH) {
    const colon = bytes[from + 3] === COLON ? 1 : 0;
    if (to - from !== 5 + colon) return Number.NaN;
    const hours = two(bytes, from + 1);
    const minutes = two(bytes, from + 3 + colon);
    if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) return Number.NaN;
    return (first === DASH ? -1 : 1) * (hours * 3_600_000 + minutes * 60_000);
  }
  const length = to - from;
  if (length === 1 && (first === 90 || first === 122)) return 0;
  const second = bytes[from + 1];
  const third = bytes[from + 2];
  if (length !== 3) return Number.NaN;
  if (first === 85 && second === 84 && third === 67) return 0;
  return first === 71 && second === 77 && third === 84 ? 0 : Number.NaN;
}

/**
 * Reads a number of seconds, milliseconds, microseconds or nanoseconds since 1970 that fills [from, to). Ten digits
 * are seconds until the year 2286; three more are the next unit.
 */
export function readEpoch(bytes: Uint8Array, from: number, to: number): number {
  let digits = from;
  while (digits < to && bytes[digits]! >= 48 && bytes[digits]! <= 57) digits++;
  const length = digits - from;
  if (length < 9 || length > 19) return Number.NaN;
  let ms = 0;
  if (digits < to) {
    if (bytes[digits] !== DOT || length > 11) return Number.NaN;
    ms = fraction(bytes, digits + 1, to);
    if (readEnd !== to) return Number.NaN;
  }
  if (length <= 11) return readNumber(bytes, from, digits) * 1000 + ms;
  if (length <= 14) return readNumber(bytes, from, digits);
  return readNumber(bytes, from, digits - (length <= 17 ? 3 : 6));
}

/** Reads any of the spellings above that fills [from, to). */
export function readTime(bytes: Uint8Array, from: number, to: number, clock: Clock): number {
  const length = to - from;
  if (length < 9) return Number.NaN;
  const first = bytes[from]!;
  if (first < 48 || first > 57) return readMonthFirst(bytes, from, to, clock);
  const fifth = bytes[from + 4];
  if (fifth === DASH) {
    const time = readIsoTime(bytes, from, to, clock);
    if (Number.isNaN(time) || readEnd === to) return time;
    // `2026-10-09 22:33:20 UTC`, `... -0500`: the zone behind a space.
    return readClock(
      bytes,
      from + 11,
      to,
      clock,
      yearAt(bytes, from),
      two(bytes, from + 5),
      two(bytes, from + 8),
    );
  }
  if (fifth === SLASH) return readSlashTime(bytes, from, to, clock);
  if (length >= 20 && bytes[from + 2] === SLASH && bytes[from + 6] === SLASH && bytes[from + 11] === COLON) {
    const month = monthAt(bytes, from + 3, to);
    if (month === 0) return Number.NaN;
    return readClock(bytes, from + 12, to, clock, yearAt(bytes, from + 7), month, two(bytes, from));
  }
  return readEpoch(bytes, from, to);
}

/** `Oct 09 2026 22:33:20[.520][ zone]`, `Oct  9 22:33:20`. */
function readMonthFirst(bytes: Uint8Array, from: number, to: number, clock: Clock): number {
  const month = monthAt(bytes, from, to);
  if (month === 0 || bytes[from + 3] !== SPACE) return Number.NaN;
  let at = from + 4;
  if (bytes[at] === SPACE) at++;
  const day = readNumber(bytes, at, Math.min(to, at + 2));
  if (day < 0 || readEnd >= to || bytes[readEnd] !== SPACE) return Number.NaN;
  at = readEnd + 1;
  let year = -1;
  if (to - at > 5 && bytes[at + 4] === SPACE) {
    year = yearAt(bytes, at);
    if (year < 0) return Number.NaN;
    at += 5;
  }
  return readClock(bytes, at, to, clock, year < 0 ? clock.yearOf(month) : year, month, day);
}

/** The four digits at `at`, -1 if they are none. */
function yearAt(bytes: Uint8Array, at: number): number {
  const century = two(bytes, at);
  const years = two(bytes, at + 2);
  return century < 0 || years < 0 ? -1 : century * 100 + years;
}
