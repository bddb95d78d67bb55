/** The routes of trail, visits and keys over real records, behind the real door. */
import { randomBytes } from 'node:crypto';
import type { KeysAnswer, MadeKey, Problem, TrailAnswer, VisitsAnswer } from '@bellwether/api';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createKeys } from '../../platform/auth/keys.ts';
import type { Place, Role } from '../../platform/auth/rights.ts';
import {
  actOf,
  addActs,
  behindItsBack,
  emptyTrail,
  NOW,
  type Records,
  startRecords,
} from '../../platform/auth/trail.fixture.ts';
import { createTrail } from '../../platform/auth/trail.ts';
import { checkExport } from '../../platform/auth/trail-export.ts';
import { watchTrail } from '../../platform/auth/trail-watch.ts';
import { createVisits } from '../../platform/auth/visits.ts';
import { somebody } from '../../platform/http/auth.fixture.ts';
import { testServer } from '../../platform/http/server.fixture.ts';
import { keysRoutes } from './routes-keys.ts';
import { trailRoutes } from './routes-trail.ts';
import { visitsRoutes } from './routes-visits.ts';

let records: Awaited<ReturnType<typeof startRecords>>;
let db: Records;

beforeAll(async () => {
  records = await startRecords();
  db = records.db;
});

afterAll(async () => {
  await records.stop();
});

beforeEach(async () => {
  await emptyTrail(db);
  await sql`TRUNCATE keys, visits, grants, people RESTART IDENTITY CASCADE`.execute(db);
});

/** The server, with one person signed in, who has just shown their passkey unless said otherwise. */
function serverFor(role: Role, place: Place, steppedUp: number | null = NOW) {
  const now = (): number => NOW;
  const keys = createKeys({ db, trail: createTrail(now), now, random: randomBytes });
  const visits = createVisits({ db, now, flushEvery: 3_600_000 });
  const watch = watchTrail({ db, onBroken: () => {} });
  const routes = [trailRoutes({ db, watch, now }), visitsRoutes({ db, visits, now }), keysRoutes({ keys })];
  const server = testServer(onTestFinished, { routes });
  server.clock.now = NOW;
  server.fake.alone = false;
  server.fake.sessions.set('S'.repeat(43), somebody(role, place, { steppedUp }));
  onTestFinished(async () => {
    await watch.stop();
    await visits.stop();
  });
  const headers = {
    host: 'localhost:8118',
    origin: 'http://localhost:8118',
    cookie: `bellwether-session=${'S'.repeat(43)}`,
  };
  return {
    ...server,
    visits,
    get: async (url: string) => await server.app.inject({ url: `/api/v1${url}`, headers }),
    post: async (url: string, payload: object) =>
      await server.app.inject({ method: 'POST', url: `/api/v1${url}`, headers, payload }),
  };
}

function codeOf(response: { json(): unknown }): string {
  return (response.json() as Problem).code;
}

