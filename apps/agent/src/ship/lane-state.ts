/** What writing and sending of one sensor's spool share, in memory. */
import type { Room } from './room.ts';

/** One segment: the end of what is on disk, and how far that is settled. Bytes, and ms since 1970. */
export type Segment = {
  readonly number: number;
  madeAt: number;
  end: number;
  settledTo: number;
  /** When the last of it was settled; 0 where nothing was. */
  sentAt: number;
  /** Nothing is written behind its end any more. */
  isClosed: boolean;
};

/** The spool of one sensor. */
export type LaneState = {
  readonly folder: string;
  readonly room: Room;
  /** ms since 1970. */
  readonly now: () => number;
  /** In their order; the last one is written to. */
  readonly segments: Segment[];
  /** Where each source stands behind the last of its lines that are on disk. */
  readonly places: Map<string, string>;
  /** Of the next batch. */
  sequence: number;
  /** What is not settled: lines, their bytes, and when the oldest came. */
  lines: number;
  bytes: number;
  oldest: number | undefined;
};
