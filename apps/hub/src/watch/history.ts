/**
 * The history of contacts: every contact as a row in Parquet files, by day and sensor, for any engine to query. DuckDB
 * writes them; this file is loaded only where a history is asked for.
 *
 * Files are written beside their place and moved there when the whole run is done. Their names carry a digest of the
 * inputs, so that watching the same inputs again replaces what was there and doubles nothing.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
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

/** Hexadecimal digits of the digest in names: 48 bits, for some thousand runs into one day. */
const DIGEST_DIGITS = 12;

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
    this.#appended = 0;
  }

  /** Lets go of what waits. */
  close(): void {
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
      this.#move(digestOf(inputs));
      return ok();
    } catch (error) {
      return err(unwritable(this.#folder, error));
    } finally {
      this.discard();
    }
  }

  discard(): void {
    if (!existsSync(this.#unfinished)) return;
    for (const table of this.#tables) table.close();
    this.#connection.closeSync();
    this.#instance.closeSync();
    rmSync(this.#unfinished, { recursive: true, force: true });
  }

  async #write(table: Table): Promise<void> {
    const folder = join(this.#unfinished, String(this.#written.length));
    this.#written.push(folder);
    await table.write(folder);
  }

  /** Puts everything in its place, over what the same inputs gave before, and removes what of that is left over. */
  #move(digest: string): void {
    const moved = new Set<string>();
    for (const written of this.#written) {
      for (const place of filesIn(written)) {
        const to = join(this.#folder, place.day, place.sensor);
        let number = 0;
        while (moved.has(join(to, nameOf(digest, number)))) number++;
        const from = join(written, place.day, place.sensor, place.name);
        syncFile(from);
        mkdirSync(to, { recursive: true });
        renameSync(from, join(to, nameOf(digest, number)));
        moved.add(join(to, nameOf(digest, number)));
      }
    }
    for (const { day, sensor, name } of filesIn(this.#folder)) {
      const path = join(this.#folder, day, sensor, name);
      if (name.startsWith(`part-${digest}-`) && !moved.has(path)) rmSync(path);
    }
  }
}

/** A folder as Hive names it, which is how others find the columns `day` and `sensor`. */
function folderOf(column: string, value: string | null): string {
  return `${column}=${value === null ? '__HIVE_DEFAULT_PARTITION__' : encodeURIComponent(value)}`;
}

type Place = { readonly day: string; readonly sensor: string; readonly name: string };

/** The Parquet files of a folder by day and sensor. */
function filesIn(folder: string): Place[] {
  const places: Place[] = [];
  for (const day of foldersIn(folder, 'day=')) {
    for (const sensor of foldersIn(join(folder, day), 'sensor=')) {
      for (const name of readdirSync(join(folder, day, sensor)).sort()) places.push({ day, sensor, name });
    }
  }
  return places;
}

function foldersIn(folder: string, prefix: string): string[] {
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  return entries
    .filter((entry) => entry.isDirectory() && entry.name.startsWith(prefix))
    .map(({ name }) => name)
    .sort();
}

function nameOf(digest: string, number: number): string {
  return `part-${digest}-${number}.parquet`;
}

/** A plain file is known by its path and size; what came through a pipe, by what was read of it. */
function digestOf(inputs: readonly InputRead[]): string {
  const known = inputs.map(({ path, size, lines, from, to }) =>
    size === undefined ? [path, lines, from, to] : [resolve(path), size],
  );
  return createHash('sha256').update(JSON.stringify(known)).digest('hex').slice(0, DIGEST_DIGITS);
}

/** So that a file which is in its place is also on the disk. */
function syncFile(path: string): void {
  const fd = openSync(path, 'r+');
  fsyncSync(fd);
  closeSync(fd);
}

function unwritable(folder: string, error: unknown): WatchError {
  return watchError(
    'WATCH_OUTPUT_UNWRITABLE',
    `the history in ${folder} cannot be written: ${systemReason(error)}`,
  );
}
