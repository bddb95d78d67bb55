import { AppealsAnswer } from '@bellwether/api';
import { parseCidr } from '@bellwether/basics';
import { appealCode } from '@bellwether/blocks';
import { sql } from 'kysely';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { BEARER, testServer } from '../../platform/http/server.fixture.ts';
import { startRecords, type TestRecords } from '../watch/watch.fixture.ts';
import { appealRoutes } from './routes.ts';
import { appealPage } from './routes-public.ts';
import { spareSource } from './sparing.ts';

const NOW = Date.UTC(2026, 10, 3, 20);
const HOUR = 3_600_000;
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const codeOf = (address: string): string => appealCode(parseCidr(address).okOrThrow());

let records: TestRecords;
beforeAll(async () => {
  records = await startRecords();
});
beforeEach(async () => {
  await records.empty();
  await sql`TRUNCATE spared RESTART IDENTITY`.execute(records.db);
});
afterAll(() => records.stop());

function setup() {
  const clock = { now: NOW };
  const spared: number[] = [];
  const acts: string[] = [];
  const dependencies = {
    db: records.db,
    auth: { trail: { add: async (_tx: unknown, { about }: { about: string }) => void acts.push(about) } },
    onSpared: () => void spared.push(clock.now),
    now: () => clock.now,
  };
  const { app } = testServer(onTestFinished, {
    routes: [appealRoutes(dependencies)],
    publicRoutes: [appealPage(dependencies)],
  });
  return { app, clock, spared, acts };
}

async function block(
  value: string,
  reason = 'scan',
  from = NOW - HOUR,
  until = NOW + 100 * HOUR,
): Promise<void> {
  await records.db
    .insertInto('decisions')
    .values({
      value,
      reason,
      rule: 'r',
      forgeable: false,
      covers: 'all',
      contacts: 9,
      targets: 9,
      from_at: new Date(from),
      until_at: new Date(until),
    })
    .execute();
}

