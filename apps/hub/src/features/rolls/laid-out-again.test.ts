/** One capture, laid out many times while offices sign: what was signed after it was taken is not asked for again. */
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownPlace } from './batches.ts';
import { keysIn } from './key-files.ts';
import { NightsOfTest } from './nights.fixture.ts';
import type { Between } from './protected.ts';
import { readJson, rollPaths } from './roll-files.ts';
import { changeOf, RollOfTest, TODAY } from './rolls.fixture.ts';
import type { Change } from './rolls-files.ts';

const OFFICES = ['29001', '29003'] as const;
const ONE = { office: '29001', day: TODAY, sequence: 1 };

const SCHEMA = 'bellwether/between@1';

const fromFeed = (change: Change): Change => ({
  ...change,
  transaction: { ...change.transaction!, source: 'motor-vehicle' },
});

/** Items of the log by record number, as the batches' files tell them: how often each was signed, and under which handles. */
function signedOf(roll: RollOfTest): Map<string, Set<string>> {
  const signed = new Map<string, Set<string>>();
  for (const sheet of roll.rolls.held.sheets.values()) {
    if (sheet.state !== 'signed' && sheet.state !== 'partly') continue;
    for (const { recordId, handle } of sheet.changes) {
      if (sheet.refused.includes(recordId)) continue;
      const handles = signed.get(recordId) ?? new Set();
      if (handles.has(handle)) throw new Error(`${recordId} was signed twice`);
      signed.set(recordId, handles.add(handle));
    }
  }
  return signed;
}

const awaiting = (roll: RollOfTest): string[] =>
  [...roll.rolls.held.sheets.values()]
    .filter(({ state }) => state === 'awaiting')
    .flatMap(({ changes }) => changes.map(({ recordId }) => recordId))
    .sort();