describe('GET /trail', () => {
  beforeEach(async () => {
    await addActs(db, [
      actOf({ about: 'a' }),
      actOf({ about: 'b', place: '29001' }),
      actOf({ about: 'c', place: '29510' }),
      actOf({ about: 'd', place: '29001' }),
    ]);
  });

  it('shows all of it to the state, the newest first, and that it is whole', async () => {
    const { get } = serverFor('administrator', 'state');
    const answer = (await get('/trail?limit=3')).json() as TrailAnswer;

    expect(answer).toMatchObject({ more: true, whole: true });
    expect(answer.entries.map(({ about }) => about)).toEqual(['d', 'c', 'b']);
    expect(((await get('/trail?before=2')).json() as TrailAnswer).entries).toHaveLength(1);
    expect(((await get('/trail?place=29510')).json() as TrailAnswer).entries).toHaveLength(1);
    expect(((await get('/trail?who=hub')).json() as TrailAnswer).entries).toHaveLength(0);
  });

  it('shows an office what was done there, whatever it asks for', async () => {
    const { get } = serverFor('clerk', '29001');
    const answer = (await get('/trail')).json() as TrailAnswer;

    expect(answer.entries.map(({ about }) => about)).toEqual(['d', 'b']);
    for (const place of ['29510', 'state']) {
      const refused = await get(`/trail?place=${place}`);
      expect([refused.statusCode, codeOf(refused)]).toEqual([403, 'AUTH_NOT_YOURS']);
    }
  });

  it('tells that the chain is broken', async () => {
    await behindItsBack(db, "UPDATE trail SET why = 'x' WHERE number = 1");
    const { get } = serverFor('clerk', '29001');

    expect((await get('/trail')).json()).toMatchObject({ whole: false });
  });

  it.each(['/trail?limit=0', '/trail?limit=501', '/trail?before=0', '/trail?place=2900', '/trail?whom=a'])(
    'refuses what it does not know: %s',
    async (url) => {
      const { get } = serverFor('administrator', 'state');

      expect(codeOf(await get(url))).toBe('HTTP_REQUEST_INVALID');
    },
  );

  it.each<[Role, Place]>([
    ['analyst', 'state'],
    ['deputy', '29001'],
    ['vendor', 'state'],
    ['observer', 'state'],
  ])('shows nothing to the %s', async (role, place) => {
    const { get } = serverFor(role, place);

    expect(codeOf(await get('/trail'))).toBe('AUTH_NOT_YOURS');
  });
});

describe('GET /trail.ndjson', () => {
  beforeEach(async () => {
    await addActs(db, [actOf(), actOf({ place: '29001' }), actOf()]);
  });

  async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }

  it('gives the state a file that checks', async () => {
    const { get } = serverFor('administrator', 'state');
    const response = await get('/trail.ndjson');

    expect(response.headers).toMatchObject({
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': 'attachment; filename="trail-2026-11-03.ndjson"',
      'cache-control': 'no-store',
    });
    expect((await checkExport(bytesOf(response.body))).okOrThrow().last.number).toBe(3);
  });

  it('gives an auditor of an office the entries of that office', async () => {
    const { get } = serverFor('auditor', '29001');
    const { header, last } = (await checkExport(bytesOf((await get('/trail.ndjson')).body))).okOrThrow();

    expect([header.places, header.entries, last.number]).toEqual([['29001'], 1, 2]);
  });

  it('asks for the passkey once more', async () => {
    const { get } = serverFor('administrator', 'state', NOW - 300_000);

    expect(codeOf(await get('/trail.ndjson'))).toBe('AUTH_STEP_UP');
  });

  it('ends in the middle for somebody who is signed out meanwhile', async () => {
    const { get, fake } = serverFor('administrator', 'state');
    // The door asks first; from then on nobody is signed in.
    const take = fake.sessions.get.bind(fake.sessions);
    let asked = 0;
    fake.sessions.get = (key) => {
      asked++;
      return asked > 1 ? undefined : take(key);
    };
    const body = await get('/trail.ndjson').then(
      (response) => response.body,
      () => 'broken off',
    );

    expect(asked).toBe(2);
    expect(body).not.toContain('"act"');
  });
});

