import { createHash } from 'node:crypto';
import { canonicalJson } from '@bellwether/basics';
import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ADMINISTRATOR,
  actOf,
  addActs,
  emptyTrail,
  NOW,
  type Records,
  startRecords,
} from './trail.fixture.ts';
import { createTrail } from './trail.ts';
import { hashOfEntry, LONGEST_VALUE, NO_HASH, trailRowOf } from './trail-entry.ts';

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
});

async function rows() {
  return (await db.selectFrom('trail').selectAll().orderBy('number').execute()).map(trailRowOf);
}

describe('the trail', () => {
  it('says who did what, where, to what and why, and what it was before and after', async () => {
    await addActs(db, [
      actOf({
        act: 'grant.end',
        place: '29001',
        about: 'person:BBB',
        why: 'left the office',
        before: { role: 'clerk' },
        after: { role: null },
        origin: '192.0.2.7',
      }),
      { who: 'hub', act: 'trail.begin', place: 'state', about: 'trail' },
      { who: { kind: 'machine', alone: true }, act: 'invite', place: 'state', about: 'person:C' },
    ]);

    const [first, second, third] = await rows();
    expect(first).toEqual({
      number: 1,
      at: '2026-11-03T20:04:30.123Z',
      who: ADMINISTRATOR.person,
      name: 'Ada Pike',
      act: 'grant.end',
      place: '29001',
      about: 'person:BBB',
      why: 'left the office',
      before: { role: 'clerk' },
      after: { role: null },
      origin: '192.0.2.7',
      previous: NO_HASH,
      hash: first!.hash,
    });
    expect(second).toMatchObject({ number: 2, who: 'hub', why: null, before: null, previous: first!.hash });
    expect(third).toMatchObject({ number: 3, who: 'machine', previous: second!.hash });
  });

  it('has hashes that anybody can work out from the canonical JSON of the other members', async () => {
    await addActs(db, [actOf({ after: { z: 1, a: 'ä' } })]);

    const [{ hash, ...rest }] = (await rows()) as [Awaited<ReturnType<typeof rows>>[number]];
    const text = canonicalJson(rest).okOrThrow();
    expect(text).toMatch(/^\{"about":"key:1","act":"key.make","after":\{"a":"ä","z":1\},"at":"2026-/);
    expect(createHash('sha256').update(text).digest('hex')).toBe(hash);
  });

  it.each([
    [
      'small and large numbers',
      [5e-324, 1.7976931348623157e308, -0, 1e21, 1e-7, 0.1 + 0.2, 2 ** 53, -1e-300],
    ],
    ['names in another order', { b: 1, a: { d: [], c: {} }, '': null, aa: 0, '10': 1, '9': 2 }],
    ['what passes for SQL', { "'; DROP TABLE trail; --": "Robert'); DELETE FROM people;--", $1: '$1' }],
    ['control characters and quotes', '\u0001\b\t\n\v\f\r\u001b[31m\u007f\u0085\u2028\\"\'`${x}\\u0000'],
    ['characters beyond the first plane', { '😀': '𝒳\uffff\ue000', é: 'e\u0301' }],
    ['names that objects have', JSON.parse('{"__proto__":{"a":1},"constructor":2,"toString":null}')],
    ['a truth alone', false],
    ['an empty text', ''],
  ])('hashes the same after PostgreSQL gave it back: %s', async (_what, value) => {
    await addActs(db, [
      actOf({ before: value, after: [value], why: "it's '; DROP TABLE trail; --\n\u0007" }),
    ]);

    const [row] = await rows();
    expect(hashOfEntry(row!).okOrThrow()).toBe(row!.hash);
    expect(canonicalJson(row!.after).okOrThrow()).toBe(canonicalJson([value]).okOrThrow());
    expect(row!.why).toBe("it's '; DROP TABLE trail; --\n\u0007");
  });

  it('hashes the same after PostgreSQL gave it back, whatever was told', async () => {
    const values = fc.sample(fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' }), { numRuns: 150, seed: 7 });
    await addActs(
      db,
      values.map((value) => actOf({ before: value, about: JSON.stringify(value), why: String(value) })),
    );

    const found = await rows();
    expect(found.map((row) => hashOfEntry(row).okOrThrow())).toEqual(found.map(({ hash }) => hash));
    expect(found).toHaveLength(150);
  });

  it('tells NUL and halves of characters as U+FFFD, since PostgreSQL cannot keep them', async () => {
    await addActs(db, [
      actOf({ why: 'a\0b\ud83d', after: { 'k\0': '\0', l: '\ude00' }, about: `${'x'.repeat(199)}😀` }),
    ]);

    const [row] = await rows();
    expect(row).toMatchObject({ why: 'a\ufffdb\ufffd', after: { 'k\ufffd': '\ufffd', l: '\ufffd' } });
    expect(row!.about).toBe(`${'x'.repeat(199)}\ufffd`);
    expect(hashOfEntry(row!).okOrThrow()).toBe(row!.hash);
  });

  it('cuts texts that are too long, and keeps the hash of a value that is', async () => {
    const yaml = 'a: 1\n'.repeat(LONGEST_VALUE);
    await addActs(db, [actOf({ why: 'w'.repeat(5000), after: { yaml } })]);

    const [row] = await rows();
    const text = JSON.stringify({ yaml });
    expect(row!.why).toHaveLength(1000);
    expect(row!.after).toEqual({
      longer: text.length,
      sha256: createHash('sha256').update(text).digest('hex'),
    });
  });

  it('tells moments as text, and leaves out members without a value', async () => {
    await addActs(db, [actOf({ after: { until: new Date(NOW), why: undefined } })]);

    expect((await rows())[0]!.after).toEqual({ until: '2026-11-03T20:04:30.123Z' });
  });

  it.each([[{ a: Number.NaN }], [{ secret: Buffer.from('k') }], [{ a: 1n }]])(
    'throws at what is no JSON: a defect, and nothing is written',
    async (after) => {
      await expect(addActs(db, [actOf({ after })])).rejects.toThrow('no-');
      expect(await rows()).toEqual([]);
    },
  );

  it('numbers 200 acts at the same time from 1 to 200, in one chain', async () => {
    const trail = createTrail(() => NOW);
    await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        db.transaction().execute((tx) => trail.add(tx, actOf({ about: `key:${index}` }))),
      ),
    );

    const found = await rows();
    expect(found.map(({ number }) => number)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(found.map(({ previous }) => previous)).toEqual([
      NO_HASH,
      ...found.slice(0, -1).map(({ hash }) => hash),
    ]);
    expect(new Set(found.map(({ about }) => about)).size).toBe(200);
  });

  it('leaves no gap where a transaction was taken back', async () => {
    const trail = createTrail(() => NOW);
    const taken = db.transaction().execute(async (tx) => {
      await trail.add(tx, actOf({ about: 'key:taken-back' }));
      throw new Error('taken back');
    });
    await expect(taken).rejects.toThrow('taken back');
    await addActs(db, [actOf(), actOf()]);

    expect((await rows()).map(({ number }) => number)).toEqual([1, 2]);
    expect((await rows())[0]!.previous).toBe(NO_HASH);
  });

  it('takes several acts in one transaction', async () => {
    const trail = createTrail(() => NOW);
    await db.transaction().execute(async (tx) => {
      await trail.add(tx, actOf({ about: 'a' }));
      await trail.add(tx, actOf({ about: 'b' }));
    });

    const [first, second] = await rows();
    expect(second!.previous).toBe(first!.hash);
  });

  it.each([
    "UPDATE trail SET name = 'nobody'",
    'UPDATE trail SET why = why WHERE false',
    'DELETE FROM trail',
    'TRUNCATE trail',
    'TRUNCATE trail CASCADE',
  ])('is refused by the database to be changed: %s', async (statement) => {
    await addActs(db, [actOf()]);
    const before = await rows();

    await expect(sql.raw(statement).execute(db)).rejects.toThrow('the trail is only ever added to');
    expect(await rows()).toEqual(before);
  });
});
