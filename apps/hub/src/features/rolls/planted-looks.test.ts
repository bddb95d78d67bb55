/** A sheet with something planted on it: seen, refused, looked at, told and signed, also over restarts. */
import { readFileSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeBase64 } from '@bellwether/evidence';
import { itemsRoot } from '@bellwether/rolls';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { itemsOf } from './batches.ts';
import { lookedAtAll, refuseAsShown } from './looking.ts';
import { NightsOfTest } from './nights.fixture.ts';
import { asShown, isUnlooked, plantedRecord, toldTest } from './planted-looks.ts';
import { rollPaths, writeJson } from './roll-files.ts';
import { changeOf, RollOfTest, TODAY } from './rolls.fixture.ts';
import type { Sheet, SignedBatch } from './rolls-files.ts';
import { sheetPage, sheetSummary } from './sheet-views.ts';
import { CodeWords } from './signing.ts';

const OFFICE = '29001';
const ONE = { office: OFFICE, day: TODAY, sequence: 1 };
const KEY = `${OFFICE}/${TODAY}.1`;
const FOUR = ['1000', '1001', '1002', '1003'];

/** A roll with a sheet of four changes, on which something is planted. */
async function planted(): Promise<RollOfTest> {
  const roll = new RollOfTest();
  roll.drills = { oneIn: 1 };
  await roll.begin();
  await roll.capture(FOUR.map((id) => changeOf(id, OFFICE)));
  return roll;
}

const sheetOf = (roll: RollOfTest): Sheet => roll.rolls.held.sheets.get(KEY)!;
const recordOf = (roll: RollOfTest): string => plantedRecord(roll.rolls.held, sheetOf(roll))!;
const refuse = async (roll: RollOfTest, records: readonly string[]) =>
  (await roll.rolls.act((holding) => refuseAsShown(holding, ONE, records))).okOrThrow();
const look = async (roll: RollOfTest) =>
  (await roll.rolls.act((holding) => lookedAtAll(holding, ONE))).okOrThrow();
const counted = (roll: RollOfTest) => roll.rolls.held.planted.counts.months;
const seals = (roll: RollOfTest): readonly string[] =>
  readFileSync(join(rollPaths(roll.data).rolls, 'planted-seals'), 'utf8')
    .trimEnd()
    .split('\n');

async function batches(roll: RollOfTest): Promise<readonly SignedBatch[]> {
  const folder = rollPaths(roll.data).batches;
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as SignedBatch);
}