describe('GET /visits', () => {
  it('tells an office who looked at its data, and at all offices at once', async () => {
    const { get, visits } = serverFor('clerk', '29001');
    await db
      .insertInto('people')
      .values({ id: 'analyst-state', name: 'Ann Lyst', created_at: new Date(NOW) })
      .execute();
    await visits.note(somebody('analyst', 'state'), 'contacts.read', ['*']);
    await visits.note(somebody('analyst', 'state'), 'contacts.read', ['*']);
    await visits.note(somebody('clerk', '29510'), 'contacts.read', ['29510']);
    await visits.note(somebody('vendor', '29001'), 'incidents.read', ['29001']);
    await visits.note({ kind: 'machine', alone: true }, 'contacts.read', ['*']);
    const answer = (await get('/visits?place=29001')).json() as VisitsAnswer;

    expect(answer.more).toBe(false);
    expect(
      answer.visits.map(({ place, name, role, verb, times }) => [place, name, role, verb, times]),
    ).toEqual([
      ['*', 'Ann Lyst', 'analyst', 'contacts.read', 2],
      ['*', 'whoever runs the machine', 'machine', 'contacts.read', 1],
      ['29001', 'vendor-29001', 'vendor', 'incidents.read', 1],
    ]);
    expect(answer.visits[0]).toMatchObject({
      hour: '2026-11-03T20:00:00.000Z',
      first: '2026-11-03T20:04:30.123Z',
    });
  });

  it('goes back as many days as are asked for', async () => {
    const { get } = serverFor('auditor', 'state');
    const day = 86_400_000;
    for (const ago of [0, 29, 31, 399]) {
      const at = new Date(NOW - ago * day + 60_000);
      const row = { place: '29001', who: `p${ago}`, verb: 'contacts.read', role: 'clerk', times: 1 };
      await db
        .insertInto('visits')
        .values({
          ...row,
          hour: new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000),
          first_at: at,
          last_at: at,
        })
        .execute();
    }
    const who = async (query: string) =>
      ((await get(`/visits?place=29001${query}`)).json() as VisitsAnswer).visits.map(({ who: name }) => name);

    expect(await who('')).toEqual(['p0', 'p29']);
    expect(await who('&days=1')).toEqual(['p0']);
    expect(await who('&days=400')).toEqual(['p0', 'p29', 'p31', 'p399']);
  });

  it('names who from outside has access now, and until when', async () => {
    const { get } = serverFor('clerk', '29001');
    const from_at = new Date(NOW - 1000);
    const until_at = new Date(NOW + 1000);
    const people = ['v1', 'a1', 'v2', 'late', 'over', 'ended', 'gone', 'own'].map((id) => ({
      id,
      name: `Name of ${id}`,
      state: id === 'gone' ? 'removed' : 'active',
      created_at: from_at,
    }));
    await db.insertInto('people').values(people).execute();
    const grant = { role: 'vendor', place: '29001', from_at, until_at, given_by: 'machine', why: 'repairs' };
    await db
      .insertInto('grants')
      .values([
        { ...grant, person: 'v1' },
        {
          ...grant,
          person: 'a1',
          role: 'auditor',
          place: 'state',
          until_at: new Date(NOW + 2000),
          why: null,
        },
        { ...grant, person: 'v2', place: '29510' },
        { ...grant, person: 'late', from_at: until_at },
        { ...grant, person: 'over', until_at: new Date(NOW) },
        { ...grant, person: 'ended', ended_at: from_at },
        { ...grant, person: 'gone' },
        { ...grant, person: 'own', role: 'deputy' },
      ])
      .execute();

    expect(((await get('/visits?place=29001')).json() as VisitsAnswer).outsiders).toEqual([
      {
        person: 'v1',
        name: 'Name of v1',
        role: 'vendor',
        place: '29001',
        until: until_at.toISOString(),
        why: 'repairs',
      },
      {
        person: 'a1',
        name: 'Name of a1',
        role: 'auditor',
        place: 'state',
        until: new Date(NOW + 2000).toISOString(),
        why: null,
      },
    ]);
  });

  it('tells another office nothing', async () => {
    const { get } = serverFor('clerk', '29510');

    expect(codeOf(await get('/visits?place=29001'))).toBe('AUTH_NOT_YOURS');
    expect(codeOf(await get('/visits?place=state'))).toBe('AUTH_NOT_YOURS');
    expect(codeOf(await get('/visits'))).toBe('HTTP_REQUEST_INVALID');
  });
});