describe('a capture that is laid out again', () => {
  it('asks the second office only for its own, and gives nobody a second handle', async () => {
    const roll = await new RollOfTest().begin();
    await roll.capture([
      changeOf('1000', '29001'),
      changeOf('1900', '29001', 'new'),
      changeOf('1002', '29001', 'removed'),
      changeOf('2000', '29003'),
    ]);
    (await roll.signAs('29001', ONE)).okOrThrow();
    const laid = (await roll.rolls.layOutNewest()).okOrThrow()!;

    expect(awaiting(roll)).toEqual(['2000']);
    expect(laid).toMatchObject({ sheets: 1, changes: 1, unauthorised: 0 });
    (await roll.signAs('29003', { ...ONE, office: '29003' })).okOrThrow();
    (await roll.rolls.layOutNewest()).okOrThrow();
    expect(awaiting(roll)).toEqual([]);
    expect(signedOf(roll).size).toBe(4);
  });

  it('signs what a feed brought once, and hides a protected voter once', async () => {
    const roll = await new RollOfTest().begin();
    const moved = { ...changeOf('2004', '29003'), isProtected: true };
    await roll.capture([
      fromFeed(changeOf('1000', '29001')),
      fromFeed(changeOf('1901', '29001', 'new')),
      moved,
    ]);
    const { lastBatch } = roll.rolls.held.fold;
    (await roll.signAs('state', { ...ONE, office: 'state' })).okOrThrow();
    for (let again = 0; again < 3; again++) (await roll.rolls.layOutNewest()).okOrThrow();

    expect(roll.rolls.held.fold.lastBatch).toBe(lastBatch + 1);
    expect(awaiting(roll)).toEqual([]);
  });

  it('lets a protected voter who moved wait for the new handle as long as was drawn', async () => {
    const roll = await new RollOfTest().begin();
    const between = () => readJson<Between>(join(rollPaths(roll.data).rolls, 'protected.json'), SCHEMA);
    const moved = { ...changeOf('2004', '29003'), isProtected: true };
    await roll.capture([moved]);
    const drawn = await between();
    (await roll.signAs('state', { ...ONE, office: 'state' })).okOrThrow();
    for (let again = 0; again < 2; again++) {
      await roll.reopen();
      (await roll.rolls.layOutNewest()).okOrThrow();
      expect(await between()).toEqual(drawn);
    }
    expect(Object.keys(drawn!.records)).toEqual(['2004']);

    const opened = { ...changeOf('2004', '29003', 'new'), isProtected: true, transaction: null };
    await roll.capture([opened], '2026-11-09');
    (await roll.signAs('state', { office: 'state', day: '2026-11-09', sequence: 1 })).okOrThrow();
    (await roll.rolls.layOutNewest()).okOrThrow();
    expect([awaiting(roll), (await between())!.records]).toEqual([[], {}]);
  });

  it('is the same after a restart, and after the night has made the next book', async () => {
    const roll = await new RollOfTest().begin();
    await roll.capture([
      changeOf('1000', '29001'),
      changeOf('1902', '29001', 'new'),
      changeOf('2000', '29003'),
    ]);
    (await roll.signAs('29001', ONE)).okOrThrow();
    await roll.reopen();
    (await roll.rolls.layOutNewest()).okOrThrow();
    expect(awaiting(roll)).toEqual(['2000']);
    await roll.reconcile();
    (await roll.rolls.sealPending()).okOrThrow();
    (await roll.rolls.layOutNewest()).okOrThrow();
    expect(awaiting(roll)).toEqual(['2000']);
  });

  it('leaves what was refused refused, and a later capture brings what was changed once more', async () => {
    const roll = await new RollOfTest().begin();
    await roll.capture([changeOf('1000', '29001'), changeOf('1001', '29001')]);
    (await roll.rolls.refuseOnSheet(ONE, ['1001'])).okOrThrow();
    (await roll.signAs('29001', ONE)).okOrThrow();
    const laid = (await roll.rolls.layOutNewest()).okOrThrow()!;
    expect([awaiting(roll), laid.unauthorised]).toEqual([[], 1]);

    const now = changeOf('1000', '29001').after;
    await roll.capture([{ ...changeOf('1000', '29001', 'changed', 'PINE ST'), before: now }], '2026-11-04');
    expect(awaiting(roll)).toEqual(['1000']);
    (await roll.rolls.layOutNewest()).okOrThrow();
    expect(awaiting(roll)).toEqual(['1000']);
  });

  it('never signs anything twice, in whatever order captures are laid out, signed and reopened', async () => {
    const step = fc.constantFrom('lay', 'sign 29001', 'sign 29003', 'reopen', 'refuse');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
        const roll = await new RollOfTest().begin();
        const changes = OFFICES.flatMap((office, at) => [
          changeOf(`${at + 1}000`, office),
          changeOf(`${at + 1}001`, office),
          changeOf(`${at + 1}900`, office, 'new'),
          changeOf(`${at + 1}002`, office, 'removed'),
        ]);
        await roll.capture(changes);
        for (const what of steps) {
          const office = what.slice(5);
          if (what === 'lay') (await roll.rolls.layOutNewest()).okOrThrow();
          else if (what === 'reopen') await roll.reopen();
          else if (what === 'refuse') await roll.rolls.refuseOnSheet(ONE, ['1001']);
          else await roll.signAs(office, { ...ONE, office });
        }
        (await roll.rolls.layOutNewest()).okOrThrow();
        const signed = signedOf(roll);
        expect([...signed.values()].every((handles) => handles.size === 1)).toBe(true);
        const open = awaiting(roll);
        expect(new Set(open).size).toBe(open.length);
        expect(open.filter((recordId) => signed.has(recordId))).toEqual([]);
        const refused = [...roll.rolls.held.sheets.values()].flatMap(({ refused, state }) =>
          state === 'awaiting' ? [] : refused,
        );
        expect(new Set([...signed.keys(), ...open, ...refused]).size).toBe(changes.length);
        await roll.close();
      }),
      { numRuns: 25 },
    );
  });
});

describe('a capture of a real dump', () => {
  it('keeps every change of the offices that have not signed, though others have', async () => {
    const state = new NightsOfTest({ voters: 3_000, days: 2, seed: 21 });
    (await state.begin()).okOrThrow();
    await state.play(1);
    await state.capture(2);
    await state.withRolls(2, async (rolls) => {
      (await rolls.layOutNewest()).okOrThrow();
      const keys = await keysIn(state.paths.keys, rolls.held.fold.signers);
      const open = () => [...rolls.held.sheets.values()].filter((sheet) => sheet.state === 'awaiting');
      const recordsOf = () =>
        open()
          .flatMap(({ changes }) => changes.map(({ recordId }) => recordId))
          .sort();
      const { lastBatch } = rolls.held.fold;
      expect(open().length).toBeGreaterThan(5);
      // One office after the other, and the capture is laid out before each: nothing is lost, and nothing comes back.
      for (let signed = 0; open().length > 0; signed++) {
        const [sheet] = open();
        const left = recordsOf().filter((id) => !sheet!.changes.some(({ recordId }) => recordId === id));
        const { entry, claim } = rolls.signingOf(sheet!).okOrThrow();
        const key = keys.find(({ signer }) => signer.place === ownPlace(entry))!;
        (await rolls.signSheet(sheet!, entry.root, key.sign(claim), 'key of the test')).okOrThrow();
        (await rolls.layOutNewest()).okOrThrow();
        expect(recordsOf()).toEqual(left);
        expect(rolls.held.fold.lastBatch).toBe(lastBatch + signed + 1);
      }
    });
    const night = (await state.reconcile(2)).okOrThrow();
    expect(night).toMatchObject({ unauthorised: [], awaiting: 0 });
  });
});
