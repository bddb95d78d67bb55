/** The disk of the hub is full: that of its journal, and that of everything it has. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TodayAnswer } from '@bellwether/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFolder } from '../platform/folder.ts';
import { createLog } from '../platform/log.ts';
import { type Hub, startHub } from './hub.ts';
import { Office, packets } from './testing/packets.ts';
import { RunningHub, removeFolder, scratchFolder, until } from './testing/running-hub.ts';

const MiB = 1024 * 1024;

/** What a hub leaves to its database, and what the disk of a journal has beside it at first. Nothing of it is filled. */
const RESERVE = 512;
const BESIDE = 3;

const scratch = scratchFolder('disk');
const mounted: string[] = [];

/** A disk of its own, of so many MiB; says why if that cannot be. */
function mountSmall(path: string, size: number): boolean {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}m,mode=711`, 'tmpfs', path], { stdio: 'pipe' });
    mounted.push(path);
    return true;
  } catch (cause) {
    console.info(`no small disk could be mounted, so it is made small by a reserve: ${String(cause)}`);
    return false;
  }
}

function resize(path: string, size: number): void {
  execFileSync('mount', ['-o', `remount,size=${size}m`, path]);
}

/** A hub in this process: only there a reserve can be chosen. */
async function startHere(
  folder: string,
  reserve: number,
): Promise<{ readonly hub: Hub; readonly port: number }> {
  const dist = new URL('../../dist/', import.meta.url);
  const started = await startHub({
    folder,
    port: 0,
    databaseUrl: undefined,
    reserve,
    flow: new URL('flow.js', dist),
    desk: fileURLToPath(new URL('desk', dist)),
    site: fileURLToPath(new URL('site', dist)),
    version: 'test',
    log: createLog('silent'),
    now: Date.now,
    onRestart: () => {},
    onFatal: (error) => {
      throw error;
    },
  });
  if (started.isErr()) throw new Error(`${started.error.code}: ${started.error.detail}`);
  await started.value.ready;
  return { hub: started.value, port: started.value.port };
}

/** Sends batches until one is not taken; gives how many were, and the refusal. */
async function fill(hub: RunningHub, sequence: number) {
  for (let number = sequence; ; number++) {
    const lines = packets({ from: number * 1_000, count: 1_000 });
    const answer = await hub.send('29001', lines, `office/${number}`);
    if (answer.status !== 200) return { taken: number, answer };
  }
}

/** Unmounts it as soon as the last process of a database that has just ended lets go of it. */
function unmounts(path: string): boolean {
  return spawnSync('umount', [path], { stdio: 'pipe' }).status === 0;
}

afterAll(async () => {
  for (const path of mounted) await until(() => unmounts(path));
  removeFolder(scratch);
});

describe('a hub whose disk for the journal is full', () => {
  const data = `${scratch}/journal-only`;
  const outside = new RunningHub({ data });
  let inside: Hub | undefined;
  let isMounted = false;

  beforeAll(async () => {
    openFolder(data).okOrThrow();
    isMounted = mountSmall(`${data}/journal`, RESERVE + BESIDE);
    if (isMounted) await outside.startWell();
    else await reopen(spare() - BESIDE * MiB);
  });

  afterAll(async () => {
    await inside?.stop();
    await outside.stop();
  });

  async function reopen(reserve: number): Promise<void> {
    await inside?.stop();
    const { hub, port } = await startHere(data, reserve);
    inside = hub;
    outside.port = port;
    outside.token = hub.token;
  }

  function spare(): number {
    const { bavail, bsize } = statfsSync(data);
    return bavail * bsize;
  }

  it('answers 503 with a time to come again, says why, counts what it refused, and loses nothing', async () => {
    const { taken, answer } = await fill(outside, 0);
    expect(taken).toBeGreaterThan(1);
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ code: 'INTAKE_DISK_FULL' });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const readiness = await outside.readiness();
    expect(readiness.status).toBe(503);
    expect(readiness.wrong.join()).toContain('journal: ');

    // What was acknowledged is judged although the disk is full.
    const lines = taken * 1_000;
    expect(await outside.account(lines)).toMatchObject({ lines, contacts: lines, balanced: true });
    await until(async () => (await outside.incidents('intake-refused')).length > 0);
    expect(await outside.incidents('intake-refused')).toMatchObject([
      { state: 'open', reason: 'disk-full', source: 'http', count: 1 },
    ]);
    const { refused } = await refusals(outside);
    expect(refused).toEqual([{ port: 'http', reason: 'disk-full', batches: 1, lines: 1_000 }]);

    if (isMounted) resize(`${data}/journal`, RESERVE + 3 * BESIDE);
    else await reopen(0);
    await until(async () => {
      const again = packets({ from: lines, count: 1_000 });
      return (await outside.send('29001', again, `office/${taken}`)).status === 200;
    });
    const all = lines + 1_000;
    expect(await outside.account(all)).toMatchObject({ lines: all, contacts: all, balanced: true });
    expect((await outside.readiness()).wrong).toEqual([]);
  });
});

/** What was refused, over all days of the desk. */
async function refusals(hub: RunningHub): Promise<{ readonly refused: TodayAnswer['refusedAtIntake'] }> {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Chicago' }).format(Date.now());
  const { body } = await hub.ask<TodayAnswer>(`/api/v1/today?day=${day}`);
  return { refused: body.refusedAtIntake };
}

describe('a hub on a disk that something else fills', () => {
  const disk = `${scratch}/whole`;
  const data = `${disk}/hub`;
  const asked = new RunningHub({ data });
  let hub: Hub | undefined;

  afterAll(async () => {
    await hub?.stop();
  });

  it('outlives its database, and counts everything that it acknowledged once there is room', async ({
    skip,
  }) => {
    if (!mountSmall(disk, 300)) skip();
    const started = await startHere(data, 4 * MiB);
    hub = started.hub;
    asked.port = started.port;
    asked.token = started.hub.token;
    const office = new Office('office', 0, async (lines, batch) => {
      return (await asked.send('29001', lines, batch)).status;
    });
    await office.sendOne(500);
    office.begin(500);
    await until(() => office.lines >= 5_000);

    fillUp(disk);
    await until(() => (office.refused.get(503) ?? 0) > 0);
    const whenFull = office.lines;
    expect(await asked.readiness()).toMatchObject({ status: 503 });
    // Somebody makes room.
    writeFileSync(`${disk}/ballast`, '');
    await until(() => office.lines >= whenFull + 5_000);
    const sent = await office.end();

    expect(await asked.account(sent)).toMatchObject({ lines: sent, contacts: sent, balanced: true });
    expect(await asked.contacts(sent)).toBe(sent);
    await until(async () => (await asked.readiness()).status === 200);
    expect(await asked.readiness()).toEqual({ status: 200, wrong: [] });
    expect(readFileSync(`${disk}/ballast`)).toHaveLength(0);
  });
});

/** Writes until there is no room at all. */
function fillUp(disk: string): void {
  const piece = new Uint8Array(MiB);
  try {
    for (;;) writeFileSync(`${disk}/ballast`, piece, { flag: 'a' });
  } catch {
    // That is what was wanted.
  }
}
