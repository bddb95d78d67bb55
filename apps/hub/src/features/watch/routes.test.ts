import {
  AccountAnswer,
  type ContactRow,
  ContactsAnswer,
  DecisionsAnswer,
  Incident,
  IncidentsAnswer,
  OfficeAnswer,
  OfficesAnswer,
  SourceAnswer,
  SurfaceAnswer,
  TodayAnswer,
} from '@bellwether/api';
import type { FastifyInstance } from 'fastify';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { BEARER, testServer } from '../../platform/http/server.fixture.ts';
import type { Records } from './dependencies.ts';
import { watchRoutes } from './routes.ts';
import {
  addCounts,
  addIncident,
  addSensor,
  NOW,
  refusedContacts,
  startRecords,
  type TestRecords,
  testWatch,
} from './watch.fixture.ts';

const KANSAS_CITY = '29380';
const ADAIR = '29001';

/** Strings that would do harm if they were pasted into SQL or a path. */
const INJECTIONS = [
  `29380'; DROP TABLE incidents; --`,
  `' OR '1'='1`,
  `29380) UNION SELECT token FROM facts --`,
  `\\'; SELECT pg_sleep(10); --`,
  '%00',
  '../../token',
];

let records: TestRecords;
let db: Records;

beforeAll(async () => {
  records = await startRecords();
  db = records.db;
});
beforeEach(() => records.empty());
afterAll(() => records.stop());

function setup() {
  const watch = testWatch(db);
  const { app, fatal } = testServer(onTestFinished, { routes: [watchRoutes(watch.dependencies)] });
  return { watch, app, fatal };
}

/** Asks, and holds the answer to its schema. */
async function get(app: FastifyInstance, url: string, schema: TSchema) {
  const answer = await app.inject({ url: `/api/v1/${url}`, headers: BEARER });
  expect(answer.statusCode).toBe(200);
  expect(Value.Errors(schema, answer.json())).toEqual([]);
  return answer.json();
}

async function send(app: FastifyInstance, method: 'POST' | 'PUT', url: string, payload: object) {
  return await app.inject({ method, url: `/api/v1/${url}`, headers: BEARER, payload });
}

