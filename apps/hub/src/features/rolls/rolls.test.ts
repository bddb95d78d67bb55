/** Sheets are laid out, refused, signed, expire; nights are sealed; and what a crash leaves is mended. */
import { sign } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeBase64 } from '@bellwether/evidence';
import { describe, expect, it } from 'vitest';
import { rollPaths, writeJson } from './roll-files.ts';
import { changeOf, RollOfTest, TODAY } from './rolls.fixture.ts';
import type { SignedBatch } from './rolls-files.ts';

const ONE = { office: '29001', day: TODAY, sequence: 1 };

describe('a roll', () => {
  it('lays changes out by office, and what the office signs is in the log', async () => {
    const roll = await new RollOfTest().begin();
    const before = encodeBase64(roll.rolls.held.fold.state.root());
    await roll.capture([
      changeOf('1000', '29001'),
      changeOf('1900', '29001', 'new'),
      changeOf('2001', '29003', 'removed'),
    ]);
    expect([...roll.rolls.held.sheets.values()].map(({ office, counts }) => [office, counts])).toEqual([
      ['29001', { new: 1, changed: 1, removed: 0 }],
      ['29003', { new: 0, changed: 0, removed: 1 }],
    ]);
    // In another order than they were laid out.
    expect((await roll.signAs('29003', { ...ONE, office: '29003' })).okOrThrow().state).toBe('signed');
    expect((await roll.signAs('29001', ONE)).okOrThrow().state).toBe('signed');
    expect(roll.rolls.held.fold.countsSinceSeal()).toEqual({
      '29001': { new: 1, changed: 1, removed: 0 },
      '29003': { new: 0, changed: 0, removed: 1 },
    });
    const after = encodeBase64(roll.rolls.held.fold.state.root());
    expect(after).not.toBe(before);
    await roll.reopen();
    expect(encodeBase64(roll.rolls.held.fold.state.root())).toBe(after);
  });

  it('takes no signature of another office, over another root, or over a later sheet', async () => {
    const roll = await new RollOfTest().begin();
    await roll.capture([changeOf('1000', '29001')]);
    const { entry, claim } = roll.rolls.signingOf(ONE).okOrThrow();
    const codeOf = (result: { isErr(): boolean; error?: unknown }) =>
      result.isErr() ? (result.error as { code: string }).code : 'ok';
    expect(codeOf(await roll.signAs('29003', ONE))).toBe('ROLL_SIGNER_UNKNOWN');
    const key = roll.keys.get('29001')!.signer.id;
    const wrong = { key, signature: encodeBase64(new Uint8Array(64).fill(7)) };
    expect(codeOf(await roll.rolls.signSheet(ONE, entry.root, wrong, 'x'))).toBe('ROLL_SIGNATURE_WRONG');
    expect(codeOf(await roll.rolls.signSheet(ONE, 'other', wrong, 'x'))).toBe('ROLL_SHEET_CHANGED');
    expect(claim.length).toBeGreaterThan(100);
    await roll.capture([changeOf('1000', '29001'), changeOf('1001', '29001')], '2026-11-04');
    expect(codeOf(await roll.signAs('29001', { ...ONE, day: '2026-11-04' }))).toBe('ROLL_SHEET_LATER');
    expect(roll.log.size).toBe(1n);
  });

  it('leaves out what an office refuses, and does not ask for it again', async () => {
    const roll = await new RollOfTest().begin();
    await roll.capture([changeOf('1000', '29001'), changeOf('1001', '29001')]);
    const root = roll.rolls.held.sheets.get(`29001/${TODAY}.1`)!.root;
    const refused = (await roll.rolls.refuseOnSheet(ONE, ['1001'])).okOrThrow();
    expect(refused.root).not.toBe(root);
    expect((await roll.signAs('29001', ONE)).okOrThrow()).toMatchObject({
      state: 'partly',
      refused: ['1001'],
    });
    await roll.capture([changeOf('1001', '29001')], '2026-11-04');
    expect([...roll.rolls.held.sheets.values()].filter(({ state }) => state === 'awaiting')).toEqual([]);
    // Changed once more, it is another change.
    await roll.capture([changeOf('1001', '29001', 'changed', 'PINE ST')], '2026-11-05');
    expect(roll.rolls.held.sheets.get('29001/2026-11-05.1')).toMatchObject({ state: 'awaiting' });
  });

  it('moves a record that changed again to the newest sheet, and takes off what was undone', async () => {
    const roll = await new RollOfTest().begin();
    await roll.capture([
      changeOf('1000', '29001'),
      changeOf('1001', '29001'),
      changeOf('1950', '29001', 'new'),
    ]);
    const handle = roll.rolls.held.sheets
      .get(`29001/${TODAY}.1`)!
      .changes.find(({ kind }) => kind === 'new')!.handle;
    await roll.capture(
      [changeOf('1000', '29001'), changeOf('1950', '29001', 'new', 'PINE ST')],
      '2026-11-04',
    );
    const on = (key: string) => roll.rolls.held.sheets.get(key)?.changes.map(({ recordId }) => recordId);
    expect(on(`29001/${TODAY}.1`)).toEqual(['1000']);
    expect(on('29001/2026-11-04.1')).toEqual(['1950']);
    expect(roll.rolls.held.sheets.get('29001/2026-11-04.1')!.changes[0]!.handle).toBe(handle);
  });

  it('puts nothing on a sheet that nothing stands behind', async () => {
    const roll = await new RollOfTest().begin();
    await roll.capture([{ ...changeOf('1000', '29001'), transaction: null, fault: 'no-transaction' }]);
    expect(roll.rolls.held.sheets.size).toBe(0);
  });

  it('signs what a feed brought with the key of the feed, at once', async () => {
    const roll = await new RollOfTest().begin();
    const change = changeOf('1000', '29001');
    await roll.capture([{ ...change, transaction: { ...change.transaction!, source: 'motor-vehicle' } }]);
    expect(roll.rolls.held.sheets.size).toBe(0);
    expect(roll.rolls.held.fold.lastSequence('29001', 'feed:motor-vehicle')).toBe(1);
  });

  it('asks a second office for a mass change, and for removals in a quiet period', async () => {
    const roll = await new RollOfTest().begin();
    const removals = ['2000', '2001', '2002'].map((id) => changeOf(id, '29003', 'removed'));
    const many = Array.from({ length: 6 }, (_, i) => changeOf(`100${i}`, '29001'));
    await roll.capture([...many, ...removals]);
    for (const office of ['29001', '29003'] as const) {
      const ref = { ...ONE, office };
      const own = (await roll.signAs(office, ref)).okOrThrow();
      expect(own).toMatchObject({ state: 'awaiting', needsSecond: true });
      const other = office === '29001' ? '29003' : '29001';
      expect((await roll.signAs(other, ref)).okOrThrow().state).toBe('signed');
    }
    expect(roll.rolls.held.fold.lastBatch).toBe(2);
  });

  it('lets a sheet expire after its business days', async () => {
    const roll = await new RollOfTest().begin();
    await roll.capture([changeOf('1000', '29001')]);
    // Tuesday 18:00; three business days later is Friday 18:00.
    roll.now = Date.parse('2026-11-06T17:59Z');
    expect(await roll.rolls.expireSheets()).toEqual([]);
    roll.now = Date.parse('2026-11-06T18:00Z');
    expect((await roll.rolls.expireSheets()).map(({ state }) => state)).toEqual(['expired']);
    expect((await roll.signAs('29001', ONE)).isErr()).toBe(true);
    await roll.capture([changeOf('1000', '29001')], '2026-11-07');
    expect(roll.rolls.held.sheets.size).toBe(1);
  });

  it('hides a protected voter among padding, and gives who moves a new handle on another night', async () => {
    const roll = await new RollOfTest().begin();
    const moved = { ...changeOf('1000', '29001'), isProtected: true };
    await roll.capture([moved]);
    const sheet = roll.rolls.held.sheets.get(`state/${TODAY}.1`)!;
    expect(sheet.counts).toEqual({ new: 0, changed: 3, removed: 1 });
    expect((await roll.signAs('state', { ...ONE, office: 'state' })).okOrThrow().state).toBe('signed');
    const opened = {
      ...changeOf('1000', '29001', 'new'),
      isProtected: true,
      transaction: null,
      fault: 'no-transaction' as const,
    };
    await roll.capture([opened]);
    expect([...roll.rolls.held.sheets.values()].filter(({ state }) => state === 'awaiting')).toEqual([]);
    await roll.capture([opened], '2026-11-09');
    expect(roll.rolls.held.sheets.get('state/2026-11-09.1')).toMatchObject({
      counts: { new: 1, changed: 3, removed: 0 },
    });
  });
});

