import { createHash } from 'node:crypto';
import type { ContactRow, ContactsQuery, DrawnDrill, DrillsAnswer } from '@bellwether/api';
import { err, ok } from '@bellwether/basics';
import type { LiveSource } from '@bellwether/contacts';
import { drawDrill, KINDS, type KindCode, openSeal, readMixture } from '@bellwether/drills';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { BEARER, testServer } from '../../platform/http/server.fixture.ts';
import { watchRoutes } from '../watch/routes.ts';
import { startRecords, type TestRecords, testWatch } from '../watch/watch.fixture.ts';
import { dueAt, pausedFor, SETTLE } from './calendar.ts';
import type { DrillsDependencies } from './dependencies.ts';
import { followDrills } from './outcomes.ts';
import { drillsRoutes } from './routes.ts';
import { sha256 } from './sealing.ts';

/** A day in March far from any election. */
const NOW = Date.UTC(2027, 2, 9, 15);
const MINUTE = 60_000;
const OFFICE = '29095';
const SOURCE = '203.0.113.7';
const TARGET = '198.18.77.10';
const WISH = { office: OFFICE, target: TARGET, source: SOURCE };

let records: TestRecords;
beforeAll(async () => {
  records = await startRecords();
});
beforeEach(async () => {
  await records.empty();
  await sql`TRUNCATE drills, drill_series, agents RESTART IDENTITY CASCADE`.execute(records.db);
});
afterAll(() => records.stop());

/** A hub whose history, judge and log a test plays. */
function setup(more: Partial<DrillsDependencies> = {}) {
  const world = {
    now: NOW,
    detector: '1.0.0',
    /** What the history has. */
    contacts: [] as Partial<ContactRow>[],
    asked: [] as ContactsQuery[],
    live: new Map<string, Partial<LiveSource>>(),
    logged: [] as string[],
    acts: [] as string[],
    logTakes: true,
  };
  let seed = 0;
  const dependencies: DrillsDependencies = {
    db: records.db,
    log: {
      appendEntries: async (entries) => {
        if (!world.logTakes) return err({ code: 'LOG_MOVED', detail: 'another entry came' } as never);
        world.logged.push(...entries.map((entry) => Buffer.from(entry).toString()));
        return ok({ from: BigInt(world.logged.length - 1), to: BigInt(world.logged.length) });
      },
    },
    trail: { add: async (_tx, act) => void world.acts.push(`${act.act} ${act.about}`) },
    search: {
      search: async (query) => {
        world.asked.push(query);
        const { source, port } = query;
        const contacts = world.contacts.filter(
          (one) =>
            (source === undefined || one.source === source) &&
            (port === undefined || one.port === port) &&
            one.time! >= query.from! &&
            one.time! <= query.to!,
        ) as ContactRow[];
        return ok({ contacts, next: null, total: contacts.length, unreadable: [] });
      },
    },
    sourceOf: async (address) => world.live.get(address) as LiveSource | undefined,
    lastOrder: () => 9,
    get detector() {
      return world.detector;
    },
    elections: [],
    random: (bytes) => {
      seed++;
      return new Uint8Array(createHash('sha512').update(`${seed}`).digest()).slice(0, bytes);
    },
    now: () => world.now,
    ...more,
  };
  const { app } = testServer(onTestFinished, { routes: [drillsRoutes(dependencies)] });
  const post = async (path: string, payload: object) =>
    app.inject({ method: 'POST', url: `/api/v1/${path}`, headers: BEARER, payload });
  const plan = async (wish: object = {}): Promise<DrawnDrill> => {
    const answer = await post('drills', { ...WISH, ...wish });
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json();
  };
  const read = async (): Promise<DrillsAnswer> => {
    const answer = await app.inject({ url: '/api/v1/drills', headers: BEARER });
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json();
  };
  /** Tells that it ran for ten seconds from now on, and lets its time pass. */
  const ran = async ({ id, kind }: DrawnDrill, meanwhile = async () => {}): Promise<number> => {
    const started = world.now;
    world.now += 10_000;
    const times = { startedAt: new Date(started).toISOString(), endedAt: new Date(world.now).toISOString() };
    expect((await post(`drills/${id}/ran`, times)).statusCode).toBe(204);
    await followDrills(dependencies);
    world.now += 5_000;
    await meanwhile();
    await followDrills(dependencies);
    world.now = started + KINDS[kind as KindCode].within + SETTLE;
    return followDrills(dependencies);
  };
  return { world, dependencies, post, plan, read, ran };
}