describe('today', () => {
  it('is the 24 hours up to the newest contact, rounded up to the hour, and balances', async () => {
    const { app } = setup();
    await addSensor(db, 0, KANSAS_CITY);
    await addSensor(db, 1, 'state');
    await addCounts(db, 0, '2026-11-03T18:20:00Z', refusedContacts(5));
    await addCounts(db, 0, '2026-11-02T19:00:00Z', refusedContacts(7));
    await addCounts(db, 0, '2026-11-02T18:59:00Z', refusedContacts(1000));
    await addCounts(db, 1, '2026-11-03T02:00:00Z', {
      ...refusedContacts(3),
      lines: 5,
      contacts: 4,
      unsettled: 1,
      ignored: 1,
    });

    const today = await get(app, 'today', TodayAnswer);

    expect(today).toMatchObject({
      zone: 'America/Chicago',
      from: '2026-11-02T19:00:00.000Z',
      to: '2026-11-03T19:00:00.000Z',
      asOf: '2026-11-03T20:04:30.000Z',
      sample: false,
      account: { lines: 17, contacts: 16, knocks: 15, ignored: 1, balanced: true },
      offices: { total: 116, watched: 1, knockedAt: 1, complete: 1 },
    });
    expect(today.hours).toHaveLength(24);
    expect(today.hours[0]).toMatchObject({ from: '2026-11-02T19:00:00.000Z', knocks: 7 });
    expect(today.hours[23]).toMatchObject({ from: '2026-11-03T18:00:00.000Z', knocks: 5 });
    const map = new Map(today.map.map((office: { leaId: string }) => [office.leaId, office]));
    expect(map.size).toBe(116);
    expect(map.get(KANSAS_CITY)).toMatchObject({ knocks: 12, sensors: 1, state: 'complete' });
    expect(map.get(ADAIR)).toMatchObject({ knocks: 0, sensors: 0, state: 'none' });
  });

  it('says so where the account does not balance', async () => {
    const { app } = setup();
    await addSensor(db, 0, KANSAS_CITY);
    await addCounts(db, 0, '2026-11-03T18:20:00Z', { ...refusedContacts(5), lines: 6 });

    expect((await get(app, 'today', TodayAnswer)).account.balanced).toBe(false);
  });

  it('is empty at first, and not led astray by a clock that is a year ahead', async () => {
    const { app } = setup();
    expect(await get(app, 'today', TodayAnswer)).toMatchObject({
      to: '2026-11-03T21:00:00.000Z',
      account: { lines: 0, balanced: true },
    });

    await addSensor(db, 0, KANSAS_CITY);
    await addCounts(db, 0, '2027-11-03T18:20:00Z', refusedContacts(5));
    await addCounts(db, 0, '2026-11-03T19:59:00Z', refusedContacts(2));

    expect(await get(app, 'today', TodayAnswer)).toMatchObject({
      to: '2026-11-03T20:00:00.000Z',
      account: { lines: 2 },
    });
  });

  it.each([
    ['2026-11-03', '2026-11-03T06:00:00.000Z', '2026-11-04T06:00:00.000Z', 24],
    ['2026-11-01', '2026-11-01T05:00:00.000Z', '2026-11-02T06:00:00.000Z', 25],
    ['2026-03-08', '2026-03-08T06:00:00.000Z', '2026-03-09T05:00:00.000Z', 23],
  ])('is the local day that is asked for, as long as it was: %s', async (day, from, to, hours) => {
    const { app } = setup();
    await addSensor(db, 0, KANSAS_CITY);
    await addCounts(db, 0, from, refusedContacts(1));
    await addCounts(db, 0, new Date(Date.parse(to) - 60_000).toISOString(), refusedContacts(2));
    await addCounts(db, 0, to, refusedContacts(4));

    const today = await get(app, `today?day=${day}`, TodayAnswer);

    expect(today).toMatchObject({ from, to, account: { lines: 3 } });
    expect(today.hours).toHaveLength(hours);
    expect(today.hours.at(-1).knocks).toBe(2);
  });

  it.each(['2026-02-30', '2026-13-01', '1776-07-04'])(
    'is refused for a day that is none: %s',
    async (day) => {
      const { app } = setup();

      const answer = await app.inject({ url: `/api/v1/today?day=${day}`, headers: BEARER });

      expect([answer.statusCode, answer.json().code]).toEqual([400, 'DESK_PERIOD_INVALID']);
    },
  );

  it('shows what came through in the period, and before if it is still open', async () => {
    const { app } = setup();
    await addSensor(db, 0, KANSAS_CITY);
    await addCounts(db, 0, '2026-11-03T18:20:00Z', refusedContacts(5));
    const old = new Date('2026-10-01T00:00:00Z');
    const within = new Date('2026-11-03T10:00:00Z');
    const through = { kind: 'through', reason: 'login-after-guessing', authority: KANSAS_CITY, sensor: 0 };
    const oldOpen = await addIncident(db, {
      ...through,
      key: 'a',
      opened_at: old,
      last_at: old,
      state: 'taken',
    });
    await addIncident(db, { ...through, key: 'b', opened_at: old, last_at: old, state: 'closed' });
    const closed = await addIncident(db, {
      ...through,
      key: 'c',
      opened_at: within,
      last_at: within,
      state: 'closed',
    });
    await addIncident(db, {
      ...through,
      key: 'd',
      opened_at: within,
      last_at: within,
      state: 'closed',
      count: 0,
    });

    const today = await get(app, 'today', TodayAnswer);

    expect(today.through.map(({ id }: { id: number }) => id)).toEqual([closed, oldOpen]);
    expect(today.through[0]).toMatchObject({
      authorityName: expect.stringMatching(/Kansas City/i),
      sensor: 'sensor-0',
    });
  });

  it('shows what needs a person, the most pressing first, and how many there are', async () => {
    const { app } = setup();
    for (const kind of [
      'intake-refused',
      'sensor-clock',
      'sensor-gap',
      'unsettled',
      'sensor-silent',
      'through',
    ]) {
      await addIncident(db, { kind, key: kind });
    }
    for (let i = 0; i < 60; i++) await addIncident(db, { kind: 'sensor-losses', key: `losses ${i}` });
    await addIncident(db, { kind: 'unsettled', key: 'closed', state: 'closed' });

    const { needsPerson, needsPersonTotal } = await get(app, 'today', TodayAnswer);

    const kinds = needsPerson.map(({ kind }: { kind: string }) => kind);
    expect(needsPersonTotal).toBe(65);
    expect(kinds).toHaveLength(50);
    expect(kinds.slice(0, 3)).toEqual(['unsettled', 'sensor-gap', 'sensor-losses']);
    expect(kinds).not.toContain('through');
  });

  it('tells what was refused at the door, and the blocks', async () => {
    const { app } = setup();
    await addSensor(db, 0, KANSAS_CITY);
    await addCounts(db, 0, '2026-11-03T18:20:00Z', refusedContacts(5));
    const refusal = { port: 'syslog-udp', reason: 'queue-full', batches: 2, bytes: 10 };
    await db
      .insertInto('refusals')
      .values([
        { ...refusal, minute: new Date('2026-11-03T10:00:00Z'), lines: 3 },
        { ...refusal, minute: new Date('2026-11-03T10:01:00Z'), lines: 4 },
        { ...refusal, minute: new Date('2026-11-01T10:01:00Z'), lines: 100 },
      ])
      .execute();
    await addDecision('203.0.113.9/32', '2026-11-03T10:00:00Z', '2026-11-03T14:00:00Z');
    await addDecision('203.0.113.8/32', '2026-11-03T17:00:00Z', '2026-11-03T21:00:00Z');
    await addDecision('203.0.113.7/32', '2026-10-30T17:00:00Z', '2026-11-06T17:00:00Z');

    const today = await get(app, 'today', TodayAnswer);

    expect(today.refusedAtIntake).toEqual([
      { port: 'syslog-udp', reason: 'queue-full', batches: 4, lines: 7 },
    ]);
    expect(today.decisions).toEqual({ made: 2, inForce: 2 });
  });
});

