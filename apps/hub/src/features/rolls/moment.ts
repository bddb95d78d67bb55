/** The moment that a dump is of. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A day in the time zone of the state, and a moment in it (ms since 1970). */
export type Moment = { readonly day: string; readonly now: number };

/** The last hour of a day that is over, or now; null: it is no day, or one to come. */
export function momentOfDay(day: string | undefined, zone: string, now: number): Moment | null {
  const today = dayIn(zone, now);
  if (day === undefined || day === today) return { day: today, now };
  const begin = Date.parse(`${day}T00:00Z`);
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(begin) || day > today) return null;
  // Zones lie between 12 hours behind and 14 ahead of UTC.
  let last = begin + 1.5 * DAY;
  while (dayIn(zone, last) > day) last -= HOUR;
  return dayIn(zone, last) === day ? { day, now: last } : null;
}

/** The day in a time zone, YYYY-MM-DD. */
export function dayIn(zone: string, now: number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(now);
}
