/**
 * Writes fresh files: what a stretch of steps has entered, as one Parquet file in the order in which it was entered. The
 * same entries under the same steps give the same bytes, so a step that is replayed leaves what was there.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Batch, Flag } from '@bellwether/contacts';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { HistoryUnwritable } from './errors.ts';
import type { HistoryFile, HistoryWriter } from './history-types.ts';
import { KEPT_TIMES, quoted, typesSql } from './naming.ts';
import { PackedRows, packedTableSql } from './packing.ts';
import { CARRIED, rowsSql } from './rows.ts';
import { removeUnfinished, writeWhole } from './whole-file.ts';

/** Where fresh files are, in the folder of the history. */
export const FRESH = 'fresh';

/** Rows after which it is time to flush: some 10 MB until then, and what a few seconds of a busy state bring. */
export const FLUSH_ROWS = 122_880;

/** Rows of a row group: DuckDB holds a whole one while it writes it. */
const GROUP_ROWS = 32_768;

/** What DuckDB may hold: it needs half of it for `FLUSH_ROWS`. */
const MEMORY = '96MB';

/** One thread: rows stay in their order, so that the same rows give the same file. */
const THREADS = '1';

/** What a writer may be told. */
export type HistoryWriterOptions = {
  /** What DuckDB may hold, as it spells sizes: `96MB`. */
  readonly memory?: string;
};

/**
 * Opens the one writer of a history. `flush` throws `HistoryUnwritable` where the disk does not take a file; what waits
 * is kept then, so that it can be tried again.
 */
export async function openHistoryWriter(
  folder: string,
  options: HistoryWriterOptions = {},
): Promise<HistoryWriter> {
  removeUnfinished(join(folder, FRESH));
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: options.memory ?? MEMORY,
    threads: THREADS,
    temp_directory: '',
  });
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  await connection.run(typesSql());
  return new FreshWriter(folder, instance, connection);
}

/** Rows of one file, with the event times in them. */
class Waiting {
  readonly rows = new PackedRows(CARRIED);
  first = Number.POSITIVE_INFINITY;
  last = Number.NEGATIVE_INFINITY;
  /** Rows that are not the first entry of their line. */
  later = 0;

  heed(time: number): void {
    if (!(time >= KEPT_TIMES.first && time <= KEPT_TIMES.last)) return;
    if (time < this.first) this.first = time;
    if (time > this.last) this.last = time;
  }

  forget(): void {
    this.rows.forget();
    this.first = Number.POSITIVE_INFINITY;
    this.last = Number.NEGATIVE_INFINITY;
    this.later = 0;
  }
}

class FreshWriter implements HistoryWriter {
  readonly #folder: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  /** Rows that come in, and those that are being written meanwhile: nobody waits for the disk. */
  #waiting = new Waiting();
  #writing = new Waiting();
  #isWriting = false;
  readonly #names = new Map<number, { readonly authority: string; readonly sensor: string }>();
  /** Whether DuckDB knows them. */
  #namesTold = false;

  constructor(folder: string, instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#folder = folder;
    this.#instance = instance;
    this.#connection = connection;
  }

  get rows(): number {
    return this.#waiting.rows.count + (this.#isWriting ? 0 : this.#writing.rows.count);
  }

  name(stream: number, authority: string, sensor: string): void {
    const known = this.#names.get(stream);
    if (known?.authority === authority && known.sensor === sensor) return;
    this.#names.set(stream, { authority, sensor });
    this.#namesTold = false;
  }

  take(stream: number, batch: Batch, from: number, to: number, firstLine: number): void {
    for (let row = from; row < to; row++) {
      if ((batch.flags[row]! & Flag.counted) === 0) continue;
      const line = firstLine + batch.line[row]!;
      this.#waiting.rows.put(
        batch,
        row,
        stream,
        line,
        batch.rule[row]!,
        batch.repeat[row]! + 1,
        0,
        batch.stake[row]!,
      );
      this.#waiting.heed(batch.time[row]!);
    }
  }

  resettle(
    stream: number,
    batch: Batch,
    row: number,
    firstLine: number,
    fromRule: number,
    toRule: number,
  ): void {
    const line = firstLine + batch.line[row]!;
    const stake = batch.stake[row]!;
    const waiting = this.#waiting;
    waiting.rows.put(batch, row, stream, line, fromRule, -1, ++waiting.later, stake);
    waiting.rows.put(batch, row, stream, line, toRule, 1, ++waiting.later, stake);
    waiting.heed(batch.time[row]!);
  }

  async flush(fromStep: number, toStep: number): Promise<HistoryFile | undefined> {
    // What could not be written the last time comes first: it is of the same steps, tried again.
    if (this.#writing.rows.count === 0) [this.#waiting, this.#writing] = [this.#writing, this.#waiting];
    const { rows, first, last } = this.#writing;
    const { count } = rows;
    if (count === 0) return undefined;
    const path = `${FRESH}/${fromStep}-${toStep}.parquet`;
    const place = join(this.#folder, path);
    let bytes: number;
    this.#isWriting = true;
    try {
      await writeWhole(place, (unfinished) => this.#write(unfinished, fromStep));
      bytes = statSync(place).size;
    } catch (error) {
      throw new HistoryUnwritable(`${place}: ${(error as Error).message}`, { cause: error });
    } finally {
      this.#isWriting = false;
    }
    this.#writing.forget();
    const timed = first <= last;
    return {
      path,
      day: null,
      fromStep,
      toStep,
      rows: count,
      bytes,
      first: timed ? first : Number.NaN,
      last: timed ? last : Number.NaN,
    };
  }

  drop(): void {
    this.#waiting.forget();
    this.#writing.forget();
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  async #write(path: string, fromStep: number): Promise<void> {
    if (!this.#namesTold) await this.#tellNames();
    await this.#connection.run(packedTableSql('waiting', CARRIED));
    const appender = await this.#connection.createAppender('waiting');
    const { rows: packed } = this.#writing;
    packed.appendTo(appender);
    appender.closeSync();
    const rows = rowsSql('waiting', fromStep);
    const { rowsChanged } = await this.#connection.run(
      `COPY (${rows}) TO ${quoted(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${GROUP_ROWS})`,
    );
    if (rowsChanged !== packed.count) {
      throw new Error(`${packed.count} rows waited, ${rowsChanged} were written: a stream has no name`);
    }
    await this.#connection.run(packedTableSql('waiting', CARRIED));
  }

  async #tellNames(): Promise<void> {
    // One that is named meanwhile makes it untold again.
    this.#namesTold = true;
    const names = [...this.#names];
    await this.#connection.run(
      'CREATE OR REPLACE TABLE streams (number UINTEGER, authority VARCHAR, sensor VARCHAR)',
    );
    const appender = await this.#connection.createAppender('streams');
    for (const [stream, { authority, sensor }] of names) {
      appender.appendUInteger(stream);
      appender.appendVarchar(authority);
      appender.appendVarchar(sensor);
      appender.endRow();
    }
    appender.closeSync();
  }
}