async function addDecision(value: string, from: string, until: string): Promise<void> {
  await db
    .insertInto('decisions')
    .values({
      value,
      reason: 'ssh-guessing',
      alpha: 1e-4,
      rule: 'likelihood',
      forgeable: false,
      covers: 'all',
      contacts: 40,
      targets: 12,
      from_at: from,
      until_at: until,
    })
    .execute();
}

describe('the account of a period', () => {
  it('is that of all sensors or of one authority', async () => {
    const { app } = setup();
    await addSensor(db, 0, KANSAS_CITY);
    await addSensor(db, 1, 'state');
    await addCounts(db, 0, '2026-11-03T10:00:00Z', refusedContacts(5));
    await addCounts(db, 1, '2026-11-03T11:59:00Z', refusedContacts(7));
    await addCounts(db, 1, '2026-11-03T12:00:00Z', refusedContacts(100));
    const hours = 'from=2026-11-03T10:00:00Z&to=2026-11-03T12:00:00Z';

    const all = await get(app, `account?${hours}`, AccountAnswer);
    const state = await get(app, `account?${hours}&authority=state`, AccountAnswer);

    expect(all).toMatchObject({ authority: null, account: { contacts: 12, balanced: true } });
    expect(state).toMatchObject({ authority: 'state', account: { contacts: 7 } });
    expect(await get(app, 'account', AccountAnswer)).toMatchObject({ account: { contacts: 112 } });
  });

  it.each([
    ['from=2026-11-03T10:30:00Z', 400, 'DESK_PERIOD_INVALID'],
    ['from=2026-11-03T10:00:00Z&to=2026-11-03T10:00:00Z', 400, 'DESK_PERIOD_INVALID'],
    ['from=yesterday', 400, 'HTTP_REQUEST_INVALID'],
    ['authority=99999', 404, 'DESK_AUTHORITY_UNKNOWN'],
    ['county=29001', 400, 'HTTP_REQUEST_INVALID'],
  ])('is refused for what is no period or authority: %s', async (query, status, code) => {
    const { app } = setup();

    const answer = await app.inject({ url: `/api/v1/account?${query}`, headers: BEARER });

    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });
});

