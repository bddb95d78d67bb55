/**
 * The files that count, newest first, and which of them a question has to read. A file that cannot be read is told, and
 * the others are searched all the same.
 */
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { HistoryFile } from './history-types.ts';
import { quoted } from './naming.ts';
import { problemOf } from './verify.ts';

/** The files of a history. */
export class ListedFiles {
  readonly #folder: string;
  /** By the time of their last row, newest first; files without any time last. */
  #files: readonly HistoryFile[] = [];
  /** What is wrong with files, by path. */
  readonly #problems = new Map<string, string>();
  /** Counts the lists. */
  generation = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  use(files: readonly HistoryFile[]): void {
    this.#files = [...files].sort((a, b) => lastOf(b) - lastOf(a) || (a.path < b.path ? -1 : 1));
    const listed = new Set(files.map(({ path }) => path));
    for (const path of this.#problems.keys()) if (!listed.has(path)) this.#problems.delete(path);
    this.generation++;
  }

  /** Paths of files that could not be read. */
  get unreadable(): readonly string[] {
    return [...this.#problems.keys()].sort();
  }

  /** Files that may have rows of a time (ms, from the first on, before the second), and those that cannot be read. */
  between(
    from: number,
    to: number,
  ): { readonly files: readonly HistoryFile[]; readonly unreadable: string[] } {
    const asked = this.#files.filter((file) => overlaps(file, from, to));
    return {
      files: asked.filter(({ path }) => !this.#problems.has(path)),
      unreadable: asked.filter(({ path }) => this.#problems.has(path)).map(({ path }) => path),
    };
  }

  /** The table of all rows of some files, in SQL. There must be one. */
  tableOf(files: readonly HistoryFile[]): string {
    return `read_parquet([${files.map(({ path }) => quoted(join(this.#folder, path))).join(', ')}])`;
  }

  /** Looks for the files that made a statement fail; tells whether there are any. */
  async findUnreadable(
    connection: DuckDBConnection,
    files: readonly HistoryFile[],
    extent: 'all' | 'ends',
  ): Promise<boolean> {
    let found = false;
    for (const file of files) {
      const problem = await problemOf(connection, this.#folder, file, extent);
      if (problem === undefined) continue;
      this.#problems.set(file.path, problem);
      found = true;
    }
    return found;
  }
}

/** Time of the last row, ms; before everything where no row has one. */
export function lastOf({ last }: HistoryFile): number {
  return Number.isNaN(last) ? Number.NEGATIVE_INFINITY : last;
}

/** Rows without a time are in no period: only who asks for all gets them. */
function overlaps({ first, last }: HistoryFile, from: number, to: number): boolean {
  if (from === Number.NEGATIVE_INFINITY && to === Number.POSITIVE_INFINITY) return true;
  return last >= from && first < to;
}
