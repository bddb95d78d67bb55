/** A signer comes by the word of two other offices, is public for three days, and can be withdrawn meanwhile. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { encodeBase64 } from '@bellwether/evidence';
import { claimBytes, formatEntry, keyClaim, type SignerKey, signerKeyId } from '@bellwether/rolls';
import { describe, expect, it } from 'vitest';
import { appendFolded } from './holding.ts';
import { changeOf, RollOfTest, TODAY } from './rolls.fixture.ts';
import { askForSigner, endorseSigner, endorsingOf, type SignerAct, shownSigners } from './signer-requests.ts';
import { SIGNER_MARGIN } from './signer-times.ts';

const HOUR = 3_600_000;
const OFFICE = '29001';
const NEW = '29007';
const NEXT_DAYS = ['2026-11-04', '2026-11-05', '2026-11-06', '2026-11-07'] as const;

type Key = { readonly signer: SignerKey; readonly key: KeyObject };

function keyFor(roll: RollOfTest, place: string): Key {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  const rest = { place, scheme: 'ed25519', publicKey: encodeBase64(raw), site: '', origins: [] } as const;
  return { signer: { id: signerKeyId(roll.hasher, rest), ...rest }, key: privateKey };
}

function signed({ signer, key }: Key, claim: Uint8Array) {
  return { key: signer.id, signature: encodeBase64(Uint8Array.from(sign(null, claim, key))) };
}

async function endorseAs(roll: RollOfTest, by: Key, act: SignerAct, id: string) {
  const endorsing = await roll.rolls.act((holding) => endorsingOf(holding, act, id));
  if (endorsing.isErr()) return endorsing;
  const signature = signed(by, endorsing.value.claim);
  return roll.rolls.act((holding) => endorseSigner(holding, act, id, signature));
}

/** A roll with a third office, whose key is asked for, and what the first two endorsed. */
async function withAsked() {
  const roll = await new RollOfTest().begin();
  const fresh = keyFor(roll, OFFICE);
  const third = keyFor(roll, NEW);
  (await roll.rolls.act((holding) => askForSigner(holding, third.signer))).okOrThrow();
  return { roll, fresh, third, one: roll.keys.get(OFFICE)!, two: roll.keys.get('29003')! };
}

/** Seals a night at a time of the roll's clock. */
async function seal(roll: RollOfTest, day: string): Promise<void> {
  await roll.reconcile([], { day });
  (await roll.rolls.sealPending()).okOrThrow();
}

const stateOf = async (roll: RollOfTest, id: string) =>
  (await roll.rolls.act(shownSigners)).find(({ key }) => key === id)?.state;