describe('a night', () => {
  it('is sealed, and the next book holds what was signed', async () => {
    const roll = await new RollOfTest().begin();
    await roll.capture([changeOf('1000', '29001')]);
    (await roll.signAs('29001', ONE)).okOrThrow();
    const batch = join(rollPaths(roll.data).batches, '1.json');
    expect(existsSync(batch)).toBe(true);
    await roll.reconcile();
    const night = (await roll.rolls.sealPending()).okOrThrow();
    expect(night).toMatchObject({ epoch: 1, sealed: true });
    expect(roll.rolls.held.fold.lastSeal).toMatchObject({ epoch: 1, counts: { '29001': { changed: 1 } } });
    expect(roll.rolls.held.head).toMatchObject({ epoch: 1, generation: '1', foldedTo: '4' });
    expect(existsSync(batch)).toBe(false);
    expect(existsSync(join(rollPaths(roll.data).nights, 'pending.json'))).toBe(false);
  });

  it('is sealed when the news is bad, and says so by office', async () => {
    const roll = await new RollOfTest().begin();
    await roll.reconcile([
      {
        handle: '00'.repeat(32),
        recordId: '1000',
        office: '29001',
        fields: ['public.name.last'],
        kind: 'changed',
      },
    ]);
    (await roll.rolls.sealPending()).okOrThrow();
    expect(roll.rolls.held.fold.lastSeal?.result).toMatchObject({
      equal: false,
      unauthorised: { '29001': 1 },
    });
    const entries: string[] = [];
    for await (const { entries: some } of roll.log.bundles(0n, roll.log.size))
      entries.push(...some.map((entry) => Buffer.from(entry).toString()));
    expect(entries.filter((entry) => entry.includes('"incident"'))).toHaveLength(1);
    expect(entries.join('')).not.toContain('1000"');
  });

  it.each([
    ['when something was signed since', 'ROLL_NIGHT_STALE', {}, true],
    ['of another root', 'ROLL_NIGHT_WRONG', { root: encodeBase64(new Uint8Array(32).fill(1)) }, false],
    ['of another number of leaves', 'ROLL_NIGHT_WRONG', { leaves: 4 }, false],
    ['of an epoch that is over', 'ROLL_NIGHT_STALE', { epoch: 7 }, false],
  ] as const)('is not sealed %s', async (_, code, change, signs) => {
    const roll = await new RollOfTest().begin();
    await roll.capture([changeOf('1000', '29001')]);
    await roll.reconcile([], change);
    if (signs) (await roll.signAs('29001', ONE)).okOrThrow();
    const sealed = await roll.rolls.sealPending();
    expect(sealed.isErr() && sealed.error.code).toBe(code);
    expect(roll.rolls.held.fold.epoch).toBe(0);
  });

  it('is not sealed with what the reader did not sign', async () => {
    const roll = await new RollOfTest().begin();
    const night = await roll.reconcile();
    await writeJson(join(rollPaths(roll.data).nights, 'pending.json'), { ...night, read: night.read + 1 });
    const sealed = await roll.rolls.sealPending();
    expect(sealed.isErr() && sealed.error.code).toBe('ROLL_NIGHT_WRONG');
    expect(roll.log.size).toBe(1n);
  });
});

