import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Actor } from './rights.ts';
import { NOW, personWith, type Records, startRecords } from './trail.fixture.ts';
import { createVisits, type VisitsOptions } from './visits.ts';

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
  await sql`TRUNCATE visits`.execute(db);
});

const CLERK = personWith('clerk', '29001');

/** Visits that are written only when they are told to, and their clock. */
function visitsOver(more: Partial<VisitsOptions> = {}) {
  const clock = { now: NOW };
  const visits = createVisits({ db, now: () => clock.now, flushEvery: 3_600_000, ...more });
  onTestFinished(() => visits.stop());
  return { visits, clock };
}

async function rows() {
  return await db
    .selectFrom('visits')
    .select(['hour', 'place', 'who', 'verb', 'role', 'times', 'first_at', 'last_at'])
    .orderBy('hour')
    .orderBy('place')
    .orderBy('who')
    .orderBy('verb')
    .execute();
}

/** Fails the statement that writes visits as long as it is `on`, like a database that is away. */
function failing(): { on: boolean; readonly db: Records } {
  const state = { on: true, db };
  const plugged = db.withPlugin({
    transformQuery: ({ node }) => {
      if (state.on)
        throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  return Object.assign(state, { db: plugged });
}

describe('visits', () => {
  it('are on disk before who looked is answered', async () => {
    const { visits } = visitsOver();
    await visits.note(CLERK, 'contacts.read', ['29001']);

    expect(await rows()).toEqual([
      {
        hour: new Date(Date.UTC(2026, 10, 3, 20)),
        place: '29001',
        who: 'clerk-29001',
        verb: 'contacts.read',
        role: 'clerk',
        times: 1,
        first_at: new Date(NOW),
        last_at: new Date(NOW),
      },
    ]);
  });

  it('are counted in memory from then on, and written together', async () => {
    const { visits, clock } = visitsOver();
    for (let look = 0; look < 50; look++) {
      clock.now += 1000;
      await visits.note(CLERK, 'contacts.read', ['29001']);
    }
    expect((await rows())[0]).toMatchObject({ times: 1, last_at: new Date(NOW + 1000) });
    await visits.flush();
    await visits.flush();

    expect(await rows()).toMatchObject([
      { times: 50, first_at: new Date(NOW + 1000), last_at: new Date(NOW + 50_000) },
    ]);
  });

  it('have a row for each hour, place, person and verb', async () => {
    const { visits, clock } = visitsOver();
    await visits.note(CLERK, 'contacts.read', ['29001', '29001']);
    await visits.note(CLERK, 'incidents.read', ['29001']);
    await visits.note(personWith('deputy', '29001'), 'contacts.read', ['29001']);
    await visits.note(personWith('analyst', 'state'), 'contacts.read', ['*', 'state', '29001']);
    clock.now += 3_600_000;
    await visits.note(CLERK, 'contacts.read', ['29001']);
    await visits.stop();

    expect(
      (await rows()).map(({ place, who, verb, role, times }) => [place, who, verb, role, times]),
    ).toEqual([
      ['*', 'analyst-state', 'contacts.read', 'analyst', 1],
      ['29001', 'analyst-state', 'contacts.read', 'analyst', 1],
      ['29001', 'clerk-29001', 'contacts.read', 'clerk', 1],
      ['29001', 'clerk-29001', 'incidents.read', 'clerk', 1],
      ['29001', 'deputy-29001', 'contacts.read', 'deputy', 1],
      ['state', 'analyst-state', 'contacts.read', 'analyst', 1],
      ['29001', 'clerk-29001', 'contacts.read', 'clerk', 1],
    ]);
  });

  it('tell the role by which somebody could at that moment', async () => {
    const { visits } = visitsOver();
    const grants = [
      { role: 'observer', place: 'state', from: 0, until: null },
      { role: 'vendor', place: '29001', from: 0, until: NOW },
      { role: 'auditor', place: '29001', from: NOW + 1, until: NOW + 2 },
      { role: 'deputy', place: '29510', from: 0, until: null },
      { role: 'auditor', place: '29001', from: NOW, until: NOW + 1 },
      { role: 'clerk', place: '29001', from: 0, until: null },
    ] as const;
    await visits.note({ ...CLERK, grants }, 'contacts.read', ['29001', '29510']);
    await visits.note({ ...CLERK, grants: [grants[0]] }, 'account.read', ['*']);

    expect((await rows()).map(({ place, role }) => [place, role])).toEqual([
      ['*', 'observer'],
      ['29001', 'auditor'],
      ['29510', 'deputy'],
    ]);
  });

  it('note the machine as such, and no sensors', async () => {
    const { visits } = visitsOver();
    const sensor: Actor = { kind: 'sensor', key: '1', name: 'feed', place: '29001' };
    await visits.note(sensor, 'lines.send', ['29001']);
    await visits.note({ kind: 'machine', alone: true }, 'contacts.read', ['*']);

    expect(await rows()).toMatchObject([{ who: 'machine', role: 'machine', place: '*' }]);
  });

  it('at the same time wait for one row on disk, each of them, and none is lost', async () => {
    const { visits } = visitsOver();
    const places = ['29001', '29003', '29510', 'state'];
    const order = (at: number) => (at % 2 === 0 ? places : places.toReversed());
    const looks = Array.from({ length: 40 }, (_, at) =>
      visits.note(personWith('analyst', 'state'), 'contacts.read', order(at)),
    );
    await looks[39];
    expect(await rows()).toHaveLength(4);
    await Promise.all(looks);
    await visits.flush();

    expect((await rows()).map(({ times }) => times)).toEqual([40, 40, 40, 40]);
  });

  it('of two processes, and after a start in the middle of an hour, add up', async () => {
    const first = visitsOver();
    const second = visitsOver();
    await first.visits.note(CLERK, 'contacts.read', ['29001']);
    second.clock.now += 5;
    await second.visits.note(CLERK, 'contacts.read', ['29001']);
    await second.visits.note(CLERK, 'contacts.read', ['29001']);
    await first.visits.note(CLERK, 'contacts.read', ['29001']);
    await second.visits.stop();
    await first.visits.stop();

    expect(await rows()).toMatchObject([{ times: 4, first_at: new Date(NOW), last_at: new Date(NOW + 5) }]);
  });

  it('fail while the database is away: nobody sees what is not told, and the next look is a first one', async () => {
    const broken = failing();
    const { visits } = visitsOver({ db: broken.db });
    const both = [
      visits.note(CLERK, 'contacts.read', ['29001']),
      visits.note(CLERK, 'contacts.read', ['29001']),
    ];
    for (const { status } of await Promise.allSettled(both)) expect(status).toBe('rejected');
    broken.on = false;
    await visits.note(CLERK, 'contacts.read', ['29001']);

    expect(await rows()).toMatchObject([{ times: 1 }]);
  });

  it('keep their counts while the database is away', async () => {
    const broken = failing();
    broken.on = false;
    const { visits } = visitsOver({ db: broken.db });
    await visits.note(CLERK, 'contacts.read', ['29001']);
    await visits.note(CLERK, 'contacts.read', ['29001']);
    broken.on = true;
    await expect(visits.flush()).rejects.toThrow('ECONNREFUSED');
    await visits.note(CLERK, 'contacts.read', ['29001']);
    broken.on = false;
    await visits.flush();

    expect(await rows()).toMatchObject([{ times: 3 }]);
  });

  it('beyond what memory is for are written one by one, and counted all the same', async () => {
    const { visits } = visitsOver({ mostRows: 1 });
    for (let look = 0; look < 3; look++) await visits.note(CLERK, 'contacts.read', ['29001', '29003']);
    expect((await rows()).map(({ place, times }) => [place, times])).toEqual([
      ['29001', 1],
      ['29003', 3],
    ]);
    await visits.flush();

    expect((await rows()).map(({ times }) => times)).toEqual([3, 3]);
  });

  it('of hours that are over leave the memory', async () => {
    const { visits, clock } = visitsOver({ mostRows: 1 });
    await visits.note(CLERK, 'contacts.read', ['29001']);
    clock.now += 3_600_000;
    await visits.flush();
    for (let look = 0; look < 3; look++) await visits.note(CLERK, 'contacts.read', ['29001']);

    // Counted in memory again: there was room for the new hour.
    expect((await rows()).map(({ times }) => times)).toEqual([1, 1]);
  });

  it('are written by themselves as time passes', async () => {
    const { visits } = visitsOver({ flushEvery: 20 });
    await visits.note(CLERK, 'contacts.read', ['29001']);
    await visits.note(CLERK, 'contacts.read', ['29001']);

    await expect.poll(async () => (await rows())[0]!.times, { timeout: 20_000 }).toBe(2);
  });

  it('leave the records after fourteen months', async () => {
    const { visits, clock } = visitsOver();
    await visits.note(CLERK, 'contacts.read', ['29001']);
    clock.now += 400 * 86_400_000;
    await visits.note(CLERK, 'contacts.read', ['29001']);
    await visits.flush();
    expect(await rows()).toHaveLength(2);
    clock.now += 31 * 86_400_000;
    await visits.flush();

    expect((await rows()).map(({ hour }) => hour.getTime() > NOW)).toEqual([true]);
  });

  it('end in order while the database is away', async () => {
    const broken = failing();
    broken.on = false;
    const { visits } = visitsOver({ db: broken.db });
    await visits.note(CLERK, 'contacts.read', ['29001']);
    await visits.note(CLERK, 'contacts.read', ['29001']);
    broken.on = true;
    await visits.stop();

    expect(await rows()).toMatchObject([{ times: 1 }]);
  });

  it('take any text as data', async () => {
    const { visits } = visitsOver();
    const who = "x'); DROP TABLE visits; --\u0001";
    await visits.note({ ...CLERK, person: who }, 'contacts.read', ["29001'; --", '["']);

    expect((await rows()).map(({ who: name, place }) => [name, place])).toEqual([
      [who, "29001'; --"],
      [who, '["'],
    ]);
  });
});
