/**
 * Puts files of the history together: fresh ones into a larger fresh one, and those of days that are over into one file a
 * day, ordered by source. No row changes, so no answer does. What is made appears whole; whoever keeps the list exchanges
 * the files there in one transaction, and removes the old ones after that.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { CompactionTask } from './compaction-plan.ts';
import { HistoryUnwritable } from './errors.ts';
import type { HistoryFile } from './history-types.ts';
import { quoted } from './naming.ts';
import { removeUnfinished, UNFINISHED, writeWhole } from './whole-file.ts';

/** Where files of days are, in the folder of the history. */
const DAYS = 'days';

/** Where fresh files are that were put together: beside the writer's, which may be at work. */
const MERGED = 'merged';

/** What DuckDB may hold: beyond, it orders on disk. Below 64 MB it cannot order at all. */
const MEMORY = '96MB';

/** Rows of a row group in a file of a day: a search for one source reads one of three in a day of a state. */
const DAY_GROUP_ROWS = 32_768;

/** One order for all rows of a day, so that the same rows give the same file. */
const DAY_ORDER = 'source_key NULLS FIRST, source_low NULLS FIRST, time NULLS FIRST, stream, line, entry';

/** The day that rows without a time are filed under. */
const NO_DAY = '1970-01-01';

/** What compaction may be told. */
export type CompactionOptions = {
  /** As DuckDB spells sizes: `96MB`. */
  readonly memory?: string;
};

/**
 * Makes the files of a task, which together hold the rows of its files. Throws `HistoryUnwritable`, and the files of the
 * task count on.
 */
export async function compact(
  { kind, files }: CompactionTask,
  folder: string,
  options: CompactionOptions = {},
): Promise<HistoryFile[]> {
  const target = join(folder, kind === 'days' ? DAYS : MERGED);
  let spill: string | undefined;
  let instance: DuckDBInstance | undefined;
  try {
    mkdirSync(target, { recursive: true });
    spill = mkdtempSync(join(target, UNFINISHED));
    instance = await DuckDBInstance.create(':memory:', {
      memory_limit: options.memory ?? MEMORY,
      threads: '1',
      temp_directory: spill,
    });
    const connection = await instance.connect();
    await connection.run(`SET TimeZone = 'UTC'`);
    const job = { connection, folder, ...inputOf(folder, files) };
    const made = kind === 'days' ? await makeDays(job) : [await makeFresh(job)];
    const rows = made.reduce((sum, file) => sum + file.rows, 0);
    if (rows !== job.rows) throw new Error(`${job.rows} rows were listed, and ${rows} were found`);
    return made;
  } catch (error) {
    throw new HistoryUnwritable(`${target}: ${(error as Error).message}`, { cause: error });
  } finally {
    instance?.closeSync();
    if (spill !== undefined) rmSync(spill, { recursive: true, force: true });
  }
}

/** Removes what a compaction that was killed had begun. For when none is running. */
export function removeHalfCompacted(folder: string): void {
  removeUnfinished(join(folder, DAYS));
  removeUnfinished(join(folder, MERGED));
}

type Job = {
  readonly connection: DuckDBConnection;
  readonly folder: string;
  /** Their rows, as a table in SQL. */
  readonly table: string;
  readonly rows: number;
  readonly fromStep: number;
  readonly toStep: number;
  /** Paths of the files that are put together. */
  readonly paths: ReadonlySet<string>;
};

function inputOf(folder: string, files: readonly HistoryFile[]): Omit<Job, 'connection' | 'folder'> {
  const inOrder = [...files].sort((a, b) => a.fromStep - b.fromStep || (a.path < b.path ? -1 : 1));
  return {
    table: `read_parquet([${inOrder.map(({ path }) => quoted(join(folder, path))).join(', ')}])`,
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    fromStep: Math.min(...files.map(({ fromStep }) => fromStep)),
    toStep: Math.max(...files.map(({ toStep }) => toStep)),
    paths: new Set(files.map(({ path }) => path)),
  };
}

/** One fresh file of several, in their order. */
function makeFresh(job: Job): Promise<HistoryFile> {
  return make(job, nameOf(job, `${MERGED}/`), null, `FROM ${job.table}`, '');
}

async function makeDays(job: Job): Promise<HistoryFile[]> {
  const answer = await job.connection.runAndReadAll(
    `SELECT DISTINCT coalesce(time::DATE, DATE '${NO_DAY}')::VARCHAR AS day FROM ${job.table} ORDER BY day`,
  );
  const made: HistoryFile[] = [];
  for (const [day] of answer.getRows() as [string][]) {
    const timeless = day === NO_DAY ? ' OR time IS NULL' : '';
    const inDay = `(time >= TIMESTAMPTZ '${day} 00:00:00+00' AND time < TIMESTAMPTZ '${day} 00:00:00+00' + INTERVAL 1 DAY)`;
    const rows = `FROM ${job.table} WHERE ${inDay}${timeless} ORDER BY ${DAY_ORDER}`;
    made.push(
      await make(job, nameOf(job, `${DAYS}/${day}_`), day, rows, `, ROW_GROUP_SIZE ${DAY_GROUP_ROWS}`),
    );
  }
  return made;
}

/** A name by the steps; another where one of the files has it, for that one counts until the list is changed. */
function nameOf({ fromStep, toStep, paths }: Job, prefix: string): string {
  const name = `${prefix}${fromStep}-${toStep}`;
  let path = `${name}.parquet`;
  for (let again = 2; paths.has(path); again++) path = `${name}-${again}.parquet`;
  return path;
}

async function make(
  { connection, folder, fromStep, toStep }: Job,
  path: string,
  day: string | null,
  query: string,
  more: string,
): Promise<HistoryFile> {
  const place = join(folder, path);
  await writeWhole(place, async (unfinished) => {
    await connection.run(
      `COPY (${query}) TO ${quoted(unfinished)} (FORMAT parquet, COMPRESSION zstd${more})`,
    );
  });
  const answer = await connection.runAndReadAll(
    `SELECT count(*)::DOUBLE, min(epoch_ms(time))::DOUBLE, max(epoch_ms(time))::DOUBLE FROM read_parquet(${quoted(place)})`,
  );
  const [rows, first, last] = answer.getRows()[0] as [number, number | null, number | null];
  const { size } = statSync(place);
  return {
    path,
    day,
    fromStep,
    toStep,
    rows,
    bytes: size,
    first: first ?? Number.NaN,
    last: last ?? Number.NaN,
  };
}