describe('after a crash', () => {
  it('a batch that is on disk and not in the log is appended', async () => {
    const roll = await new RollOfTest().begin();
    await roll.capture([changeOf('1000', '29001')]);
    const { sheet, entry, claim } = roll.rolls.signingOf(ONE).okOrThrow();
    const { signer, key } = roll.keys.get('29001')!;
    const signature = encodeBase64(Uint8Array.from(sign(null, claim, key)));
    const batch: SignedBatch = {
      schema: 'bellwether/batch@1',
      entry: { ...entry, signatures: [{ key: signer.id, signature }] },
      changes: sheet.changes,
    };
    await writeJson(join(rollPaths(roll.data).batches, '1.json'), batch);
    expect(roll.log.size).toBe(1n);
    await roll.reopen();
    expect(roll.log.size).toBe(3n);
    expect(roll.rolls.held.sheets.get(`29001/${TODAY}.1`)!.state).toBe('signed');
  });

  it('a batch on disk that nobody signed is thrown away, and its sheet waits', async () => {
    const roll = await new RollOfTest().begin();
    await roll.capture([changeOf('1000', '29001')]);
    const { sheet, entry } = roll.rolls.signingOf(ONE).okOrThrow();
    const signatures = [
      { key: roll.keys.get('29001')!.signer.id, signature: encodeBase64(new Uint8Array(64)) },
    ];
    const batch: SignedBatch = {
      schema: 'bellwether/batch@1',
      entry: { ...entry, signatures },
      changes: sheet.changes,
    };
    const path = join(rollPaths(roll.data).batches, '1.json');
    await writeJson(path, batch);
    await roll.reopen();
    expect(roll.log.size).toBe(1n);
    expect(existsSync(path)).toBe(false);
    expect(roll.rolls.held.sheets.get(`29001/${TODAY}.1`)!.state).toBe('awaiting');
  });

  it('a seal that is in the log becomes the head', async () => {
    const roll = await new RollOfTest().begin();
    const before = readFileSync(rollPaths(roll.data).head, 'utf8');
    await roll.reconcile();
    (await roll.rolls.sealPending()).okOrThrow();
    await writeJson(rollPaths(roll.data).head, JSON.parse(before) as object);
    await roll.reopen();
    expect(roll.rolls.held.head).toMatchObject({ epoch: 1, generation: '1' });
    await roll.reconcile();
    expect((await roll.rolls.sealPending()).okOrThrow().epoch).toBe(2);
  });
});
