import type { TrailRow } from '@bellwether/api';
import { canonicalJson } from '@bellwether/basics';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  actOf,
  addActs,
  behindItsBack,
  emptyTrail,
  NOW,
  type Records,
  startRecords,
} from './trail.fixture.ts';
import { createTrail } from './trail.ts';
import { checkEntries, describeTrailFault, type TrailFault } from './trail-check.ts';
import { hashOfEntry } from './trail-entry.ts';
import { checkExport, trailLines } from './trail-export.ts';
import { BEGINNING, trailHead, trailPage, trailPages } from './trail-read.ts';
import { watchTrail } from './trail-watch.ts';

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
  await addActs(db, [
    actOf({ about: 'a', why: 'the first' }),
    actOf({ about: 'b', place: '29001', after: { n: 5e-324 } }),
    actOf({ about: 'c' }),
    actOf({ about: 'd', place: '29001' }),
    actOf({ about: 'e', place: '29510' }),
  ]);
});

async function checked() {
  return await checkEntries(trailPages(db, 'all', 0, 1_000_000), BEGINNING, 'whole');
}

/** Entries as they are, and what a forger could make of them. */
async function entries(): Promise<TrailRow[]> {
  return (await trailPage(db, { reach: 'all' })).entries.reverse();
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value;
}

describe('a check of the chain', () => {
  it('finds nothing where nothing was changed, and tells the last entry', async () => {
    expect((await checked()).okOrThrow()).toEqual(await trailHead(db));
    expect((await trailHead(db)).number).toBe(5);
  });

  it.each<[string, string, TrailFault]>([
    ['a reason', "UPDATE trail SET why = 'another' WHERE number = 1", { number: 1, fault: 'changed' }],
    ['who it was', "UPDATE trail SET who = 'nobody' WHERE number = 3", { number: 3, fault: 'changed' }],
    [
      'a moment',
      "UPDATE trail SET at = at + interval '1 ms' WHERE number = 5",
      { number: 5, fault: 'changed' },
    ],
    [
      'no moment at all',
      "UPDATE trail SET at = 'infinity' WHERE number = 5",
      { number: 5, fault: 'changed' },
    ],
    ['a value', `UPDATE trail SET after = '{"n":1}' WHERE number = 2`, { number: 2, fault: 'changed' }],
    [
      'a value too large',
      `UPDATE trail SET after = '1e999' WHERE number = 2`,
      { number: 2, fault: 'changed' },
    ],
    ['a place', "UPDATE trail SET place = 'state' WHERE number = 4", { number: 4, fault: 'changed' }],
    [
      'a hash',
      "UPDATE trail SET hash = decode(repeat('00', 32), 'hex') WHERE number = 4",
      { number: 4, fault: 'changed' },
    ],
    ['an entry in the middle', 'DELETE FROM trail WHERE number = 3', { number: 3, fault: 'missing' }],
    ['the first entry', 'DELETE FROM trail WHERE number = 1', { number: 1, fault: 'missing' }],
    ['a number', 'UPDATE trail SET number = 9 WHERE number = 5', { number: 5, fault: 'missing' }],
    [
      'the place of two entries',
      'UPDATE trail SET number = -number; UPDATE trail SET number = CASE number WHEN -2 THEN 3 WHEN -3 THEN 2 ELSE -number END',
      { number: 2, fault: 'changed' },
    ],
  ])('names the entry behind whose back was changed: %s', async (_what, statement, fault) => {
    for (const part of statement.split('; ')) await behindItsBack(db, part);

    expect(await checked()).toMatchObject({ error: fault });
  });

  it('finds an entry that was written anew with a hash that fits, by the one behind it', async () => {
    const [, second] = (await entries()) as [TrailRow, TrailRow];
    const forged = hashOfEntry({ ...second, why: 'forged' }).okOrThrow();
    await behindItsBack(
      db,
      `UPDATE trail SET why = 'forged', hash = decode('${forged}', 'hex') WHERE number = 2`,
    );

    const found = await checked();
    expect(found).toMatchObject({ error: { number: 3, fault: 'unlinked' } });
    expect(describeTrailFault({ number: 3, fault: 'unlinked' })).toBe(
      'Entry 3 does not continue entry 2: one of the two is not what was written.',
    );
  });

  it('finds an entry that comes a second time', async () => {
    const [first] = (await entries()) as [TrailRow];
    const twice = await checkEntries(once([first, first]), BEGINNING, 'whole');

    expect(twice).toMatchObject({ error: { number: 1, fault: 'disordered' } });
  });

  it('goes on from an entry that was seen, and reads in pages without losing one', async () => {
    const trail = createTrail(() => NOW);
    const before = await trailHead(db);
    await db.transaction().execute(async (tx) => {
      for (let index = 0; index < 1001; index++) await trail.add(tx, actOf());
    });

    const later = await checkEntries(trailPages(db, 'all', before.number, 1_000_000), before, 'whole');
    expect(later.okOrThrow()).toEqual(await trailHead(db));
    expect(later.okOrThrow().number).toBe(1006);
    const wrong = await checkEntries(trailPages(db, 'all', 3, 1_000_000), { number: 3, hash: 'x' }, 'whole');
    expect(wrong).toMatchObject({ error: { number: 4, fault: 'unlinked' } });
  });
});