describe('something planted on a sheet', () => {
  it('stands in the list and in its numbers, and there is no root to sign', async () => {
    const roll = await planted();
    const { held } = roll.rolls;
    const shown = asShown(held, sheetOf(roll));
    expect(shown.changes).toHaveLength(5);
    expect(shown.root).toBe('');
    const summary = sheetSummary(shown, 'Adair');
    expect(summary.changes).toBe(5);
    expect(summary.classes).toEqual([{ class: 'address-updated', count: 5 }]);
    const page = sheetPage(shown, 'Adair', [], null, 1);
    const one = page.changes.find(({ recordId }) => recordId === recordOf(roll))!;
    expect(FOUR).not.toContain(one.recordId);
    const { recordId: _, ...form } = page.changes.find(({ recordId }) => recordId === '1000')!;
    expect(Object.keys(one).sort()).toEqual([...Object.keys(form), 'recordId'].sort());
    expect(JSON.stringify(page)).not.toContain('planted');
  });

  it('changes nothing of what is signed: root, counts and words are those without it', async () => {
    const roll = await planted();
    const words = new CodeWords();
    const signed = () => {
      const { entry } = roll.rolls.signingOf(ONE).okOrThrow();
      return { entry, words: words.of(roll.rolls.held, entry.root) };
    };
    const withIt = signed();
    expect(withIt.entry.counts).toEqual({ new: 0, changed: 4, removed: 0 });
    expect(sheetOf(roll).root).toBe(withIt.entry.root);
    roll.drills = null;
    await roll.reopen();
    expect(asShown(roll.rolls.held, sheetOf(roll))).toBe(sheetOf(roll));
    expect(signed()).toEqual(withIt);
    roll.drills = { oneIn: 1 };
    await roll.reopen();
    await refuse(roll, [recordOf(roll)]);
    await look(roll);
    expect(signed()).toEqual(withIt);
    expect(asShown(roll.rolls.held, sheetOf(roll)).root).toBe(withIt.entry.root);
  });

  it('that was refused was noticed; the sheet itself is as it was', async () => {
    const roll = await planted();
    const before = sheetOf(roll);
    const record = recordOf(roll);
    expect(await refuse(roll, [record])).toEqual({ sheet: before, own: 0 });
    expect(asShown(roll.rolls.held, sheetOf(roll)).refused).toEqual([record]);
    expect(await look(roll)).toEqual({ noticed: true });
    expect(counted(roll)).toEqual({ '2026-11': { planted: 1, noticed: 1 } });
    expect(toldTest(roll.rolls.held, sheetOf(roll))).toMatchObject({ recordId: record });
    expect((await roll.signAs(OFFICE, ONE)).okOrThrow()).toMatchObject({ state: 'signed', refused: [] });
  });

  it('is refused together with what is real, of which the real part changes the sheet', async () => {
    const roll = await planted();
    const { root } = sheetOf(roll);
    expect(await refuse(roll, [recordOf(roll), '1002'])).toMatchObject({ own: 1 });
    expect(sheetOf(roll).refused).toEqual(['1002']);
    expect(sheetOf(roll).root).not.toBe(root);
    expect(await look(roll)).toEqual({ noticed: true });
  });

  it('that nobody refused was not noticed, and is off the list', async () => {
    const roll = await planted();
    expect(await look(roll)).toEqual({ noticed: false });
    expect(counted(roll)).toEqual({ '2026-11': { planted: 1, noticed: 0 } });
    expect(asShown(roll.rolls.held, sheetOf(roll)).changes).toHaveLength(4);
    const kept = readFileSync(join(rollPaths(roll.data).rolls, 'planted.json'), 'utf8');
    expect(kept).not.toMatch(/nonce|noticed":(?:true|false)|refused/);
  });

  it('is neither counted twice nor signed when the hub is killed before, between or after', async () => {
    const roll = await planted();
    const record = recordOf(roll);
    await roll.reopen();
    expect(recordOf(roll)).toBe(record);
    await refuse(roll, [record]);
    await roll.reopen();
    expect(asShown(roll.rolls.held, sheetOf(roll)).refused).toEqual([record]);
    expect(await look(roll)).toEqual({ noticed: true });
    await roll.reopen();
    expect(isUnlooked(roll.rolls.held, sheetOf(roll))).toBe(false);
    expect(await look(roll)).toEqual({ noticed: null });
    expect(counted(roll)).toEqual({ '2026-11': { planted: 1, noticed: 1 } });
    (await roll.signAs(OFFICE, ONE)).okOrThrow();
    await roll.reopen();
    expect(JSON.stringify(await batches(roll))).not.toContain(`"${record}"`);
    expect(roll.rolls.held.fold.countsSinceSeal()).toEqual({ [OFFICE]: { new: 0, changed: 4, removed: 0 } });
  });

  it('is sealed before it is there: without its seal, or changed after it, it is nothing', async () => {
    const roll = await planted();
    const path = join(rollPaths(roll.data).rolls, 'planted.json');
    const file = JSON.parse(readFileSync(path, 'utf8'));
    expect(seals(roll)).toEqual([file.looks[KEY].seal]);
    const other = structuredClone(file);
    other.looks[KEY].planted.change.recordId = '1001';
    await writeJson(path, other);
    await roll.reopen();
    expect(plantedRecord(roll.rolls.held, sheetOf(roll))).toBeNull();
    await writeJson(path, file);
    await roll.reopen();
    expect(recordOf(roll)).toBe(file.looks[KEY].planted.change.recordId);
    rmSync(join(rollPaths(roll.data).rolls, 'planted-seals'));
    await roll.reopen();
    expect(plantedRecord(roll.rolls.held, sheetOf(roll))).toBeNull();
    expect(await look(roll)).toEqual({ noticed: null });
    expect(counted(roll)).toEqual({});
  });

  it('is told and not counted where all that is real was refused', async () => {
    const roll = await planted();
    const record = recordOf(roll);
    expect((await refuse(roll, [record, ...FOUR])).sheet.state).toBe('refused');
    expect(toldTest(roll.rolls.held, sheetOf(roll))).toMatchObject({ recordId: record });
    expect(counted(roll)).toEqual({});
  });

  it('is forgotten uncounted when its sheet is signed without it, or its number turns up', async () => {
    const roll = await planted();
    const record = recordOf(roll);
    await roll.capture([...FOUR.map((id) => changeOf(id, OFFICE)), changeOf(record, OFFICE, 'new')]);
    expect(plantedRecord(roll.rolls.held, sheetOf(roll))).toBeNull();
    expect(sheetOf(roll).changes.map(({ recordId }) => recordId)).toContain(record);
    const other = await planted();
    (await other.signAs(OFFICE, ONE)).okOrThrow();
    await other.capture([], '2026-11-04');
    expect(other.rolls.held.planted.looks).toEqual({});
    expect([counted(roll), counted(other)]).toEqual([{}, {}]);
  });
});

describe('sheets', () => {
  it('of two changes have nothing planted, and are asked to be looked at all the same', async () => {
    const roll = new RollOfTest();
    roll.drills = { oneIn: 1 };
    await roll.begin();
    await roll.capture([changeOf('1000', OFFICE), changeOf('1001', OFFICE)]);
    expect(plantedRecord(roll.rolls.held, sheetOf(roll))).toBeNull();
    expect(isUnlooked(roll.rolls.held, sheetOf(roll))).toBe(true);
    expect(seals(roll)).toHaveLength(1);
    expect(await look(roll)).toEqual({ noticed: null });
    expect(isUnlooked(roll.rolls.held, sheetOf(roll))).toBe(false);
  });

  it('are as they always were where a state plants nothing', async () => {
    const roll = await new RollOfTest().begin();
    await roll.capture(FOUR.map((id) => changeOf(id, OFFICE)));
    expect(asShown(roll.rolls.held, sheetOf(roll))).toBe(sheetOf(roll));
    expect(await readdir(rollPaths(roll.data).rolls)).not.toContain('planted.json');
  });

  it('that grow have at most one planted, and never a second', async () => {
    const roll = await planted();
    const record = recordOf(roll);
    const more = [...FOUR, '1004'].map((id) => changeOf(id, OFFICE));
    await roll.capture(more);
    expect(recordOf(roll)).toBe(record);
    await look(roll);
    await roll.capture([...more, changeOf('1005', OFFICE)]);
    expect(isUnlooked(roll.rolls.held, sheetOf(roll))).toBe(false);
    expect(sheetOf(roll).changes).toHaveLength(6);
  });
});

it('a night with planted changes on its sheets is sealed as if there were none', async () => {
  const state = new NightsOfTest({ voters: 6_000, days: 1, seed: 11 });
  state.drills = { oneIn: 1 };
  (await state.begin()).okOrThrow();
  await state.capture(1);
  const records = await state.withRolls(1, async (rolls) => {
    const laid = (await rolls.layOutNewest()).okOrThrow()!;
    const open = [...rolls.held.sheets.values()].filter((sheet) => sheet.state === 'awaiting');
    const found = open.flatMap((sheet) => plantedRecord(rolls.held, sheet) ?? []);
    const shown = open.reduce((sum, sheet) => sum + asShown(rolls.held, sheet).changes.length, 0);
    expect(shown).toBe(laid.changes + found.length);
    for (const sheet of open) (await rolls.act((holding) => lookedAtAll(holding, sheet))).okOrThrow();
    await state.signOpen(rolls);
    return found;
  });
  expect(records.length).toBeGreaterThan(0);
  (await state.reconcile(1)).okOrThrow();
  const night = await state.seal(1);
  expect(night).toMatchObject({ unauthorised: [], awaiting: 0 });
  expect(night.authorised + night.fromFeeds).toBe(state.truth.nights[0]!.changed);
  const { planted } = await state.withRolls(1, async ({ held }) => ({ planted: held.planted }));
  expect(Object.values(planted.counts.months)).toEqual([{ planted: records.length, noticed: 0 }]);
  for (const file of await readdir(state.paths.rolls, { recursive: true, withFileTypes: true })) {
    if (!file.isFile() || file.name === 'planted.json') continue;
    const text = readFileSync(join(file.parentPath, file.name), 'latin1');
    expect(
      records.filter((record) => text.includes(`"${record}"`)),
      file.name,
    ).toEqual([]);
  }
}, 60_000);

/** What may happen to a sheet, in any order. */
const STEPS = ['refuse-planted', 'refuse-real', 'look', 'restart', 'capture', 'off', 'on', 'sign'] as const;

it('nothing planted ever stands in a signed batch, whatever happens in whatever order', async () => {
  const steps = fc.array(fc.constantFrom(...STEPS), { minLength: 3, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(steps, async (some) => {
      const roll = await planted();
      const record = recordOf(roll);
      let ids = FOUR;
      const acts: Readonly<Record<(typeof STEPS)[number], () => Promise<unknown>>> = {
        'refuse-planted': () => roll.rolls.act((holding) => refuseAsShown(holding, ONE, [record])),
        'refuse-real': () => roll.rolls.act((holding) => refuseAsShown(holding, ONE, ['1001'])),
        look: () => roll.rolls.act((holding) => lookedAtAll(holding, ONE)),
        restart: () => roll.reopen(),
        capture: () => {
          ids = [...ids, String(1000 + ids.length)];
          return roll.capture(ids.map((id) => changeOf(id, OFFICE)));
        },
        off: () => {
          roll.drills = null;
          return roll.reopen();
        },
        on: () => {
          roll.drills = { oneIn: 1 };
          return roll.reopen();
        },
        sign: () => roll.signAs(OFFICE, ONE),
      };
      for (const step of some) await acts[step]();
      await roll.signAs(OFFICE, ONE);
      const signed = await batches(roll);
      for (const { entry, changes } of signed) {
        expect(changes.every(({ recordId }) => ids.includes(recordId))).toBe(true);
        expect(entry.root).toBe(encodeBase64(itemsRoot(roll.hasher, itemsOf(entry.batch, changes))));
      }
      const all = Object.values(counted(roll)).reduce((sum, one) => sum + one.planted, 0);
      expect(all).toBeLessThanOrEqual(1);
      await roll.close();
    }),
    { numRuns: 25 },
  );
}, 60_000);
