/** Whether the files that are listed are there, and whole. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { HistoryFile } from './history-types.ts';
import { quoted } from './naming.ts';

/** Memory to read one file with: a row group and its dictionaries. */
const MEMORY = '64MB';

/** A file that cannot be relied on. */
export type FileProblem = { readonly path: string; readonly problem: string };

/** Reads every listed file to its end, and tells of those that are not what the list says. For the doctor. */
export async function verifyHistory(folder: string, files: readonly HistoryFile[]): Promise<FileProblem[]> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: MEMORY, threads: '1' });
  const connection = await instance.connect();
  try {
    const found: FileProblem[] = [];
    for (const file of files) {
      const problem = await problemOf(connection, folder, file, 'all');
      if (problem !== undefined) found.push({ path: file.path, problem });
    }
    return found;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/**
 * What is wrong with a file; undefined if nothing is. `all`: every value of it is read; `ends`: its size, its head and
 * its directory.
 */
export async function problemOf(
  connection: DuckDBConnection,
  folder: string,
  { path, rows, bytes }: HistoryFile,
  extent: 'all' | 'ends',
): Promise<string | undefined> {
  const place = join(folder, path);
  const found = statSync(place, { throwIfNoEntry: false });
  if (found === undefined) return 'it is not there';
  if (found.size !== bytes) return `it has ${found.size} bytes, and ${bytes} were written`;
  try {
    const answer = await connection.runAndReadAll(
      extent === 'all'
        ? `SELECT count(*)::DOUBLE, bit_xor(hash(h)) FROM read_parquet(${quoted(place)}) h`
        : `SELECT num_rows::DOUBLE FROM parquet_file_metadata(${quoted(place)})`,
    );
    const read = answer.getRows()[0]![0] as number;
    return read === rows ? undefined : `it has ${read} rows, and ${rows} were written`;
  } catch (error) {
    return (error as Error).message;
  }
}
