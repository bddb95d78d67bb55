/** Calendar days of the API, which have no zone, in words. */
import { wholeDay } from '../../words/formats.ts';

/** `2026-11-03` as `Tuesday, November 3, 2026`. */
export function dayName(day: string): string {
  return wholeDay(`${day}T12:00:00Z`, 'UTC');
}

const SHORT = new Intl.DateTimeFormat('en-US', { timeZone: 'UTC', month: 'short', day: 'numeric' });

/** The same where the year is plain: `Nov 3`. */
export function shortDayName(day: string): string {
  return SHORT.format(new Date(`${day}T12:00:00Z`));
}

const DATE = new Intl.DateTimeFormat('en-US', {
  timeZone: 'UTC',
  month: 'short',
  day: 'numeric',
  year: 'numeric',
});

/** The same in a list that may go back for years: `Nov 3, 2026`. */
export function listedDayName(day: string): string {
  return DATE.format(new Date(`${day}T12:00:00Z`));
}
