/** When drills run by the schedule: at a random moment of a day, once a day at an office, and not around an election. */
import { createHash } from 'node:crypto';
import { generalElection } from '../rolls/retention.ts';

const DAY = 86_400_000;

/** Drills a day at one office: enough for a number within a month of a whole state, and little for the office's own logs. */
export const MOST_PER_DAY = 1;

/**
 * Wait after the end of a drill's time until it is scored, ms: a block that waits for the minutes in which decoys are told apart
 * comes up to three minutes after the last packet, and a wrong one has to be found as well.
 */
export const SETTLE = 240_000;

/** Days before an election without drills: the last days of early voting are the busiest, and everybody is on edge. */
const PAUSED_BEFORE = 5;

/** Days after it: results are put together, and people watch for anything odd. */
const PAUSED_AFTER = 3;

/** The election for which drills rest at a moment (ms), YYYY-MM-DD; null: none. `elections`: days of others than general ones. */
export function pausedFor(now: number, elections: readonly string[]): string | null {
  const year = new Date(now).getUTCFullYear();
  const general = [year, year + 1].filter((one) => one % 2 === 0).map(generalElection);
  const near = [...elections, ...general].filter((day) => {
    const start = Date.parse(day);
    return now >= start - PAUSED_BEFORE * DAY && now < start + (1 + PAUSED_AFTER) * DAY;
  });
  return near.sort()[0] ?? null;
}

/** Beginning of the day (UTC) of a moment, ms. */
export function dayBegin(now: number): number {
  return Math.floor(now / DAY) * DAY;
}

/**
 * The moment from which a drill is due at an office on the day of `now`, ms: any of the day, the same for whoever has the
 * seed of the series, and so to be checked when that is opened.
 */
export function dueAt(seed: Uint8Array, office: string, now: number): number {
  const day = dayBegin(now);
  const digest = createHash('sha256').update(seed).update(`when ${office} ${day}`).digest();
  return day + Math.floor((digest.readUInt32BE(0) / 2 ** 32) * DAY);
}
