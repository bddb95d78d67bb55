import { webcrypto } from 'node:crypto';
import { ok, type Result } from '@bellwether/basics';
import {
  checkSignatures,
  encodeText,
  KeyKind,
  parseNote,
  type Subtle,
  webVerifier,
} from '@bellwether/evidence';
import { formatEntry, parseWitnessStatement, type RollState } from '@bellwether/rolls';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AgentError } from '../errors.ts';
import { folderForTest } from '../testing/folder.ts';
import { hasher, logSigner, ORIGIN, SmallHub, SmallLog, signerOfByte } from '../testing/small-log.ts';
import { batchEntries, genesisOf, genesisState, newSigner } from '../testing/small-roll.ts';
import { checksWith, outcomesOf } from './checks.ts';
import { Cosigner } from './cosigner.ts';
import { firstSeen } from './first-seen.ts';
import { hubClient } from './hub-client.ts';
import { RollFold } from './roll-fold.ts';
import { makeSecrets } from './witness-keys.ts';
import { newMemory } from './witness-state.ts';
import { makeStore, takeStore } from './witness-store.ts';

const verifier = webVerifier(webcrypto.subtle as unknown as Subtle);
const NOW = Date.parse('2026-11-03T02:31:30Z');
const RECORDS = 100;
const genesis = genesisOf(genesisState(RECORDS));

/** A witness that has cosigned nothing yet, its hub, and what it states. */
async function atWork(
  readGenesis: () => Promise<Result<RollState, AgentError>> = async () => ok(genesisState(RECORDS)),
) {
  const path = `${folderForTest()}/witness.json`;
  (await makeStore(path, { ...newMemory(makeSecrets('adair'), null), logs: [logSigner.key] })).okOrThrow();
  const store = (await takeStore(path, hasher)).okOrThrow();
  onTestFinished(() => store.close());
  const hub = new SmallHub();
  onTestFinished(() => hub.close());
  const client = hubClient(await hub.listen(), new AbortController().signal);
  const clock = { now: NOW };
  const now = () => clock.now;
  const report = () => {};
  const cosigner = new Cosigner({ store, hasher, verifier, now, report });
  const seenAt = (index: bigint): number | null =>
    firstSeen(cosigner.memory.firstSeen.get(ORIGIN) ?? [], index, now());
  const fold = new RollFold({ client, hasher, verifier, now, seenAt, readGenesis });
  const published: string[] = [];
  const publish = async (note: string) => void published.push(note);
  const state = checksWith({
    cosigner,
    client,
    log: logSigner.key,
    fold,
    ownRows: null,
    now,
    report,
    publish,
  });
  /** The log has these entries now, and the witness has cosigned it. */
  async function cosigned(entries: readonly Uint8Array[]): Promise<SmallLog> {
    const log = new SmallLog(entries);
    await hub.show(log);
    const old = Number(cosigner.memory.seen.get(ORIGIN)?.size ?? 0n);
    expect((await cosigner.answerRequest(await log.request(old))).status).toBe(200);
    return log;
  }
  async function lastStatement() {
    const note = parseNote(encodeText(hub.statements.at(-1)!)).okOrThrow();
    (await checkSignatures(note, [cosigner.signers.checks.key], verifier)).okOrThrow();
    return parseWitnessStatement(note.text).okOrThrow();
  }
  return { hub, cosigner, clock, state, cosigned, lastStatement, published, store };
}