describe('the keys', () => {
  it('are made once, listed without their secret, and withdrawn', async () => {
    const { get, post } = serverFor('clerk', '29001');
    const answer = await post('/keys', { place: '29001', name: '  door   feed ' });
    const made = answer.json() as MadeKey;
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(made.key).toMatch(/^bwk_/);
    const listed = await get('/keys');
    expect(listed.body).not.toContain(made.key);
    expect((listed.json() as KeysAnswer).keys).toEqual([
      {
        id: made.id,
        place: '29001',
        name: 'door feed',
        madeBy: 'clerk-29001',
        made: '2026-11-03T20:04:30.123Z',
        used: null,
      },
    ]);

    const left = await post(`/keys/${made.id}/withdrawal`, { why: 'it was lost' });
    expect([left.statusCode, left.json()]).toEqual([200, { keys: [] }]);
    expect(codeOf(await post(`/keys/${made.id}/withdrawal`, { why: 'it was lost' }))).toBe(
      'AUTH_KEY_UNKNOWN',
    );
  });

  it('of another office can be neither seen, made, nor withdrawn', async () => {
    const state = serverFor('administrator', 'state');
    const { id } = (await state.post('/keys', { place: '29510', name: 'feed' })).json() as MadeKey;
    const { get, post } = serverFor('clerk', '29001');

    expect((await get('/keys')).json()).toEqual({ keys: [] });
    expect(codeOf(await get('/keys?place=29510'))).toBe('AUTH_NOT_YOURS');
    expect(codeOf(await post('/keys', { place: '29510', name: 'mine' }))).toBe('AUTH_NOT_YOURS');
    expect(codeOf(await post('/keys', { place: 'state', name: 'mine' }))).toBe('AUTH_NOT_YOURS');
    expect(codeOf(await post(`/keys/${id}/withdrawal`, { why: 'mine now' }))).toBe('AUTH_KEY_UNKNOWN');
    expect(((await state.get('/keys')).json() as KeysAnswer).keys).toHaveLength(1);
  });

  it('are changed only after the passkey was shown, and not by who may only read them', async () => {
    const late = serverFor('clerk', '29001', null);
    expect(codeOf(await late.post('/keys', { place: '29001', name: 'a' }))).toBe('AUTH_STEP_UP');
    expect(codeOf(await late.post('/keys/1/withdrawal', { why: 'lost' }))).toBe('AUTH_STEP_UP');
    const deputy = serverFor('deputy', '29001');
    expect(codeOf(await deputy.post('/keys', { place: '29001', name: 'a' }))).toBe('AUTH_NOT_YOURS');
    expect(codeOf(await deputy.post('/keys/1/withdrawal', { why: 'lost' }))).toBe('AUTH_NOT_YOURS');
    expect((await deputy.get('/keys')).statusCode).toBe(200);
  });

  it.each([
    [{ place: '29001', name: '' }, 'HTTP_REQUEST_INVALID'],
    [{ place: '29001', name: 'x'.repeat(65) }, 'HTTP_REQUEST_INVALID'],
    [{ place: '2900', name: 'a' }, 'HTTP_REQUEST_INVALID'],
    [{ place: "29001' OR 1=1", name: 'a' }, 'HTTP_REQUEST_INVALID'],
    [{ place: '29001', name: 'a', key: 'bwk_mine' }, 'HTTP_REQUEST_INVALID'],
    [{ name: 'a' }, 'HTTP_REQUEST_INVALID'],
    [{ place: '29001', name: '   ' }, 'AUTH_TEXT_INVALID'],
    [{ place: '29001', name: 'a\u202eb' }, 'AUTH_TEXT_INVALID'],
    [{ place: '29001', name: 'a\nb' }, 'AUTH_TEXT_INVALID'],
  ])('are refused where they are asked for wrongly (%#)', async (body, code) => {
    const { post } = serverFor('clerk', '29001');

    expect(codeOf(await post('/keys', body))).toBe(code);
  });
});