describe('an export', () => {
  async function exported(reach: 'all' | ReadonlySet<string> = 'all'): Promise<string> {
    let text = '';
    for await (const piece of trailLines(db, reach, NOW)) text += piece;
    return text;
  }

  async function checkedText(text: string, size = 7) {
    return await checkExport(
      (async function* () {
        const bytes = Buffer.from(text);
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      })(),
    );
  }

  /** The export with a line changed; line 1 is the header. */
  async function withLine(
    number: number,
    change: (value: Record<string, unknown>) => unknown,
  ): Promise<string> {
    const lines = (await exported()).trimEnd().split('\n');
    const value = change(JSON.parse(lines[number - 1]!) as Record<string, unknown>);
    lines[number - 1] = canonicalJson(value).okOrThrow();
    return `${lines.join('\n')}\n`;
  }

  it('begins with what it is, and checks on any machine, in whatever pieces it comes', async () => {
    const text = await exported();
    const last = await trailHead(db);
    const header = {
      schema: 'bellwether/trail@1',
      madeAt: '2026-11-03T20:04:30.123Z',
      places: 'all',
      entries: 5,
      last,
    };

    expect(JSON.parse(text.split('\n')[0]!)).toEqual(header);
    for (const size of [1, 64, 1 << 20]) {
      expect((await checkedText(text, size)).okOrThrow()).toEqual({ header, last });
    }
  });

  it('of an empty trail is a header alone', async () => {
    await emptyTrail(db);

    expect((await checkedText(await exported())).okOrThrow()).toMatchObject({
      header: { last: null, entries: 0 },
      last: { number: 0 },
    });
  });

  it('of some places holds their entries only, each checked by itself', async () => {
    const text = await exported(new Set(['29510', '29001']));
    const lines = text.trimEnd().split('\n');

    expect(lines.slice(1).map((line) => (JSON.parse(line) as TrailRow).number)).toEqual([2, 4, 5]);
    expect((await checkedText(text)).okOrThrow()).toMatchObject({
      header: { places: ['29001', '29510'], entries: 3 },
      last: { number: 5 },
    });
    const changed = text.replace('"about":"d"', '"about":"D"');
    expect(await checkedText(changed)).toMatchObject({ error: { number: 4, fault: 'changed' } });
    const cut = lines.slice(0, 3).join('\n');
    expect(await checkedText(`${cut}\n`)).toMatchObject({ error: { number: 5, fault: 'missing' } });
  });

  it('names what was changed, cut off or added', async () => {
    const text = await exported();
    const lines = text.trimEnd().split('\n');
    const without = (number: number): string => `${lines.toSpliced(number, 1).join('\n')}\n`;
    const cases: readonly (readonly [string, object])[] = [
      [await withLine(4, (entry) => ({ ...entry, why: 'because' })), { number: 3, fault: 'changed' }],
      [await withLine(4, (entry) => ({ ...entry, added: 1 })), { number: 3, fault: 'changed' }],
      [without(3), { number: 3, fault: 'missing' }],
      [without(5), { number: 5, fault: 'missing' }],
      [`${text}${lines.at(-1)}\n`, { number: 5, fault: 'disordered' }],
      [await withLine(1, (header) => ({ ...header, last: null })), { number: 5, fault: 'disordered' }],
      [
        await withLine(1, (header) => ({ ...header, last: { number: 5, hash: 'f'.repeat(64) } })),
        { number: 5, fault: 'changed' },
      ],
      [await withLine(3, ({ hash: _, ...entry }) => entry), { line: 3, fault: 'no-entry' }],
      [await withLine(3, () => ['x']), { line: 3, fault: 'no-entry' }],
      [text.replace('"about":"b"', '"about":"b","about":"b"'), { line: 3, fault: 'no-entry' }],
      [text.replace('"about":"b"', '"about": "b"'), { line: 3, fault: 'no-entry' }],
      [text.slice(0, -10), { line: 6, fault: 'no-entry' }],
      [`${text}\n`, { line: 7, fault: 'no-entry' }],
      [`${lines.slice(0, 2).join('\n')}\n${'x'.repeat(300_000)}`, { line: 3, fault: 'no-entry' }],
    ];

    for (const [changed, error] of cases) expect(await checkedText(changed, 1000)).toMatchObject({ error });
  });

  it.each([
    '',
    '\n',
    '{}',
    'null\n',
    '{"schema":"bellwether/trail@2"}\n',
    '[1]\n',
    '{"schema":"bellwether/trail@1"}\n',
  ])('is told from what is none: %j', async (text) => {
    expect(await checkedText(text)).toMatchObject({ error: { fault: 'no-export' } });
  });

  it('that is no UTF-8 is told as such', async () => {
    const bytes = Buffer.concat([Buffer.from(await exported()), Buffer.from([0x22, 0xff, 0x22, 0x0a])]);

    expect(await checkExport(once(bytes))).toMatchObject({ error: { line: 7, detail: 'it is no UTF-8' } });
  });
});

