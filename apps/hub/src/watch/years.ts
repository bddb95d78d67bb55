/**
 * The years of logs whose times have none: syslog as most devices write it (RFC 3164) says `Oct  9 22:33:20` and
 * nothing more. The year is the one that was stated (`--year`, or the sensor's in the surface), which is that of the
 * first line; else the latest in which the last line is not after the file was last written.
 */
import { Clock, type FileWindow, type Zone } from '@bellwether/contacts';

/** When, at most, the lines of an input were written, and in what years. */
export type YearQuestion = {
  /** First and last lines of the input; no last lines where it cannot be read from behind. */
  readonly head: readonly string[];
  readonly tail: readonly string[];
  /** Year of the first line, if somebody stated it. */
  readonly stated: number | undefined;
  /** When the input was last written, or now, ms since 1970. */
  readonly until: number;
  readonly zone: Zone;
};

/** What was found: the window, and whether it had to be guessed. */
export type YearAnswer = { readonly window: FileWindow; readonly guessed: boolean };

/** A time without year, as a line begins with it. */
type Stamp = { readonly month: number; readonly day: number; readonly ms: number };

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Priority, month, day, then no year but the hour. */
const STAMP = /^(?:<\d{1,3}>)?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)/;

/** Sensors' clocks and zones may be off: a last line up to a day after the file was written is still this year's. */
const SLACK = 86_400_000;

/** Years looked back for one that has the day: 29 February may be eight years away (1896 to 1904, 2096 to 2104). */
const MAX_YEARS_BACK = 8;

/** The window by which a `Clock` dates the lines of the input. */
export function yearWindow({ head, tail, stated, until, zone }: YearQuestion): YearAnswer {
  const first = head.map(stampOf).find((stamp) => stamp !== undefined);
  if (first === undefined) {
    return {
      window: { year: stated ?? new Date(until).getUTCFullYear(), firstMonth: 0, lastMonth: 0 },
      guessed: false,
    };
  }
  const last = tail.map(stampOf).findLast((stamp) => stamp !== undefined);
  const lastMonth = last?.month ?? 0;
  const firstMonth = first.month;
  if (stated !== undefined) return { window: { year: stated, firstMonth, lastMonth }, guessed: false };

  const latest = latestYear(last ?? first, until + SLACK, zone);
  const year = lastMonth !== 0 && lastMonth < firstMonth ? latest - 1 : latest;
  return { window: { year, firstMonth, lastMonth }, guessed: true };
}

function stampOf(line: string): Stamp | undefined {
  const match = STAMP.exec(line);
  const month = MONTHS.indexOf(match?.[1] ?? '') + 1;
  if (match === null || month === 0) return undefined;
  const [day, hour, minute, second] = match.slice(2).map(Number) as [number, number, number, number];
  return { month, day, ms: ((hour * 60 + minute) * 60 + second) * 1000 };
}

/** The latest year in which the stamp is not after `until`. */
function latestYear({ month, day, ms }: Stamp, until: number, zone: Zone): number {
  const clock = new Clock(zone, { year: 0, firstMonth: 0, lastMonth: 0 });
  const newest = new Date(until).getUTCFullYear() + 1;
  for (let year = newest; year >= newest - MAX_YEARS_BACK - 1; year--) {
    const time = clock.utc(year, month, day, 0, 0, 0, 0) + ms;
    if (time <= until) return year;
  }
  return newest - 1;
}