describe('the offices', () => {
  it('are as complete as their worst sensor', async () => {
    const { app } = setup();
    await addSensor(db, 0, '29001');
    await addSensor(db, 1, '29003', { completeness: 'best-effort' });
    await addSensor(db, 2, '29005', { missing_batches: 2 });
    await addSensor(db, 3, '29007');
    await addCounts(db, 3, '2026-11-03T18:00:00Z', { ...refusedContacts(1), lost: 9 });
    await addSensor(db, 4, '29009');
    await addIncident(db, { kind: 'sensor-silent', key: 's', sensor: 4, authority: '29009' });
    await addSensor(db, 5, '29011', { last_heard: null });
    await addSensor(db, 6, 'state');

    const { offices, state } = await get(app, 'offices', OfficesAnswer);

    const byId = new Map<string, { state: string; sensors: { state: string }[] }>(
      offices.map((office: { leaId: string }) => [office.leaId, office]),
    );
    expect(offices).toHaveLength(116);
    expect(byId.get('29001')?.state).toBe('complete');
    expect(byId.get('29003')?.state).toBe('incomplete');
    expect(byId.get('29005')?.state).toBe('incomplete');
    expect(byId.get('29007')?.state).toBe('incomplete');
    expect(byId.get('29009')).toMatchObject({ state: 'silent', sensors: [{ state: 'silent' }] });
    expect(byId.get('29011')).toMatchObject({ state: 'silent', sensors: [{ state: 'never' }] });
    expect(byId.get('29013')?.state).toBe('none');
    expect(state).toHaveLength(1);
  });

  it('can be asked for one by one, with their account and open incidents', async () => {
    const { app } = setup();
    await addSensor(db, 0, KANSAS_CITY);
    await addSensor(db, 1, ADAIR);
    await addCounts(db, 0, '2026-11-03T18:00:00Z', refusedContacts(3));
    await addCounts(db, 1, '2026-11-03T18:00:00Z', refusedContacts(100));
    const id = await addIncident(db, { authority: KANSAS_CITY, sensor: 0, key: 'a' });
    await addIncident(db, { authority: KANSAS_CITY, sensor: 0, key: 'b', state: 'closed' });
    await addIncident(db, { authority: ADAIR, sensor: 1, key: 'c' });

    const answer = await get(app, `offices/${KANSAS_CITY}`, OfficeAnswer);

    expect(answer).toMatchObject({ office: { leaId: KANSAS_CITY, knocks: 3 }, account: { contacts: 3 } });
    expect(answer.incidents.map((incident: { id: number }) => incident.id)).toEqual([id]);
  });

  it.each([
    ['99999', 404, 'DESK_AUTHORITY_UNKNOWN'],
    ['Adair', 400, 'HTTP_REQUEST_INVALID'],
  ])('do not hold %s', async (leaId, status, code) => {
    const { app } = setup();

    const answer = await app.inject({ url: `/api/v1/offices/${leaId}`, headers: BEARER });

    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });
});

describe('incidents', () => {
  it('are listed by state, kind and authority, the latest first', async () => {
    const { app } = setup();
    const at = (hour: number) => new Date(Date.UTC(2026, 10, 3, hour));
    const a = await addIncident(db, { key: 'a', kind: 'through', last_at: at(1), authority: KANSAS_CITY });
    const b = await addIncident(db, { key: 'b', last_at: at(3), state: 'taken' });
    const c = await addIncident(db, { key: 'c', last_at: at(2), state: 'closed', authority: 'state' });
    const ids = async (query: string) => {
      const { incidents, total } = await get(app, `incidents${query}`, IncidentsAnswer);
      return [...incidents.map(({ id }: { id: number }) => id), `of ${total}`];
    };

    expect(await ids('')).toEqual([b, a, 'of 2']);
    expect(await ids('?state=closed')).toEqual([c, 'of 1']);
    expect(await ids('?state=all')).toEqual([b, c, a, 'of 3']);
    expect(await ids('?state=all&limit=1')).toEqual([b, 'of 3']);
    expect(await ids('?kind=through')).toEqual([a, 'of 1']);
    expect(await ids(`?authority=${KANSAS_CITY}`)).toEqual([a, 'of 1']);
  });

  it('are taken on, closed with a note, and opened again', async () => {
    const { app } = setup();
    const id = await addIncident(db);

    const taken = await send(app, 'POST', `incidents/${id}`, { state: 'taken' });
    expect(Value.Errors(Incident, taken.json())).toEqual([]);
    expect(taken.json()).toMatchObject({ id, state: 'taken', closedAt: null });
    const closed = await send(app, 'POST', `incidents/${id}`, { state: 'closed', note: `It's ours` });
    expect(closed.json()).toMatchObject({
      state: 'closed',
      note: `It's ours`,
      closedAt: new Date(NOW).toISOString(),
    });
    const opened = await send(app, 'POST', `incidents/${id}`, { state: 'open' });
    expect(opened.json()).toMatchObject({ state: 'open', note: `It's ours`, closedAt: null });
  });

  it('are not opened again while the same thing is another open one', async () => {
    const { app } = setup();
    const id = await addIncident(db, { key: 'same', state: 'closed' });
    await addIncident(db, { key: 'same' });

    const answer = await send(app, 'POST', `incidents/${id}`, { state: 'open' });

    expect([answer.statusCode, answer.json().code]).toEqual([409, 'DESK_INCIDENT_AGAIN']);
  });

  it.each([
    ['incidents/999999', { state: 'taken' }, 404, 'DESK_INCIDENT_UNKNOWN'],
    ['incidents/0', { state: 'taken' }, 400, 'HTTP_REQUEST_INVALID'],
    ['incidents/x', { state: 'taken' }, 400, 'HTTP_REQUEST_INVALID'],
    ['incidents/1', { state: 'gone' }, 400, 'HTTP_REQUEST_INVALID'],
    ['incidents/1', { state: 'taken', count: 0 }, 400, 'HTTP_REQUEST_INVALID'],
    ['incidents/1', { state: 'taken', note: 'x'.repeat(2001) }, 400, 'HTTP_REQUEST_INVALID'],
  ])('are not changed by what makes no sense: %s %o', async (url, change, status, code) => {
    const { app } = setup();

    const answer = await send(app, 'POST', url, change);

    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });
});

