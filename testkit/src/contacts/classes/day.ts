/**
 * When people are awake: visits by hour of the day, busiest between six and ten in the evening.
 */
import type { Random } from '../../random.ts';
import { DAY, HOUR } from '../world.ts';

/** Relative number of visits in each local hour; measured nowhere, shaped like any public office's web statistics. */
const BY_HOUR = [3, 2, 1, 1, 1, 2, 4, 7, 10, 11, 11, 11, 12, 11, 10, 10, 10, 12, 16, 19, 20, 17, 11, 6];

const TOTAL = BY_HOUR.reduce((sum, weight) => sum + weight, 0);

/** A time of the run at which a person may visit; a run starts at local midnight. */
export function eveningTime(random: Random, span: number): number {
  for (;;) {
    const day = Math.floor(random.unit() * Math.ceil(span / DAY)) * DAY;
    let left = random.unit() * TOTAL;
    let hour = 0;
    while (left >= (BY_HOUR[hour] as number)) left -= BY_HOUR[hour++] as number;
    const time = day + (hour + random.unit()) * HOUR;
    if (time < span) return time;
    if (span < DAY) return random.unit() * span;
  }
}

/** A time in office hours, eight to half past five. */
export function officeTime(random: Random, span: number): number {
  const day = Math.floor(random.unit() * Math.ceil(span / DAY)) * DAY;
  const time = day + random.between(8, 17.5) * HOUR;
  return time < span ? time : random.unit() * span;
}
