/**
 * How long records have to be kept: 22 months after each federal election (52 U.S.C. 20701, "all records and papers"). General
 * elections are on the Tuesday after the first Monday in November of even years (2 U.S.C. 7); primaries and special elections
 * differ by state, and are told in the configuration.
 */

/** Months: 52 U.S.C. 20701. */
const RETENTION_MONTHS = 22;

/** Day of the federal general election of an even year, YYYY-MM-DD. */
export function generalElection(year: number): string {
  const weekday = new Date(Date.UTC(year, 10, 1)).getUTCDay();
  const monday = 1 + ((8 - weekday) % 7);
  return new Date(Date.UTC(year, 10, monday + 1)).toISOString().slice(0, 10);
}

/** Until when records have to be kept, as of a day; null: nothing holds them. `elections`: further ones. Days, YYYY-MM-DD. */
export function retainedUntil(day: string, elections: readonly string[]): string | null {
  const year = Number(day.slice(0, 4));
  const general = [year - 3, year - 2, year - 1, year].filter((one) => one % 2 === 0).map(generalElection);
  const ends = [...general, ...elections].filter((election) => election <= day).map(monthsAfter);
  const last = ends.sort().at(-1);
  return last !== undefined && last > day ? last : null;
}

function monthsAfter(day: string): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const first = new Date(Date.UTC(year, month - 1 + RETENTION_MONTHS, 1));
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(date, days));
  return first.toISOString().slice(0, 10);
}