describe('decisions', () => {
  it('are those in force, the newest first', async () => {
    const { app } = setup();
    await addDecision('203.0.113.9/32', '2026-11-03T10:00:00Z', '2026-11-03T14:00:00Z');
    await addDecision('203.0.113.0/24', '2026-11-03T17:00:00Z', '2026-11-03T21:00:00Z');
    await addDecision('2001:db8::/64', '2026-11-03T18:00:00Z', '2026-11-03T22:00:00Z');
    const values = async (query: string) => {
      const { decisions, total } = await get(app, `decisions${query}`, DecisionsAnswer);
      return [...decisions.map(({ value }: { value: string }) => value), `of ${total}`];
    };

    expect(await values('')).toEqual(['2001:db8::/64', '203.0.113.0/24', 'of 2']);
    expect(await values('?limit=1')).toEqual(['2001:db8::/64', 'of 2']);
    expect(await values('?at=2026-11-03T12:00:00Z')).toEqual(['203.0.113.9/32', 'of 1']);
  });
});

function contact(hour: number, more: Partial<ContactRow> = {}): ContactRow {
  return {
    time: new Date(Date.UTC(2026, 10, 3, hour)).toISOString(),
    authority: KANSAS_CITY,
    sensor: 'fw',
    line: hour,
    source: '203.0.113.9',
    sourcePort: 40_000,
    destination: '198.51.100.1',
    port: 22,
    protocol: 6,
    kind: 'packet',
    outcome: 'denied',
    disposition: 'refused',
    rule: 'denied',
    status: 0,
    units: 1,
    late: false,
    stake: hour / 10,
    ...more,
  };
}

describe('the history', () => {
  it('is searched with exactly what was asked', async () => {
    const { app, watch } = setup();
    watch.contacts = [contact(5), contact(4)];

    const query = 'source=203.0.113.0/24&port=22&disposition=refused&from=2026-11-01T00:00:00Z&limit=50';
    const answer = await get(app, `contacts?${query}`, ContactsAnswer);

    expect(answer).toMatchObject({ total: 2, next: null, contacts: watch.contacts });
    expect(watch.asked).toEqual([
      { source: '203.0.113.0/24', port: 22, disposition: 'refused', from: '2026-11-01T00:00:00Z', limit: 50 },
    ]);
  });

  it('comes as a file of CSV', async () => {
    const { app, watch } = setup();
    watch.contacts = [contact(5)];

    const answer = await app.inject({ url: '/api/v1/contacts.csv?port=22', headers: BEARER });

    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="contacts-2026-11-03.csv"',
    });
    expect(answer.body).toBe('time,source\n2026-11-03T05:00:00.000Z,203.0.113.9\n');
  });

  it.each(['contacts', 'contacts.csv', 'sources/203.0.113.9'])(
    'says why it cannot answer, and when to ask again: %s',
    async (url) => {
      const { app, watch, fatal } = setup();
      watch.broken = { code: 'HISTORY_BUSY', detail: '9 wait' };

      const answer = await app.inject({ url: `/api/v1/${url}`, headers: BEARER });

      expect([answer.statusCode, answer.json().code]).toEqual([503, 'HISTORY_BUSY']);
      expect(answer.headers['retry-after']).toBe('2');
      expect(fatal).toEqual([]);
    },
  );

  it.each([
    'contacts?port=70000',
    'contacts?disposition=gone',
    'contacts?from=monday',
    'contacts.csv?limit=5',
  ])('refuses what makes no sense: %s', async (url) => {
    const { app } = setup();

    const answer = await app.inject({ url: `/api/v1/${url}`, headers: BEARER });

    expect([answer.statusCode, answer.json().code]).toEqual([400, 'HTTP_REQUEST_INVALID']);
  });
});

