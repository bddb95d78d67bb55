/**
 * The history as the main thread sees it: the list of files that count, a search over them, and the job that makes few
 * large files of many small ones. New files are on disk before the list names them, the list changes in one transaction,
 * and old files are removed after it, while no backup holds on to them.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  compact,
  type HistoryFile,
  type HistorySearch,
  openHistorySearch,
  removeHalfCompacted,
  whatToCompact,
} from '../platform/history/index.ts';
import type { Database } from '../platform/postgres/database.ts';
import { HISTORY_LOCK } from '../platform/postgres/locks.ts';

/** The files of a hub's history. */
export class HistoryKeeper {
  readonly search: HistorySearch;
  readonly #db: Database;
  readonly #folder: string;
  #refreshing: Promise<void> | undefined;
  #isStale = false;

  static async open(db: Database, folder: string): Promise<HistoryKeeper> {
    removeHalfCompacted(folder);
    const keeper = new HistoryKeeper(db, folder, await openHistorySearch(folder));
    await keeper.refresh();
    return keeper;
  }

  private constructor(db: Database, folder: string, search: HistorySearch) {
    this.#db = db;
    this.#folder = folder;
    this.search = search;
  }

  /** The list has changed: the search learns of it. Calls that come meanwhile are one more. */
  refresh(): Promise<void> {
    if (this.#refreshing !== undefined) {
      this.#isStale = true;
      return this.#refreshing;
    }
    this.#refreshing = this.#refresh().finally(() => {
      this.#refreshing = undefined;
      if (this.#isStale) {
        this.#isStale = false;
        void this.refresh().catch(() => {});
      }
    });
    return this.#refreshing;
  }

  /** Puts files together, one task at a time, until nothing is left to do at `now` (ms). */
  async compact(now: number): Promise<void> {
    for (;;) {
      const [task] = whatToCompact(await this.#list(), now);
      if (task === undefined) return;
      const made = await compact(task, this.#folder);
      await this.#exchange(task.files, made);
      await this.refresh();
    }
  }

  close(): void {
    this.search.close();
  }

  async #refresh(): Promise<void> {
    this.search.use(await this.#list());
  }

  async #list(): Promise<HistoryFile[]> {
    const rows = await this.#db.query.selectFrom('history_files').selectAll().orderBy('from_step').execute();
    return rows.map((row) => ({
      path: row.path,
      day: row.day,
      fromStep: row.from_step,
      toStep: row.to_step,
      rows: row.rows,
      bytes: row.bytes,
      first: row.first_at?.getTime() ?? Number.NaN,
      last: row.last_at?.getTime() ?? Number.NaN,
    }));
  }

  async #exchange(old: readonly HistoryFile[], made: readonly HistoryFile[]): Promise<void> {
    const client = await this.#db.pool.connect();
    try {
      // A backup that is copying holds the lock shared: it has every file that its list names.
      await client.query('SELECT pg_advisory_lock($1)', [HISTORY_LOCK]);
      await client.query('BEGIN');
      const gone = old.map(({ path }) => path);
      await client.query('DELETE FROM history_files WHERE path = ANY($1)', [gone]);
      for (const file of made) {
        await client.query(
          `INSERT INTO history_files (path, day, from_step, to_step, rows, bytes, first_at, last_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
          [
            file.path,
            file.day,
            file.fromStep,
            file.toStep,
            file.rows,
            file.bytes,
            moment(file.first),
            moment(file.last),
          ],
        );
      }
      await client.query('COMMIT');
      const kept = new Set(made.map(({ path }) => path));
      for (const path of gone) if (!kept.has(path)) await rm(join(this.#folder, path), { force: true });
      await client.query('SELECT pg_advisory_unlock($1)', [HISTORY_LOCK]);
      client.release();
    } catch (error) {
      // The connection ends, and with it the transaction and the lock.
      client.release(true);
      throw error;
    }
  }
}

function moment(time: number): Date | null {
  return Number.isFinite(time) ? new Date(time) : null;
}
