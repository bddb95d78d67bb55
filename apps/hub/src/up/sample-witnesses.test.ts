/** The witnesses of the sample state, as processes: they sign, come back, end with the hub; and all of it goes when the sample goes. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogAnswer, WitnessesAnswer } from '@bellwether/api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderAt } from '../platform/folder.ts';
import { readConnection } from '../platform/postgres/connection.ts';
import { openDatabase } from '../platform/postgres/database.ts';
import { SAMPLE_WITNESS_LIST } from './sample-witnesses.ts';
import { RunningHub, removeFolder, runCommand, scratchFolder, until } from './testing/running-hub.ts';

const scratch = scratchFolder('witnesses');
const data = join(scratch, 'hub');
const hub = new RunningHub({ data, args: ['--sample'] });

beforeAll(async () => {
  await hub.startWell();
  await until(async () => (await newest()) > 2 && (await isWitnessed()));
});
afterAll(async () => {
  await hub.stop();
  removeFolder(scratch);
});

async function logOf(): Promise<LogAnswer> {
  return (await hub.ask<LogAnswer>('/api/v1/evidence/log')).body;
}

async function newest(): Promise<number> {
  return Number((await logOf()).newest.size);
}

/** Whether the roll is compared and sealed, and everybody has signed all of the log. */
async function isWitnessed(): Promise<boolean> {
  const { newest: last } = await logOf();
  const { body: roll } = await hub.ask<{ tonight: unknown }>('/api/v1/rolls');
  const { witnesses } = (await hub.ask<WitnessesAnswer>('/api/v1/evidence/witnesses')).body;
  return roll.tonight !== null && witnesses.every(({ size }) => size === last.size);
}

/** Processes that run a witness of this hub, by the name of the witness. */
function running(): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    let args: string;
    try {
      args = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      continue; // It has ended meanwhile.
    }
    const [, name] = args.split(`${data}/sample-witnesses/`);
    if (name !== undefined && args.includes('bellwether-agent.js')) {
      found.set(name.split('/', 1)[0]!, Number(pid));
    }
  }
  return found;
}

/** Files of the data folder that hold one of these texts. */
function holding(texts: readonly string[]): readonly string[] {
  return readdirSync(data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.endsWith('.new'))
    .filter((path) => {
      // A hub that runs replaces files and removes others.
      const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
      return texts.some((text) => bytes.includes(text));
    });
}

const names = SAMPLE_WITNESS_LIST.map(({ name }) => name);

