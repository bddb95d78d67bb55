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
import type { Batch, FileInfo } from '@bellwether/contacts';
import {
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  DuckDBInstance,
} from '@duckdb/node-api';
import { systemReason, type WatchError, watchError } from './errors.ts';
import {
  type DayAndSensor,
  historySql,
  PACKED,
  PACKED_WIDE,
  PackedRows,
  partsSql,
  quoted,
  tableSql,
  typesSql,
} from './history-columns.ts';
import { digestOf, folderOf, putInPlace } from './history-places.ts';
import { type History, HistoryFailed, type InputRead } from './job.ts';

/** Rows of one chunk: what DuckDB works on at a time, and takes at most. */
const CHUNK_ROWS = 2048;

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
    const tables = [
      await Table.make(connection, 'narrow', false),
      await Table.make(connection, 'wide', true),
    ] as const;
    return ok(new ParquetHistory(folder, unfinished, instance, connection, tables));
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    return err(unwritable(folder, error));
  }
}

/** Rows that wait to be written, all of one address family. */
class Table {
  readonly #connection: DuckDBConnection;
  readonly #name: string;
  readonly #wide: boolean;
  readonly #packed: PackedRows;
  /** Used again and again: chunks are given back only when the garbage is collected, and are large. */
  readonly #full: DuckDBDataChunk;
  #appender: DuckDBAppender;
  #appended = 0;
  /** Whether there is something to close: between closing and making anew, writing may fail. */
  #open = true;

  static async make(connection: DuckDBConnection, name: string, wide: boolean): Promise<Table> {
    await connection.run(tableSql(name, wide));
    return new Table(connection, name, wide, await connection.createAppender(name));
  }

  private constructor(connection: DuckDBConnection, name: string, wide: boolean, appender: DuckDBAppender) {
    this.#connection = connection;
    this.#name = name;
    this.#wide = wide;
    this.#appender = appender;
    this.#packed = new PackedRows(wide, CHUNK_ROWS);
    this.#full = this.#chunk(CHUNK_ROWS);
  }

  /** Rows that wait. */
  get rows(): number {
    return this.#appended + this.#packed.count;
  }

  /** Takes the rows of a batch that are of its family. */
  take(file: number, batch: Batch, firstLine: number): void {
    for (let row = 0; row < batch.count; ) {
      row = this.#packed.take(batch, row, file, firstLine);
      // Text is kept by the chunk that it was put into, so one with text is not used twice.
      if (this.#packed.full) this.#append(this.#wide ? this.#chunk(CHUNK_ROWS) : this.#full);
    }
  }

  /** Writes what waits into a folder of its own. */
  async write(folder: string): Promise<void> {
    if (this.#packed.count > 0) this.#append(this.#chunk(this.#packed.count));
    this.#appender.closeSync();
    this.#open = false;
    const parts = await this.#connection.runAndReadAll(partsSql(this.#name));
    for (const part of parts.getRowObjectsJS() as DayAndSensor[]) {
      const place = join(folder, folderOf('day', part.day), folderOf('sensor', part.sensor));
      mkdirSync(place, { recursive: true });
      await this.#connection.run(
        `COPY (${historySql(this.#name, this.#wide, part)}) TO ${quoted(join(place, 'part.parquet'))}
         (FORMAT parquet, COMPRESSION zstd)`,
      );
    }
    await this.#connection.run(tableSql(this.#name, this.#wide));
    this.#appender = await this.#connection.createAppender(this.#name);
    this.#open = true;
    this.#appended = 0;
  }

  /** Lets go of what waits. */
  close(): void {
    if (!this.#open) return;
    this.#appender.clear();
    this.#appender.closeSync();
  }

  #append(chunk: DuckDBDataChunk): void {
    this.#appended += this.#packed.count;
    this.#packed.moveTo(chunk);
    this.#appender.appendDataChunk(chunk);
  }

  #chunk(rows: number): DuckDBDataChunk {
    return DuckDBDataChunk.create(this.#wide ? PACKED_WIDE : PACKED, rows);
  }
}

class ParquetHistory implements History {
  readonly #folder: string;
  readonly #unfinished: string;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #tables: readonly Table[];
  /** Folders written so far, in their order. */
  readonly #written: string[] = [];
  #closed = false;

  constructor(
    folder: string,
    unfinished: string,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    tables: readonly Table[],
  ) {
    this.#folder = folder;
    this.#unfinished = unfinished;
    this.#instance = instance;
    this.#connection = connection;
    this.#tables = tables;
  }

  async take(file: number, batch: Batch, firstLine: number): Promise<void> {
    try {
      for (const table of this.#tables) {
        table.take(file, batch, firstLine);
        if (table.rows >= FLUSH_ROWS) await this.#write(table);
      }
    } catch (error) {
      throw new HistoryFailed(unwritable(this.#folder, error));
    }
  }

  async finish(inputs: readonly InputRead[]): Promise<Result<void, WatchError>> {
    try {
      for (const table of this.#tables) if (table.rows > 0) await this.#write(table);
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
    for (const table of this.#tables) table.close();
    this.#connection.closeSync();
    this.#instance.closeSync();
    try {
      rmSync(this.#unfinished, { recursive: true, force: true });
    } catch {
      // Where the folder cannot be reached any more, that is what the run has failed with already.
    }
  }

  async #write(table: Table): Promise<void> {
    const folder = join(this.#unfinished, String(this.#written.length));
    this.#written.push(folder);
    await table.write(folder);
  }
}

function unwritable(folder: string, error: unknown): WatchError {
  return watchError(
    'WATCH_OUTPUT_UNWRITABLE',
    `the history in ${folder} cannot be written: ${systemReason(error)}`,
  );
}
