import type { ContactRow } from '@bellwether/api';
import {
  DecisionsAnswer,
  IncidentsAnswer,
  OfficeAnswer,
  OfficesAnswer,
  SourceAnswer,
  SurfaceAnswer,
  TodayAnswer,
} from '@bellwether/api';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Place, Role } from '../../platform/auth/rights.ts';
import { somebody } from '../../platform/http/auth.fixture.ts';
import { testServer } from '../../platform/http/server.fixture.ts';
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

const ADAIR = '29001';
const KANSAS_CITY = '29380';
const YAML = `networks: [198.51.100.0/24]
sensors: [{ id: 29001/mail }]
services:
  - { name: portal, address: 198.51.100.10, port: 443, audience: voters }
  - { name: office mail, sensor: 29001/mail, port: 25, audience: public }
`;

let records: TestRecords;
let db: Records;
beforeAll(async () => {
  records = await startRecords();
  db = records.db;
});
beforeEach(async () => {
  await records.empty();
  await addSensor(db, 0, ADAIR, { name: 'mail' });
  await addSensor(db, 1, KANSAS_CITY);
  await addSensor(db, 2, 'state');
  await addCounts(db, 0, '2026-11-03T18:20:00Z', refusedContacts(3));
  await addCounts(db, 1, '2026-11-03T18:20:00Z', refusedContacts(40));
  await addCounts(db, 2, '2026-11-03T18:20:00Z', refusedContacts(500));
  await db
    .insertInto('refusals')
    .values({
      minute: new Date('2026-11-03T18:20:00Z'),
      port: 'http',
      reason: 'busy',
      batches: 1,
      lines: 9,
      bytes: 90,
    })
    .execute();
});
afterAll(() => records.stop());

function setup(role: Role, place: Place) {
  const watch = testWatch(db);
  const { app, fake } = testServer(onTestFinished, { routes: [watchRoutes(watch.dependencies)] });
  fake.alone = false;
  fake.sessions.set('secret', somebody(role, place));
  const headers = {
    host: 'localhost:8118',
    origin: 'http://localhost:8118',
    cookie: 'bellwether-session=secret',
  };
  const get = async (url: string, schema: TSchema) => {
    const answer = await app.inject({ url: `/api/v1/${url}`, headers });
    expect(answer.statusCode).toBe(200);
    expect(Value.Errors(schema, answer.json())).toEqual([]);
    return answer.json();
  };
  const send = async (method: 'POST' | 'PUT', url: string, payload: object) =>
    await app.inject({ method, url: `/api/v1/${url}`, headers, payload });
  return { watch, fake, get, send };
}

describe('today', () => {
  it('is that of the own office for a clerk, and of all for who works at the state', async () => {
    const own = await addIncident(db, { authority: ADAIR, key: 'a' });
    await addIncident(db, { authority: KANSAS_CITY, key: 'b' });
    await addIncident(db, { authority: null, key: 'c', kind: 'intake-refused' });

    const clerk = await setup('clerk', ADAIR).get('today', TodayAnswer);
    const analyst = await setup('analyst', 'state').get('today', TodayAnswer);

    expect(clerk).toMatchObject({
      account: { lines: 3, balanced: true },
      offices: { total: 1, watched: 1, knockedAt: 1 },
      map: [{ leaId: ADAIR, knocks: 3 }],
      needsPersonTotal: 1,
      refusedAtIntake: [],
    });
    expect(clerk.needsPerson.map(({ id }: { id: number }) => id)).toEqual([own]);
    expect(clerk.hours.reduce((sum: number, hour: { knocks: number }) => sum + hour.knocks, 0)).toBe(3);
    expect(analyst).toMatchObject({
      account: { lines: 543 },
      offices: { total: 116, watched: 2 },
      needsPersonTotal: 3,
      refusedAtIntake: [{ reason: 'busy', lines: 9 }],
    });
  });

  it('shows an observer how much came, and no incident', async () => {
    await addIncident(db, { authority: ADAIR, key: 'a' });
    await addIncident(db, { authority: ADAIR, key: 'b', kind: 'through' });

    const { get } = setup('observer', 'state');

    const today = await get('today', TodayAnswer);
    expect(today).toMatchObject({
      account: { lines: 543 },
      through: [],
      needsPerson: [],
      needsPersonTotal: 0,
    });
    expect((await get(`offices/${ADAIR}`, OfficeAnswer)).incidents).toEqual([]);
  });
});