describe.runIf(process.platform === 'linux')('the witnesses of the sample state', () => {
  it('have all signed what is published, and one has replayed the roll', async () => {
    const log = await logOf();
    expect(log).toMatchObject({
      origin: 'localhost/bellwether-sample',
      witnesses: 5,
      quorum: '2 of 3 in offices, and 1 of 2 in outside',
      published: { size: log.newest.size },
      pending: null,
    });
    const { witnesses } = (await hub.ask<WitnessesAnswer>('/api/v1/evidence/witnesses')).body;
    expect(witnesses.map(({ name }) => name)).toEqual(names);
    expect(witnesses.map(({ size, late }) => [size, late])).toEqual(
      names.map(() => [log.newest.size, false]),
    );
    expect(witnesses.at(-1)!.statement).toContain('signatures ok');
  });

  it('are started again when they were killed, while the hub goes on and the others too', async () => {
    const before = running();
    expect([...before.keys()].sort()).toEqual([...names].sort());
    const [killed, ...others] = names as [string, ...string[]];
    const said = linesOf(killed);
    const { pid } = hub.process!;
    process.kill(before.get(killed)!, 'SIGKILL');
    await until(() => ![undefined, before.get(killed)].includes(running().get(killed)));
    const after = running();
    expect([...after.keys()].sort()).toEqual([...names].sort());
    expect(after.get(killed)).not.toBe(before.get(killed));
    for (const name of others) expect([name, after.get(name)]).toEqual([name, before.get(name)]);
    // It does its rounds, and not only its process is there.
    await until(() => linesOf(killed) > said);
    expect(linesOf(killed)).toBeGreaterThan(said);
    expect([hub.process!.pid, hub.process!.exitCode]).toEqual([pid, null]);
  });

  it('end with the hub, also when it is killed', async () => {
    expect(running().size).toBe(names.length);
    await hub.post('/api/v1/set-up/sample', { sample: 'keep' });
    await hub.kill();
    await until(() => running().size === 0);
    expect(running().size).toBe(0);
  });

  it('give way to a policy that people name, and come back and sign what is new where it is gone', async () => {
    const size = entriesOnDisk();
    const policy = readFileSync(join(data, 'sample-witnesses/policy'), 'utf8').split('\n');
    const lines = policy.filter((line) => line === policy[0] || line.startsWith(`witness ${names[0]} `));
    writeFileSync(join(scratch, 'policy'), `${lines.join('\n')}\nquorum ${names[0]}\n`);
    writeFileSync(join(data, 'bellwether.yaml'), `evidence: { policy: ${scratch}/policy }\n`);
    await hub.startWell();
    expect(await logOf()).toMatchObject({ witnesses: 1, quorum: names[0] });
    expect(running().size).toBe(0);

    await hub.stop();
    rmSync(join(data, 'bellwether.yaml'));
    await hub.startWell();
    await until(async () => (await newest()) > size && (await isWitnessed()));
    expect(running().size).toBe(names.length);
    expect(await logOf()).toMatchObject({ witnesses: 5 });
    expect(await newest()).toBeGreaterThan(size);
    expect(await isWitnessed()).toBe(true);
  });

  it('go with the sample: nothing of the made-up voters is left, and the trail is whole', async () => {
    const voters = namesOfVoters();
    expect(holding(voters).length).toBeGreaterThan(0);
    expect(voters.length).toBeGreaterThan(0);
    const key = (await logOf()).key;
    expect((await hub.post('/api/v1/set-up/sample', { sample: 'clear' })).status).toBe(200);
    await until(async () => {
      const log = await logOf().catch(() => undefined);
      return log?.key !== undefined && log.key !== key;
    });

    expect(await logOf()).toMatchObject({ origin: 'localhost/bellwether', witnesses: 0, quorum: null });
    expect(running().size).toBe(0);
    expect((await hub.ask<{ genesis: unknown }>('/api/v1/rolls')).body.genesis).toBeNull();
    await until(async () => (await newest()) > 0);
    expect(await newest()).toBeGreaterThan(0);
    expect(await tablesHolding(voters)).toEqual([]);
    await hub.stop();
    expect(holding(voters)).toEqual([]);
    expect(holding([key, ...names])).toEqual([]);
    const left = readdirSync(data).filter((name) => /^(?:vault|rolls|sample)/.test(name));
    expect(left).toEqual([]);
    const checked = await runCommand(['trail', 'check', '--data', data]);
    expect([checked.code, checked.error]).toEqual([0, '']);
    expect(checked.out).toContain('The evidence log tells of it 1 times');
  });
});

/** Lines of what a witness has said. */
function linesOf(name: string): number {
  return readFileSync(join(data, 'sample-witnesses', name, 'witness.log'), 'utf8').split('\n').length;
}

/** Entries of the log, as they stand on disk. */
function entriesOnDisk(): number {
  const signing = readFileSync(join(data, 'log-private/signing.json'), 'utf8');
  return Number((JSON.parse(signing) as { size: string }).size);
}

/** What only the roll has: record numbers of changes that were captured. */
function namesOfVoters(): readonly string[] {
  const text = readFileSync(join(data, 'rolls/captures/1.ndjson'), 'utf8');
  const numbers = [...text.matchAll(/"recordId":"([^"]{6,})"/g)].map(([, number]) => number!);
  return [...new Set(numbers)].slice(0, 5);
}

/** Tables with a row that holds one of these texts. */
async function tablesHolding(texts: readonly string[]): Promise<readonly string[]> {
  const db = openDatabase(readConnection(folderAt(data))!);
  try {
    const { rows } = await db.pool.query<{ name: string }>(
      "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
    );
    const found: string[] = [];
    for (const { name } of rows) {
      const query = `SELECT 1 FROM "${name}" AS t WHERE t::text LIKE ANY ($1) LIMIT 1`;
      const { rowCount } = await db.pool.query(query, [texts.map((text) => `%${text}%`)]);
      if (rowCount !== 0) found.push(name);
    }
    return found;
  } finally {
    await db.close();
  }
}