describe('a voter who was turned away', () => {
  it('is let in by one press of a button, for a day, once a day', async () => {
    const { app, clock, spared } = setup();
    await block('198.51.100.0/24');
    const press = async (): Promise<string> => {
      const answer = await app.inject({
        method: 'POST',
        url: '/public/unblock/',
        remoteAddress: '198.51.100.77',
        headers: FORM,
        payload: '',
      });
      expect(answer.statusCode).toBe(200);
      return answer.body;
    };

    expect(await press()).toContain('Done. Wait a minute');
    expect(await press()).toContain('was let in within the last day');
    clock.now += 24 * HOUR + 1;
    expect(await press()).toContain('Done. Wait a minute');
    expect(spared).toHaveLength(2);
  });

  it('sees a page that needs no script, in the language of the browser, with the address that is meant', async () => {
    const { app } = setup();
    const answer = await app.inject({
      url: '/public/unblock/',
      remoteAddress: '2001:db8::7',
      headers: { 'accept-language': 'es' },
    });
    expect(answer.body).toContain('<html lang="es">');
    expect(answer.body).toContain('2001:db8::7');
    expect(answer.body).not.toMatch(/<script|<img|attack/i);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('can ask for another device by its digits, and is told where one is wrong', async () => {
    const { app, spared } = setup();
    await block('203.0.113.5/32');
    const ask = async (code: string): Promise<string> => {
      const payload = new URLSearchParams({ code }).toString();
      return (await app.inject({ method: 'POST', url: '/public/unblock/', headers: FORM, payload })).body;
    };
    expect(
      await ask(codeOf('203.0.113.5').replace(/\d$/, (last) => String((Number(last) + 1) % 10))),
    ).toContain('One of these digits is wrong');
    expect(await ask(codeOf('203.0.113.5'))).toContain('Done.');
    expect(await ask(codeOf('192.0.2.1'))).toContain('Nothing is held against this address');
    expect(spared).toHaveLength(1);
  });

  it('of IPv6 is let in with the whole /64, as it was judged', async () => {
    const { app } = setup();
    await block('2001:db8:1:2::/64');
    const answer = await app.inject({
      method: 'POST',
      url: '/public/unblock/',
      remoteAddress: '2001:db8:1:2:aaaa::9',
      headers: FORM,
      payload: '',
    });
    expect(answer.body).toContain('Done.');
    const [row] = await records.db.selectFrom('spared').selectAll().execute();
    expect(row?.network).toBe('2001:db8:1:2::/64');
  });

  it('is heard on the telephone: a clerk types the digits, and it stands in the trail', async () => {
    const { app, acts, spared } = setup();
    await block('203.0.113.5/32', 'web-probing');
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/appeals',
      headers: BEARER,
      payload: { code: codeOf('203.0.113.5') },
    });
    expect(answer.json()).toEqual({
      outcome: 'let-in',
      network: '203.0.113.5',
      until: new Date(NOW + 24 * HOUR).toISOString(),
    });
    expect([acts, spared]).toEqual([['source:203.0.113.5'], [NOW]]);
    const wrong = await app.inject({
      method: 'POST',
      url: '/api/v1/appeals',
      headers: BEARER,
      payload: { code: '1234 5678 9012' },
    });
    expect([wrong.statusCode, wrong.json().code]).toEqual([422, 'BLOCKS_APPEAL_CODE']);
  });

  it('is not let in twice by two clicks at once', async () => {
    await block('203.0.113.5/32');
    const wish = {
      network: parseCidr('203.0.113.5').okOrThrow(),
      how: 'page',
      by: null,
      note: null,
    } as const;
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => spareSource(records.db, wish, NOW)));
    expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([
      'already',
      'already',
      'already',
      'already',
      'already',
      'already',
      'already',
      'let-in',
    ]);
  });

  it('among very many within an hour is one that a person looks at', async () => {
    await block('10.0.0.0/8');
    await sql`INSERT INTO spared (network, from_at, until_at, how)
              SELECT ('10.1.' || i / 256 || '.' || i % 256)::cidr, ${new Date(NOW - 1)}, ${new Date(NOW + HOUR)}, 'page'
              FROM generate_series(0, 499) AS i`.execute(records.db);
    const wish = { network: parseCidr('10.9.9.9').okOrThrow(), by: null, note: null };
    expect((await spareSource(records.db, { ...wish, how: 'page' }, NOW)).outcome).toBe('too-many');
    expect((await spareSource(records.db, { ...wish, how: 'phone' }, NOW)).outcome).toBe('let-in');
  });
});

describe('the queue', () => {
  it('names who was let in, what was held against them, and ends it', async () => {
    const { app, spared } = setup();
    await block('203.0.113.5/32', 'web-probing');
    const wish = {
      network: parseCidr('203.0.113.5').okOrThrow(),
      how: 'phone',
      by: 'Ann',
      note: 'home',
    } as const;
    await spareSource(records.db, wish, NOW);
    const list = async () => {
      const answer = await app.inject({ url: '/api/v1/appeals', headers: BEARER });
      expect(Value.Errors(AppealsAnswer, answer.json())).toEqual([]);
      return answer.json() as AppealsAnswer;
    };
    const before = await list();
    expect([before.lastDay, before.holding]).toEqual([1, 1]);
    expect(before.appeals[0]).toMatchObject({
      network: '203.0.113.5',
      how: 'phone',
      by: 'Ann',
      note: 'home',
      against: ['web-probing'],
      endedAt: null,
    });
    const end = () =>
      app.inject({ method: 'POST', url: `/api/v1/appeals/${before.appeals[0]!.id}/end`, headers: BEARER });
    expect((await end()).statusCode).toBe(204);
    expect((await end()).json().code).toBe('BLOCKS_APPEAL_UNKNOWN');
    expect(await list()).toMatchObject({ holding: 0, appeals: [{ endedAt: new Date(NOW).toISOString() }] });
    expect(spared).toHaveLength(1);
  });
});
