/** A clerk of one office walks through every route of the hub, and asks for another office by everything that can be asked. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ToldMail } from '@bellwether/api';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AgentBook } from '../features/agents/agent-book.ts';
import { Enrolment } from '../features/agents/enrolment.ts';
import { agentsDeskRoutes } from '../features/agents/routes-desk.ts';
import { agentRows } from '../features/agents/store.ts';
import { appealRoutes } from '../features/appeals/routes.ts';
import { BouncerCertificates } from '../features/blocks/lapi/bouncer-certificates.ts';
import { certificatesRoutes } from '../features/blocks/lapi/routes-certificates.ts';
import { blocksRoutes } from '../features/blocks/routes-blocks.ts';
import { drillsRoutes } from '../features/drills/routes.ts';
import type { EvidenceDependencies } from '../features/evidence/dependencies.ts';
import { evidenceRoutes } from '../features/evidence/routes.ts';
import { KeptBytes } from '../features/mail/room/kept-bytes.ts';
import { openMailRoom } from '../features/mail/room/open-room.ts';
import { changeProtected } from '../features/mail/room/protected-list.ts';
import { mailRoomRoutes } from '../features/mail/room/routes.ts';
import { takeToldMail } from '../features/mail/room/take-told.ts';
import { peopleRoutes } from '../features/people/routes.ts';
import { changeOf, RollOfTest, TODAY } from '../features/rolls/rolls.fixture.ts';
import { rollsRoutes } from '../features/rolls/routes.ts';
import { setUpRoutes } from '../features/set-up/routes.ts';
import type { Records } from '../features/watch/dependencies.ts';
import { watchRoutes } from '../features/watch/routes.ts';
import { intakeRoutes } from '../features/watch/routes-intake.ts';
import { FakeIntake } from '../features/watch/sockets/fake-intake.ts';
import {
  addCounts,
  addIncident,
  addSensor,
  refusedContacts,
  startRecords,
  type TestRecords,
  testWatch,
} from '../features/watch/watch.fixture.ts';
import type { Config } from '../platform/config.ts';
import { openWitnessing } from '../platform/evidence/witnessing.ts';
import { type HistorySearch, openHistorySearch } from '../platform/history/index.ts';
import { writeHistory } from '../platform/history/written.fixture.ts';
import type { Routes } from '../platform/http/app.ts';
import { testServer } from '../platform/http/server.fixture.ts';
import { openOwnCa } from '../platform/tls/own.ts';
import type { OwnCa } from '../platform/tls/own-ca.ts';
import { type OpenAuth, openAuth } from './auth.ts';

/** What the clock of `testServer` says, ms. */
const NOW = Date.UTC(2026, 10, 4);
const OWN = '29095';
const OTHER = '29380';

/** What stands in no answer to the clerk: each is in records of the other office or of the state only. */
const SECRETS = [
  'Kansas City',
  'Other Person',
  'other-phone',
  'other-key',
  'other-sensor',
  'other-note',
  'other-why',
  '=cmd',
  '198.51.100.99',
  'state-sensor',
  'Portal of the state',
  'State Person',
  'state-why',
  'OTHER-STREET',
  'ANN2',
  'other-agent',
  'other-missing',
  'other-spared',
  'other-drill',
  'other-mail',
  '198.51.97.1',
];

/** The names of all offices are no secret, and told at one address; what happens in them is. */
const NAMES_OF_OFFICES = '/api/v1/me';

/** What is the clerk's own: the walk has to meet it, or it has seen nothing. */
const OWN_THINGS = [
  'OWN-STREET',
  'ANN1000',
  'own-sensor',
  'own-note',
  'own-key',
  'own-agent',
  'own-missing',
  'own-drill',
  'own-mail',
  'Own Deputy',
  '198.51.100.11',
  'Jackson County',
];

/** A question about an address of another office. */
const OTHER_QUESTION = 'question-1';

type Listed = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly query: readonly string[];
  readonly body: readonly string[];
};

