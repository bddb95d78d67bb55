/**
 * A hub of several processes over NATS: takers of lines and judges are killed while offices send, and so is the server.
 * What comes out is what one process makes of the same lines.
 */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NatsServer } from '../platform/bus/testing/nats-server.ts';
import { openFolder } from '../platform/folder.ts';
import { clientConfig } from '../platform/postgres/connection.ts';
import { openDatabase } from '../platform/postgres/database.ts';
import { type PostgresServer, startPostgres } from '../platform/postgres/server.ts';
import { RunningHub, removeFolder, runCommand, scratchFolder, until } from './testing/running-hub.ts';

/** Offices that send at the same time. */
const OFFICES = ['29001', '29003', '29380'];

/** Lines of packets that each sends, and lines of a batch; and lines of a program that people sign in to, beside them. */
const LINES = 6_000;
const BATCH = 150;
const GUESSES = 15;
const ALL = (OFFICES.length * LINES * (BATCH + GUESSES)) / BATCH;

const scratch = scratchFolder('spread');
let nats: NatsServer;
const servers: PostgresServer[] = [];
const running: RunningHub[] = [];

beforeAll(async () => {
  nats = await NatsServer.begin();
});

afterAll(async () => {
  await Promise.all(running.map((hub) => hub.kill()));
  await Promise.all(servers.map((server) => server.stop()));
  await nats?.end();
  removeFolder(scratch);
});

/** A PostgreSQL of its own. */
async function databaseOf(name: string): Promise<string> {
  const folder = openFolder(join(scratch, `database-${name}`));
  if (folder.isErr()) throw new Error(folder.error.reason);
  const started = await startPostgres({ folder: folder.value });
  if (started.isErr()) throw new Error(started.error.code);
  servers.push(started.value);
  const { host, user, database, port } = clientConfig(started.value.connection);
  return `postgresql://${user}@/${database}?host=${encodeURIComponent(String(host))}&port=${port}`;
}

function member(folder: string, databaseUrl: string, role: string): RunningHub {
  const args = ['--nats', nats.url, '--role', role];
  const hub = new RunningHub({ data: join(scratch, folder), databaseUrl, args });
  running.push(hub);
  return hub;
}

/** Sends the lines of an office, each batch to whoever takes it, until it is acknowledged. */
async function sendAll(office: string, takers: () => readonly RunningHub[], sent: () => void): Promise<void> {
  for (let first = 0; first < LINES; first += BATCH) {
    const packets = Array.from({ length: BATCH }, (_, k) => lineOf(office, first + k)).join('');
    const guesses = Array.from({ length: GUESSES }, (_, k) => guessOf(office, first + k * 10)).join('');
    await sendOne(`${office}/fw`, packets, `${office}-fw/${first}`, takers);
    await sendOne(`${office}/ssh`, guesses, `${office}-ssh/${first}`, takers);
    sent();
  }
}

async function sendOne(
  sensor: string,
  lines: string,
  batch: string,
  takers: () => readonly RunningHub[],
): Promise<void> {
  for (;;) {
    for (const taker of takers()) {
      if (taker.token === '') continue;
      const answer = await taker.send(sensor, lines, batch).catch(() => undefined);
      if (answer?.status === 200) return;
    }
    await sleep(30);
  }
}

/** A password that does not fit, from one of a few that guess. */
function guessOf(office: string, number: number): string {
  const time = new Date(Date.UTC(2026, 9, 7) + number * 20).toISOString().replace('Z', '+00:00');
  const net = 64 + OFFICES.indexOf(office);
  const name = `user${number % 97}`;
  return `${time} mail sshd[${1_000 + number}]: Failed password for invalid user ${name} from 100.${net}.200.${(number / 10) % 3} port ${2_000 + number} ssh2\n`;
}

/** A packet that no other line tells of. Most go to one source of many; one source in each office asks for everything. */
function lineOf(office: string, number: number): string {
  const loud = number % 5 === 0;
  const net = 64 + OFFICES.indexOf(office);
  const source = loud ? `100.${net}.9.9` : `100.${net}.${(number >> 8) & 7}.${number & 255}`;
  const time = new Date(Date.UTC(2026, 9, 7) + number * 20).toISOString().replace('Z', '+00:00');
  return (
    `${time} fw kernel: [UFW BLOCK] IN=eth0 OUT= SRC=${source} DST=198.51.100.${loud ? number % 251 : 7} ` +
    `LEN=60 TTL=50 PROTO=TCP SPT=${1024 + ((number >> 4) % 60_000)} DPT=${loud ? number % 1_009 : 22} WINDOW=1024 SYN\n`
  );
}

/** Everything that was counted and decided, as text. */
async function booksOf(url: string): Promise<string> {
  const db = openDatabase({ kind: 'url', url });
  const rows = async (text: string): Promise<unknown[]> => (await db.pool.query(text)).rows;
  const books = {
    account: await rows(
      `SELECT a.minute, s.authority, s.name, a.lines, a.contacts, a.knocks, a.detail, a.late, a.refused, a.blocked,
              a.through, a.unsettled
       FROM account_minutes a JOIN sensors s ON s.id = a.sensor ORDER BY 1, 2, 3`,
    ),
    sensors: await rows('SELECT authority, name, lines, missing_batches FROM sensors ORDER BY 1, 2'),
    decisions: await rows(
      'SELECT value::text, reason, rule, contacts, targets, first_at, last_at, from_at, until_at FROM decisions ORDER BY 1, 8',
    ),
    history: await rows('SELECT sum(rows) AS rows FROM history_files'),
    batches: await rows('SELECT client, sequence, lines FROM batches ORDER BY 1, 2'),
  };
  await db.close();
  return JSON.stringify(books, null, 1);
}

