/**
 * Step 5, account: what steps yield, added up until it is kept. Everything here is a sum or a list of facts, so that
 * several steps can be kept in one transaction.
 */
import { CELL_COUNTS, type Cells, type LiveDecision } from '@bellwether/contacts';
import type { StreamRecord } from '../platform/bus/journal-types.ts';
import type { IncidentDelta } from './decide.ts';

/** Columns of an account row, in the order of the tables `account_minutes` and `account_hours`. */
export const ACCOUNT_COLUMNS = [
  'lines',
  'repeated',
  'unreadable',
  'ignored',
  'detail',
  'contacts',
  'knocks',
  'late',
  'lost',
  'refused',
  'blocked',
  'served',
  'authorised',
  'test',
  'reply',
  'through',
  'unsettled',
] as const;

/** For each of `CELL_COUNTS`, its place in an account row. */
const PLACE_OF_CELL = CELL_COUNTS.map((name) => ACCOUNT_COLUMNS.indexOf(name));
const LINES = ACCOUNT_COLUMNS.indexOf('lines');
const UNREADABLE = ACCOUNT_COLUMNS.indexOf('unreadable');
const IGNORED = ACCOUNT_COLUMNS.indexOf('ignored');
const LOST = ACCOUNT_COLUMNS.indexOf('lost');

/** Streams have numbers below this: a key is `minute * STREAMS + stream`. */
const STREAMS = 65_536;

/** Counts by minute (or hour) and stream. */
export class AccountRows {
  readonly rows = new Map<number, Float64Array>();

  /** Adds the cells of a step; `streamOf` gives the stream of a file of the judge. */
  addCells(cells: Cells, streamOf: readonly number[]): void {
    const width = CELL_COUNTS.length;
    for (let cell = 0; cell < cells.count; cell++) {
      const row = this.#row(cells.minute[cell]!, streamOf[cells.file[cell]!]!);
      for (let i = 0; i < width; i++) {
        const place = PLACE_OF_CELL[i]!;
        row[place] = row[place]! + cells.counts[cell * width + i]!;
      }
    }
  }

  /** Adds what lines came to that fill no row. */
  addLines(minute: number, stream: number, unreadable: number, ignored: number, lost: number): void {
    if (unreadable + ignored + lost === 0) return;
    const row = this.#row(minute, stream);
    row[LINES] = row[LINES]! + unreadable + ignored;
    row[UNREADABLE] = row[UNREADABLE]! + unreadable;
    row[IGNORED] = row[IGNORED]! + ignored;
    row[LOST] = row[LOST]! + lost;
  }

  /** The same counts by hour; keys are hours instead of minutes. */
  byHour(): AccountRows {
    const hours = new AccountRows();
    for (const [key, counts] of this.rows) {
      const row = hours.#row(Math.floor(Math.floor(key / STREAMS) / 60), key % STREAMS);
      for (let i = 0; i < counts.length; i++) row[i] = row[i]! + counts[i]!;
    }
    return hours;
  }

  /** Columns for SQL: period number, stream, and each count. */
  columns(): { readonly period: number[]; readonly stream: number[]; readonly counts: number[][] } {
    const period: number[] = [];
    const stream: number[] = [];
    const counts: number[][] = ACCOUNT_COLUMNS.map(() => []);
    for (const [key, row] of this.rows) {
      period.push(Math.floor(key / STREAMS));
      stream.push(key % STREAMS);
      for (let i = 0; i < row.length; i++) counts[i]!.push(row[i]!);
    }
    return { period, stream, counts };
  }

  /** Sum of one column. */
  sum(column: (typeof ACCOUNT_COLUMNS)[number]): number {
    const place = ACCOUNT_COLUMNS.indexOf(column);
    let sum = 0;
    for (const row of this.rows.values()) sum += row[place]!;
    return sum;
  }

  #row(period: number, stream: number): Float64Array {
    const key = period * STREAMS + stream;
    let row = this.rows.get(key);
    if (row === undefined) {
      row = new Float64Array(ACCOUNT_COLUMNS.length);
      this.rows.set(key, row);
    }
    return row;
  }
}

/** What is known of a sensor since the last commit. */
export type SensorNews = {
  /** Arrival of its latest record, ms. */
  heard: number;
  /** Latest event time, ms; -Infinity if none. */
  event: number;
  lines: number;
  /** Batches found missing, less those that came after all. */
  missing: number;
};

/** A batch that was acknowledged. */
export type KeptBatch = {
  readonly client: string;
  readonly sequence: number;
  readonly digest: string;
  readonly lines: number;
  readonly at: number;
};

/** Everything that one transaction keeps: some steps, up to `step`. */
export class Pending {
  /** Last step in it; 0 while there is none. */
  step = 0;
  /** Where the journal goes on behind that step. */
  offset = 0;
  readonly account = new AccountRows();
  readonly incidents = new Map<string, IncidentDelta>();
  readonly decisions: LiveDecision[] = [];
  /** Sensors that are new, or told anew. */
  readonly streams: StreamRecord[] = [];
  /** Surfaces that were stated, in order. */
  readonly surfaces: string[] = [];
  readonly sensors = new Map<number, SensorNews>();
  readonly batches: KeptBatch[] = [];
  readonly followed = new Map<string, { readonly file: string; readonly offset: number }>();

  /** Whether it is so much that it should be kept before more is added. */
  get isLarge(): boolean {
    return this.account.rows.size > MOST_ROWS || this.batches.length > MOST_ROWS;
  }

  sensor(stream: number): SensorNews {
    let news = this.sensors.get(stream);
    if (news === undefined) {
      news = { heard: 0, event: Number.NEGATIVE_INFINITY, lines: 0, missing: 0 };
      this.sensors.set(stream, news);
    }
    return news;
  }
}

/** Rows of one transaction: some milliseconds of work for PostgreSQL, and a few MB here. */
const MOST_ROWS = 20_000;