describe('offices', () => {
  it('are the own one for a clerk, without the sensors of the state', async () => {
    const { get } = setup('clerk', ADAIR);

    const { offices, state } = await get('offices', OfficesAnswer);
    expect(offices.map(({ leaId }: { leaId: string }) => leaId)).toEqual([ADAIR]);
    expect(state).toEqual([]);
    expect((await get(`offices/${ADAIR}`, OfficeAnswer)).account.lines).toBe(3);
  });

  it('whose data was seen are noted, one by one or all at once', async () => {
    const clerk = setup('clerk', ADAIR);
    await clerk.get('offices', OfficesAnswer);
    const analyst = setup('analyst', 'state');
    await analyst.get('offices', OfficesAnswer);
    await analyst.get(`offices/${KANSAS_CITY}`, OfficeAnswer);

    expect(clerk.fake.looks).toEqual([{ who: 'clerk-29001', verb: 'account.read', places: [ADAIR] }]);
    expect(analyst.fake.looks.map(({ places }) => places)).toEqual([['*'], [KANSAS_CITY]]);
  });
});

describe('an incident', () => {
  it('is changed at the own office, and stands in the trail with what it was before', async () => {
    const id = await addIncident(db, { authority: ADAIR, key: 'a' });
    const { send, watch } = setup('deputy', ADAIR);

    const answer = await send('POST', `incidents/${id}`, { state: 'closed', note: 'our own test' });

    expect(answer.statusCode).toBe(200);
    expect(watch.acts).toMatchObject([
      {
        who: { person: 'deputy-29001' },
        act: 'incident.change',
        place: ADAIR,
        about: `incident:${id}`,
        before: { state: 'open', note: null },
        after: { state: 'closed', note: 'our own test' },
        origin: '127.0.0.1',
      },
    ]);
  });

  it('is not changed where the trail cannot be written', async () => {
    const id = await addIncident(db, { authority: ADAIR, key: 'a' });
    const { send, watch, get } = setup('clerk', ADAIR);
    watch.dependencies.trail.add = () =>
      Promise.reject(Object.assign(new Error('gone'), { code: 'ENOENT', syscall: 'connect' }));

    expect((await send('POST', `incidents/${id}`, { state: 'closed' })).statusCode).toBe(503);
    expect((await get('incidents', IncidentsAnswer)).incidents[0].state).toBe('open');
  });

  it('of the hub itself is for who works at the state', async () => {
    const id = await addIncident(db, { authority: null, key: 'hub', kind: 'intake-refused' });

    const clerk = setup('clerk', ADAIR);
    expect((await clerk.get('incidents', IncidentsAnswer)).total).toBe(0);
    const refused = await clerk.send('POST', `incidents/${id}`, { state: 'taken' });
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'AUTH_NOT_YOURS']);
    const analyst = setup('analyst', 'state');
    expect((await analyst.send('POST', `incidents/${id}`, { state: 'taken' })).statusCode).toBe(200);
  });
});

describe('a block', () => {
  it('is seen by every office, and what it rests on by who sees them all', async () => {
    await db
      .insertInto('decisions')
      .values({
        value: '203.0.113.7',
        reason: 'scan',
        rule: 'sequential',
        forgeable: false,
        covers: 'all',
        contacts: 31,
        targets: 31,
        campaign: 'C1',
        from_at: new Date(NOW - 1000),
        until_at: new Date(NOW + 1000),
      } as never)
      .execute();

    const [clerk] = (await setup('clerk', ADAIR).get('decisions', DecisionsAnswer)).decisions;
    const [analyst] = (await setup('analyst', 'state').get('decisions', DecisionsAnswer)).decisions;

    expect(clerk).toMatchObject({ value: '203.0.113.7/32', reason: 'scan', evidence: null, campaign: null });
    expect(analyst).toMatchObject({ evidence: { contacts: 31 }, campaign: 'C1' });
  });
});