let records: TestRecords;
let db: Records;
let auth: OpenAuth;
let roll: RollOfTest;
let folder: string;
let search: HistorySearch;
let app: FastifyInstance;
let clerk: string;
const ids = {
  incident: 0,
  person: '',
  grant: 0,
  key: 0,
  session: '',
  recovery: 0,
  agent: 0,
  spared: 0,
  message: 0,
};
const listed: Listed[] = [];
/** What the watch over the trail found. */
const faults: string[] = [];
const undo: (() => void | Promise<void>)[] = [];

beforeAll(async () => {
  records = await startRecords();
  db = records.db;
  folder = mkdtempSync(join(tmpdir(), 'one-office-'));
  search = await openHistorySearch(folder);
  search.use((await writeHistory(folder)).files);
  await fill();
  auth = await openAuth({ db, config: {} as Config, now: () => NOW, onBroken: () => {} });
  await fillPeople();
  await fillRoll();
  await fillAgents();
  await fillDrills();
  await fillMail();
  const ca = (await openOwnCa(join(folder, 'tls'), () => NOW)).okOrThrow();
  const enrolment = await enrolmentOfHub(ca);
  const { dependencies } = testWatch(db);
  const { live } = dependencies;
  const listing: Routes = (room) => {
    room.addHook('onRoute', ({ method, url, schema }) => {
      const named = (part: unknown) => Object.keys((part as { properties?: object })?.properties ?? {});
      const methods = [method].flat() as Listed['method'][];
      for (const one of methods) {
        listed.push({ method: one, url, query: named(schema?.querystring), body: named(schema?.body) });
      }
    });
  };
  const rooms: readonly Routes[] = [
    listing,
    intakeRoutes(new FakeIntake()),
    watchRoutes({ ...dependencies, search, trail: auth.trail, now: () => NOW }),
    peopleRoutes({
      db,
      auth,
      watch: auth.watch,
      address: () => null,
      stateName: async () => 'Missouri',
      now: () => NOW,
    }),
    agentsDeskRoutes({
      agents: () => ({ enrolment, hub: 'hub.example:8444', endAllOf: () => {} }),
      list: (reach) => agentRows(db, reach, new Set()),
    }),
    blocksRoutes({
      db,
      trail: auth.trail,
      orders: () => ({ number: 1, listening: new Set() }),
      onLifted: async () => {},
      now: () => NOW,
    }),
    certificatesRoutes({
      keys: auth.keys,
      bouncers: () => ({
        certificates: new BouncerCertificates({ db, trail: auth.trail, auth, ca, now: () => NOW }),
        hub: 'hub.example:8444',
      }),
    }),
    appealRoutes({ db, auth, onSpared: () => {}, now: () => NOW }),
    drillsRoutes({
      db,
      log: roll.log,
      trail: auth.trail,
      search,
      sourceOf: async () => undefined,
      lastOrder: () => 1,
      detector: '1',
      elections: [],
      random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
      now: () => NOW,
    }),
    mailRoomRoutes(
      openMailRoom({
        folder,
        db,
        trail: auth.trail,
        names: async () => (place) => place,
        showPart: async ({ bytes }) => ({
          ...{ how: 'text-only', why: null, pages: [], text: Buffer.from(bytes).toString(), cut: false },
        }),
        onChanged: () => {},
        onTrouble: () => {},
        now: () => NOW,
      }),
    ),
    evidenceRoutes(await evidenceOfRoll()),
    rollsRoutes({
      db,
      auth,
      rolls: () => roll.rolls,
      progress: () => null,
      names: async () => (place) => place,
      witnessedSize: () => 0n,
      recomputed: () => new Map(),
      statement: async () => null,
      rules: { elections: [], legalHold: null },
      now: () => NOW,
    }),
    setUpRoutes({
      db,
      auth,
      config: {} as Config,
      configPath: join(folder, 'bellwether.yaml'),
      https: () => ({ how: 'off', name: null, address: null, waiting: null, fingerprint: null }),
      ownAuthority: () => null,
      checkHttps: () => Promise.reject(new Error('a clerk set up HTTPS')),
      clearSample: () => {
        throw new Error('a clerk cleared the sample');
      },
      restart: () => {
        throw new Error('a clerk restarted the hub');
      },
      now: () => NOW,
    }),
  ];
  app = testServer((work) => void undo.push(work), { routes: rooms, auth }).app;
  undo.push(() => live.close());
  await app.ready();
});
afterAll(async () => {
  for (const work of undo.reverse()) await work();
  await auth.close();
  search.close();
  await records.stop();
  rmSync(folder, { recursive: true });
});

