/**
 * From the wall-clock times of sensors to milliseconds UTC.
 *
 * Syslog as most devices write it (RFC 3164) has neither year nor zone. The zone comes from the surface or `--tz`; the
 * year from the window of the file: the month and year of its first line and the month of its last. That needs no
 * memory of the line before, so any block of a file can be read alone, and a clock that steps back a little at New
 * Year stays on its own side.
 */

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;

/** What a reader must know of a file to date its lines. */
export type FileWindow = {
  /** Year of the file's first dated line. */
  readonly year: number;
  /** Month (1-12) of the first dated line, 0 if the format carries years. */
  readonly firstMonth: number;
  /** Month (1-12) of the last dated line, 0 if the format carries years. */
  readonly lastMonth: number;
};

/** Turns wall-clock time at the sensor into UTC. One object per file being read; it caches, so do not share it. */
export class Clock {
  readonly window: FileWindow;
  readonly #zone: Zone;
  #dayKey = Number.NaN;
  #dayStart = 0;

  constructor(zone: Zone, window: FileWindow) {
    this.#zone = zone;
    this.window = window;
  }

  /** Year of a line that names only its month, 1-12. */
  yearOf(month: number): number {
    const { year, firstMonth, lastMonth } = this.window;
    if (firstMonth === 0 || month >= firstMonth) {
      // A file that begins in January may hold a late line of December.
      return firstMonth === 1 && month === 12 && lastMonth < 11 ? year - 1 : year;
    }
    // A month before the first is next year's, unless it is the month just before and the file does not reach so far.
    const stepBack = month === firstMonth - 1 && !reaches(firstMonth, lastMonth, month);
    return stepBack ? year : year + 1;
  }

  /**
   * Milliseconds UTC of a wall-clock time. `month` 1-12. Fields out of range give NaN: such a line has no readable
   * time. Second 60 (a leap second) is taken as the next second.
   */
  utc(
    year: number,
    month: number,
    day: number,
    hour: number,
    minute: number,
    second: number,
    ms: number,
  ): number {
    const start = this.dayStart(year, month, day);
    if (hour > 23 || minute > 59 || second > 60 || hour < 0 || minute < 0 || second < 0) return Number.NaN;
    const wall = start + hour * HOUR + minute * MINUTE + second * 1000 + ms;
    return wall - this.#zone.offset(wall);
  }

  /** Milliseconds at which the day would begin in UTC. NaN if there is no such day. */
  dayStart(year: number, month: number, day: number): number {
    // Two digits may spell 99, and must not be the key of another, real day.
    const key = (year * 128 + month) * 128 + day;
    if (key === this.#dayKey) return this.#dayStart;
    this.#dayKey = key;
    this.#dayStart = dateToMs(year, month, day);
    return this.#dayStart;
  }
}

function reaches(firstMonth: number, lastMonth: number, month: number): boolean {
  if (lastMonth === 0) return false;
  return lastMonth < firstMonth && lastMonth >= month;
}

/** Milliseconds of a date at 00:00 UTC (proleptic Gregorian), NaN if there is no such date. */
export function dateToMs(year: number, month: number, day: number): number {
  if (!(year >= 1970 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= 31))
    return Number.NaN;
  const ms = Date.UTC(year, month - 1, day);
  return new Date(ms).getUTCDate() === day ? ms : Number.NaN;
}

/** A time zone: how far wall clocks are ahead of UTC. */
export type Zone = {
  readonly name: string;
  /** Milliseconds that the wall clock is ahead of UTC when it shows `wall` (ms as if it were UTC). */
  readonly offset: (wall: number) => number;
};

/** UTC: sensors whose zone nobody has stated are read so, and the account says it. */
export const UTC: Zone = { name: 'UTC', offset: () => 0 };

/**
 * The IANA zone of that name (rules of the runtime's ICU), or undefined if there is none. In the hour that a change
 * to standard time repeats, the first of the two is meant: the line is at most an hour early.
 */
export function zoneNamed(name: string): Zone | undefined {
  if (name === 'UTC' || name === 'Z') return UTC;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
  const wallAt = (utc: number): number => {
    const part: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(utc)) part[type] = Number(value);
    return Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
  };
  const known = new Map<number, number>();
  let lastHour = Number.NaN;
  let lastOffset = 0;
  const offset = (wall: number): number => {
    const hour = Math.floor(wall / HOUR);
    if (hour === lastHour) return lastOffset;
    let found = known.get(hour);
    if (found === undefined) {
      const start = hour * HOUR;
      if (!(Math.abs(start) < 8e15)) return 0;
      // The offset a day before holds unless a change lies between; the second guess settles it.
      const before = wallAt(start - DAY) - (start - DAY);
      const after = wallAt(start - before) - (start - before);
      found = after === before || wallAt(start - after) - (start - after) !== after ? before : after;
      if (known.size > 100_000) known.clear();
      known.set(hour, found);
    }
    lastHour = hour;
    lastOffset = found;
    return found;
  };
  return { name, offset };
}
