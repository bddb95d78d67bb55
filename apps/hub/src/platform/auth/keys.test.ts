import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createKeys } from './keys.ts';
import { ADMINISTRATOR, emptyTrail, NOW, type Records, startRecords } from './trail.fixture.ts';
import { createTrail } from './trail.ts';

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
  await sql`TRUNCATE keys RESTART IDENTITY`.execute(db);
});

/** Keys over the records, and the clock that they go by. */
function keysOver() {
  const clock = { now: NOW };
  const now = (): number => clock.now;
  return { clock, keys: createKeys({ db, trail: createTrail(now), now, random: randomBytes }) };
}

async function acts() {
  return await db
    .selectFrom('trail')
    .select(['act', 'who', 'place', 'about', 'why', 'before', 'after', 'origin'])
    .orderBy('number')
    .execute();
}

describe('keys of programs', () => {
  it('are 256 random bits that are told once and kept as SHA-256', async () => {
    const { keys } = keysOver();
    const made = await keys.makeKey(ADMINISTRATOR, '29001', 'door feed', '192.0.2.7');

    expect(made.key).toMatch(/^bwk_[A-Za-z0-9_-]{43}$/);
    const { rows } = await sql<Record<string, unknown>>`SELECT * FROM keys`.execute(db);
    expect(rows).toMatchObject([{ hash: createHash('sha256').update(made.key).digest(), place: '29001' }]);
    const { rows: found } = await sql<{ text: string }>`
      SELECT keys::text || coalesce((SELECT string_agg(trail::text, '') FROM trail), '') AS text FROM keys`.execute(
      db,
    );
    expect(found[0]!.text).toContain('door feed');
    expect(found[0]!.text).not.toContain(made.key.slice(4));
  });

  it('of bouncers say what is taken, and are nobody once withdrawn', async () => {
    const { keys } = keysOver();
    const takes = { guards: 'private', ranges: 'expanded', most: 500 } as const;
    const { id, key } = await keys.makeKey(ADMINISTRATOR, '29001', 'door', '192.0.2.7', takes);

    const bouncer = { kind: 'bouncer', key: String(id), name: 'door', place: '29001', takes };
    expect(await keys.actorOf(key)).toEqual(bouncer);
    expect(await keys.standing(String(id))).toEqual(bouncer);
    expect(await keys.list('all')).toMatchObject([{ id, bouncer: takes }]);
    expect((await acts())[0]!.after).toEqual({ name: 'door', bouncer: takes });

    (await keys.withdrawKey(ADMINISTRATOR, id, 'moved away', '192.0.2.7')).okOrThrow();
    expect(await keys.actorOf(key)).toBeUndefined();
    expect(await keys.standing(String(id))).toBeUndefined();
    expect(await keys.standing('1; DROP TABLE keys')).toBeUndefined();
  });

  it('are the program that has them, at its place', async () => {
    const { keys } = keysOver();
    const { id, key } = await keys.makeKey(
      ADMINISTRATOR,
      '29001',
      "'); DROP TABLE keys; --\u0007",
      '192.0.2.7',
    );

    expect(await keys.actorOf(key)).toEqual({
      kind: 'sensor',
      key: String(id),
      name: "'); DROP TABLE keys; --\u0007",
      place: '29001',
    });
    expect(await keys.placeOf(id)).toBe('29001');
    expect(await keys.placeOf(99)).toBeUndefined();
  });

  it.each([
    '',
    'bwk_',
    `bwk_${'A'.repeat(43)}`,
    `bwk_${'A'.repeat(42)}`,
    `bwk_${'A'.repeat(44)}`,
    `BWK_${'A'.repeat(43)}`,
    "bwk_' OR '1'='1",
    `bwk_${'\0'.repeat(43)}`,
    'x'.repeat(100_000),
  ])('open nothing when they are wrong (%#)', async (secret) => {
    const { keys } = keysOver();
    await keys.makeKey(ADMINISTRATOR, 'state', 'a', '192.0.2.7');

    expect(await keys.actorOf(secret)).toBeUndefined();
  });

  it('end at once when they are withdrawn, and within a second for another process', async () => {
    const { keys } = keysOver();
    const other = keysOver();
    const { id, key } = await keys.makeKey(ADMINISTRATOR, '29001', 'door feed', '192.0.2.7');
    await keys.actorOf(key);
    await other.keys.actorOf(key);
    expect((await keys.withdrawKey(ADMINISTRATOR, id, 'it was lost', '192.0.2.7')).isOk()).toBe(true);
    other.clock.now += 999;

    expect(await keys.actorOf(key)).toBeUndefined();
    expect(await other.keys.actorOf(key)).toBeUndefined();
    const again = await keys.withdrawKey(ADMINISTRATOR, id, 'again', '192.0.2.7');
    expect(again).toMatchObject({ error: { code: 'AUTH_KEY_UNKNOWN' } });
    expect(await keys.withdrawKey(ADMINISTRATOR, 99, 'none', '')).toMatchObject({
      error: { code: 'AUTH_KEY_UNKNOWN' },
    });
  });

  it('stand in the trail when they are made and withdrawn, and nothing else does', async () => {
    const { keys } = keysOver();
    const { id } = await keys.makeKey(ADMINISTRATOR, '29001', 'door feed', '192.0.2.7');
    (await keys.withdrawKey(ADMINISTRATOR, id, 'it was lost', '192.0.2.8')).okOrThrow();
    expect((await keys.withdrawKey(ADMINISTRATOR, id, 'again', '192.0.2.8')).isErr()).toBe(true);

    const common = { who: ADMINISTRATOR.person, place: '29001', about: `key:${id}` };
    expect(await acts()).toEqual([
      {
        ...common,
        act: 'key.make',
        why: null,
        before: null,
        after: { name: 'door feed' },
        origin: '192.0.2.7',
      },
      {
        ...common,
        act: 'key.withdraw',
        why: 'it was lost',
        before: { name: 'door feed' },
        after: null,
        origin: '192.0.2.8',
      },
    ]);
  });

  it('are listed by place while they work, with who made them and when they were used', async () => {
    const { keys } = keysOver();
    const first = await keys.makeKey(ADMINISTRATOR, '29510', 'b', '');
    const second = await keys.makeKey({ kind: 'machine', alone: true }, '29001', 'a', '');
    const third = await keys.makeKey(ADMINISTRATOR, '29001', 'c', '');
    (await keys.withdrawKey(ADMINISTRATOR, third.id, 'lost', '')).okOrThrow();
    await keys.actorOf(first.key);

    const inB = {
      bouncer: null,
      id: first.id,
      place: '29510',
      name: 'b',
      madeBy: ADMINISTRATOR.person,
      made: NOW,
      used: NOW,
    };
    const inA = {
      bouncer: null,
      id: second.id,
      place: '29001',
      name: 'a',
      madeBy: 'machine',
      made: NOW,
      used: null,
    };
    expect(await keys.list('all')).toEqual([inA, inB]);
    expect(await keys.list(['29510'])).toEqual([inB]);
    expect(await keys.list([])).toEqual([]);
  });

  it('have their use written down once a minute at most', async () => {
    const { keys, clock } = keysOver();
    const { key } = await keys.makeKey(ADMINISTRATOR, 'state', 'a', '');
    const used = async () => (await keys.list('all'))[0]!.used;
    const times: (number | null)[] = [];
    for (const pause of [0, 500, 59_000, 500, 60_000]) {
      clock.now += pause;
      await keys.actorOf(key);
      times.push(await used());
    }

    expect(times).toEqual([NOW, NOW, NOW, NOW + 60_000, NOW + 120_000]);
  });
});