describe('what a witness states under its second key', () => {
  it('is that each batch of a log is signed and fits, from where it looked last', async () => {
    const { state, cosigned, lastStatement, published, hub, clock, store } = await atWork();
    expect((await state()).okOrThrow()).toBe(null);
    const entries = [encodeText('{"type":"trail"}'), formatEntry(genesis), ...(await batchEntries(1, 30, 2))];
    const log = await cosigned(entries);
    expect((await state()).okOrThrow()).toBe('stated');
    expect(await lastStatement()).toEqual({
      witness: 'adair',
      origin: ORIGIN,
      size: BigInt(entries.length),
      root: log.root,
      time: '2026-11-03T02:31Z',
      from: 0n,
      checks: { signatures: 'ok', versions: 'ok', mass: 'ok', quiet: 'ok', signers: 'ok' },
      rows: null,
      opened: null,
    });
    expect(published).toEqual(hub.statements);
    expect(store.memory.statements.map(({ note }) => note)).toEqual(hub.statements);
    expect((await state()).okOrThrow()).toBe(null);

    // Over the end of a bundle: what was read of it before is not read twice.
    const more = [...entries, ...(await batchEntries(2, 30, 3))];
    for (let batch = 3; batch < 11; batch++) more.push(...(await batchEntries(batch, 30, batch + 1)));
    expect(more.length).toBeGreaterThan(256);
    await cosigned(more);
    expect((await state()).okOrThrow()).toBe('stated');
    expect(await lastStatement()).toMatchObject({ from: BigInt(entries.length), checks: { versions: 'ok' } });
    clock.now += 7 * 3_600_000;
    expect((await state()).okOrThrow()).toBe('stated');
    expect(hub.statements).toHaveLength(3);
  });

  it('names the entry that is not signed by its office, and goes on saying so', async () => {
    const { state, cosigned, lastStatement } = await atWork();
    const thief = signerOfByte('thief', KeyKind.note, 41);
    const entries = [formatEntry(genesis), ...(await batchEntries(1, 3, 2, thief))];
    await cosigned(entries);
    expect((await state()).okOrThrow()).toBe('refused');
    const checks = { signatures: { refused: 1n }, versions: 'not-checked', mass: 'not-checked' };
    expect(await lastStatement()).toMatchObject({ checks });
    await cosigned([...entries, encodeText('{"type":"trail"}')]);
    expect((await state()).okOrThrow()).toBe('refused');
    expect(await lastStatement()).toMatchObject({ checks });
  });

  it('refuses a signer that it has not seen for 72 hours, whatever time the hub wrote beside it', async () => {
    const slow = { ...genesis, policy: { ...genesis.policy, signerDelayHours: 72 } };
    const by = signerOfByte('new', KeyKind.note, 42);
    // By the times of the log three days have passed; by this clock, one.
    const { key, entry } = await newSigner(by, '2026-10-30T00:00Z');
    const later = await newSigner(signerOfByte('later', KeyKind.note, 43), '2026-11-02T00:01Z');
    const announced = [formatEntry(slow), entry, later.entry];
    const used = [...announced, ...(await batchEntries(1, 3, 2, by, key))];
    const outcome = async (hours: number) => {
      const { state, cosigned, lastStatement, clock } = await atWork();
      await cosigned([formatEntry(slow)]);
      await cosigned(announced);
      clock.now += hours * 3_600_000;
      await cosigned(used);
      (await state()).okOrThrow();
      return (await lastStatement()).checks.signers;
    };
    expect(await outcome(24)).toEqual({ refused: 3n });
    expect(await outcome(73)).toBe('ok');
  });

  it('names a version that does not follow', async () => {
    const { state, cosigned, lastStatement } = await atWork();
    await cosigned([formatEntry(genesis), ...(await batchEntries(1, 3, 3))]);
    expect((await state()).okOrThrow()).toBe('refused');
    expect(await lastStatement()).toMatchObject({ checks: { versions: { refused: 2n } } });
  });

  it('says nothing about a roll where the log has none', async () => {
    const { state, cosigned, lastStatement } = await atWork();
    await cosigned([encodeText('{"type":"trail"}')]);
    expect((await state()).okOrThrow()).toBe('stated');
    expect(await lastStatement()).toMatchObject({
      checks: { signatures: 'not-checked', versions: 'not-checked' },
    });
  });

  it('states nothing of entries that are not those of the checkpoint, and begins anew', async () => {
    const { state, cosigned, hub } = await atWork();
    const entries = [formatEntry(genesis), ...(await batchEntries(1, 3, 2))];
    const log = await cosigned(entries);
    hub.shown.log = new SmallLog([formatEntry(genesis), ...(await batchEntries(1, 4, 2)).slice(0, 4)]);
    expect(await state()).toMatchObject({ error: { code: 'WITNESS_HUB_AWAY' } });
    hub.shown.log = log;
    expect((await state()).okOrThrow()).toBe('stated');
    expect(hub.statements).toHaveLength(1);
  });

  it('states nothing of a genesis state that is another one', async () => {
    const { state, cosigned, lastStatement } = await atWork(async () => ok(genesisState(RECORDS + 1)));
    await cosigned([formatEntry(genesis)]);
    expect((await state()).okOrThrow()).toBe('refused');
    expect(await lastStatement()).toMatchObject({ checks: { versions: { refused: 0n } } });
  });

  it('puts each broken rule under one check', () => {
    const refused = (rule: 'mass' | 'quiet' | 'signer') => ({
      code: 'ROLLS_FOLD_REFUSED' as const,
      detail: '',
      rule,
      index: 5n,
    });
    const found = (['mass', 'quiet', 'signer'] as const).map(
      (rule) =>
        Object.entries(outcomesOf({ from: 0n, refused: refused(rule), hasRoll: true, lastSeal: null })).find(
          ([, outcome]) => outcome !== 'not-checked',
        )?.[0],
    );
    expect(found).toEqual(['mass', 'quiet', 'signers']);
  });
});