/** Watch: the same things at the own office, at the other and at the state. */
async function fill(): Promise<void> {
  const sensors = [
    [OWN, 'own-sensor'],
    [OTHER, 'other-sensor'],
    ['state', 'state-sensor'],
  ] as const;
  for (const [number, [authority, name]] of sensors.entries()) {
    await addSensor(db, number + 10, authority, { name });
    await addCounts(db, number + 10, '2026-11-03T18:20:00Z', refusedContacts(7 * 100 ** number));
  }
  const incident = (authority: string | null, more: object) =>
    addIncident(db, { authority, last_at: new Date(NOW - 3_600_000), ...more });
  await incident(OWN, { key: 'question-0', sensor: 10, destination: '198.51.100.11', port: 443 });
  ids.incident = await incident(OTHER, {
    key: OTHER_QUESTION,
    sensor: 11,
    destination: '198.51.100.99',
    port: 443,
  });
  const through = { kind: 'through', source: '203.0.113.7' };
  await incident(OWN, { ...through, key: 'through-0', sensor: 10 });
  await incident(OTHER, { ...through, key: 'through-1', sensor: 11, source: '198.51.100.99' });
  await incident(null, { key: 'hub-1', kind: 'intake-refused', reason: 'state-why' });
  for (const [authority, note] of [
    [OWN, 'own-note'],
    [OTHER, 'other-note'],
  ] as const) {
    const state = { state: 'closed', note, closed_at: new Date(NOW) };
    await db.updateTable('incidents').set({ note }).where('authority', '=', authority).execute();
    await incident(authority, { key: `closed-${authority}`, ...state });
  }
  const yaml = `networks: [198.51.100.0/24]\nservices:\n  - { name: Portal of the state, address: 198.51.100.99, port: 443, audience: voters }\n`;
  await db
    .insertInto('surfaces')
    .values({ yaml, sha256: '0'.repeat(64) })
    .execute();
  await sql`INSERT INTO decisions (value, reason, rule, forgeable, covers, contacts, targets, campaign, from_at, until_at)
            VALUES ('203.0.113.7', 'scan', 'sequential', false, 'all', 4711, 4712, 'other-why', ${new Date(NOW - 1000)},
                    ${new Date(NOW + 3_600_000)})`.execute(db);
}

