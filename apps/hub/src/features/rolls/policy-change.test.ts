/** Three witnesses, two of whom have to agree: a policy that they sign is taken, and no other one. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  encodeText,
  formatNote,
  formatNoteKey,
  formatSignature,
  KeyKind,
  type NoteSigner,
  noteKey,
  parseNote,
  signText,
} from '@bellwether/evidence';
import {
  CHECKS_SUFFIX,
  formatEntry,
  type PolicyEntry,
  parsePolicyText,
  policyDifferences,
  type RollsPolicy,
} from '@bellwether/rolls';
import { describe, expect, it } from 'vitest';
import { appendFolded } from './holding.ts';
import { appendPolicy, POLICY_FILE, proposePolicy } from './policy-change.ts';
import { policyInForce } from './policy-in-force.ts';
import { replayRoll } from './replayed-roll.ts';
import { rollPaths } from './roll-files.ts';
import { RollOfTest } from './rolls.fixture.ts';

const AT = '2026-11-03T18:00Z';

function witnessOf(roll: RollOfTest, name: string) {
  const signer = (of: string, kind: KeyKind): NoteSigner => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const raw = Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
    const key = noteKey(roll.hasher, of, kind, raw);
    return { key, sign: async (message) => Uint8Array.from(sign(null, message, privateKey)) };
  };
  return {
    name,
    cosigner: signer(name, KeyKind.cosignature),
    checks: signer(`${name}${CHECKS_SUFFIX}`, KeyKind.note),
  };
}

type Witness = ReturnType<typeof witnessOf>;

function listOf(roll: RollOfTest, witnesses: readonly Witness[], quorum = 2): string {
  return [
    `log ${formatNoteKey(roll.log.key)}`,
    ...witnesses.map(({ checks }) => `log ${formatNoteKey(checks.key)}`),
    ...witnesses.map(({ name, cosigner }) => `witness ${name} ${formatNoteKey(cosigner.key)}`),
    `group all ${quorum} ${witnesses.map(({ name }) => name).join(' ')}`,
    'quorum all',
    '',
  ].join('\n');
}

/** What a witness sends back. */
async function noteBy({ checks }: Witness, text: string): Promise<Uint8Array> {
  return encodeText(formatNote({ text, signatures: [await signText(text, 0n, checks)] }));
}

/** A roll whose log names three witnesses, and a fourth who is to come. */
async function withWitnesses() {
  const roll = await new RollOfTest().begin();
  const [a, b, c, d] = ['adair', 'barry', 'cole', 'dent'].map((name) => witnessOf(roll, name)) as [
    Witness,
    Witness,
    Witness,
    Witness,
  ];
  const first: RollsPolicy = { ...roll.policy, witnesses: listOf(roll, [a, b, c]) };
  const { text } = proposePolicy(roll.rolls.held, first, AT).okOrThrow();
  const notes = await Promise.all([a, b].map((witness) => noteBy(witness, text)));
  (await roll.rolls.act((holding) => appendPolicy(holding, text, notes))).okOrThrow();
  const next: RollsPolicy = { ...first, witnesses: listOf(roll, [a, b, d]), massItems: 9 };
  const proposed = proposePolicy(roll.rolls.held, next, AT).okOrThrow();
  const append = (signed: readonly Uint8Array[]) =>
    roll.rolls.act((holding) => appendPolicy(holding, proposed.text, signed));
  return { roll, a, b, c, d, next, proposed, append };
}

/** The log, replayed from its genesis as anybody would. */
async function replayed(roll: RollOfTest) {
  const { tools } = roll.rolls.held;
  return replayRoll(tools, roll.log, rollPaths(roll.data).public, 0n, () => {});
}

