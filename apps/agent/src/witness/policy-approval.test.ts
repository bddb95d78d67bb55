/** A person at a witness sees what a policy would change, as the log that this witness signed tells the old one. */
import { webcrypto } from 'node:crypto';
import {
  checkSignatures,
  encodeText,
  formatNoteKey,
  formatSignature,
  KeyKind,
  type NoteSigner,
  parseNote,
  type Subtle,
  signText,
  webVerifier,
} from '@bellwether/evidence';
import { formatEntry, policyText, type RollsPolicy } from '@bellwether/rolls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderForTest } from '../testing/folder.ts';
import { hasher, logSigner, ORIGIN, SmallHub, SmallLog, signerOfByte } from '../testing/small-log.ts';
import { genesisOf, genesisState } from '../testing/small-roll.ts';
import { hubClient } from './hub-client.ts';
import { approvalNote, approvalText, lookAtProposal, proposalIn } from './policy-approval.ts';
import { makeSecrets, signersOf } from './witness-keys.ts';
import { newMemory, type WitnessMemory } from './witness-state.ts';

const verifier = webVerifier(webcrypto.subtle as unknown as Subtle);
const AT = '2026-11-10T15:00Z';

const adair = makeSecrets('adair');
const keys = ['barry', 'cole', 'dent'].map((name, at) => ({
  name,
  cosigner: signerOfByte(name, KeyKind.cosignature, 60 + at),
  checks: signerOfByte(`${name}/checks`, KeyKind.note, 70 + at),
}));
const [barry, cole, dent] = keys as [(typeof keys)[0], (typeof keys)[0], (typeof keys)[0]];
const own = { name: 'adair', ...signersOf(hasher, adair) };

function listOf(witnesses: readonly { name: string; cosigner: NoteSigner; checks: NoteSigner }[]): string {
  return [
    `log ${formatNoteKey(logSigner.key)}`,
    ...witnesses.map(({ checks }) => `log ${formatNoteKey(checks.key)}`),
    ...witnesses.map(({ name, cosigner }) => `witness ${name} ${formatNoteKey(cosigner.key)}`),
    `group all 2 ${witnesses.map(({ name }) => name).join(' ')}`,
    'quorum all',
    '',
  ].join('\n');
}

const genesis = genesisOf(genesisState(10));
const first: RollsPolicy = { ...genesis.policy, witnesses: listOf([own, barry, cole]) };
const begun = formatEntry({ ...genesis, policy: first });
const next: RollsPolicy = { ...first, witnesses: listOf([own, barry, dent]) };
const proposal = policyText(ORIGIN, { policy: next, at: AT });

/** An entry that changes the policy, signed by these. */
async function changeTo(policy: RollsPolicy, by: readonly NoteSigner[]): Promise<Uint8Array> {
  const at = '2026-11-02T00:00Z';
  const text = policyText(ORIGIN, { policy, at });
  const lines = await Promise.all(by.map(async (each) => formatSignature(await signText(text, 0n, each))));
  return formatEntry({ type: 'policy', policy, at, notes: lines.join('') });
}

/** A witness that has cosigned a log of these entries. */
async function witnessOf(entries: readonly Uint8Array[], secrets = adair) {
  const hub = new SmallHub();
  onTestFinished(() => hub.close());
  const log = new SmallLog(entries);
  await hub.show(log);
  const client = hubClient(await hub.listen(), new AbortController().signal);
  const seen = { origin: ORIGIN, size: BigInt(log.size), root: log.root, note: await log.note(), time: 1n };
  const memory: WitnessMemory = { ...newMemory(secrets, null), seen: new Map([[ORIGIN, seen]]) };
  return { hub, needs: { client, hasher, verifier, memory } };
}

describe('a proposed policy', () => {
  it('is shown in sentences, and signed by the second key of the witness', async () => {
    const { needs } = await witnessOf([encodeText('{"type":"trail"}'), begun]);
    const seen = (await lookAtProposal(needs, encodeText(proposal))).okOrThrow();
    expect(seen.changes).toEqual([
      expect.stringContaining('dent/checks is added'),
      expect.stringContaining('The witness dent is added'),
      'The key cole/checks is removed.',
      'The witness cole is removed.',
      'Who has to agree: group all 2 adair barry dent; quorum all.',
    ]);
    expect(approvalText(seen)).toContain(AT);
    const note = parseNote(encodeText(await approvalNote(hasher, needs.memory, seen))).okOrThrow();
    expect(note.text).toBe(proposal);
    expect((await checkSignatures(note, [own.checks.key], verifier)).isOk()).toBe(true);
  });

  it('is compared with the last policy that the old witnesses agreed to', async () => {
    const { needs } = await witnessOf([begun, await changeTo(next, [own.checks, cole.checks])]);
    const seen = (await lookAtProposal(needs, encodeText(proposal))).okOrThrow();
    expect(seen.changes).toEqual([]);
  });

  it('is not signed where the log holds a change that had no quorum', async () => {
    const { needs } = await witnessOf([begun, await changeTo(next, [own.checks, dent.checks])]);
    expect(await lookAtProposal(needs, encodeText(proposal))).toMatchObject({
      error: { code: 'WITNESS_POLICY_STRANGER' },
    });
  });

  it('is not signed where the hub shows other entries than those that were cosigned', async () => {
    const { needs, hub } = await witnessOf([begun]);
    await hub.show(new SmallLog([formatEntry({ ...genesis, policy: next })]));
    expect(await lookAtProposal(needs, encodeText(proposal))).toMatchObject({
      error: { code: 'WITNESS_HUB_AWAY' },
    });
  });

  it('is not for a witness that the policy does not name, nor for another log, nor for one that has stopped', async () => {
    const stranger = { error: { code: 'WITNESS_POLICY_STRANGER' } };
    const other = await witnessOf([begun], makeSecrets('adair'));
    expect(await lookAtProposal(other.needs, encodeText(proposal))).toMatchObject(stranger);
    const { needs } = await witnessOf([begun]);
    const elsewhere = policyText('other.example/log', { policy: next, at: AT });
    expect(await lookAtProposal(needs, encodeText(elsewhere))).toMatchObject(stranger);
    const stopped = { at: AT, why: 'copied', detail: 'a copy', note: null } as const;
    const still = { ...needs, memory: { ...needs.memory, stopped } };
    expect(await lookAtProposal(still, encodeText(proposal))).toMatchObject({
      error: { code: 'WITNESS_STOPPED' },
    });
  });

  it('is refused where it is cut, padded, too long or not there', async () => {
    const { needs } = await witnessOf([begun]);
    const wrong = { error: { code: 'WITNESS_POLICY_MALFORMED' } };
    for (const text of [proposal.slice(0, -2), `${proposal} `, proposal.replace('policy@1', 'policy@2'), ''])
      expect(await lookAtProposal(needs, encodeText(text))).toMatchObject(wrong);
    expect(await proposalIn(`${folderForTest()}/none`)).toMatchObject(wrong);
  });
});