describe('a source', () => {
  it('is told with what is thought of it, its walk, and the blocks that cover it', async () => {
    const { app, watch } = setup();
    await addDecision('203.0.113.0/24', '2026-11-03T10:00:00Z', '2026-11-03T14:00:00Z');
    await addDecision('198.51.100.0/24', '2026-11-03T10:00:00Z', '2026-11-03T14:00:00Z');
    watch.contacts = [contact(6, { authority: ADAIR }), contact(5)];
    watch.source = {
      source: '203.0.113.9',
      verdict: 'attempt',
      campaign: 'c1',
      contacts: 2,
      targets: 7,
      likelihood: 1000,
      lines: [],
      stakes: { any: 3, firm: 1 },
    };

    const answer = await get(app, 'sources/203.0.113.9', SourceAnswer);

    expect(answer).toMatchObject({
      source: '203.0.113.9',
      verdict: 'attempt',
      campaign: 'c1',
      first: '2026-11-03T05:00:00.000Z',
      last: '2026-11-03T06:00:00.000Z',
      contacts: 2,
      targets: 7,
      offices: 2,
      spared: null,
      thresholds: [{ name: 'block', stake: 4.6 }],
    });
    expect(answer.decisions.map(({ value }: { value: string }) => value)).toEqual(['203.0.113.0/24']);
    expect(answer.walk.map(({ stake }: { stake: number }) => stake)).toEqual([0.5, 0.6]);
  });

  it.each([
    ['2001:db8::1', '2001:db8::/64'],
    ['2001:db8:0:0:ffff::/64', '2001:db8::/64'],
    ['2001:DB8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['203.0.113.9/32', '203.0.113.9'],
  ])('of IPv6 is a /64, however it is spelled: %s', async (address, name) => {
    const { app } = setup();

    const answer = await get(app, `sources/${encodeURIComponent(address)}`, SourceAnswer);

    expect(answer).toMatchObject({ source: name, verdict: 'unknown', contacts: 0, walk: [] });
  });

  it.each([
    ['203.0.113.9', 'never block'],
    ['203.0.113.20', 'authorised'],
    ['192.0.2.65', 'shared by many people'],
    ['198.51.100.7', 'ours'],
    ['8.8.8.8', null],
  ])('is spared where the surface says so: %s', async (address, spared) => {
    const { app, watch } = setup();
    await watch.dependencies.stateSurface(SURFACE);

    expect((await get(app, `sources/${address}`, SourceAnswer)).spared).toBe(spared);
  });

  it.each([
    ['203.0.113.9', 'Example Research'],
    // Of IPv6 a source is a /64, and lists name single addresses in it.
    ['2001:db8:5:0::1', 'Example Research'],
    ['203.0.113.12', null],
  ])('is labelled where it is of a list of research scanners: %s', async (address, name) => {
    const { app } = setup();

    const { scanner } = await get(app, `sources/${address}`, SourceAnswer);

    expect(scanner?.name ?? null).toBe(name);
  });

  it.each(['203.0.113.0/24', 'example.org', '2001:db8::/48', '2001:db8::%25eth0', '1.2.3', '0x7f.1'])(
    'is an address: %s is none',
    async (address) => {
      const { app } = setup();

      const answer = await app.inject({
        url: `/api/v1/sources/${encodeURIComponent(address)}`,
        headers: BEARER,
      });

      expect([answer.statusCode, answer.json().code]).toEqual([400, 'DESK_SOURCE_INVALID']);
    },
  );
});

const SURFACE = `# Ours, as of autumn.
networks: [198.51.100.0/24] # the border

services:
  - { name: portal, address: 198.51.100.10, port: 443, audience: voters } # do not touch
authorised:
  - { who: technicians, source: 203.0.113.16/28 }
never_block: [203.0.113.9]
shared: [192.0.2.64/29]
`;

const QUESTION = {
  key: 'unsettled|accepted-unlisted|0|198.51.100.20|8443|6|',
  authority: KANSAS_CITY,
  sensor: 0,
  destination: '198.51.100.20',
  port: 8443,
  protocol: 6,
  count: 12,
  opened_at: new Date('2026-11-02T10:00:00Z'),
};

describe('the surface', () => {
  it('is nothing at first', async () => {
    const { app } = setup();

    expect(await get(app, 'surface', SurfaceAnswer)).toEqual({
      version: 0,
      since: null,
      sha256: null,
      yaml: '',
      services: [],
      questions: [],
    });
  });

  it('is stated as a whole, and told with its services', async () => {
    const { app, watch } = setup();

    const answer = await send(app, 'PUT', 'surface', { yaml: SURFACE });

    expect(answer.statusCode).toBe(200);
    expect(Value.Errors(SurfaceAnswer, answer.json())).toEqual([]);
    expect(watch.stated).toEqual([SURFACE]);
    expect(answer.json()).toMatchObject({
      version: 1,
      yaml: SURFACE,
      services: [{ name: 'portal', audience: 'voters', addresses: ['198.51.100.10'], ports: '443' }],
    });
  });

  it('is refused with every mistake by its line, and the old one holds', async () => {
    const { app, watch } = setup();

    const answer = await send(app, 'PUT', 'surface', {
      yaml: 'networks: [198.51.100.0/24]\nnever_blok: []\nservics: []\n',
    });

    expect([answer.statusCode, answer.json().code]).toEqual([422, 'SURFACE_REFUSED']);
    expect(answer.json().problems.map(({ line }: { line: number }) => line)).toEqual([2, 3]);
    expect(watch.stated).toEqual([]);
  });

  it('is not changed where it cannot be written', async () => {
    const { app, watch } = setup();
    watch.stateFailure = { code: 'INTAKE_DISK_FULL', detail: 'no room' };

    const answer = await send(app, 'PUT', 'surface', { yaml: SURFACE });

    expect([answer.statusCode, answer.json().code]).toEqual([503, 'INTAKE_DISK_FULL']);
  });

  it('asks about what answered and is not listed, and about nothing else', async () => {
    const { app } = setup();
    await addSensor(db, 0, KANSAS_CITY);
    await addIncident(db, QUESTION);
    await addIncident(db, {
      ...QUESTION,
      key: 'b',
      reason: 'served-unlisted',
      destination: null,
      port: 80,
      count: 90,
    });
    await addIncident(db, { ...QUESTION, key: 'c', reason: 'login-unexplained' });
    await addIncident(db, { ...QUESTION, key: 'd', state: 'closed' });
    await addIncident(db, { ...QUESTION, key: 'e', kind: 'through' });

    const { questions } = await get(app, 'surface', SurfaceAnswer);

    expect(questions).toEqual([
      expect.objectContaining({ key: 'b', destination: '', port: 80, contacts: 90 }),
      {
        key: QUESTION.key,
        authority: KANSAS_CITY,
        authorityName: expect.stringMatching(/Kansas City/i),
        sensor: 'sensor-0',
        destination: '198.51.100.20',
        port: 8443,
        reason: 'accepted-unlisted',
        first: '2026-11-02T10:00:00.000Z',
        last: expect.any(String),
        contacts: 12,
      },
    ]);
  });

  it('learns of a service from an answer, keeps every comment, and the incident is closed', async () => {
    const { app, watch } = setup();
    await addSensor(db, 0, KANSAS_CITY);
    const id = await addIncident(db, QUESTION);
    await watch.dependencies.stateSurface(SURFACE);

    const answer = await send(app, 'POST', 'surface/answers', {
      key: QUESTION.key,
      answer: 'staff',
      name: 'office: mail',
    });

    expect(answer.statusCode).toBe(200);
    const stated = watch.stated[1];
    expect(stated).toContain('# Ours, as of autumn.');
    expect(stated).toContain('# the border');
    expect(stated).toContain('# do not touch');
    expect(stated).toContain('"office: mail"');
    expect(answer.json().services).toEqual([
      expect.objectContaining({ name: 'portal' }),
      { name: 'office: mail', audience: 'staff', addresses: ['198.51.100.20'], ports: '8443' },
    ]);
    expect(answer.json().questions).toEqual([]);
    const [closed] = (await get(app, 'incidents?state=closed', IncidentsAnswer)).incidents;
    expect(closed).toMatchObject({ id, state: 'closed', note: 'listed as office: mail, staff' });
  });

  it.each([
    ['in a network that is not listed yet', { destination: '192.0.2.77' }, ['192.0.2.77'], '8443'],
    ['of IPv6', { destination: '2001:db8::7' }, ['2001:db8::7'], '8443'],
    ['by UDP', { protocol: 17, port: 53 }, ['198.51.100.20'], '53'],
    ['known by its sensor alone', { destination: null, port: 80 }, ['sensor 29380/sensor-0'], '80'],
  ])('learns of a service %s', async (_what, more, addresses, ports) => {
    for (const before of [undefined, SURFACE]) {
      await records.empty();
      const { app, watch } = setup();
      await addSensor(db, 0, KANSAS_CITY);
      await addIncident(db, { ...QUESTION, ...more });
      if (before !== undefined) await watch.dependencies.stateSurface(before);

      const answer = await send(app, 'POST', 'surface/answers', {
        key: QUESTION.key,
        answer: 'public',
        name: 'it',
      });

      expect(answer.json()).toMatchObject({ questions: [] });
      expect(answer.json().services.at(-1)).toEqual({ name: 'it', audience: 'public', addresses, ports });
    }
  });

  it('loses no answer where several come at once', async () => {
    const { app, watch } = setup();
    await addSensor(db, 0, KANSAS_CITY);
    await watch.dependencies.stateSurface(SURFACE);
    const keys = Array.from({ length: 8 }, (_, i) => `question ${i}`);
    for (const [i, key] of keys.entries()) await addIncident(db, { ...QUESTION, key, port: 9000 + i });

    const answers = await Promise.all(
      keys.map((key) => send(app, 'POST', 'surface/answers', { key, answer: 'public', name: key })),
    );

    expect(answers.map(({ statusCode }) => statusCode)).toEqual(keys.map(() => 200));
    const { services } = await get(app, 'surface', SurfaceAnswer);
    expect(services.map(({ name }: { name: string }) => name).sort()).toEqual(['portal', ...keys].sort());
  });

  it('lists nothing where the answer is that it is not ours', async () => {
    const { app, watch } = setup();
    await addSensor(db, 0, KANSAS_CITY);
    await addIncident(db, QUESTION);

    const answer = await send(app, 'POST', 'surface/answers', {
      key: QUESTION.key,
      answer: 'not-ours',
      note: 'a neighbour',
    });

    expect(answer.json()).toMatchObject({ questions: [], version: 0 });
    expect(watch.stated).toEqual([]);
  });

  it.each([
    [{ key: 'nothing', answer: 'public', name: 'x' }, 404, 'DESK_QUESTION_UNKNOWN'],
    [{ key: QUESTION.key, answer: 'public' }, 422, 'DESK_NAME_MISSING'],
    [{ key: QUESTION.key, answer: 'public', name: '  ' }, 422, 'DESK_NAME_MISSING'],
    [{ key: QUESTION.key, answer: 'public', name: 'portal' }, 422, 'SURFACE_REFUSED'],
    [{ key: QUESTION.key, answer: 'everybody', name: 'x' }, 400, 'HTTP_REQUEST_INVALID'],
  ])('is not changed by an answer that makes no sense: %o', async (reply, status, code) => {
    const { app, watch } = setup();
    await addSensor(db, 0, KANSAS_CITY);
    await addIncident(db, QUESTION);
    await watch.dependencies.stateSurface(SURFACE);

    const answer = await send(app, 'POST', 'surface/answers', reply);

    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
    expect(watch.stated).toHaveLength(1);
  });
});

describe('text that would do harm in SQL', () => {
  it.each(INJECTIONS)('is data, or refused: %j', async (text) => {
    const { app, fatal } = setup();
    const id = await addIncident(db);
    const encoded = encodeURIComponent(text);

    for (const url of [
      `incidents?authority=${encoded}`,
      `account?authority=${encoded}`,
      `contacts?rule=${encoded}`,
      `sources/${encoded}`,
      `offices/${encoded}`,
      `today?day=${encoded}`,
    ]) {
      const { statusCode } = await app.inject({ url: `/api/v1/${url}`, headers: BEARER });
      expect([200, 400, 404]).toContain(statusCode);
    }
    const noted = await send(app, 'POST', `incidents/${id}`, { state: 'taken', note: text });

    expect(noted.json().note).toBe(text);
    expect((await get(app, 'incidents', IncidentsAnswer)).total).toBe(1);
    expect(fatal).toEqual([]);
  });
});

describe('what no clock and no database knows', () => {
  it.each([
    ['decisions?at=2016-12-31T23:59:60Z'],
    ['account?from=2016-12-31T23:59:60Z'],
    ['incidents?authority=%00'],
    ['contacts?rule=a%00b'],
  ])('is refused, and nobody stumbles: %s', async (url) => {
    const { app, fatal } = setup();

    const answer = await app.inject({ url: `/api/v1/${url}`, headers: BEARER });

    expect(answer.statusCode).toBe(400);
    expect(fatal).toEqual([]);
  });

  it('is refused in what is sent, too', async () => {
    const { app, watch, fatal } = setup();
    const id = await addIncident(db);

    const noted = await send(app, 'POST', `incidents/${id}`, { state: 'taken', note: 'a\0b' });
    const stated = await send(app, 'PUT', 'surface', { yaml: `${SURFACE}# \0\n` });

    expect([noted.statusCode, stated.statusCode]).toEqual([400, 400]);
    expect(watch.stated).toEqual([]);
    expect(fatal).toEqual([]);
  });
});

describe('live updates', () => {
  it('tell desks that somebody has changed an incident', async () => {
    const { app, watch } = setup();
    const told: string[][] = [];
    watch.live.publish = ({ topics }) => void told.push(topics);
    const id = await addIncident(db);

    await send(app, 'POST', `incidents/${id}`, { state: 'taken' });
    await send(app, 'PUT', 'surface', { yaml: SURFACE });

    expect(told).toEqual([['incidents'], ['surface']]);
  });
});
