/**
 * How many planted changes were noticed: counted for the whole state by month, and told in steps. Neither the office nor the person is
 * kept with it, and numbers that were told last are told again until five more are known: who looked every day could otherwise see
 * which sheet was answered in between.
 */
import { shareInterval } from '@bellwether/rolls';

/** Of so many planted changes so many were refused before they were told. */
export type PlantedCount = { readonly planted: number; readonly noticed: number };

/** By month, YYYY-MM. */
export type PlantedMonths = Readonly<Record<string, PlantedCount>>;

/** `months`: what is counted. `told`: what of it was told last. */
export type PlantedCounts = { readonly months: PlantedMonths; readonly told: PlantedMonths };

/** Nothing yet. */
export const NO_COUNTS: PlantedCounts = { months: {}, told: {} };

/** Fewest that are told, and by which what is told grows: of fewer, one could guess whose they were. */
export const LEAST_TOLD = 5;

/** Months that are told of: a year, since people and their habits change. */
const TOLD_MONTHS = 12;

/** One more. */
export function countPlanted(
  { months, told }: PlantedCounts,
  month: string,
  isNoticed: boolean,
): PlantedCounts {
  const { planted, noticed } = months[month] ?? { planted: 0, noticed: 0 };
  const next = { ...months, [month]: { planted: planted + 1, noticed: noticed + Number(isNoticed) } };
  return { months: next, told: sumOf(next).planted - sumOf(told).planted >= LEAST_TOLD ? next : told };
}

/** What is told in a month: the counts, and the interval in which the share of the state lies; null while there are too few. */
export function toldShare(
  { told }: PlantedCounts,
  month: string,
): (PlantedCount & { readonly low: number; readonly high: number }) | null {
  const first = monthBefore(month, TOLD_MONTHS - 1);
  const sum = sumOf(Object.fromEntries(Object.entries(told).filter(([of]) => of >= first)));
  return sum.planted < LEAST_TOLD ? null : { ...sum, ...shareInterval(sum.noticed, sum.planted) };
}

function sumOf(months: PlantedMonths): PlantedCount {
  let [planted, noticed] = [0, 0];
  for (const one of Object.values(months)) {
    planted += one.planted;
    noticed += one.noticed;
  }
  return { planted, noticed };
}

function monthBefore(month: string, months: number): string {
  return new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)) - 1 - months, 1))
    .toISOString()
    .slice(0, 7);
}
