/**
 * What can be chosen about a sample, and the name under which its batches are sent.
 */
import { type Day, DEFAULT_DATE, localDay } from './day.ts';

/** The seed when nobody names one: any would do, and everybody should see the same day. */
export const DEFAULT_SEED = 1;

/** Scale 1 is about 100,000 knocks: what a person may see in one day without losing the single one in it. */
export const DEFAULT_SCALE = 1;

/** Knocks at scale 1. */
export const KNOCKS = 100_000;

/** Below this the smallest scenarios are larger than their share. */
export const LEAST_SCALE = 0.05;

/** Beyond this the sources' truth no longer fits one process beside a hub. */
export const MOST_SCALE = 20;

/** Choices; what is left out is the default. */
export type SampleOptions = {
  /** A whole number below 2^32; the same options give the same bytes. */
  readonly seed?: number;
  /** Local day in Missouri, `YYYY-MM-DD`. */
  readonly date?: string;
  readonly scale?: number;
};

/** Choices that were made, all of them. */
export type SampleChoice = Required<SampleOptions>;

/** Fills in the defaults. Throws `RangeError` where a choice makes no sense. */
export function chosen(options: SampleOptions): SampleChoice & { readonly day: Day } {
  const { seed = DEFAULT_SEED, date = DEFAULT_DATE, scale = DEFAULT_SCALE } = options;
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) throw new RangeError(`not a seed: ${seed}`);
  if (!(scale >= LEAST_SCALE && scale <= MOST_SCALE)) throw new RangeError(`not a scale: ${scale}`);
  const day = localDay(date);
  if (day === undefined) throw new RangeError(`not a date: ${date}`);
  return { seed, date, scale, day };
}

/**
 * The client that a sensor's batches come from: `sample-SEED-AUTHORITY-SENSOR`. Another day or size of the same seed is
 * another client, since a hub refuses a batch that comes again with other lines.
 */
export function clientOf(choice: SampleChoice, authority: string, sensor: string): string {
  const day = choice.date === DEFAULT_DATE ? '' : `-${choice.date}`;
  const size = choice.scale === DEFAULT_SCALE ? '' : `-x${choice.scale}`;
  return `sample-${choice.seed}${day}${size}-${authority}-${sensor}`;
}
