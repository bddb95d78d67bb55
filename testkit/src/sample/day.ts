/**
 * The day of the sample: one local day in Missouri, from midnight to midnight, so that people come at people's hours.
 */

/** Where the state is. */
export const SAMPLE_ZONE = 'America/Chicago';

/** The registration deadline before the election of 3 November 2026: the busiest day that a voter portal has. */
export const DEFAULT_DATE = '2026-10-07';

/** A day: when it starts, ms since 1970, and how long it is, in microseconds (23, 24 or 25 hours). */
export type Day = { readonly start: number; readonly span: number };

const DAY_MS = 86_400_000;

/** The local day of a date like `2026-10-07`; undefined if there is no such date. */
export function localDay(date: string): Day | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(date)) return undefined;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date) return undefined;
  const start = asLocal(midnight);
  return { start, span: (asLocal(midnight + DAY_MS) - start) * 1_000 };
}

/** The moment at which clocks in the zone show what clocks in UTC show at `time`; midnights are never skipped there. */
function asLocal(time: number): number {
  return time - offsetAt(time - offsetAt(time));
}

const OFFSETS = new Intl.DateTimeFormat('en-US', { timeZone: SAMPLE_ZONE, timeZoneName: 'longOffset' });

/** Milliseconds east of UTC. */
function offsetAt(time: number): number {
  const name = OFFSETS.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const match = /^GMT([+-])(\d\d):(\d\d)$/.exec(name);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === '-' ? -minutes : minutes) * 60_000;
}