describe('a hub of several processes', () => {
  it('makes the same of the same lines as one process, whoever is killed meanwhile', async () => {
    const [alone, spread] = [await databaseOf('alone'), await databaseOf('spread')];
    const one = new RunningHub({ data: join(scratch, 'alone'), databaseUrl: alone });
    running.push(one);
    await one.startWell();
    await Promise.all(
      OFFICES.map((office) =>
        sendAll(
          office,
          () => [one],
          () => {},
        ),
      ),
    );
    await one.account(ALL);
    await one.stop();

    const takers = [member('taker-1', spread, 'intake'), member('taker-2', spread, 'intake')];
    const judges = [member('judges', spread, 'judge'), member('judges', spread, 'judge')];
    await takers[0]!.startWell();
    await judges[0]!.startWell();
    const standing = [takers[1]!.start(), judges[1]!.start()];
    let batches = 0;
    const sending = OFFICES.map((office) =>
      sendAll(
        office,
        () => takers,
        () => void batches++,
      ),
    );
    const all = (OFFICES.length * LINES) / BATCH;
    const reached = (share: number) => until(() => batches >= share * all);

    await reached(0.2);
    await judges[0]!.kill();
    await reached(0.4);
    await takers[0]!.kill();
    await reached(0.7);
    // Who stood by has taken over. A process that starts while there is no server ends, and is started again by others.
    expect(await Promise.all(standing)).toEqual([true, true]);
    await nats.kill();
    await sleep(300);
    await nats.run();
    await Promise.all(sending);
    const account = await judges[1]!.account(ALL);
    await judges[1]!.stop();
    await takers[1]!.stop();

    expect(account).toMatchObject({ lines: ALL, balanced: true });
    const books = await booksOf(spread);
    expect(books).toContain('"rule"');
    expect(books).toBe(await booksOf(alone));
  }, 180_000);

  it('goes on with another process of the same kind when one that does everything is killed', async () => {
    const url = await databaseOf('everything');
    process.env.BELLWETHER_STREAM = 'everything';
    const hubs = [member('everything', url, 'all'), member('everything', url, 'all')];
    await hubs[0]!.startWell();
    const standing = hubs[1]!.start();
    delete process.env.BELLWETHER_STREAM;
    const lines = (from: number) => Array.from({ length: 50 }, (_, k) => lineOf('29001', from + k)).join('');
    expect((await hubs[0]!.send('29001', lines(0), 'c/1')).status).toBe(200);
    await hubs[0]!.kill();

    expect(await standing).toBe(true);
    const [again, next] = [
      await hubs[1]!.send('29001', lines(0), 'c/1'),
      await hubs[1]!.send('29001', lines(50), 'c/2'),
    ];
    expect(again).toMatchObject({ status: 200, body: { duplicate: true } });
    expect(next.status).toBe(200);
    expect(await hubs[1]!.account(100)).toMatchObject({ lines: 100, balanced: true });
    await hubs[1]!.stop();
  }, 60_000);

  it('takes a surface at the judge, and lines where they are taken', async () => {
    const url = await databaseOf('surface');
    const stream = { BELLWETHER_STREAM: 'surface' };
    Object.assign(process.env, stream);
    const [taker, judge] = [member('surface-taker', url, 'intake'), member('surface-judge', url, 'judge')];
    await taker.startWell();
    await judge.startWell();
    delete process.env.BELLWETHER_STREAM;

    const refused = await judge.send('29001', lineOf('29001', 1));
    const stated = await judge.ask('/api/v1/surface', {
      method: 'PUT',
      body: 'bellwether-surface: 1\njurisdiction: Test\n',
      headers: { 'content-type': 'application/yaml' },
    });

    expect(refused).toMatchObject({ status: 503, body: { code: 'INTAKE_ELSEWHERE' } });
    expect(stated.status).toBeLessThan(500);
    const taken = await taker.send('29001', lineOf('29001', 1), 'c/1');
    expect(taken.status).toBe(200);
    expect(await judge.account(1)).toMatchObject({ lines: 1 });
    await Promise.all([judge.stop(), taker.stop()]);
  }, 60_000);
});

describe('`up` says what is wrong', () => {
  it('with roles, without a database that all reach, and without a server', async () => {
    const role = await runCommand(['up', '--role', 'judge']);
    const strange = await runCommand(['up', '--nats', nats.url, '--role', 'clerk'], 'postgresql://x/y');
    const database = await runCommand(['up', '--nats', nats.url]);
    const data = join(scratch, 'nobody');
    const nobody = await runCommand(
      ['up', '--data', data, '--nats', 'nats://127.0.0.1:1'],
      'postgresql://x/y',
    );

    expect([role, strange, database].map(({ code }) => code)).toEqual([2, 2, 2]);
    expect(database.error).toContain('DATABASE_URL');
    expect(nobody).toMatchObject({ code: 1, error: expect.stringContaining('JOURNAL_UNREACHABLE') });
  }, 60_000);
});
