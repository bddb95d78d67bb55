/**
 * The history of contacts in the hub: Parquet files that only ever appear whole, and a search over them.
 *
 * Entries are those of a ledger: what is settled anew is taken back (`units` below 0) and entered again, so that the sum
 * of `units` by disposition is the account. New files are small (`fresh`); a job makes one file a day of them, ordered by
 * source, so that a search for a source in a year reads little.
 */
import type { ContactRow, ContactsQuery } from '@bellwether/api';
import type { Result } from '@bellwether/basics';
import type { Batch } from '@bellwether/contacts';
import type { HistoryErrorCode } from './errors.ts';

/** A file of the history that is on disk (fsynced) and counts once it is listed in `history_files`. */
export type HistoryFile = {
  /** Relative to the folder of the history. */
  readonly path: string;
  /** UTC; null for a fresh file, which may hold several days. */
  readonly day: string | null;
  readonly fromStep: number;
  readonly toStep: number;
  readonly rows: number;
  readonly bytes: number;
  /** Event times, ms; NaN if no row has one. */
  readonly first: number;
  readonly last: number;
};

/** Writes fresh files. Lives in the thread of the flow. */
export interface HistoryWriter {
  /**
   * Takes the rows [from, to) of a batch that are contacts of their own (`Flag.counted`). `stream`: number of the sensor;
   * `firstLine`: number, from 1, of the batch's line 0.
   */
  take(stream: number, batch: Batch, from: number, to: number, firstLine: number): void;
  /** Takes a contact back under one rule and enters it under another: two rows. */
  resettle(
    stream: number,
    batch: Batch,
    row: number,
    firstLine: number,
    fromRule: number,
    toRule: number,
  ): void;
  /** Rows that wait. */
  readonly rows: number;
  /** Names the streams, by number. */
  name(stream: number, authority: string, sensor: string): void;
  /** Writes what waits as one file named by the steps [fromStep, toStep], the same name and rows whenever replayed. */
  flush(fromStep: number, toStep: number): Promise<HistoryFile | undefined>;
  /** Forgets what waits: it is in a file already (replay). */
  drop(): void;
  close(): void;
}

/** Offices whose contacts may be shown: all, or those of these keys (`lea_id`, `state`). Required, so that nobody forgets to say. */
export type Within = 'all' | ReadonlySet<string>;

/** A point of a source's walk, oldest first. */
export type WalkRow = ContactRow;

/** Searches the files that are listed. Lives in the main thread; DuckDB does the work in its own. */
export interface HistorySearch {
  /** The list changed: `files` is all that counts. */
  use(files: readonly HistoryFile[]): void;
  search(query: ContactsQuery, within: Within): Promise<Result<SearchAnswer, HistoryError>>;
  /**
   * All rows that match, as chunks of CSV with a header line. Throws `HistoryUnreadable` (a wrong question, a damaged
   * file) before the first chunk, so that no half of a file passes for all of it.
   */
  csv(query: ContactsQuery, within: Within): AsyncGenerator<string>;
  /** Paths of listed files that could not be read so far. */
  readonly unreadable: readonly string[];
  /**
   * Contacts of one source, oldest first, at most `limit`: beyond, those that moved the stake most are kept. Files that
   * cannot be read are left out. Throws `HistoryUnreadable` where the search takes too long.
   */
  walk(source: string, limit: number, within: Within): Promise<readonly WalkRow[]>;
  close(): void;
}

/** A page of what matches, newest first. */
export type SearchAnswer = {
  readonly contacts: readonly ContactRow[];
  /** Names the next page; null where there is none. */
  readonly next: string | null;
  /** Contacts that match, all pages together. */
  readonly total: number;
  /** Paths of files of the time asked for that are damaged or missing: their rows are not in the answer. */
  readonly unreadable: readonly string[];
};

export type HistoryError = {
  readonly code: HistoryErrorCode;
  readonly detail: string;
};
