/**
 * The PostgreSQL process as a child: started, watched, started again when it dies, stopped in order.
 *
 * It has a session of its own: Ctrl-C at the terminal reaches the hub only, which stops the database last.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '@bellwether/basics';
import { Client } from 'pg';
import { type RunAs, spawnAs } from './account.ts';
import type { Binaries } from './binaries.ts';
import { type ClusterPaths, POSTGRES_ENV, postgresArguments } from './cluster.ts';
import { type Connection, clientConfig, SOCKET_PORT } from './connection.ts';
import { type PostgresError, postgresError } from './errors.ts';
import { clearSocketLock, stopOrphan } from './orphan.ts';

/** What is run, and who is told. */
export type PostmasterOptions = {
  readonly binaries: Binaries;
  readonly paths: ClusterPaths;
  readonly socket: string;
  readonly runAs: RunAs;
  /** Asked until it answers. */
  readonly probe: Connection;
  readonly onState: (state: PostgresState, reason: string) => void;
  readonly onLog: (line: string) => void;
};

/** Whether the database answers. */
export type PostgresState = 'up' | 'down';

/** First pause before it is started again: long enough for the processes of a dead one to notice and end. */
const FIRST_PAUSE_MS = 200;

/** Longest pause: a disk that was full is free again at some time, and then nobody should have to wait. */
const LONGEST_PAUSE_MS = 10_000;

/** Up for so long, it counts as healthy: the next pause is the first again. */
const HEALTHY_MS = 60_000;

/** Coming back after a power cut reads at most `max_wal_size`; a slow disk needs minutes for that, not more. */
const START_LIMIT_MS = 600_000;

/** Ending connections and writing what it holds: before it is told to end at once (and to repair at the next start). */
const STOP_LIMIT_MS = 60_000;

/** Between two tries to connect while it starts. */
const PROBE_MS = 50;

/** Lines of its log that are kept for the reason of a failure. */
const LAST_LINES = 8;

/** A supervised PostgreSQL. */
export class Postmaster {
  readonly #options: PostmasterOptions;
  readonly #halt = new AbortController();
  readonly #said: string[] = [];
  #child: ChildProcess | undefined;
  #ended: Promise<string> = Promise.resolve('it was not started');
  #supervision: Promise<void> = Promise.resolve();
  #state: PostgresState = 'down';
  /** A hub that ends by a defect takes its database along. */
  readonly #atExit = (): void => {
    this.#child?.kill('SIGINT');
  };

  constructor(options: PostmasterOptions) {
    this.#options = options;
  }

  get state(): PostgresState {
    return this.#state;
  }

  /** Number of the process while there is one. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it; from then on it is started again whenever it dies. */
  async startWatched(): Promise<Result<void, PostgresError>> {
    const launched = await this.#launch();
    if (launched.isErr()) return launched;
    this.#tell('up', 'PostgreSQL answers');
    process.on('exit', this.#atExit);
    this.#supervision = this.#supervise();
    return ok();
  }

  /** Ends it for good. Resolves when the process is gone. */
  async stop(): Promise<void> {
    this.#halt.abort();
    await this.#end();
    await this.#supervision;
    process.off('exit', this.#atExit);
    this.#tell('down', 'PostgreSQL was stopped');
  }

  async #supervise(): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (!this.#halt.signal.aborted) {
      const since = performance.now();
      const reason = await this.#ended;
      if (this.#halt.signal.aborted) return;
      this.#tell('down', reason);
      if (performance.now() - since > HEALTHY_MS) pause = FIRST_PAUSE_MS;
      while (!this.#halt.signal.aborted) {
        await sleep(pause, undefined, { signal: this.#halt.signal }).catch(() => undefined);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
        if (this.#halt.signal.aborted) return;
        const launched = await this.#launch();
        if (launched.isOk()) break;
        this.#tell('down', launched.error.reason);
      }
      if (!this.#halt.signal.aborted) this.#tell('up', 'PostgreSQL answers again');
    }
  }

  /** Starts the process and waits until it answers. */
  async #launch(): Promise<Result<void, PostgresError>> {
    const { binaries, paths, socket, runAs } = this.#options;
    const stopped = await stopOrphan(paths.cluster);
    if (stopped.isErr()) return stopped;
    clearSocketLock(socket, SOCKET_PORT);
    if (this.#halt.signal.aborted) return err(postgresError('POSTGRES_START_FAILED', 'it was stopped'));
    this.#said.length = 0;
    const child = spawn(join(binaries.bin, 'postgres'), postgresArguments(paths, socket), {
      cwd: '/',
      env: POSTGRES_ENV,
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
      ...spawnAs(runAs),
    });
    this.#child = child;
    this.#ended = this.#watch(child);
    return this.#answers(child);
  }

  /** Resolves with the reason when the process has ended. */
  #watch(child: ChildProcess): Promise<string> {
    const lines = createInterface({ input: child.stderr!, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on('line', (line) => {
      this.#said.push(line);
      if (this.#said.length > LAST_LINES) this.#said.shift();
      // Its notes on starting and stopping are of use as the reason of a failure only.
      if (!line.startsWith('LOG:')) this.#options.onLog(line);
    });
    return new Promise((resolve) => {
      child.once('error', (error) => resolve(`PostgreSQL could not be started: ${error.message}`));
      child.once('exit', (code, signal) => resolve(`PostgreSQL ended (${signal ?? `exit code ${code}`})`));
    });
  }

  async #answers(child: ChildProcess): Promise<Result<void, PostgresError>> {
    let ended: string | undefined;
    void this.#ended.then((reason) => {
      ended = reason;
    });
    const end = performance.now() + START_LIMIT_MS;
    while (performance.now() < end) {
      const failure = await probe(this.#options.probe);
      if (failure === undefined) return ok();
      if (ended !== undefined) {
        const said = this.#said.length === 0 ? '' : `: ${this.#said.join(' / ')}`;
        return err(postgresError('POSTGRES_START_FAILED', `${ended}${said}`));
      }
      await sleep(PROBE_MS);
    }
    child.kill('SIGQUIT');
    await this.#ended;
    return err(
      postgresError(
        'POSTGRES_START_FAILED',
        `PostgreSQL did not answer in ${START_LIMIT_MS / 60_000} minutes`,
      ),
    );
  }

  async #end(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    // Fast: ends connections, writes what it holds, and needs no repair at the next start.
    child.kill('SIGINT');
    const timer = setTimeout(() => child.kill('SIGQUIT'), STOP_LIMIT_MS);
    await this.#ended;
    clearTimeout(timer);
    this.#child = undefined;
  }

  #tell(state: PostgresState, reason: string): void {
    this.#state = state;
    this.#options.onState(state, reason);
  }
}

/** Tries to connect once; gives what went wrong. */
export async function probe(connection: Connection): Promise<string | undefined> {
  const client = new Client({ ...clientConfig(connection), connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return undefined;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await client.end().catch(() => undefined);
  }
}
