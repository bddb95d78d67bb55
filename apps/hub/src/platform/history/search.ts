/**
 * Searches the files that are listed: newest first, a page at a time, with the sum of all that match beside it.
 *
 * Files are ordered by source within and by time among each other, so a question for a source reads a little of each,
 * and a page of the newest reads the newest files only. What is summed is one column, and those that are asked about.
 */
import type { ContactsQuery } from '@bellwether/api';
import { err, type Result } from '@bellwether/basics';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Condition, conditionOf, timed, timeless } from './conditions.ts';
import { csvRows } from './csv.ts';
import { comparePlaces, formatCursor, NEWEST_FIRST, type Place, parseCursor } from './cursor.ts';
import { HistoryUnreadable } from './errors.ts';
import type {
  HistoryError,
  HistoryFile,
  HistorySearch,
  SearchAnswer,
  WalkRow,
  Within,
} from './history-types.ts';
import { ListedFiles, lastOf } from './listed-files.ts';
import { type ReaderOptions, Readers } from './readers.ts';
import { type PlacedRow, readRows, SELECTED } from './row.ts';
import { sourceRange } from './source-range.ts';
import { walkOf } from './walk.ts';

/** Rows of a page, where nobody says how many: a screen or two. */
const DEFAULT_LIMIT = 100;

/** Most rows of a page. */
const MAX_LIMIT = 1000;

/** Rows of the files that a page looks at first: two days of a state. Each further step looks at twice as many. */
const FIRST_STEP = 200_000;

/** How often a question is asked anew because files were put together meanwhile: they are so every few minutes. */
const MAX_ATTEMPTS = 3;

/** Opens a search over a history; `use` tells which files count. */
export async function openHistorySearch(folder: string, options: ReaderOptions = {}): Promise<HistorySearch> {
  return new ParquetSearch(folder, await Readers.open(options));
}

class ParquetSearch implements HistorySearch {
  readonly #listed: ListedFiles;
  readonly #readers: Readers;

  constructor(folder: string, readers: Readers) {
    this.#listed = new ListedFiles(folder);
    this.#readers = readers;
  }

  get unreadable(): readonly string[] {
    return this.#listed.unreadable;
  }

  use(files: readonly HistoryFile[]): void {
    this.#listed.use(files);
  }

