/** A voter who was erased and is live again is named as that, however the erasure went. */
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { atEnd } from '../../platform/evidence/log.fixture.ts';
import { agreeErasure, askErasure, erasuresOf } from './erase.ts';
import { noteErased, readErased } from './erased-records.ts';
import { rollRefused } from './errors.ts';
import type { Holding } from './holding.ts';
import { NightsOfTest } from './nights.fixture.ts';
import { countsByOffice } from './readings.ts';
import { Vault } from './vault.ts';

const RULES = { elections: [], legalHold: null };

/** A state in which a registration is cancelled one day, and is live again the next. */
async function cancelled(): Promise<{ state: NightsOfTest; record: string; night: number }> {
  const state = new NightsOfTest({ voters: 600, days: 4, seed: 7, attacks: ['erase-tamper'] });
  (await state.begin()).okOrThrow();
  const { night, records } = state.truth.attacks[0]!;
  for (let before = 1; before < night; before++) await state.play(before);
  return { state, record: records[0]!, night };
}

async function erase(holding: Holding, recordId: string, after: Partial<Holding> = {}) {
  const asked = await askErasure(holding, RULES, { recordId, reason: 'court-order' }, 'Ann');
  return agreeErasure({ ...holding, ...after }, RULES, asked.okOrThrow().id, 'Bob');
}

it('names a voter who is live again after the erasure, and asks no office to sign them', async () => {
  const { state, record, night } = await cancelled();
  await state.withRolls(night - 1, (rolls) =>
    rolls.act(async (holding) => (await erase(holding, record)).okOrThrow()),
  );

  const sealed = await state.play(night);

  expect(sealed.unauthorised).toMatchObject([{ recordId: record, kind: 'erased', handle: '' }]);
  expect(countsByOffice(sealed.unauthorised)).toEqual({ [sealed.unauthorised[0]!.office]: 1 });
  await state.withRolls(night, async (rolls) => {
    const onSheets = [...rolls.held.sheets.values()].flatMap(({ changes }) => changes);
    expect(onSheets.filter(({ recordId }) => recordId === record)).toEqual([]);
  });
});

it('knows them also when the erasure was cut off, before and after it is gone on with', async () => {
  const { state, record, night } = await cancelled();
  await state.withRolls(night - 1, (rolls) =>
    rolls.act(async (holding) => {
      const eraseKey = async () => rollRefused('ROLL_VAULT_UNUSABLE', 'the machine stopped here');
      const keys = { ...boundKeys(holding), eraseKey };
      const cut = await erase(holding, record, { keys });
      expect(cut.isErr() && cut.error.detail).toBe('the machine stopped here');
    }),
  );
  const before = (await state.reconcile(night)).okOrThrow();
  expect(before.unauthorised).toMatchObject([{ recordId: record, kind: 'erased' }]);

  await state.withRolls(night - 1, async (rolls) => {
    expect((await erasuresOf(rolls.held)).map((one) => one.state)).toEqual(['done']);
  });
  const lines = readFileSync(join(state.paths.vault, 'erased'), 'latin1');
  expect(lines).toMatch(/^[0-9a-f]{64}\n$/);
  expect(lines).not.toContain(record);
  expect((await state.play(night)).unauthorised).toMatchObject([{ recordId: record, kind: 'erased' }]);
});

it('loses an erased key again when an older copy of the vault was put back', async () => {
  const { state, record, night } = await cancelled();
  const older = newVault();
  cpSync(state.paths.vault, older, { recursive: true });
  const handle = await state.withRolls(night - 1, (rolls) =>
    rolls.act(async (holding) => {
      (await erase(holding, record)).okOrThrow();
      return Uint8Array.from(Buffer.from([...holding.erased][0]!, 'hex'));
    }),
  );
  const keyOf = async () =>
    (await new Vault(state.paths.vault, () => state.momentOf(night)).keysFor([handle])).okOrThrow()[0];
  expect(await keyOf()).toBeNull();
  rmSync(state.paths.vault, { recursive: true });
  cpSync(older, state.paths.vault, { recursive: true });
  expect(await keyOf()).not.toBeNull();

  await state.withRolls(night, async () => {});

  expect(await keyOf()).toBeNull();
});

it('keeps what was erased for the owner alone, under one key, in no order of time', async () => {
  const vault = newVault();
  expect((await readErased(vault)).okOrThrow()('1001')).toBe(false);
  for (const record of ['1001', '1002', '1001', '1003']) (await noteErased(vault, record)).okOrThrow();
  const key = readFileSync(join(vault, 'erased-key'));

  const isErased = (await readErased(vault)).okOrThrow();

  expect(['1001', '1002', '1003', '1004'].map(isErased)).toEqual([true, true, true, false]);
  expect(key).toHaveLength(32);
  for (const name of ['erased', 'erased-key']) expect(statSync(join(vault, name)).mode & 0o777).toBe(0o600);
  const lines = readFileSync(join(vault, 'erased'), 'latin1').trimEnd().split('\n');
  expect(lines).toEqual([...lines].sort());
  expect(lines).toHaveLength(3);
  // In another vault the same number is another line.
  const other = newVault();
  (await noteErased(other, '1001')).okOrThrow();
  expect(lines).not.toContain(readFileSync(join(other, 'erased'), 'latin1').trimEnd());
});

it.each([
  ['its key is gone', (vault: string) => rmSync(join(vault, 'erased-key'))],
  ['others may read its key', (vault: string) => chmodSync(join(vault, 'erased-key'), 0o644)],
  ['a line was cut off', (vault: string) => writeFileSync(join(vault, 'erased'), '0123')],
])('is refused where %s: nobody who was erased counts as new', async (_, damage) => {
  const vault = newVault();
  (await noteErased(vault, '1001')).okOrThrow();
  damage(vault);

  const read = await readErased(vault);
  const noted = await noteErased(vault, '1002');

  expect(read.isErr() && read.error.code).toBe('ROLL_VAULT_UNUSABLE');
  expect(noted.isErr() && noted.error.code).toBe('ROLL_VAULT_UNUSABLE');
});

/** Keys of a holding, one by one: a vault is a class, and spreading it would lose them. */
function boundKeys({ keys }: Holding): Holding['keys'] {
  return {
    keysFor: (handles) => keys.keysFor(handles),
    addKeys: (handles, of) => keys.addKeys(handles, of),
    eraseKey: (handle) => keys.eraseKey(handle),
  };
}

function newVault(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-erased-'));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