describe('a source', () => {
  it('is what it did at the own office', async () => {
    const row = (authority: string, line: number) =>
      ({
        time: new Date(NOW - line).toISOString(),
        authority,
        sensor: `fw-${authority}`,
        line,
        source: '203.0.113.7',
        destination: `198.51.100.${line}`,
        port: 22,
        units: 1,
        stake: 1,
        disposition: 'refused',
        rule: 'denied',
      }) as ContactRow;
    const ask = async (role: Role, place: Place) => {
      const { watch, get } = setup(role, place);
      watch.contacts = [row(ADAIR, 1), row(KANSAS_CITY, 2), row(KANSAS_CITY, 3)];
      watch.source = { verdict: 'scan', campaign: 'C1', targets: 900 } as never;
      return await get('sources/203.0.113.7', SourceAnswer);
    };

    expect(await ask('clerk', ADAIR)).toMatchObject({
      contacts: 1,
      targets: 1,
      offices: 1,
      campaign: null,
      walk: [{ authority: ADAIR }],
    });
    expect(await ask('analyst', 'state')).toMatchObject({
      contacts: 3,
      targets: 900,
      offices: 2,
      campaign: 'C1',
    });
  });
});

describe('the surface', () => {
  beforeEach(async () => {
    await db
      .insertInto('surfaces')
      .values({ yaml: YAML, sha256: '0'.repeat(64) })
      .execute();
    await addIncident(db, {
      key: 'own',
      authority: ADAIR,
      sensor: 0,
      destination: '198.51.100.11',
      port: 443,
    });
    await addIncident(db, {
      key: 'other',
      authority: KANSAS_CITY,
      sensor: 1,
      destination: '198.51.100.12',
      port: 443,
    });
  });

  it('is, for a clerk, what is asked about the own sensors and what stands behind them', async () => {
    const { get } = setup('clerk', ADAIR);

    const surface = await get('surface', SurfaceAnswer);
    expect(surface).toMatchObject({ version: 1, yaml: '', sha256: null });
    expect(surface.services.map(({ name }: { name: string }) => name)).toEqual(['office mail']);
    expect(surface.questions.map(({ key }: { key: string }) => key)).toEqual(['own']);
  });

  it('learns from a clerk of what is theirs, who reads nothing of it in the answer', async () => {
    const { send, watch } = setup('clerk', ADAIR);

    const own = await send('POST', 'surface/answers', { key: 'own', answer: 'voters', name: 'our site' });
    const other = await send('POST', 'surface/answers', { key: 'other', answer: 'voters', name: 'x' });

    expect(own.statusCode).toBe(200);
    expect(own.json()).toMatchObject({ version: 2, yaml: '', questions: [] });
    expect(watch.stated[0]).toContain('our site');
    expect([other.statusCode, other.json().code]).toEqual([403, 'AUTH_NOT_YOURS']);
    expect(watch.acts.map(({ act, place, about }) => [act, place, about])).toEqual([
      ['surface.state', ADAIR, 'surface:2'],
      ['incident.change', ADAIR, expect.stringMatching(/^incident:/)],
    ]);
  });

  it('is stated as a whole by who works at the state, and by no clerk', async () => {
    const clerk = await setup('clerk', ADAIR).send('PUT', 'surface', { yaml: YAML });
    expect([clerk.statusCode, clerk.json().code]).toEqual([403, 'AUTH_NOT_YOURS']);

    const { send, watch } = setup('analyst', 'state');
    const answer = await send('PUT', 'surface', { yaml: YAML });
    expect(answer.json()).toMatchObject({ version: 2, yaml: YAML });
    expect(watch.acts).toMatchObject([
      { act: 'surface.state', place: 'state', before: { version: 1 }, after: { version: 2 } },
    ]);
  });
});