describe('a signer that other offices endorse', () => {
  it('is in the log once two have signed, and not before; one office twice is one', async () => {
    const { roll, third, one, two } = await withAsked();
    const before = roll.log.size;
    expect((await endorseAs(roll, one, 'add', third.signer.id)).okOrThrow().appended).toBe(null);
    expect((await endorseAs(roll, one, 'add', third.signer.id)).isErr()).toBe(true);
    const state = roll.keys.get('state')!;
    expect((await endorseAs(roll, state, 'add', third.signer.id)).isErr()).toBe(true);
    expect(roll.log.size).toBe(before);
    expect(await stateOf(roll, third.signer.id)).toBe('asked');
    expect((await endorseAs(roll, two, 'add', third.signer.id)).okOrThrow().appended).not.toBe(null);
    expect(roll.log.size).toBe(before + 1n);
    expect(await stateOf(roll, third.signer.id)).toBe('waits');
  });

  it('signs nothing before three days and an hour are over, by the hub and by the fold, also after a restart', async () => {
    const { roll, third, one, two, fresh } = await withAsked();
    // For an office that has sheets: a second key of the first office, endorsed as if it had none.
    (await roll.rolls.act((holding) => askForSigner(holding, fresh.signer))).okOrThrow();
    (await endorseAs(roll, one, 'add', fresh.signer.id)).okOrThrow();
    await endorseAs(roll, one, 'add', third.signer.id);
    await endorseAs(roll, two, 'add', third.signer.id);
    const begun = roll.now;
    await roll.capture([changeOf('1000', OFFICE)]);
    const ref = { office: OFFICE, day: TODAY, sequence: 1 };
    const may = () =>
      roll.rolls
        .signingOf(ref)
        .okOrThrow()
        .signers.map(({ id }) => id);
    roll.now = begun + 72 * HOUR + 60_000;
    await seal(roll, NEXT_DAYS[2]);
    expect(may()).toEqual([one.signer.id]);
    await roll.reopen();
    const { entry, claim } = roll.rolls.signingOf(ref).okOrThrow();
    const early = await roll.rolls.signSheet(ref, entry.root, signed(fresh, claim), 'early');
    expect(early).toMatchObject({ error: { code: 'ROLL_SIGNER_UNKNOWN' } });
    roll.now = begun + 72 * HOUR + SIGNER_MARGIN + 60_000;
    await seal(roll, NEXT_DAYS[3]);
    expect(may().sort()).toEqual([one.signer.id, fresh.signer.id].sort());
    const late = roll.rolls.signingOf(ref).okOrThrow();
    expect(
      (await roll.rolls.signSheet(ref, late.entry.root, signed(fresh, late.claim), 'in time')).okOrThrow(),
    ).toMatchObject({ state: 'signed' });
  });

  it('is refused by the fold where a hub lets it sign early, or tells a time before its last seal', async () => {
    const { roll, third, one, two } = await withAsked();
    await seal(roll, TODAY);
    await endorseAs(roll, one, 'add', third.signer.id);
    await endorseAs(roll, two, 'add', third.signer.id);
    const append = async (key: SignerKey, act: SignerAct, at: string, by: readonly Key[]) => {
      const entry = { type: 'key', act, key, at } as const;
      const claim = claimBytes(keyClaim(roll.rolls.held.fold.genesis.origin, entry));
      const signatures = by.map((each) => signed(each, claim));
      return roll.rolls.act((holding) => appendFolded(holding, [formatEntry({ ...entry, signatures })]));
    };
    const other = keyFor(roll, NEW).signer;
    const before = roll.log.size;
    expect(await append(other, 'add', '2026-11-03T18:00Z', [third, one])).toMatchObject({
      error: { detail: expect.stringContaining('does not count before') },
    });
    expect(await append(other, 'add', '2026-10-01T00:00Z', [one, two])).toMatchObject({
      error: { detail: expect.stringContaining('rule time') },
    });
    expect(roll.log.size).toBe(before);
  });

  it('is withdrawn by two other offices while it waits, and by the state or one alone never', async () => {
    const { roll, third, one, two } = await withAsked();
    await endorseAs(roll, one, 'add', third.signer.id);
    await endorseAs(roll, two, 'add', third.signer.id);
    expect((await endorseAs(roll, roll.keys.get('state')!, 'revoke', third.signer.id)).isErr()).toBe(true);
    expect((await endorseAs(roll, third, 'revoke', third.signer.id)).isErr()).toBe(true);
    expect((await endorseAs(roll, one, 'revoke', third.signer.id)).okOrThrow().appended).toBe(null);
    expect(await stateOf(roll, third.signer.id)).toBe('going');
    expect((await endorseAs(roll, two, 'revoke', third.signer.id)).okOrThrow().appended).not.toBe(null);
    expect(await stateOf(roll, third.signer.id)).toBe('revoked');
    expect((await roll.rolls.act((holding) => askForSigner(holding, third.signer))).isErr()).toBe(true);
  });

  it('is endorsed anew where a night was sealed between the two', async () => {
    const { roll, third, one, two } = await withAsked();
    await endorseAs(roll, one, 'add', third.signer.id);
    roll.now += 8 * HOUR;
    await seal(roll, TODAY);
    expect((await endorseAs(roll, two, 'add', third.signer.id)).okOrThrow().appended).toBe(null);
    expect((await endorseAs(roll, one, 'add', third.signer.id)).okOrThrow().appended).not.toBe(null);
  });
});
