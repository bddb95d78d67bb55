/**
 * A hub as people start it, `bellwether up` as a process of its own, on a data folder of its own, measured from outside.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { BELLWETHER } from '../running/inputs.ts';

/** Data folders lie on a disk that really syncs: /tmp is memory on many machines. */
const SCRATCH = '/var/tmp';

/** Between two looks at how far a hub is, ms: a hundredth of what a million lines take. */
const LOOK = 25;

/** An account that does not grow for so long although lines are missing will not, ms. */
const PATIENCE = 10_000;

/** How a hub is started. */
export type HubStart = {
  readonly folder: string;
  /** Loads the sample state before it says that it is ready. */
  readonly sample?: boolean;
  /** Flags for Node itself, for example a profile. */
  readonly nodeFlags?: readonly string[];
  /** More of the command line, and a PostgreSQL that somebody else runs. */
  readonly args?: readonly string[];
  readonly databaseUrl?: string;
};

/** A hub that runs. */
export type HubProcess = {
  readonly pid: number;
  readonly port: number;
  readonly token: string;
  /** Seconds from the start of the process to the line that says it is ready. */
  readonly readyAfter: number;
  /** SIGTERM, and its end. */
  stop(): Promise<void>;
  /** SIGKILL, and its end: what it started itself may go on for a moment. */
  kill(): Promise<void>;
};

/** A new data folder; `config` is its bellwether.yaml. */
export function makeDataFolder(config = ''): string {
  const folder = mkdtempSync(join(SCRATCH, 'bellwether-bench-hub-'));
  if (config !== '') writeFileSync(join(folder, 'bellwether.yaml'), config);
  return folder;
}

/** Removes it with everything in it. */
export function removeDataFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Starts a hub and waits until it is ready; throws with what it said if it ends before. */
export async function startHubProcess(start: HubStart): Promise<HubProcess> {
  const { folder, sample, nodeFlags = [], databaseUrl = '' } = start;
  const args = [
    'up',
    '--data',
    folder,
    '--port',
    '0',
    '--log-level',
    'warn',
    ...(sample ? ['--sample'] : []),
    ...(start.args ?? []),
  ];
  const began = process.hrtime.bigint();
  const child = spawn(process.execPath, [...nodeFlags, BELLWETHER, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // As the unit in deploy/ starts it.
    env: { ...process.env, DATABASE_URL: databaseUrl, MALLOC_ARENA_MAX: '2' },
  });
  const { port, token } = await readyLine(child);
  const readyAfter = Number(process.hrtime.bigint() - began) / 1e9;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await ended;
  };
  return { pid: child.pid!, port, token, readyAfter, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

function readyLine(child: ChildProcess): Promise<{ readonly port: number; readonly token: string }> {
  return new Promise((resolve, reject) => {
    let said = '';
    let complained = '';
    child.stderr!.on('data', (text: Buffer) => {
      complained = (complained + text.toString()).slice(-4_000);
    });
    child.stdout!.on('data', (text: Buffer) => {
      said += text.toString();
      const [, port, token] =
        /^Bellwether is ready: http:\/\/localhost:(\d+)\/\?token=(\S+)$/m.exec(said) ?? [];
      if (token !== undefined) resolve({ port: Number(port), token });
    });
    child.once('exit', (code, signal) =>
      reject(new Error(`the hub ended (${code ?? signal}): ${complained}`)),
    );
  });
}

/** Bytes that the hub has acknowledged and not yet judged and kept. */
export async function backlogOf(hub: HubProcess): Promise<number> {
  const { checks } = (await answerOf(hub, '/readyz')) as {
    readonly checks: ReadonlyArray<{ readonly name: string; readonly detail: string }>;
  };
  const flow = checks.find(({ name }) => name === 'flow');
  const [, bytes] = /^(\d+) bytes wait/.exec(flow?.detail ?? '') ?? [];
  if (bytes === undefined) throw new Error(`the hub does not say how much waits: ${JSON.stringify(checks)}`);
  return Number(bytes);
}

/**
 * Resolves when so many lines are in the account. What is judged last waits for a tick in which nothing else comes, so it
 * takes a moment longer than the backlog. Throws when it is more, or when nothing moves any more.
 */
export async function accounted(hub: HubProcess, lines: number): Promise<void> {
  while ((await backlogOf(hub)) > 0) await wait(LOOK);
  const known = await atLeast(hub, lines);
  if (known !== lines) throw new Error(`${lines} lines were acknowledged, and ${known} are in the account`);
}

/** Resolves when at least so many lines are in the account, and gives how many; throws when it grows no more before. */
export async function atLeast(hub: HubProcess, lines: number): Promise<number> {
  let known = 0;
  for (let last = performance.now(); ; await wait(LOOK)) {
    const now = await linesInAccount(hub);
    if (now >= lines) return now;
    if (now > known) last = performance.now();
    known = now;
    if (performance.now() - last > PATIENCE)
      throw new Error(`${lines} lines were acknowledged, and ${known} are in the account`);
  }
}

/** Lines in the account of all days. */
export async function linesInAccount(hub: HubProcess): Promise<number> {
  const query = 'from=2000-01-01T00:00:00Z&to=2100-01-01T00:00:00Z';
  const answer = (await answerOf(hub, `/api/v1/account?${query}`)) as {
    readonly account: { readonly lines: number };
  };
  return answer.account.lines;
}

/** What the hub answers to a GET, as JSON. */
function answerOf({ port, token }: HubProcess, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    get({ port, path, headers: { authorization: `Bearer ${token}` } }, (response) => {
      let text = '';
      response.on('data', (piece: Buffer) => {
        text += piece.toString();
      });
      response.on('end', () => {
        try {
          resolve(JSON.parse(text));
        } catch {
          reject(new Error(`${path} was answered with ${response.statusCode}: ${text.slice(0, 200)}`));
        }
      });
    }).on('error', reject);
  });
}
