/** The nightly statement, and what it says when the news is bad. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseNight } from '@bellwether/rolls';
import { expect, it } from 'vitest';
import { rollPaths } from './roll-files.ts';
import { RollOfTest } from './rolls.fixture.ts';
import { lastStatement, stateNight } from './statement.ts';

const KNOCKS = {
  accounted: 1_200_000,
  offices: [80, 116],
  through: 0,
  stillLookedAt: 0,
  notChecked: 0,
} as const;
const SOURCES = { name: 'Missouri', knocks: KNOCKS, notes: [], secondHands: { offices: {}, auditors: [] } };

it('stands in the log and beside it, and tells how much was read and changed', async () => {
  const roll = await new RollOfTest().begin();
  await roll.reconcile();
  (await roll.rolls.sealPending()).okOrThrow();
  const night = (await roll.rolls.act((holding) => stateNight(holding, SOURCES))).okOrThrow();
  expect(night.registrations).toMatchObject({ records: 40, changed: 0, unauthorised: {} });
  const last = (await roll.log.entry(roll.log.size - 1n)).okOrThrow()!;
  expect(parseNight(last).okOrThrow()).toEqual(night);
  expect(await lastStatement(rollPaths(roll.data))).toEqual(night);
  const text = readFileSync(join(rollPaths(roll.data).log, 'statement.txt'), 'utf8');
  expect(text).toContain('1,200,000 knocks');
  expect(text).toContain('We found no record that differs');
  // What stands behind it in the log does not stop the next night.
  await roll.reconcile();
  expect((await roll.rolls.sealPending()).okOrThrow().epoch).toBe(2);
});

it('says what is wrong, and that small counts are under ten', async () => {
  const roll = await new RollOfTest().begin();
  await roll.reconcile([
    { handle: '00'.repeat(32), recordId: '1000', office: '29001', fields: [], kind: 'changed' },
  ]);
  (await roll.rolls.sealPending()).okOrThrow();
  (await roll.rolls.act((holding) => stateNight(holding, { ...SOURCES, knocks: null }))).okOrThrow();
  const text = readFileSync(join(rollPaths(roll.data).log, 'statement.txt'), 'utf8');
  expect(text).toContain('Office 29001: under 10');
  expect(text).toContain('nobody with the right to do so signed for it');
  expect(text).toContain('Knocks on our computers were not counted');
});

it('says that nothing was compared when the last seal is too old', async () => {
  const roll = await new RollOfTest().begin();
  await roll.reconcile();
  (await roll.rolls.sealPending()).okOrThrow();
  roll.now += 27 * 3_600_000;
  const night = (await roll.rolls.act((holding) => stateNight(holding, SOURCES))).okOrThrow();
  expect(night.registrations).toBeNull();
});

it('tells how many were changed and changed back, and a small number not exactly', async () => {
  const roll = await new RollOfTest().begin();
  const undoneBy = async (count: number): Promise<readonly string[]> => {
    const undone = Array.from({ length: count }, (_, at) => ({
      recordId: `${1000 + at}`,
      office: '29001',
      fields: ['office'],
      times: [],
    }));
    await roll.reconcile([], { captures: 'audit-table', undone });
    (await roll.rolls.sealPending()).okOrThrow();
    const night = (await roll.rolls.act((holding) => stateNight(holding, SOURCES))).okOrThrow();
    return night.notChecked.filter((what) => what.includes('changed them back'));
  };
  expect(await undoneBy(0)).toEqual([]);
  expect(await undoneBy(9)).toEqual([expect.stringContaining('(under 10)')]);
  expect(await undoneBy(12)).toEqual([expect.stringContaining('(12)')]);
});
