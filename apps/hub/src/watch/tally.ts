/** What was read of each file: the half of the account that reading answers for. */
import { addLosses, type Losses, noLosses } from '@bellwether/contacts';
import type { BatchCounts } from './batch-reader.ts';
import type { WatchError } from './errors.ts';

/** One file, as far as it has been read. */
export type FileTally = Losses & {
  lines: number;
  rows: number;
  ignored: number;
  unreadable: number;
  repeated: number;
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
    ...noLosses(),
    failure: undefined,
  };
}

/** Adds a batch to its file: batches come in the order of their lines. */
export function addCounts(tally: FileTally, counts: BatchCounts): void {
  tally.lines += counts.lines;
  tally.rows += counts.rows;
  tally.ignored += counts.ignored;
  tally.unreadable += counts.unreadable;
  tally.repeated += counts.repeated;
  addLosses(tally, counts);
}
