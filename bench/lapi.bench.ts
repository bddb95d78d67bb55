/**
 * How long a bouncer waits for all blocks when it starts: 50,000 of them, asked of a hub and of Debian's CrowdSec in the same run,
 * over the same protocol, one after the other on an otherwise idle machine.
 *
 *     npm run bench -- lapi [--no-peers] [--lines=50000]
 */
import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type HubProcess, makeDataFolder, removeDataFolder, startHubProcess } from './hub/hub-process.ts';
import { promise, say } from './hub/promises.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { setUpCrowdsec } from './peers/crowdsec-setup.ts';
import { unpack } from './peers/unpack.ts';
import { describeMachine, loadBefore } from './running/machine.ts';
import { cpuOf } from './running/processes.ts';
import { table, times, whole } from './running/table.ts';

/** As many as a bouncer holds by default. */
const BLOCKS = 50_000;

/** The promise: how many times as fast as CrowdSec the whole list comes. */
const LEAST_RATIO = 20;

/** Questions after the first: enough that processor time, which the kernel counts in steps of 10 ms, is known to half of one. */
const TRIES = 20;

/** More than a second, ms: a hub writes the times that are left anew once a second, and each question is to meet that. */
const PAUSE = 1_100;

/** CrowdSec keeps decisions in SQLite, and takes some minutes for so many. ms. */
const PATIENCE = 300_000;

/** Loopback ports of the peer: high ones, that nothing else here uses. */
const PORTS = { api: 38_417, metrics: 38_418 } as const;

/** Name of the port in PostgreSQL's socket, which has none. */
const SOCKET_PORT = '5432';

/** What one server took. ms; `first`: the question after a change, when nothing is ready yet. */
type Served = {
  readonly name: string;
  readonly first: number;
  readonly later: readonly number[];
  /** Processor time of the server for one of the later ones, what it does beside that included. */
  readonly work: number;
  readonly entries: number;
  readonly bytes: number;
};

await main(readOptions(process.argv.slice(2)));

async function main(options: BenchOptions): Promise<void> {
  const blocks = options.lines ?? BLOCKS;
  say(`${describeMachine()}; load before: ${loadBefore()}`);
  const ours = await serveOurs(blocks);
  const theirs = options.peers ? await serveCrowdsec(options, blocks) : { reason: 'not asked for' };
  const all = 'reason' in theirs ? [ours] : [ours, theirs];
  const rows = all.map(({ name, first, later, work, entries, bytes }) => [
    ...[name, whole(entries), (bytes / 1e6).toFixed(1)],
    ...[first.toFixed(0), median(later).toFixed(1), work.toFixed(1)],
  ]);
  say(
    `\n${table(['server', 'decisions', 'MB', 'first, ms', 'later, ms (median)', 'its processor, ms'], rows)}\n`,
  );
  promise(ours.entries === blocks, `${whole(ours.entries)} of ${whole(blocks)} blocks were told`);
  if ('reason' in theirs) {
    say(`CrowdSec was not measured: ${theirs.reason}`);
    return;
  }
  const waits = median(theirs.later) / median(ours.later);
  const works = theirs.work / ours.work;
  say(
    `the first time ${times(theirs.first / ours.first)} as fast; ${times(works)} less of the server's processor`,
  );
  promise(waits >= LEAST_RATIO, `${times(waits)} as fast as CrowdSec, ${LEAST_RATIO} promised`);
}

/** A hub with so many blocks, written into its database as the flow does. */
async function serveOurs(blocks: number): Promise<Served> {
  const folder = makeDataFolder();
  try {
    const hub = await startHubProcess({ folder });
    try {
      execFileSync('psql', [
        '-q',
        '-h',
        join(folder, 'postgres/run'),
        '-p',
        SOCKET_PORT,
        '-U',
        'bellwether',
        '-c',
        insertion(blocks),
      ]);
      return await ask('bellwether', hub.pid, `http://localhost:${hub.port}`, await newKey(hub));
    } finally {
      await hub.stop();
    }
  } finally {
    removeDataFolder(folder);
  }
}

