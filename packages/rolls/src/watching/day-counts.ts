/**
 * More changes of one class in one office than its own season and the other offices of the same day let expect.
 *
 * With x the count of a day and m the office's mean over the season (the 28 days before):
 *   factor f  = median of x / m over the other offices on that day, each weighted by its m. Weekdays, holidays and the rush
 *               before a registration deadline come to all offices at once, so they are in f;
 *   residual r = A(x) − A(f m), with A(x) = 2 √(x + 3/8) (Anscombe 1948: its deviation is 1 for any Poisson mean);
 *   score z   = the smaller of (r − median) / σ over the office's own days of the season, and over its peers on that day,
 *               σ = max(1, 1.4826 MAD) (Hampel 1974): never below the deviation of a plain Poisson count.
 * Told where z is beyond `MOST_Z`, and P(X ≥ x) of a Poisson number with mean max(f m, 1/28) is below `RAREST`: small counts
 * have no bell shape. Only too many is told, not too few.
 */
import { CHANGE_CLASSES, type ChangeClass } from '../rolls-types.ts';
import { dayAfter, type Finding, numberText } from './finding.ts';
import { anscombe, median, poissonTail, robustSigma, weightedMedian } from './robust.ts';

/** One number of the daily table. Offices and days without a row had none. */
export type DayCount = {
  readonly office: string;
  /** YYYY-MM-DD. */
  readonly day: string;
  readonly class: ChangeClass;
  readonly count: number;
};

/** Four weeks: every weekday four times, and short enough to follow the year. */
export const SEASON_DAYS = 28;

/** Days with any change in the state that a season needs: with fewer, a mean is a guess. */
const LEAST_SEASON = 10;

/** Robust deviations: offices have busy days, so a bell's 4 would be told too often (measured in bench/rolls-watching). */
const MOST_Z = 6;

/** Chance of a plain Poisson count: 116 offices, 7 classes, 365 days are 300,000 counts, so one in a million is one in years. */
const RAREST = 1e-6;

/** Fewer changes a day than this are never told: any clerk sees them all on one sheet. */
const LEAST_COUNT = 10;

/** What the season says about an office without a change: fewer than one in the 28 days. */
const LEAST_MEAN = 1 / SEASON_DAYS;

/** The odd counts of one day, the oddest first. None while the season is too short. */
export function watchDayCounts(table: readonly DayCount[], day: string): readonly Finding[] {
  const days = Array.from({ length: SEASON_DAYS + 1 }, (_, at) => dayAfter(day, at - SEASON_DAYS));
  const place = new Map(days.map((date, at) => [date, at]));
  const classes = new Map<ChangeClass, Map<string, number[]>>();
  const worked = new Set<number>();
  for (const row of table) {
    const at = place.get(row.day);
    if (at === undefined || row.count <= 0) continue;
    if (at < SEASON_DAYS) worked.add(at);
    let offices = classes.get(row.class);
    if (offices === undefined) {
      offices = new Map();
      classes.set(row.class, offices);
    }
    let counts = offices.get(row.office);
    if (counts === undefined) {
      counts = days.map(() => 0);
      offices.set(row.office, counts);
    }
    counts[at]! += row.count;
  }
  if (worked.size < LEAST_SEASON) return [];
  const found = CHANGE_CLASSES.flatMap((kind) => ofClass(classes.get(kind) ?? new Map(), kind, day));
  return found.sort((a, b) => b.score - a.score);
}

function ofClass(
  offices: ReadonlyMap<string, readonly number[]>,
  kind: ChangeClass,
  day: string,
): readonly Finding[] {
  const means = new Map<string, number>();
  for (const [office, counts] of offices)
    means.set(office, counts.slice(0, SEASON_DAYS).reduce((sum, count) => sum + count, 0) / SEASON_DAYS);
  const expected = (office: string, at: number): number => {
    const ratios: [number, number][] = [];
    for (const [other, counts] of offices) {
      const mean = means.get(other)!;
      if (other !== office && mean > 0) ratios.push([counts[at]! / mean, mean]);
    }
    const factor = weightedMedian(ratios);
    // Alone in the state: nobody to compare with, so the season alone counts.
    return means.get(office)! * (Number.isNaN(factor) ? 1 : factor);
  };
  const residual = (office: string, at: number): number =>
    anscombe(offices.get(office)![at]!) - anscombe(expected(office, at));
  const findings: Finding[] = [];
  let today: ReadonlyMap<string, number> | undefined;
  for (const [office, counts] of offices) {
    const count = counts[SEASON_DAYS]!;
    if (count < LEAST_COUNT) continue;
    const mean = Math.max(expected(office, SEASON_DAYS), LEAST_MEAN);
    if (poissonTail(count, mean) >= RAREST) continue;
    today ??= new Map([...offices.keys()].map((other) => [other, residual(other, SEASON_DAYS)]));
    const own: number[] = [];
    for (let at = 0; at < SEASON_DAYS; at++)
      if (expected(office, at) > 0 || counts[at]! > 0) own.push(residual(office, at));
    const peers = [...today].filter(([other]) => other !== office).map(([, value]) => value);
    const z = Math.min(distance(today.get(office)!, own), distance(today.get(office)!, peers));
    if (z <= MOST_Z) continue;
    findings.push({
      kind: 'many-changes',
      office,
      day,
      score: z / MOST_Z,
      sentence: `${count} changes of the kind ${kind} on this day. About ${numberText(mean)} were to be expected, by the last four weeks of this office and by the other offices on the same day.`,
      counts: { count, expected: mean, z },
    });
  }
  return findings;
}

function distance(value: number, others: readonly number[]): number {
  if (others.length === 0) return value;
  return (value - median(others)) / Math.max(1, robustSigma(others));
}
