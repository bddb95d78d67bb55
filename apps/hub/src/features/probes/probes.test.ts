/** Known-good visits over a real HTTP connection, kept in a real PostgreSQL. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { faultOfProbes, type Probe } from '../../platform/config-probes.ts';
import { NOW, startRecords, type TestRecords } from '../watch/watch.fixture.ts';
import { PERSONAS, type Persona } from './personas.ts';
import { Probes } from './schedule.ts';
import { falseBlocks, forgetVisits, keepVisit } from './store.ts';
import { type Visit, visitAs } from './visit.ts';

const DAY = 86_400_000;
const FROM = '127.0.0.9';
const PROBE: Probe = { name: 'lookup', url: 'http://127.0.0.1/', persona: 'library', from: FROM };
const QUICK: Persona = { ...PERSONAS['screen-reader'], pages: 3, pause: 1 };
const NEVER = new AbortController().signal;

let records: TestRecords;

beforeAll(async () => {
  records = await startRecords();
});

afterAll(() => records.stop());

beforeEach(async () => {
  await records.empty();
  await sql`TRUNCATE probes, lifted_decisions`.execute(records.db);
});

/** A service for voters; gives its address. */
async function service(answer: RequestListener): Promise<string> {
  const server: Server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/lookup`;
}

const visit = (url: string, more: { pageTime?: number; end?: AbortSignal } = {}) =>
  visitAs({ url, persona: QUICK, from: FROM, end: NEVER, ...more });

describe('a known-good visit', () => {
  it('looks like its visitor: header, pace and address', async () => {
    const seen: string[] = [];
    const url = await service((request, reply) => {
      seen.push(`${request.socket.remoteAddress} ${request.headers['user-agent']}`);
      reply.end('Your registration');
    });
    expect(await visit(url)).toMatchObject({ outcome: 'reached', status: 200, isDoor: false });
    expect(seen).toEqual(Array(3).fill(`${FROM} ${QUICK.headers['user-agent']}`));
  });

  it.each([
    [429, { 'bellwether-door': 'slow' }, 'slowed', true],
    [429, { 'bellwether-door': 'ask' }, 'asked', true],
    [403, { 'bellwether-door': 'refuse' }, 'refused', true],
    [403, {}, 'refused', false],
    [429, {}, 'refused', false],
    [302, {}, 'reached', false],
    [503, {}, 'failed', false],
    [404, {}, 'failed', false],
  ] as const)('is told by status %i and header %j: %s', async (status, headers, outcome, isDoor) => {
    const url = await service((_request, reply) => void reply.writeHead(status, headers).end());
    expect(await visit(url)).toMatchObject({ outcome, isDoor, status });
  });

  it('is over at the first page that is not served', async () => {
    let asked = 0;
    const url = await service((_request, reply) => {
      asked++;
      if (asked === 2) reply.writeHead(429, { 'bellwether-door': 'ask' });
      reply.end();
    });
    expect(await visit(url)).toMatchObject({ outcome: 'asked' });
    expect(asked).toBe(2);
  });

  it('is bounded: a page without an end, one that never comes, and nobody there', async () => {
    const endless = await service((request, reply) => {
      const piece = Buffer.alloc(65_536);
      const more = (): void => {
        while (!request.socket.destroyed && reply.write(piece));
      };
      reply.on('drain', more);
      more();
    });
    expect(await visit(endless)).toMatchObject({ outcome: 'reached', status: 200 });
    const silent = await service(() => {});
    expect(await visit(silent, { pageTime: 100 })).toMatchObject({ outcome: 'no-answer', status: null });
    expect(await visit('http://127.0.0.1:1/')).toMatchObject({
      outcome: 'no-answer',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('that is ended is none', async () => {
    const end = new AbortController();
    const url = await service(() => end.abort());
    expect(await visit(url, { end: end.signal })).toBeUndefined();
  });
});

describe('a visit that was kept', () => {
  const was = (outcome: Visit['outcome'], isDoor = false): Visit => ({
    ...{ outcome, isDoor, status: null, detail: '', took: 12 },
  });

  async function decide(value: string, from = NOW - 1_000, until = NOW + 1_000): Promise<number> {
    const { id } = await records.db
      .insertInto('decisions')
      .values({
        ...{ value, reason: 'scan', rule: 'scan', forgeable: false, covers: 'all', contacts: 1, targets: 1 },
        ...{ from_at: new Date(from), until_at: new Date(until) },
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  }

  async function incidents() {
    return await records.db
      .selectFrom('incidents')
      .select(['kind', 'count', 'reason', 'source', 'destination', 'state'])
      .execute();
  }

  it('waiting by the door opens one incident for its probe, which counts on', async () => {
    expect(await keepVisit(records.db, PROBE, was('reached'), NOW)).toBe(false);
    expect(await incidents()).toEqual([]);
    expect(await keepVisit(records.db, PROBE, was('slowed', true), NOW)).toBe(true);
    expect(await keepVisit(records.db, PROBE, was('asked', true), NOW + 1)).toBe(true);
    expect(await incidents()).toEqual([
      {
        ...{ kind: 'false-block', count: 2, reason: 'asked', source: FROM, destination: 'lookup' },
        state: 'open',
      },
    ]);
  });

  it('without an answer opens one only where a block that stands covers where it came from', async () => {
    const { from: _from, ...fromAnywhere } = PROBE;
    expect(await keepVisit(records.db, PROBE, was('no-answer'), NOW)).toBe(false);
    await decide('127.0.0.0/24', NOW - 2_000, NOW - 1_000);
    const lifted = await decide('127.0.0.0/24');
    await records.db
      .insertInto('lifted_decisions')
      .values({ decision: lifted, lifted_at: new Date(NOW - 500), lifted_by: 'x', why: 'x' })
      .execute();
    expect(await keepVisit(records.db, PROBE, was('no-answer'), NOW)).toBe(false);
    await decide('127.0.0.0/24');
    expect(await keepVisit(records.db, fromAnywhere, was('no-answer'), NOW)).toBe(false);
    expect(await keepVisit(records.db, PROBE, was('failed'), NOW)).toBe(false);
    expect(await incidents()).toEqual([]);
    expect(await keepVisit(records.db, PROBE, was('no-answer'), NOW)).toBe(true);
    expect(await incidents()).toMatchObject([{ kind: 'false-block', reason: 'no-answer', count: 1 }]);
  });

  it('counts for the rate, unless it says nothing about blocks; and is forgotten after its time', async () => {
    expect(await falseBlocks(records.db, NOW)).toBeNull();
    await keepVisit(records.db, PROBE, was('asked', true), NOW - 31 * DAY);
    expect(await falseBlocks(records.db, NOW)).toBeNull();
    await sql`
      INSERT INTO probes (at, name, persona, outcome, detail, took, by_block)
      SELECT ${new Date(NOW - DAY)}, 'lookup', 'library', 'reached', '', 1, false FROM generate_series(1, 2880)`.execute(
      records.db,
    );
    await keepVisit(records.db, PROBE, was('no-answer'), NOW);
    const none = await falseBlocks(records.db, NOW);
    expect(none).toMatchObject({ days: 30, visits: 2_880, kept: 0, unanswered: 1 });
    // The rule of three says 0.1 % for one look; that it holds at each look costs something.
    expect(none!.bound).toBeGreaterThan(3 / 2_880);
    expect(none!.bound).toBeLessThan(0.002);
    await keepVisit(records.db, PROBE, was('refused', true), NOW);
    const one = await falseBlocks(records.db, NOW);
    expect(one).toMatchObject({ visits: 2_881, kept: 1 });
    expect(one!.bound).toBeGreaterThan(none!.bound);
    await forgetVisits(records.db, NOW + 400 * DAY);
    expect(await falseBlocks(records.db, NOW + 1)).toMatchObject({ visits: 1, kept: 1, unanswered: 1 });
  });
});

describe('the schedule', () => {
  it('visits again and again, tells a false block, and ends', async () => {
    let asked = 0;
    const url = await service((_request, reply) => {
      asked++;
      if (asked > 4) reply.writeHead(429, { 'bellwether-door': 'slow' });
      reply.end();
    });
    let told = 0;
    const probes = new Probes({
      db: records.db,
      probes: [{ ...PROBE, url, persona: 'overseas-military' }],
      now: () => NOW,
      chance: () => 0.5,
      onFalseBlock: () => void told++,
      onTrouble: (_probe, error) => {
        throw error;
      },
      every: 10,
    });
    for (let i = 0; i < 200 && told === 0; i++) await pause(100);
    await probes.close();
    const kept = await records.db
      .selectFrom('probes')
      .select(['outcome', 'by_block'])
      .orderBy('id')
      .execute();
    expect(told).toBe(kept.filter(({ by_block }) => by_block).length);
    expect(kept.map(({ outcome }) => outcome).slice(0, 3)).toEqual(['reached', 'reached', 'slowed']);
    // The page that was asked for as it ended may still be on its way.
    await pause(200);
    const before = asked;
    await pause(100);
    expect(asked).toBe(before);
  }, 30_000);
});

describe('what may stand under `probes`', () => {
  it('is an address of a page, an address to come from, and a name of its own', () => {
    expect(faultOfProbes([PROBE])).toBeUndefined();
    expect(faultOfProbes([PROBE, PROBE])).toContain('two are called');
    expect(faultOfProbes([{ ...PROBE, url: 'file:///etc/passwd' }])).toContain('no address of a page');
    expect(faultOfProbes([{ ...PROBE, url: 'lookup' }])).toContain('no address of a page');
    expect(faultOfProbes([{ ...PROBE, from: 'localhost' }])).toContain('no address');
  });

  it.each(Object.entries(PERSONAS))(
    'as a visitor is one that the door never keeps waiting by its pace: %s',
    (_name, { pages, who, headers }) => {
      // The burst of a source that is judged: even then no page of a visit would be slowed.
      expect(pages).toBeLessThan(30);
      expect(who).toMatch(/\.$/);
      expect(headers['user-agent']).toBeTruthy();
    },
  );
});