/** Addresses of 10.0.0.0/8, none beside another one, all for four hours and a little. */
function insertion(blocks: number): string {
  return `INSERT INTO decisions (value, reason, rule, forgeable, covers, contacts, targets, from_at, until_at)
    SELECT set_masklen('10.0.0.0'::inet + i * 3, 32)::cidr, 'scan', 'bench', false, 'all', 10, 5, now(),
           now() + interval '4 hours' + i * interval '1 millisecond' FROM generate_series(1, ${blocks}) AS i`;
}

async function newKey({ port, token }: HubProcess): Promise<string> {
  const bouncer = { guards: 'public', ranges: 'as-they-are', most: 400_000 };
  const answer = await fetch(`http://localhost:${port}/api/v1/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ place: 'state', name: 'bench', bouncer }),
  });
  return ((await answer.json()) as { readonly key: string }).key;
}

/** Debian's CrowdSec, with the same addresses imported as its own tool does it. */
async function serveCrowdsec(
  options: BenchOptions,
  blocks: number,
): Promise<Served | { readonly reason: string }> {
  const peers = join(options.cache, 'peers');
  const packed = join(peers, 'crowdsec');
  const unpacked = unpack(['crowdsec'], join(peers, 'debs'), packed);
  if ('reason' in unpacked) return unpacked;
  const run = join(peers, 'crowdsec-lapi');
  const config = setUpCrowdsec(packed, run, 'sshd', PORTS);
  const cscli = (...args: readonly string[]) =>
    execFileSync(join(packed, 'usr/bin/cscli'), ['-c', config, ...args], {
      stdio: 'ignore',
      timeout: PATIENCE,
    });
  cscli('bouncers', 'add', 'bench', '-k', 'bench');
  const server = spawn(join(packed, 'usr/bin/crowdsec'), ['-c', config], { cwd: run, stdio: 'ignore' });
  try {
    const url = `http://127.0.0.1:${PORTS.api}`;
    if (!(await stands(url))) return { reason: 'its local API did not start' };
    const path = join(run, 'import.json');
    const all = Array.from({ length: blocks }, (_, i) => ({
      duration: '4h',
      scope: 'ip',
      value: address((i + 1) * 3),
      type: 'ban',
    }));
    writeFileSync(path, JSON.stringify(all));
    cscli('decisions', 'import', '-i', path);
    return await ask(`crowdsec ${unpacked.version}`, server.pid!, url, 'bench');
  } finally {
    server.kill('SIGKILL');
  }
}

async function stands(url: string): Promise<boolean> {
  for (let waited = 0; waited < 30_000; waited += 250) {
    const answer = await fetch(`${url}/v1/decisions`, { headers: { 'x-api-key': 'bench' } }).catch(
      () => undefined,
    );
    if (answer?.status === 200) return true;
    await wait(250);
  }
  return false;
}

/** Asks for everything as a bouncer does that starts, to the last byte. What a bouncer does with it is not measured. */
async function ask(name: string, pid: number, url: string, key: string): Promise<Served> {
  const took: number[] = [];
  let content = Buffer.alloc(0);
  let cpu = 0;
  for (let i = 0; i <= TRIES; i++) {
    await wait(PAUSE);
    if (i === 1) cpu = cpuOf(pid);
    const began = performance.now();
    const pieces = await answerOf(`${url}/v1/decisions/stream?startup=true`, key);
    took.push(performance.now() - began);
    content = Buffer.concat(pieces);
  }
  const { new: entries } = JSON.parse(content.toString()) as { readonly new: readonly unknown[] | null };
  const [first, ...later] = took;
  const work = ((cpuOf(pid) - cpu) / TRIES) * 1_000;
  return { name, first: first!, later, work, entries: entries?.length ?? 0, bytes: content.length };
}

function answerOf(url: string, key: string): Promise<readonly Buffer[]> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers: { 'x-api-key': key } }, (answer) => {
      const pieces: Buffer[] = [];
      answer.on('data', (piece: Buffer) => pieces.push(piece));
      answer.on('end', () => resolve(pieces));
      answer.on('error', reject);
    });
    request.on('error', reject);
  });
}

function address(i: number): string {
  return `10.${(i >>> 16) & 255}.${(i >>> 8) & 255}.${i & 255}`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