/** People, keys, visits and the trail. */
async function fillPeople(): Promise<void> {
  const person = async (name: string, role: string, place: string, phone: string | null = null) => {
    const id = name.replaceAll(' ', '-');
    const at = new Date(NOW - 86_400_000);
    await db.insertInto('people').values({ id, name, phone, state: 'active', created_at: at }).execute();
    const grant = { person: id, role, place, from_at: at, given_by: 'machine', why: 'why' };
    const row = await db.insertInto('grants').values(grant).returning('id').executeTakeFirstOrThrow();
    return { id, grant: row.id };
  };
  await person('A Clerk', 'clerk', OWN);
  await person('Own Deputy', 'deputy', OWN);
  await person('State Person', 'administrator', 'state', 'state-why');
  const other = await person('Other Person', 'clerk', OTHER, 'other-phone');
  ids.person = other.id;
  ids.grant = other.grant;
  const origin = { address: '127.0.0.1', agent: 'x', site: 'localhost', origin: 'http://localhost:8118' };
  ids.session = (await auth.sessions.begin(other.id, 'passkey', null, origin, true)).session;
  const clerkOfOther = await auth.people.find(other.id);
  const by = {
    kind: 'person',
    person: other.id,
    name: 'Other Person',
    grants: clerkOfOther!.grants,
  } as const;
  const asOther = { ...by, session: ids.session, steppedUp: null };
  ids.key = (await auth.keys.makeKey(asOther, OTHER, 'other-key', '192.0.2.1')).id;
  await auth.keys.makeKey({ ...asOther, name: 'A Clerk', person: 'A-Clerk' }, OWN, 'own-key', '192.0.2.1');
  await auth.visits.note(asOther, 'contacts.read', [OTHER]);
  await auth.visits.note({ ...asOther, person: 'A-Clerk' }, 'contacts.read', [OWN]);
  await db.transaction().execute((tx) =>
    auth.trail.add(tx, {
      who: asOther,
      act: 'surface.state',
      place: 'state',
      about: 'x',
      why: 'state-why',
    }),
  );
  await db.transaction().execute((tx) =>
    auth.trail.add(tx, {
      who: asOther,
      act: 'incident.change',
      place: OTHER,
      about: 'x',
      why: 'other-why',
    }),
  );
  const { id: recovery } = await db
    .insertInto('recoveries')
    .values({
      person: 'State-Person',
      asked_at: new Date(NOW),
      asked_from: '192.0.2.9',
      until_at: new Date(NOW + 86_400_000),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  ids.recovery = recovery;
}

/** Agents: one of each office, which misses a block that nobody else misses; and a voter who was let in by the state. */
async function fillAgents(): Promise<void> {
  const at = new Date(NOW - 60_000);
  for (const [office, whose] of [
    [OWN, 'own'],
    [OTHER, 'other'],
  ] as const) {
    const report = {
      sequence: 1,
      at: at.getTime(),
      point: { state: 'enforcing', why: [] },
      decided: 1,
      enforced: 0,
      missing: [{ id: '1', state: 'missing', detail: `${whose}-missing` }],
      refused: [],
      vetoes: 0,
      backlog: { lines: 0, bytes: 0 },
    };
    const { id } = await db
      .insertInto('agents')
      .values({
        office,
        name: `${whose}-agent`,
        serial: whose,
        enrolled_at: at,
        enrolled_by: `${whose === 'own' ? 'A Clerk' : 'Other Person'}`,
        until_at: new Date(NOW + 86_400_000),
        version: '1',
        last_heard: at,
        report: JSON.stringify(report),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    if (office === OTHER) ids.agent = id;
  }
  const { id } = await db
    .insertInto('spared')
    .values({
      network: sql`'198.51.97.1/32'::cidr`,
      from_at: at,
      until_at: new Date(NOW + 86_400_000),
      how: 'phone',
      made_by: 'State Person',
      note: 'other-spared',
      office: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  ids.spared = id;
}

/** A drill at each office that is over. */
async function fillDrills(): Promise<void> {
  const at = new Date(NOW - 86_400_000);
  const sealed = { seal: '0'.repeat(64), nonce: Buffer.alloc(32), logged: 1 };
  const { id: series } = await db
    .insertInto('drill_series')
    .values({ ...sealed, seed: Buffer.alloc(32), mixture: '{}', detector: '1', began_at: at })
    .returning('id')
    .executeTakeFirstOrThrow();
  const times = { planned_at: at, started_at: at, ended_at: at, until_at: at, scored_at: at };
  for (const [draw, office] of [OWN, OTHER].entries()) {
    const target = office === OWN ? 'own-drill' : 'other-drill';
    const drawn = { series, draw, kind: 'decoys', settings: '{}', variation: '', outcome: 'told' };
    await db
      .insertInto('drills')
      .values({ ...sealed, ...times, ...drawn, office, target, source: '203.0.113.200' })
      .execute();
  }
}

/** A lure that came to both offices, held, reported and moved out of a mailbox at each; and the list of the state. */
async function fillMail(): Promise<void> {
  const kept = new KeptBytes(join(folder, 'mail/kept'));
  const events = [OTHER, OWN].flatMap((office, hour): ToldMail['events'] => {
    const mark = office === OWN ? 'own-mail' : 'other-mail';
    const lines = [
      ...[`Subject: ${mark}`, `From: ${mark}@lure.example`, 'MIME-Version: 1.0'],
      ...['Content-Type: multipart/mixed; boundary=b', '', '--b', '', mark, '--b'],
      ...[`Content-Disposition: attachment; filename=${mark}.txt`, '', mark, '--b--', ''],
    ];
    const bytes = Buffer.from(lines.join('\r\n'));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const message = bytes.toString('base64');
    const common = {
      at: new Date(NOW - (2 - hour) * 3_600_000).toISOString(),
      office,
      sha256,
      subject: mark,
    };
    return [
      {
        ...{
          ...common,
          kind: 'message',
          id: `message-${mark}`,
          hook: 'milter',
          outcome: 'hold',
          score: 0.9,
          message,
        },
        ...{ from: `${mark}@lure.example`, fromName: mark, to: [`clerk-${mark}@office.example`], exposed: 0 },
        ...{ reasons: [{ code: 'x', text: mark }], prints: ['file:f1'], where: 'queue', queueId: mark },
      },
      {
        ...{ ...common, kind: 'report', id: `report-${mark}`, reporter: `clerk-${mark}@office.example` },
        ...{ outcome: 'waits', message },
      },
      {
        ...{
          ...common,
          kind: 'pull',
          id: `pull-${mark}`,
          act: 'hold',
          hook: 'imap',
          campaign: sha256.slice(0, 12),
        },
        ...{ mailbox: `clerk-${mark}@office.example`, by: mark, why: mark, exposed: 60 },
      },
    ];
  });
  (
    await takeToldMail({ events }, 'all', {
      ...{ db, kept, printKey: () => new Uint8Array(32), printsIn: async () => [], now: () => NOW },
    })
  ).okOrThrow();
  const yaml =
    'own: state\noffices: []\npeople:\n  - { name: other-mail, addresses: [other-mail@home.example] }\n';
  (await changeProtected(db, { yaml, version: 0 }, 'State Person', NOW)).okOrThrow();
  ids.message = await messageOf(OTHER);
}

async function messageOf(office: string): Promise<number> {
  const row = await db
    .selectFrom('mail_messages')
    .select('id')
    .where('office', '=', office)
    .where('held_where', '=', 'queue')
    .executeTakeFirstOrThrow();
  return row.id;
}

/** Enrolment of agents with an authority of its own. */
async function enrolmentOfHub(ca: OwnCa): Promise<Enrolment> {
  const now = (): number => NOW;
  const book = new AgentBook((serial) => ca.isRevoked(serial), now);
  await book.readFrom(db);
  const random = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes));
  return new Enrolment({ db, trail: auth.trail, ca, book, orderKey: '', never: [], now, random });
}

/** The roll: a sheet of each office, and a night in which a record of each differed. */
async function fillRoll(): Promise<void> {
  roll = await new RollOfTest([OWN, OTHER]).begin();
  await roll.reconcile(
    [OWN, OTHER].map((office, at) => {
      const recordId = `ANN${at + 1}005`;
      return { handle: '00'.repeat(32), recordId, office, fields: ['public.name.last'], kind: 'changed' };
    }),
  );
  (await roll.rolls.sealPending()).okOrThrow();
  await roll.capture([
    changeOf('1000', OWN, 'changed', 'OWN-STREET'),
    changeOf('2000', OTHER, 'changed', 'OTHER-STREET'),
  ]);
}

/** The log of the roll, without witnesses: what stands in it is told to everybody. */
async function evidenceOfRoll(): Promise<EvidenceDependencies> {
  const { log, data } = roll;
  const privateFolder = join(data, 'log-private');
  const own = { log, policy: null, now: () => NOW, folder: join(data, 'log'), privateFolder };
  const onTrouble = (what: string): void => void faults.push(what);
  const witnessing = await openWitnessing({ ...own, onTrouble });
  undo.push(() => witnessing.close());
  return { ...own, witnessing, policyText: null, stateFolder: join(data, 'rolls/public') };
}

/** Everything by which the other office, or the state, can be named. */
function names(): readonly string[] {
  const { incident, person, grant, key, session, recovery, agent, spared, message } = ids;
  const numbers = [incident, grant, key, session, recovery, agent, spared, message].map(String);
  const all = [OTHER, 'state', '*', person, OTHER_QUESTION, '198.51.99.1', ...numbers];
  return [...new Set(all)];
}

/** A body that a route takes for good, as far as its fields are known by name. */
const USUAL: Readonly<Record<string, unknown>> = {
  place: OWN,
  authority: OWN,
  role: 'deputy',
  name: 'New Name',
  why: 'a good reason',
  state: 'taken',
  key: 'question-0',
  answer: 'voters',
  yaml: 'networks: [198.51.100.0/24]\n',
  purpose: 'passkey',
  approved: true,
  credential: {},
  code: '1234-5678-9012',
};

/** Parts of addresses that are no office's: days, and numbers that every office has. */
const DAYS: Readonly<Record<string, string>> = { day: TODAY, sequence: '1', epoch: '1' };

/** What stands in an address of one's own, by the name of the part; anything else is the office. */
const KNOWN_PLACES: Readonly<Record<string, string>> = { ...DAYS, sensor: 'own-sensor' };

async function ask(method: Listed['method'], url: string, payload?: Readonly<Record<string, unknown>>) {
  const cookie = `bellwether-session=${clerk}`;
  const headers = { host: 'localhost:8118', origin: 'http://localhost:8118', cookie };
  return await app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
}

/** Signs the clerk in anew, since some of the routes sign them out; the passkey was shown a moment ago. */
async function signIn(): Promise<void> {
  const origin = { address: '127.0.0.1', agent: 'x', site: 'localhost', origin: 'http://localhost:8118' };
  clerk = (await auth.sessions.begin('A-Clerk', 'passkey', null, origin, true)).secret;
}

/** The questions of a route: each of its fields names each other thing once. */
function* questionsOf({
  url,
  query,
  body,
}: Listed): Generator<{ url: string; payload?: Record<string, unknown> }> {
  const usual = Object.fromEntries(body.flatMap((field) => (field in USUAL ? [[field, USUAL[field]]] : [])));
  const payload = body.length > 0 ? { payload: usual } : {};
  const own = url.replaceAll(/:(\w+)/g, (_, name: string) => KNOWN_PLACES[name] ?? OWN);
  yield { url: own, ...payload };
  for (const name of names()) {
    const other = (_: string, place: string): string => DAYS[place] ?? encodeURIComponent(name);
    if (url.includes(':')) yield { url: url.replaceAll(/:(\w+)/g, other), ...payload };
    for (const field of query) yield { url: `${own}?${field}=${encodeURIComponent(name)}`, ...payload };
    for (const field of body) yield { url: own, payload: { ...usual, [field]: name } };
  }
}

/** What belongs to the other office and to the state, to see whether any of it was changed. */
async function notOurs(): Promise<unknown> {
  return {
    incidents: await db
      .selectFrom('incidents')
      .selectAll()
      .where(sql<boolean>`authority IS DISTINCT FROM ${OWN}`)
      .orderBy('id')
      .execute(),
    grants: await db.selectFrom('grants').selectAll().where('place', '<>', OWN).orderBy('id').execute(),
    keys: await db.selectFrom('keys').selectAll().where('place', '<>', OWN).orderBy('id').execute(),
    people: await db
      .selectFrom('people')
      .selectAll()
      .where('id', 'in', [ids.person, 'State-Person'])
      .execute(),
    sessions: await db
      .selectFrom('sessions')
      .select(['number', 'ended_at'])
      .where('person', '<>', 'A-Clerk')
      .execute(),
    recoveries: await db.selectFrom('recoveries').selectAll().execute(),
    codes: await db
      .selectFrom('codes')
      .selectAll()
      .where('person', 'in', [ids.person, 'State-Person'])
      .execute(),
    agents: await db.selectFrom('agents').selectAll().where('office', '<>', OWN).orderBy('id').execute(),
    agentCodes: await db.selectFrom('agent_codes').select('office').where('office', '<>', OWN).execute(),
    lifted: await db.selectFrom('lifted_decisions').selectAll().execute(),
    spared: await db.selectFrom('spared').selectAll().where('how', '=', 'phone').orderBy('id').execute(),
    mail: await db.selectFrom('mail_messages').selectAll().where('office', '<>', OWN).orderBy('id').execute(),
    mailReports: await db.selectFrom('mail_reports').selectAll().where('office', '<>', OWN).execute(),
    mailLists: await db.selectFrom('mail_lists').selectAll().execute(),
    authorities: await db.selectFrom('authorities').selectAll().orderBy('lea_id').execute(),
    sheets: [...roll.rolls.held.sheets.values()].filter(({ office }) => office !== OWN),
    entries: roll.log.size,
  };
}

describe('a clerk of one office', () => {
  it('meets every room that the hub has', () => {
    const rooms = readFileSync(new URL('rooms.ts', import.meta.url), 'utf8');
    const test = readFileSync(new URL(import.meta.url), 'utf8');
    const added = [...rooms.matchAll(/\b(\w+Routes)\(/g)]
      .map(([, name]) => name!)
      .filter((name) => name !== 'roomRoutes');

    expect(added.length).toBeGreaterThan(2);
    expect(added.filter((name) => !test.includes(`    ${name}(`))).toEqual([]);
  });

  it('is told nothing of another office and changes nothing of it, whatever they ask for', async () => {
    const before = await notOurs();
    const met = new Set<string>();
    const told: string[] = [];
    let asked = 0;
    await signIn();
    for (const route of listed) {
      // Live updates never end; what they tell is tested where they are.
      if (route.url.endsWith('/live')) continue;
      for (const { url, payload } of questionsOf(route)) {
        const answer = await ask(route.method, url, payload);
        asked++;
        const { body, statusCode } = answer;
        const question = `${route.method} ${url} ${JSON.stringify(payload ?? '')}`;
        // What was asked is no secret to who asked.
        const kept =
          route.url === NAMES_OF_OFFICES ? SECRETS.filter((one) => one !== 'Kansas City') : SECRETS;
        const secrets = kept.filter((secret) => body.includes(secret) && !question.includes(secret));
        told.push(...secrets.map((secret) => `${question}: ${secret}`));
        if (statusCode >= 500 && statusCode !== 503) told.push(`${question}: ${statusCode}`);
        for (const thing of OWN_THINGS) if (body.includes(thing)) met.add(thing);
        if (statusCode === 401 || answer.headers['set-cookie'] !== undefined) await signIn();
      }
    }

    expect(told).toEqual([]);
    expect([...met].sort()).toEqual([...OWN_THINGS].sort());
    expect(asked).toBeGreaterThan(listed.length * 3);
    expect(await notOurs()).toEqual(before);
    expect(faults).toEqual([]);
  });

  it.each([
    `offices/${OTHER}`,
    `account?authority=${OTHER}`,
    'account?authority=state',
    `incidents?authority=${OTHER}`,
    `contacts?authority=${OTHER}`,
    `contacts.csv?authority=${OTHER}`,
    `people?place=${OTHER}`,
    'people?place=state',
    `keys?place=${OTHER}`,
    `visits?place=${OTHER}`,
    `trail?place=${OTHER}`,
    'offices/99999',
  ])('is told that %s is not theirs', async (path) => {
    await signIn();
    const answer = await ask('GET', `/api/v1/${path}`);

    expect([answer.statusCode, answer.json().code]).toEqual([403, 'AUTH_NOT_YOURS']);
  });

  it('cannot tell what is not theirs from what is not there', async () => {
    await signIn();
    const codes = async (ways: readonly (readonly [string, object])[]) => {
      const answers = await Promise.all(
        ways.map(([path, body]) => ask('POST', `/api/v1/${path}`, { ...body })),
      );
      return answers.map((answer) => [answer.statusCode, answer.json().code]);
    };

    const [theirs, none] = await codes([
      [`incidents/${ids.incident}`, { state: 'taken' }],
      ['incidents/987654', { state: 'taken' }],
    ]);
    const [question, noQuestion] = await codes([
      ['surface/answers', { key: OTHER_QUESTION, answer: 'not-ours' }],
      ['surface/answers', { key: 'no question', answer: 'not-ours' }],
    ]);

    expect(theirs).toEqual([403, 'AUTH_NOT_YOURS']);
    expect(question).toEqual([403, 'AUTH_NOT_YOURS']);
    expect(none).toEqual(theirs);
    expect(noQuestion).toEqual(question);
  });
});