describe('reading the trail', () => {
  it('gives pages, the newest first, of the places in reach and of one person', async () => {
    await addActs(db, [{ ...actOf({ about: 'f' }), who: 'hub' }]);
    const numbers = async (filter: Parameters<typeof trailPage>[1]) => {
      const { entries: found, more } = await trailPage(db, filter);
      return [found.map(({ number }) => number), more];
    };

    expect(await numbers({ reach: 'all' })).toEqual([[6, 5, 4, 3, 2, 1], false]);
    expect(await numbers({ reach: 'all', limit: 2 })).toEqual([[6, 5], true]);
    expect(await numbers({ reach: 'all', limit: 2, before: 3 })).toEqual([[2, 1], false]);
    expect(await numbers({ reach: new Set(['29001']) })).toEqual([[4, 2], false]);
    expect(await numbers({ reach: new Set(['29001', '29510']), limit: 2 })).toEqual([[5, 4], true]);
    expect(await numbers({ reach: new Set() })).toEqual([[], false]);
    expect(await numbers({ reach: 'all', who: 'hub' })).toEqual([[6], false]);
    expect(await numbers({ reach: 'all', who: "hub' OR '1'='1" })).toEqual([[], false]);
  });
});

describe('the eye on the chain', () => {
  function watched(every?: number) {
    const faults: TrailFault[] = [];
    const watch = watchTrail({ db, onBroken: (fault) => void faults.push(fault), every: every ?? 3_600_000 });
    onTestFinished(() => watch.stop());
    return { watch, faults };
  }

  it('finds a whole chain whole, and what is added later too', async () => {
    const { watch, faults } = watched();
    expect(await watch.isWhole()).toBe(true);
    await addActs(db, [actOf()]);
    await watch.lookAtTrail();

    expect(await watch.isWhole()).toBe(true);
    expect(faults).toEqual([]);
  });

  it('finds what was changed before the start, and tells it once', async () => {
    await behindItsBack(db, "UPDATE trail SET why = 'x' WHERE number = 2");
    const { watch, faults } = watched();
    expect(await watch.isWhole()).toBe(false);
    await watch.lookAtTrail();

    expect(faults).toEqual([{ number: 2, fault: 'changed' }]);
  });

  it('finds an end that was cut off, and one that was made again', async () => {
    const { watch, faults } = watched();
    await watch.isWhole();
    await behindItsBack(db, 'DELETE FROM trail WHERE number > 3');
    await watch.lookAtTrail();
    expect(await watch.isWhole()).toBe(false);
    await addActs(db, [actOf({ about: 'forged' }), actOf({ about: 'forged' })]);
    await watch.lookAtTrail();

    expect(await watch.isWhole()).toBe(false);
    expect(faults).toEqual([
      { number: 5, fault: 'missing' },
      { number: 5, fault: 'changed' },
    ]);
  });

  it('reads old entries again when it looks at everything', async () => {
    const { watch, faults } = watched();
    await watch.isWhole();
    await behindItsBack(db, "UPDATE trail SET why = 'x' WHERE number = 2");
    await watch.lookAtTrail();
    expect(faults).toEqual([]);
    await watch.lookAtTrail(true);

    expect(faults).toEqual([{ number: 2, fault: 'changed' }]);
    expect(await watch.isWhole()).toBe(false);
  });

  it('looks by itself as time passes', async () => {
    const { watch, faults } = watched(20);
    await watch.isWhole();
    await behindItsBack(db, 'DELETE FROM trail WHERE number > 3');
    await expect.poll(() => faults, { timeout: 20_000 }).toEqual([{ number: 5, fault: 'missing' }]);
  });
});