/** A contact of the source at the office, so many ms after NOW. */
function contact(after: number, more: Partial<ContactRow> = {}): Partial<ContactRow> {
  const time = new Date(NOW + after).toISOString();
  return { time, source: SOURCE, destination: TARGET, port: 23, units: 1, ...more };
}

async function block(value: string, after: number): Promise<number> {
  const { id } = await records.db
    .insertInto('decisions')
    .values({
      value,
      reason: 'scan',
      rule: 'r',
      forgeable: false,
      covers: 'all',
      contacts: 9,
      targets: 9,
      from_at: new Date(NOW + after),
      until_at: new Date(NOW + after + 4 * 3_600_000),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

async function agent(report: object): Promise<void> {
  await records.db
    .insertInto('agents')
    .values({
      office: OFFICE,
      name: 'counter',
      serial: '1',
      enrolled_at: new Date(NOW),
      enrolled_by: 'x',
      until_at: new Date(NOW + 1e9),
      report: JSON.stringify({ point: { state: 'enforcing', why: [] }, missing: [], refused: [], ...report }),
    })
    .execute();
}

describe('the next drill', () => {
  it('is sealed in the log before anybody is told of it, and opened when it is over', async () => {
    const { world, plan, read, ran } = setup();
    const drill = await plan();

    expect(world.logged).toHaveLength(2);
    expect(JSON.parse(world.logged[drill.logged]!)).toEqual({
      type: 'drill',
      number: drill.id,
      seal: drill.seal,
    });
    expect((await read()).drills).toEqual([]);
    await ran(drill);
    const [row] = (await read()).drills;
    const text = openSeal(drill.seal, row!.opened, sha256).okOrThrow();
    expect(JSON.parse(text)).toMatchObject({ kind: drill.kind, settings: drill.settings, source: SOURCE });
  });

  it('is the next draw of a series that everybody can draw again once it has ended', async () => {
    const { world, plan, read } = setup();
    const drills = [];
    for (const last of [1, 2, 3]) drills.push(await plan({ target: `198.18.77.1${last}` }));
    expect(drills.map(({ draw }) => draw)).toEqual([0, 1, 2]);
    expect((await read()).series!.opened).toBeNull();

    world.detector = '2.0.0';
    expect((await plan({ target: '198.18.77.19' })).draw).toBe(0);
    const [earlier] = (await read()).earlier;
    const { mixture, seed } = JSON.parse(openSeal(earlier!.seal, earlier!.opened!, sha256).okOrThrow());
    const again = readMixture(JSON.stringify(mixture)).okOrThrow();
    for (const { draw, kind, settings, variation } of drills) {
      const drawn = drawDrill(again, new Uint8Array(Buffer.from(seed, 'hex')), draw!, sha256);
      expect([drawn.kind, drawn.settings, drawn.variation]).toEqual([kind, settings, variation]);
    }
  });

  it('stays the same until it ran: nobody draws until they like one', async () => {
    const { plan, read, ran } = setup();
    const first = await plan();
    expect(await plan()).toEqual(first);
    expect(await read()).toMatchObject({ notRun: 1 });
    await ran(first);
    expect((await plan()).draw).toBe(1);
  });

  it('is told to nobody while its seal is not in the log', async () => {
    const { world, post, plan } = setup();
    world.logTakes = false;
    const refused = await post('drills', WISH);
    expect([refused.statusCode, refused.json().code]).toEqual([503, 'DRILL_NOT_SEALED']);
    world.logTakes = true;
    expect((await plan()).draw).toBe(0);
    expect(world.logged.map((line) => JSON.parse(line).type)).toEqual(['drill-series', 'drill']);
  });

  it('does not come from a source that is suspected already, nor to an office that is not there', async () => {
    const { world, post } = setup();
    const codeOf = async (wish: object) => (await post('drills', { ...WISH, ...wish })).json().code;
    world.live.set(SOURCE, { verdict: 'scan' });
    expect(await codeOf({})).toBe('DRILL_SOURCE_KNOWN');
    await block('203.0.113.8/32', -MINUTE);
    expect(await codeOf({ source: '203.0.113.8' })).toBe('DRILL_SOURCE_KNOWN');
    expect(await codeOf({ source: '203.0.113.9', office: '99999' })).toBe('DRILL_OFFICE_UNKNOWN');
    expect(await codeOf({ source: '203.0.113.9', kind: 'toString' })).toBe('DRILL_KIND_UNKNOWN');
    expect(await codeOf({ source: '203.0.113.9', repeats: 4 })).toBe('DRILL_UNKNOWN');
    expect(await codeOf({ source: 'localhost' })).toBe('HTTP_REQUEST_INVALID');
  });

  it('is told to have run once, at times that can be', async () => {
    const { post, plan } = setup();
    const { id } = await plan();
    const tell = async (from: number, to: number) => {
      const times = {
        startedAt: new Date(NOW + from).toISOString(),
        endedAt: new Date(NOW + to).toISOString(),
      };
      return (await post(`drills/${id}/ran`, times)).statusCode;
    };
    expect(await tell(-10 * MINUTE, 0)).toBe(422);
    expect(await tell(1000, 0)).toBe(422);
    expect(await tell(0, 10 * MINUTE)).toBe(422);
    expect(await tell(0, 1000)).toBe(204);
    expect(await tell(0, 1000)).toBe(404);
  });
});

describe('the schedule', () => {
  it('gives an office one drill a day, at a moment that differs from office to office and from day to day', async () => {
    const { world, post, plan } = setup();
    await plan({ office: 'state' });
    const { seed } = await records.db.selectFrom('drill_series').select('seed').executeTakeFirstOrThrow();
    const due = dueAt(seed, OFFICE, NOW);
    const codeOf = async (target: string) =>
      (await post('drills', { ...WISH, target, whenDue: true })).json().code;

    world.now = due - 1;
    expect(await codeOf('198.18.77.20')).toBe('DRILL_NOT_DUE');
    world.now = due;
    expect(await codeOf('198.18.77.20')).toBeUndefined();
    expect(await codeOf('198.18.77.21')).toBe('DRILL_NOT_DUE');
    const moments = Array.from(
      { length: 50 },
      (_, day) => dueAt(seed, OFFICE, NOW + day * 86_400_000) % 86_400_000,
    );
    expect(new Set(moments).size).toBe(50);
    expect(Math.max(...moments) - Math.min(...moments)).toBeGreaterThan(12 * 3_600_000);
    expect(dueAt(seed, '29380', NOW)).not.toBe(due);
  });

  it('rests around elections', async () => {
    const { post } = setup({ elections: ['2027-03-10'] });
    expect((await post('drills', WISH)).json().code).toBe('DRILL_PAUSED');
    const at = (day: string, elections: readonly string[] = []) => pausedFor(Date.parse(day), elections);
    expect(at('2026-11-01')).toBe('2026-11-03');
    expect(at('2026-11-06T23:00:00Z')).toBe('2026-11-03');
    expect(at('2026-11-07T00:00:00Z')).toBeNull();
    expect(at('2027-11-02')).toBeNull();
    expect(at('2027-04-01', ['2027-04-06'])).toBe('2027-04-06');
    expect(at('2027-03-31', ['2027-04-06'])).toBeNull();
  });
});

describe('a drill that is over', () => {
  it('was not recorded where no sensor told of it, and that is a miss', async () => {
    const { plan, ran, read } = setup();
    expect(await ran(await plan())).toBe(1);
    const { score, drills, sentence, overTime } = await read();
    expect(drills[0]).toMatchObject({ outcome: 'not-recorded', isCaught: false, seen: null });
    expect(score).toMatchObject({ drills: 1, missed: 1, notRecorded: 1, bound: 1 });
    expect(overTime).toEqual([{ day: '2027-03-09', drills: 1, missed: 1, bound: 1 }]);
    expect(sentence).toContain('Of 1 first-time drill of 1 known kind we missed 1');
  });

  it('was blocked where a block of its source was decided in time and no agent enforces', async () => {
    const { world, plan, ran, read } = setup();
    world.contacts = [contact(300), contact(1_000)];
    const drill = await plan({ kind: 'port-sweep' });
    await block(`${SOURCE}/32`, 4_000);
    await ran(drill);
    expect((await read()).drills[0]).toMatchObject({
      ...{ outcome: 'blocked', isCaught: true, blockedBy: 'decision' },
      ...{ seen: 300, judged: 10_000, blocked: 10_000 },
    });
    // Chosen by a person: it is no first-time drill.
    expect((await read()).score.drills).toBe(0);
    expect(world.asked[0]).toMatchObject({ source: SOURCE, authority: OFFICE });
  });

  it('was blocked only if the agent of the office has read the block back from its kernel', async () => {
    const { world, plan, ran, read } = setup();
    world.contacts = [contact(300)];
    const missing = await plan({ kind: 'port-sweep' });
    const id = await block(`${SOURCE}/32`, 2_000);
    await agent({
      sequence: 9,
      at: NOW + 5_000,
      missing: [{ id: String(id), state: 'missing', detail: '' }],
    });
    await ran(missing);
    expect((await read()).drills[0]).toMatchObject({ outcome: 'judged-only', blockedBy: null });

    const report = { sequence: 8, at: world.now + 12_000, point: { state: 'enforcing', why: [] } };
    const second = { ...report, missing: [], refused: [] };
    await records.db
      .updateTable('agents')
      .set({ report: JSON.stringify(second) })
      .execute();
    await records.db.deleteFrom('decisions').execute();
    const began = world.now;
    world.contacts = [contact(began - NOW + 300)];
    const held = await plan({ kind: 'port-sweep' });
    await block(`${SOURCE}/32`, began - NOW + 2_000);
    // It is behind by an order: what it holds says nothing of this block.
    await ran(held);
    expect((await read()).drills[0]).toMatchObject({ id: held.id, outcome: 'judged-only' });
  });

  it('says when the agent read it back', async () => {
    const { world, plan, ran, read } = setup();
    world.contacts = [contact(300)];
    const drill = await plan({ kind: 'port-sweep' });
    await block(`${SOURCE}/32`, 2_000);
    // What it reported before the block was decided does not tell of it.
    await agent({ sequence: 9, at: NOW + 5_000 });
    const point = { state: 'enforcing', why: [] };
    const report = { sequence: 9, at: NOW + 12_000, missing: [], refused: [], point };
    await ran(drill, async () => {
      await records.db
        .updateTable('agents')
        .set({ report: JSON.stringify(report) })
        .execute();
    });
    const [row] = (await read()).drills;
    expect(row).toMatchObject({ outcome: 'blocked', blockedBy: 'agent', judged: 10_000, blocked: 12_000 });
  });

  it('was told where its source is labelled and nobody is blocked; a block of a decoy is wrong', async () => {
    const { world, plan, ran, read } = setup();
    world.contacts = [contact(300), contact(301, { source: '203.0.113.99' })];
    const told = await plan({ kind: 'decoys' });
    world.live.set(SOURCE, { verdict: 'unknown', campaign: 'decoys-1' });
    await ran(told);
    expect((await read()).drills[0]).toMatchObject({ outcome: 'told', judged: 10_000, innocent: 0 });

    const began = world.now;
    world.contacts.push(contact(began - NOW), contact(began - NOW, { source: '203.0.113.99' }));
    const wrong = await plan({ kind: 'decoys' });
    const other = await plan({ kind: 'port-sweep', source: '203.0.113.50' });
    world.contacts.push(contact(began - NOW, { source: other.source }));
    await block(`${other.source}/32`, began - NOW + 3_000);
    await block('203.0.113.99/32', began - NOW + 3_000);
    await block('192.0.2.1/32', began - NOW + 3_000);
    await ran(wrong);
    expect((await read()).drills[0]).toMatchObject({ id: wrong.id, outcome: 'wrong-block', innocent: 1 });
  });

  it('was told where a flood is in the account, and not where half of it is lacking', async () => {
    const { world, plan, ran, read } = setup();
    const flood = await plan({ kind: 'forged-flood' });
    const { packets, port } = flood.settings as { packets: number; port: number };
    const many = { port, source: '192.0.2.200' };
    world.contacts = [
      contact(500, { ...many, units: packets / 2 - 1 }),
      contact(600, { ...many, destination: '198.18.77.99' }),
    ];
    await ran(flood);
    expect((await read()).drills[0]).toMatchObject({ outcome: 'seen-only' });

    const repeated = await plan({ repeats: flood.id });
    expect([repeated.settings, repeated.variation, repeated.draw]).toEqual([
      flood.settings,
      flood.variation,
      null,
    ]);
    world.contacts = [contact(world.now - NOW + 500, { ...many, units: packets / 2 })];
    await ran(repeated);
    const { drills, regressions } = await read();
    expect(drills.find(({ id }) => id === repeated.id)).toMatchObject({ outcome: 'told', repeats: flood.id });
    expect(regressions).toEqual([
      { drill: flood.id, kind: 'forged-flood', title: 'Flood from made-up addresses', isCaught: true },
    ]);
  });

  it('was blocked late where the decision came late, whatever time it bears', async () => {
    const { world, plan, ran, read } = setup();
    world.contacts = [contact(300)];
    const drill = await plan({ kind: 'quick-burst' });
    await ran(drill, async () => {
      world.now = NOW + 2 * MINUTE;
      await block(`${SOURCE}/32`, 1_000);
    });
    expect((await read()).drills[0]).toMatchObject({ outcome: 'late', blocked: 2 * MINUTE });
  });

  it('is not scored while the history cannot be read, nor before its time is over', async () => {
    let isAway = true;
    const search = async () =>
      isAway
        ? err({ code: 'HISTORY_BUSY', detail: '' } as never)
        : ok({ contacts: [], next: null, total: 0, unreadable: [] });
    const { plan, ran, read, dependencies } = setup({ search: { search } });
    const drill = await plan();
    expect(await ran(drill)).toBe(0);
    expect((await read()).waiting).toBe(1);
    isAway = false;
    expect(await followDrills(dependencies)).toBe(1);
    expect(await followDrills(dependencies)).toBe(0);
  });

  it('is a label on its contacts and its source, and they count as before', async () => {
    const { plan, ran } = setup();
    const watch = testWatch(records.db);
    const { app } = testServer(onTestFinished, { routes: [watchRoutes(watch.dependencies)] });
    onTestFinished(() => watch.live.close());
    const rowAt = (after: number, source = SOURCE) =>
      ({
        ...contact(after, { source }),
        ...{ authority: OFFICE, sensor: 'firewall', line: 1, sourcePort: 1, protocol: 6, kind: 'packet' },
        ...{ outcome: 'denied', disposition: 'refused', rule: 'denied', status: 0, late: false, stake: 1 },
      }) as ContactRow;
    watch.contacts = [rowAt(-MINUTE), rowAt(300), rowAt(400, '203.0.113.8'), rowAt(MINUTE)];
    const labels = async () => {
      const { contacts, total } = (await app.inject({ url: '/api/v1/contacts', headers: BEARER })).json();
      return [contacts.map((row: ContactRow) => row.drill ?? null), total];
    };
    const drill = await plan();
    expect(await labels()).toEqual([[null, null, null, null], 4]);

    await ran(drill);
    expect(await labels()).toEqual([[null, drill.id, null, null], 4]);
    const source = (await app.inject({ url: `/api/v1/sources/${SOURCE}`, headers: BEARER })).json();
    const [from, until] = [NOW, NOW + 10_000].map((at) => new Date(at).toISOString());
    const { title } = KINDS[drill.kind as KindCode];
    expect(source.drills).toEqual([{ drill: drill.id, title, from, until }]);
  });

  it('is in no trail but by its number', async () => {
    const { world, plan } = setup();
    const { id } = await plan();
    expect(world.acts).toEqual([`drill.plan drill:${id}`]);
  });
});