  async search(query: ContactsQuery, within: Within): Promise<Result<SearchAnswer, HistoryError>> {
    const condition = conditionOf(query, within);
    if (condition.isErr()) return condition;
    const after = query.cursor === undefined ? undefined : parseCursor(query.cursor);
    if (query.cursor !== undefined && after === undefined) {
      return err({ code: 'HISTORY_QUERY_INVALID', detail: 'cursor is none that a page before has given' });
    }
    const limit = query.limit ?? DEFAULT_LIMIT;
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
      return err({
        code: 'HISTORY_QUERY_INVALID',
        detail: `limit is no whole number from 1 to ${MAX_LIMIT}`,
      });
    }
    const { value: all } = condition;
    return this.#asked(all, async (connection) => {
      const asked = this.#listed.between(all.from, all.to);
      const total = await this.#total(connection, asked.files, all);
      const rows = total.rows === 0 ? [] : await this.#page(connection, asked.files, all, after, limit + 1);
      const shown = rows.slice(0, limit);
      return {
        contacts: shown.map(({ row }) => row),
        next: rows.length > limit ? formatCursor(shown.at(-1)!.place) : null,
        total: total.units,
        unreadable: asked.unreadable,
      };
    });
  }

  async *csv(query: ContactsQuery, within: Within): AsyncGenerator<string> {
    const condition = conditionOf(query, within);
    if (condition.isErr()) throw new HistoryUnreadable(condition.error);
    yield* csvRows(this.#readers, this.#listed, condition.value);
  }

  async walk(source: string, limit: number, within: Within): Promise<readonly WalkRow[]> {
    const range = sourceRange(source);
    if (range === undefined || !(limit >= 1)) return [];
    const walked = await this.#asked(WHENEVER, (connection) =>
      walkOf(connection, this.#listed, range, Math.trunc(Math.min(limit, MAX_LIMIT)), within),
    );
    if (walked.isErr()) throw new HistoryUnreadable(walked.error);
    return walked.value;
  }

  close(): void {
    this.#readers.close();
  }

  /** Asks, and where files turn out to be gone or damaged, asks again without them. */
  async #asked<T>(
    { from, to }: Pick<Condition, 'from' | 'to'>,
    question: (connection: DuckDBConnection) => Promise<T>,
  ): Promise<Result<T, HistoryError>> {
    return this.#readers.inTurn(async (connection) => {
      for (let attempt = 1; ; attempt++) {
        const { generation } = this.#listed;
        try {
          return await question(connection);
        } catch (error) {
          if (attempt === MAX_ATTEMPTS || (error as Error).message.includes('INTERRUPT')) throw error;
          // Files that were put together meanwhile are gone, and are no longer listed.
          if (generation !== this.#listed.generation) continue;
          const found = await this.#listed.findUnreadable(
            connection,
            this.#listed.between(from, to).files,
            'all',
          );
          if (!found) throw error;
        }
      }
    });
  }

  async #total(
    connection: DuckDBConnection,
    files: readonly HistoryFile[],
    { sql, values }: Condition,
  ): Promise<{ readonly units: number; readonly rows: number }> {
    if (files.length === 0) return { units: 0, rows: 0 };
    const answer = await connection.runAndReadAll(
      `SELECT coalesce(sum(units), 0)::DOUBLE, count(*)::DOUBLE FROM ${this.#listed.tableOf(files)} WHERE ${sql}`,
      [...values],
    );
    const [units, rows] = answer.getRows()[0] as [number, number];
    return { units, rows };
  }

  /** The first rows behind a place: those with a time, then those without. */
  async #page(
    connection: DuckDBConnection,
    files: readonly HistoryFile[],
    condition: Condition,
    after: Place | undefined,
    limit: number,
  ): Promise<PlacedRow[]> {
    const end = after?.time ?? Number.POSITIVE_INFINITY;
    const before = files.filter(({ first }) => first <= end);
    const found = await this.#newest(connection, before, timed(condition, after), limit);
    if (found.length === limit || condition.from > Number.NEGATIVE_INFINITY) return found;
    if (condition.to < Number.POSITIVE_INFINITY) return found;
    const rest = timeless(condition, after);
    return [...found, ...(await this.#first(connection, files, rest, limit - found.length))];
  }

  /** The newest rows of a condition, from as few of the newest files as will do. */
  async #newest(
    connection: DuckDBConnection,
    files: readonly HistoryFile[],
    condition: Condition,
    limit: number,
  ): Promise<PlacedRow[]> {
    let found: PlacedRow[] = [];
    for (let from = 0, step = FIRST_STEP; from < files.length; step *= 2) {
      const to = endOfStep(files, from, step);
      const read = await this.#first(connection, files.slice(from, to), condition, limit);
      found = [...found, ...read].sort((a, b) => comparePlaces(a.place, b.place)).slice(0, limit);
      const rest = files[to];
      // Nothing in the files behind these can come before what was found.
      if (rest !== undefined && found.length === limit && found.at(-1)!.place.time! > lastOf(rest)) break;
      from = to;
    }
    return found;
  }

  async #first(
    connection: DuckDBConnection,
    files: readonly HistoryFile[],
    { sql, values }: Condition,
    limit: number,
  ): Promise<PlacedRow[]> {
    return readRows(
      connection,
      `SELECT ${SELECTED} FROM ${this.#listed.tableOf(files)} WHERE ${sql} ORDER BY ${NEWEST_FIRST} LIMIT ${limit}`,
      values,
    );
  }
}

/** No bound of time. */
const WHENEVER = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

/** Index behind files from an index on that have some number of rows together, one file at least. */
function endOfStep(files: readonly HistoryFile[], from: number, rows: number): number {
  let to = from;
  for (let sum = 0; to < files.length && sum < rows; to++) sum += files[to]!.rows;
  return to;
}
