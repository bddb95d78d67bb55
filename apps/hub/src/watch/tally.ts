/** What was read of each file: the half of the account that reading answers for. */
import type { BatchCounts } from './batch-reader.ts';
import type { WatchError } from './errors.ts';

/** One file, as far as it has been read. */
export type FileTally = {
  lines: number;
  rows: number;
  ignored: number;
  unreadable: number;
  repeated: number;
  lost: number;
  lostUnknown: boolean;
  /** Why it could not be read to its end. */
  failure: WatchError | undefined;
};

/** A file of which nothing has been read. */
export function newTally(): FileTally {
  return {
    lines: 0,
    rows: 0,
    ignored: 0,
    unreadable: 0,
    repeated: 0,
    lost: 0,
    lostUnknown: false,
    failure: undefined,
  };
}

/** Adds a batch to its file. */
export function addCounts(tally: FileTally, counts: BatchCounts): void {
  tally.lines += counts.lines;
  tally.rows += counts.rows;
  tally.ignored += counts.ignored;
  tally.unreadable += counts.unreadable;
  tally.repeated += counts.repeated;
  tally.lost += counts.lost;
  tally.lostUnknown ||= counts.lostUnknown;
}
