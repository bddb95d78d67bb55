/**
 * A hub for tests as people run it: the built command as a process of its own, asked over its real port. What a test does
 * to it (kill it, fill its disk, take its database away) happens to a process and not to a mock.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type {
  AccountAnswer,
  ContactsAnswer,
  Incident,
  IncidentsAnswer,
  IntakeAnswer,
  Problem,
  Readiness,
} from '@bellwether/api';

/** The command that people start. */
export const COMMAND = fileURLToPath(new URL('../../../bin/bellwether.js', import.meta.url));

/** Voters of the sample's roll: what tests look at holds of two thousand as of two hundred thousand. */
const SAMPLE_VOTERS = '2000';

/** Seconds between rounds of the witnesses of the sample: the least that they take. */
const SAMPLE_EVERY = '5';

/** Tries before a wait is given up, and the pause between them, ms: a minute in all. */
const TRIES = 600;
const PAUSE = 100;

/** How a hub is started. */
export type HubStart = {
  readonly data: string;
  /** 0, and therefore any free one, if nothing is said. */
  readonly port?: number;
  /** A PostgreSQL that somebody else runs; without it, the hub runs its own. */
  readonly databaseUrl?: string;
  readonly args?: readonly string[];
};

/** What an answer was: its status, its headers, and what it says. */
export type Answered<T> = { readonly status: number; readonly headers: Headers; readonly body: T };

/** A process that runs `bellwether up`. */
export class RunningHub {
  readonly #start: HubStart;
  process: ChildProcess | undefined;
  port = 0;
  token = '';
  /** What it wrote to standard error since it was started last. */
  logged = '';

  constructor(start: HubStart) {
    this.#start = start;
    this.port = start.port ?? 0;
  }

