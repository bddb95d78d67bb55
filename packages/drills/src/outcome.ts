/**
 * What became of one drill. The ladder: recorded by the sensors, judged by the hub, blocked in the kernel; each with the time
 * from the first packet. A drill that no sensor recorded is a blind sensor and counts as missed too, and is named apart, because
 * something else has to be mended.
 */
import { KINDS, type KindCode } from './kinds.ts';

/** What is known of a drill when its time is over: ms from its first packet; null: never. */
export type Observed = {
  readonly kind: KindCode;
  /** The first line of it that a sensor told. */
  readonly seen: number | null;
  /** The verdict on its source, or the label of the group, surge or decoys that it belongs to. */
  readonly judged: number | null;
  /** The first of its packets that was dropped by a block. */
  readonly blocked: number | null;
  /** Addresses that had no part in it and were blocked for it. */
  readonly innocent: number;
};

/** What became of it. */
export type DrillOutcome =
  | 'blocked'
  | 'told'
  | 'late'
  | 'judged-only'
  | 'seen-only'
  | 'not-recorded'
  | 'wrong-block';

/** What counts as caught. Whoever was blocked in the place of somebody else was not. */
const CAUGHT: ReadonlySet<DrillOutcome> = new Set(['blocked', 'told']);

/** The outcome of a drill. */
export function drillOutcome({ kind, seen, judged, blocked, innocent }: Observed): DrillOutcome {
  const { expected, within } = KINDS[kind];
  if (innocent > 0) return 'wrong-block';
  if (seen === null) return 'not-recorded';
  if (judged === null) return 'seen-only';
  if (expected === 'told') return judged <= within ? 'told' : 'late';
  if (blocked === null) return 'judged-only';
  return blocked <= within ? 'blocked' : 'late';
}

/** Whether it was caught. */
export function isCaught(outcome: DrillOutcome): boolean {
  return CAUGHT.has(outcome);
}
