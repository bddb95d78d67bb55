/**
 * The history of contacts: every contact as a row in Parquet files, by day and sensor, for any engine to query. DuckDB
 * writes them; this file is loaded only where a history is asked for.
 *
 * Files are written beside their place and moved there when the whole run is done. Their names carry a digest of the
 * inputs, so that watching the same inputs again replaces what was there and doubles nothing.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { type Batch, type FileInfo, isContact } from '@bellwether/contacts';
import { type DuckDBAppender, type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { quoted, typesSql } from '../platform/history/naming.ts';
import { PackedRows, packedTableSql } from '../platform/history/packing.ts';
import { systemReason, type WatchError, watchError } from './errors.ts';
import { CARRIED, type DayAndSensor, historySql, partsSql } from './history-columns.ts';
import { digestOf, folderOf, putInPlace } from './history-places.ts';
import { type History, HistoryFailed, type InputRead } from './job.ts';

/** The table of rows that wait. */
const WAITING = 'waiting';

/** Rows that are handed to DuckDB at a time: some batches, so that few chunks are not full. */
const APPEND_ROWS = 32_768;

/** Rows that are written at a time: one row group of Parquet as DuckDB cuts them, and some 10 MB until then. */
const FLUSH_ROWS = 122_880;

/** What DuckDB may hold. It needs half of it for one flush; beyond, it moves to disk. */
const MEMORY = '256MB';

/** One thread: rows stay in their order, so files of one input compress well and are the same from run to run. */
const THREADS = '1';

/** Folders that are being written, in the folder of the history. A dot: no pattern for the files matches them. */
const UNFINISHED = '.unfinished-';

/** Opens a history in a folder, which is made where it is not there yet. */
export async function openHistory(
  folder: string,
  files: readonly FileInfo[],
): Promise<Result<History, WatchError>> {
  let unfinished: string;
  try {
    mkdirSync(folder, { recursive: true });
    unfinished = mkdtempSync(join(folder, UNFINISHED));
  } catch (error) {
    return err(unwritable(folder, error));
  }
  try {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: MEMORY,
      threads: THREADS,
      temp_directory: join(unfinished, 'spilled'),
    });
    const connection = await instance.connect();
    await connection.run(`SET TimeZone = 'UTC'`);
    await connection.run(typesSql());
    await connection.run('CREATE TABLE inputs (number UINTEGER, sensor VARCHAR, path VARCHAR)');
    if (files.length > 0) {
      const values = files.map(({ sensor, path }, i) => `(${i}, ${quoted(sensor)}, ${quoted(path)})`);
      await connection.run(`INSERT INTO inputs VALUES ${values.join(', ')}`);
    }
    const table = await Table.make(connection);
    return ok(new ParquetHistory(folder, unfinished, instance, connection, table));
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    return err(unwritable(folder, error));
  }
}

/** Rows that wait to be written. */
class Table {
  readonly #connection: DuckDBConnection;
  readonly #packed = new PackedRows(CARRIED);
  #appender: DuckDBAppender;
  #appended = 0;
  /** Whether there is something to close: between closing and making anew, writing may fail. */
  #open = true;

  static async make(connection: DuckDBConnection): Promise<Table> {
    await connection.run(packedTableSql(WAITING, CARRIED));
    return new Table(connection, await connection.createAppender(WAITING));
  }

  private constructor(connection: DuckDBConnection, appender: DuckDBAppender) {
    this.#connection = connection;
    this.#appender = appender;
  }

  /** Rows that wait. */
  get rows(): number {
    return this.#appended + this.#packed.count;
  }

  /** Takes the contacts of a batch. */
  take(file: number, batch: Batch, firstLine: number): void {
    const { rule, repeat, line } = batch;
    for (let row = 0; row < batch.count; row++) {
      if (!isContact(batch, row)) continue;
      this.#packed.put(batch, row, file, firstLine + line[row]!, rule[row]!, repeat[row]! + 1, 0, 0);
    }
    if (this.#packed.count >= APPEND_ROWS) this.#append();
  }

  /** Writes what waits into a folder of its own. */
  async write(folder: string): Promise<void> {
    this.#append();
    this.#appender.closeSync();
    this.#open = false;
    const parts = await this.#connection.runAndReadAll(partsSql(WAITING));
    for (const part of parts.getRowObjectsJS() as DayAndSensor[]) {
      const place = join(folder, folderOf('day', part.day), folderOf('sensor', part.sensor));
      mkdirSync(place, { recursive: true });
      await this.#connection.run(
        `COPY (${historySql(WAITING, part)}) TO ${quoted(join(place, 'part.parquet'))}
         (FORMAT parquet, COMPRESSION zstd)`,
      );
    }
    await this.#connection.run(packedTableSql(WAITING, CARRIED));
    this.#appender = await this.#connection.createAppender(WAITING);
    this.#open = true;
    this.#appended = 0;
  }

  /** Lets go of what waits. */
  close(): void {
    if (!this.#open) return;
    this.#appender.clear();
    this.#appender.closeSync();
  }

  #append(): void {
    this.#appended += this.#packed.count;
    this.#packed.appendTo(this.#appender);
    this.#packed.forget();
  }
}

class ParquetHistory implements History {
  readonly #folder: string;
  readonly #unfinished: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #table: Table;
  /** Folders written so far, in their order. */
  readonly #written: string[] = [];
  #closed = false;

  constructor(
    folder: string,
    unfinished: string,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    table: Table,
  ) {
    this.#folder = folder;
    this.#unfinished = unfinished;
    this.#instance = instance;
    this.#connection = connection;
    this.#table = table;
  }

  async take(file: number, batch: Batch, firstLine: number): Promise<void> {
    try {
      this.#table.take(file, batch, firstLine);
      if (this.#table.rows >= FLUSH_ROWS) await this.#write();
    } catch (error) {
      throw new HistoryFailed(unwritable(this.#folder, error));
    }
  }

  async finish(inputs: readonly InputRead[]): Promise<Result<void, WatchError>> {
    try {
      if (this.#table.rows > 0) await this.#write();
      putInPlace(this.#written, this.#folder, digestOf(inputs));
      return ok();
    } catch (error) {
      return err(unwritable(this.#folder, error));
    } finally {
      this.discard();
    }
  }

  discard(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#table.close();
    this.#connection.closeSync();
    this.#instance.closeSync();
    try {
      rmSync(this.#unfinished, { recursive: true, force: true });
    } catch {
      // Where the folder cannot be reached any more, that is what the run has failed with already.
    }
  }

  async #write(): Promise<void> {
    const folder = join(this.#unfinished, String(this.#written.length));
    this.#written.push(folder);
    await this.#table.write(folder);
  }
}

function unwritable(folder: string, error: unknown): WatchError {
  return watchError(
    'WATCH_OUTPUT_UNWRITABLE',
    `the history in ${folder} cannot be written: ${systemReason(error)}`,
  );
}
