/**
 * DuckDB as the search uses it: one instance with bounded memory, and a few connections that questions take turns at,
 * each for a bounded time.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { HistoryError } from './history-types.ts';

/** What DuckDB may hold for all questions together: it reads a year in less, and the hub has 400 MB. */
const MEMORY = '128MB';

/** Both cores of the small machine that a state starts with; intake goes on, for questions are short. */
const THREADS = '2';

/** Questions at a time: a second one need not wait behind a slow first, and a third would only slow both. */
const CONNECTIONS = 2;

/** Questions that may wait: more than every desk of a state asks at once; beyond, waiting would outlast patience. */
const MAX_WAITING = 32;

/** Longest time that a question may take, ms: a person has given up by then. */
export const QUESTION_TIME = 10_000;

/** How often it is looked whether a question takes too long, ms: often enough for a bound of seconds. */
const LOOK_AT_CLOCK = 100;

/** What readers may be told. */
export type ReaderOptions = {
  /** As DuckDB spells sizes: `128MB`. */
  readonly memory?: string;
  /** Longest time of one question, ms. */
  readonly questionTime?: number;
};

/** Connections for questions. */
export class Readers {
  readonly #instance: DuckDBInstance;
  readonly #free: DuckDBConnection[];
  readonly #waiting: ((connection: DuckDBConnection) => void)[] = [];
  readonly #questionTime: number;
  #closed = false;

  private constructor(instance: DuckDBInstance, connections: DuckDBConnection[], questionTime: number) {
    this.#instance = instance;
    this.#free = connections;
    this.#questionTime = questionTime;
  }

  static async open(options: ReaderOptions): Promise<Readers> {
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: options.memory ?? MEMORY,
      threads: THREADS,
      temp_directory: '',
    });
    const connections: DuckDBConnection[] = [];
    for (let i = 0; i < CONNECTIONS; i++) {
      const connection = await instance.connect();
      await connection.run(`SET TimeZone = 'UTC'`);
      connections.push(connection);
    }
    // Files never change once they are listed, so what is known of them need not be read again.
    await connections[0]!.run('LOAD parquet');
    await connections[0]!.run('SET GLOBAL parquet_metadata_cache = true');
    return new Readers(instance, connections, options.questionTime ?? QUESTION_TIME);
  }

  /**
   * Has a question asked on a connection of its own, and stops it when it takes too long. What it throws is thrown,
   * but for that.
   */
  async inTurn<T>(question: (connection: DuckDBConnection) => Promise<T>): Promise<Result<T, HistoryError>> {
    if (this.#free.length === 0 && this.#waiting.length >= MAX_WAITING) {
      return err({ code: 'HISTORY_BUSY', detail: `${MAX_WAITING} searches wait already` });
    }
    const connection =
      this.#free.pop() ?? (await new Promise<DuckDBConnection>((go) => this.#waiting.push(go)));
    const end = Date.now() + this.#questionTime;
    let late = false;
    // Again and again: a question may be between two statements when its time ends.
    const timer = setInterval(() => {
      if (Date.now() < end) return;
      late = true;
      connection.interrupt();
    }, LOOK_AT_CLOCK);
    try {
      return ok(await question(connection));
    } catch (error) {
      if (!late) throw error;
      return err({ code: 'HISTORY_QUERY_TIMEOUT', detail: `stopped after ${this.#questionTime / 1000} s` });
    } finally {
      clearInterval(timer);
      this.#giveBack(connection);
    }
  }

  /** A connection beside the others, for an answer that is read as slowly as its reader wants. The caller closes it. */
  connect(): Promise<DuckDBConnection> {
    return this.#instance.connect();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const connection of this.#free) connection.closeSync();
    this.#instance.closeSync();
  }

  #giveBack(connection: DuckDBConnection): void {
    const next = this.#waiting.shift();
    if (next !== undefined) next(connection);
    else if (this.#closed) connection.closeSync();
    else this.#free.push(connection);
  }
}
