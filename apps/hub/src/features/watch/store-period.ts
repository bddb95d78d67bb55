/** Which hours are meant: the 24 hours up to the newest contact, or a local day, which may have 23 or 25. */
import { sql } from 'kysely';
import type { Records } from './dependencies.ts';

/** From, included, to a moment that is not. ms since 1970. */
export type Period = { readonly from: number; readonly to: number };

const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Hours of a day without `day`: the same length on every day of the year, so that two can be compared. */
const HOURS_SHOWN = 24;

/** The furthest that a local day begins or ends from that day in UTC (UTC+14), and an hour of daylight saving. */
const FURTHEST = 15 * HOUR;

/** Days before the first and after the last of these years are mistakes in typing. */
const YEARS: readonly [number, number] = [2000, 2199];

/** The moment that "now" is in what is shown: just behind the newest contact; the clock, if there is none. */
export async function presentMoment(db: Records, now: number): Promise<number> {
  // A sensor whose clock is a year ahead must not make everybody look into next year.
  const { rows } = await sql<{ newest: Date | null }>`
    SELECT max(minute) AS newest FROM account_minutes WHERE contacts > 0 AND minute <= ${new Date(now)}`.execute(
    db,
  );
  const newest = rows[0]?.newest;
  return newest == null ? now : Math.min(now, newest.getTime() + MINUTE);
}

/** The 24 hours up to that moment, which is rounded up to the hour. */
export async function latestDay(db: Records, now: number): Promise<Period> {
  const to = Math.ceil((await presentMoment(db, now)) / HOUR) * HOUR;
  return { from: to - HOURS_SHOWN * HOUR, to };
}

/** A day (`2026-11-03`) as the clocks of a zone tell it; undefined if there is no such day. */
export function localDay(day: string, zone: string): Period | undefined {
  const utc = Date.parse(`${day}T00:00:00Z`);
  const year = Number(day.slice(0, 4));
  if (Number.isNaN(utc) || year < YEARS[0] || year > YEARS[1]) return undefined;
  // `2026-02-30` is read as March 2 by some.
  if (new Date(utc).toISOString().slice(0, 10) !== day) return undefined;
  const following = new Date(utc + 24 * HOUR).toISOString().slice(0, 10);
  const dateAt = dateIn(zone);
  return { from: firstMoment(utc, day, dateAt), to: firstMoment(utc + 24 * HOUR, following, dateAt) };
}

/** The first minute at which the local date is `day`, near the moment `utc`. */
function firstMoment(utc: number, day: string, dateAt: (time: number) => string): number {
  let before = utc - FURTHEST;
  let at = utc + FURTHEST;
  while (at - before > MINUTE) {
    const middle = Math.floor((before + at) / 2 / MINUTE) * MINUTE;
    if (dateAt(middle) >= day) at = middle;
    else before = middle;
  }
  return at;
}

function dateIn(zone: string): (time: number) => string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return (time) => format.format(time);
}