describe('a change of policy', () => {
  it('is told in sentences, and its text is read back to the letter', async () => {
    const { roll, proposed, next } = await withWitnesses();
    expect(proposed.changes).toEqual([
      expect.stringContaining('The key dent/checks is added'),
      expect.stringContaining('The witness dent is added'),
      'The key cole/checks is removed.',
      'The witness cole is removed.',
      'Who has to agree: group all 2 adair barry dent; quorum all.',
      'Changes of an office on a day beyond which a second office signs: 5 becomes 9.',
    ]);
    expect(parsePolicyText(proposed.text).okOrThrow()).toMatchObject({ at: AT, policy: next });
    expect(parsePolicyText(proposed.text.replace('"massItems":9', '"massItems":09')).isErr()).toBe(true);
    expect(parsePolicyText(`${proposed.text}x`).isErr()).toBe(true);
    expect(parsePolicyText(proposed.text.replace('"massItems":9,', '')).isErr()).toBe(true);
    expect(parsePolicyText('').isErr()).toBe(true);
    expect(policyDifferences(roll.hasher, next, next).okOrThrow()).toEqual([]);
  });

  it('is taken with the quorum of the old witnesses, by the hub, after a restart and by whoever replays the log', async () => {
    const { roll, a, c, next, proposed, append } = await withWitnesses();
    const notes = await Promise.all([a, c].map((witness) => noteBy(witness, proposed.text)));
    expect((await append(notes)).okOrThrow()).toMatchObject({ lines: 2 });
    expect(roll.rolls.held.fold.policy).toEqual(next);
    expect((await replayed(roll)).okOrThrow().policy).toEqual(next);
    await roll.reopen();
    expect(roll.rolls.held.fold.policy).toEqual(next);
    const kept = readFileSync(join(rollPaths(roll.data).logPrivate, POLICY_FILE), 'utf8');
    expect(kept).toBe(next.witnesses);
    // Whoever reads the log without holding the roll sees the same: watching, a reconcile.
    const { paths, log } = roll.rolls.held;
    expect((await policyInForce(paths, 0n, log.size)).okOrThrow()).toEqual(next);
    expect((await policyInForce(paths, 0n, 1n)).okOrThrow()).toEqual(roll.policy);
  });

  it.each([
    ['one of the old witnesses', ['a']],
    ['one twice', ['a', 'a']],
    ['one, and one who is only to come', ['a', 'd']],
  ] as const)('is refused with %s, and nothing is in the log', async (_, names) => {
    const all = await withWitnesses();
    const before = all.roll.log.size;
    const notes = await Promise.all(names.map((name) => noteBy(all[name], all.proposed.text)));
    expect(await all.append(notes)).toMatchObject({ error: { code: 'ROLL_RULE_BROKEN' } });
    expect(all.roll.log.size).toBe(before);
  });

  it('is refused where a note is over another text, and before its minute has come', async () => {
    const { roll, a, b, next, proposed, append } = await withWitnesses();
    const other = proposePolicy(roll.rolls.held, { ...next, massItems: 99 }, AT).okOrThrow().text;
    const mixed = [await noteBy(a, proposed.text), await noteBy(b, other)];
    expect(await append(mixed)).toMatchObject({ error: { code: 'ROLL_INPUT_WRONG' } });
    const later = proposePolicy(roll.rolls.held, next, '2026-11-10T15:00Z').okOrThrow().text;
    const notes = await Promise.all([a, b].map((witness) => noteBy(witness, later)));
    const appendLater = () => roll.rolls.act((holding) => appendPolicy(holding, later, notes));
    expect(await appendLater()).toMatchObject({
      error: { detail: expect.stringContaining('append it then') },
    });
    roll.now = Date.parse('2026-11-10T15:00Z');
    expect((await appendLater()).isOk()).toBe(true);
  });

  it('is refused where it forgets the key of this log, or who witnesses', async () => {
    const { roll, next } = await withWitnesses();
    const own = `log ${formatNoteKey(roll.log.key)}\n`;
    const without = { ...next, witnesses: next.witnesses.replace(own, '') };
    expect(proposePolicy(roll.rolls.held, without, AT).isErr()).toBe(true);
    expect(proposePolicy(roll.rolls.held, { ...next, witnesses: '' }, AT).isErr()).toBe(true);
  });

  it('without a quorum is refused by the fold, and by whoever replays a log into which a hub put it all the same', async () => {
    const { roll, a, d, next, proposed } = await withWitnesses();
    const lines = await Promise.all(
      [a, d].map(async (witness) => {
        const note = parseNote(await noteBy(witness, proposed.text)).okOrThrow();
        return note.signatures.map(formatSignature).join('');
      }),
    );
    const entry: PolicyEntry = { type: 'policy', policy: next, at: AT, notes: lines.join('') };
    const folded = await roll.rolls.act((holding) => appendFolded(holding, [formatEntry(entry)]));
    expect(folded).toMatchObject({ error: { detail: expect.stringContaining('rule policy') } });
    expect((await replayed(roll)).isOk()).toBe(true);
    (await roll.log.appendEntries([formatEntry(entry)])).okOrThrow();
    expect(await replayed(roll)).toMatchObject({
      error: { detail: expect.stringContaining('which is no quorum') },
    });
  });
});