  /** Starts it; resolves with true when it says that it is ready, with false when it has ended before. */
  start(): Promise<boolean> {
    const { data, port = 0, databaseUrl, args = [] } = this.#start;
    this.logged = '';
    const child = spawn(
      process.execPath,
      [COMMAND, 'up', '--data', data, '--port', String(port), '--log-level', 'warn', ...args],
      { stdio: ['ignore', 'pipe', 'pipe'], env: environment(databaseUrl) },
    );
    this.process = child;
    child.stderr.on('data', (chunk: Buffer) => {
      this.logged += chunk.toString();
    });
    return new Promise((resolve) => {
      let said = '';
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const found = /ready: http:\/\/localhost:(\d+)\/\?token=(\S+)/.exec(said);
        if (found === null) return;
        this.port = Number(found[1]);
        this.token = found[2]!;
        resolve(true);
      });
      child.once('exit', () => resolve(false));
    });
  }

  /** Starts it, or throws what it said. */
  async startWell(): Promise<void> {
    if (!(await this.start())) throw new Error(`the hub did not start: ${this.logged}`);
  }

  /** Ends it as a power cut would, and waits until it is gone. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Ends it as a service manager does. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  /** Asks the API; `path` as `/api/v1/today`. */
  async ask<T>(path: string, init: RequestInit = {}): Promise<Answered<T>> {
    const { headers, ...rest } = init;
    const answer = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      signal: AbortSignal.timeout(30_000),
      ...rest,
      headers: { authorization: `Bearer ${this.token}`, ...headers },
    }).catch((cause: Error) => {
      // A hub that is cut off tells why it ended a moment later.
      const ended = this.process?.exitCode ?? this.process?.signalCode ?? 'runs';
      throw new Error(
        `${path}: ${cause.message} (hub: ${ended}); it said last: ${this.logged.slice(-2_000)}`,
        {
          cause,
        },
      );
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.includes('json') === true;
    return { status: answer.status, headers: answer.headers, body: (isJson ? JSON.parse(text) : text) as T };
  }

  /** Sends lines of the sensor `fw` of an authority, or of `AUTHORITY/SENSOR`; `batch` as `CLIENT/NUMBER`. */
  send(
    sensor: string,
    lines: string | Uint8Array<ArrayBuffer>,
    batch?: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answered<IntakeAnswer & Problem>> {
    return this.ask(`/api/v1/intake/${sensor.includes('/') ? sensor : `${sensor}/fw`}`, {
      method: 'POST',
      body: lines,
      headers: {
        'content-type': 'text/plain',
        ...(batch === undefined ? {} : { 'bellwether-batch': batch }),
        ...headers,
      },
    });
  }

  /** Sends JSON. */
  post<T>(path: string, value: unknown): Promise<Answered<T>> {
    const body = JSON.stringify(value);
    return this.ask(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  }

  /** The account of everything that tests send, as soon as it holds so many lines. */
  async account(lines = 0, authority?: string): Promise<AccountAnswer['account']> {
    const whose = authority === undefined ? '' : `&authority=${authority}`;
    const path = `/api/v1/account?from=2020-01-01T00:00:00Z&to=2035-01-01T00:00:00Z${whose}`;
    let account: AccountAnswer['account'] | undefined;
    await until(async () => {
      const answer = await this.ask<AccountAnswer>(path).catch(() => undefined);
      if (answer?.status === 200) account = answer.body.account;
      return account !== undefined && account.lines >= lines;
    });
    if (account === undefined) throw new Error(`no account was to be had: ${this.logged}`);
    return account;
  }

  /** Contacts in the history, as soon as there are so many. */
  async contacts(total: number): Promise<number> {
    let found = -1;
    await until(async () => {
      const answer = await this.ask<ContactsAnswer>('/api/v1/contacts?limit=1').catch(() => undefined);
      if (answer?.status === 200) found = answer.body.total;
      return found >= total;
    });
    return found;
  }

  /** Incidents of a kind, open and closed. */
  async incidents(kind: Incident['kind'], state = 'all'): Promise<readonly Incident[]> {
    const path = `/api/v1/incidents?state=${state}&kind=${kind}&limit=500`;
    return (await this.ask<IncidentsAnswer>(path)).body.incidents;
  }

  /** What `/readyz` says: its status, and the checks that failed. */
  async readiness(): Promise<{ readonly status: number; readonly wrong: readonly string[] }> {
    const { status, body } = await this.ask<Readiness>('/readyz');
    const wrong = body.checks.flatMap(({ ok, name, detail }) => (ok ? [] : [`${name}: ${detail}`]));
    return { status, wrong };
  }

  /** Resolves when nothing that was acknowledged waits to be judged and counted. */
  async settled(): Promise<void> {
    await until(async () => {
      const answer = await this.ask<Readiness>('/readyz').catch(() => undefined);
      const flow = answer?.body.checks.find(({ name }) => name === 'flow');
      return flow?.detail.startsWith('0 bytes') === true;
    });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }
}

/** What a command answered. */
export type Ran = { readonly code: number; readonly out: string; readonly error: string };

/** Runs the command to its end. */
export function runCommand(args: readonly string[], databaseUrl?: string): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { env: environment(databaseUrl), timeout: 60_000 };
    execFile(process.execPath, [COMMAND, ...args], options, (error, out, said) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, out, error: said });
    });
  });
}

/** Waits until it is so; after a minute it goes on all the same, and what is asked next fails. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    if (await isSo()) return;
    await sleep(PAUSE);
  }
}

/** A folder for tests. PostgreSQL runs as a user of its own, who has to get through it. */
export function scratchFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `bw-${name}-`));
  chmodSync(folder, 0o711);
  return folder;
}

/** Removes it, with all that lies in it. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Process of the PostgreSQL that a hub runs for a data folder. */
export function postmasterOf(data: string): number {
  const text = readFileSync(join(data, 'postgres/cluster/postmaster.pid'), 'utf8');
  return Number(text.split('\n', 1)[0]);
}

/** Only what a test says: neither the data folder nor the database of whoever runs the tests. */
function environment(databaseUrl: string | undefined): NodeJS.ProcessEnv {
  const { BELLWETHER_DATA: _data, DATABASE_URL: _url, ...env } = process.env;
  const own = { ...env, BELLWETHER_SAMPLE_VOTERS: SAMPLE_VOTERS, BELLWETHER_SAMPLE_EVERY: SAMPLE_EVERY };
  return databaseUrl === undefined ? own : { ...own, DATABASE_URL: databaseUrl };
}
