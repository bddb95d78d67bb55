import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { typedReceipt } from '@bellwether/rolls';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readPinnedPolicy } from './checking/policy-check.ts';
import { replayLog } from './checking/replay.ts';
import { folderSource } from './node/folder-source.ts';
import { nodeVerifier } from './node/node-verifier.ts';
import { folderOfTests, verify } from './testing/folder.ts';
import { hasher } from './testing/signing-keys.ts';
import { makeWholeRoll, PUBLISHED, type WholeRoll } from './testing/whole-roll.ts';

const folder = folderOfTests();
const AT = ['--at', '2026-06-04T09:00Z'];
let made: WholeRoll;

beforeAll(async () => {
  made = await makeWholeRoll(folder);
});

function answerOf(...args: string[]) {
  const { status, stdout } = verify(...args, ...AT, '--json');
  return { status, ...(JSON.parse(stdout) as { readonly genesis?: string }) };
}

describe('what holds', () => {
  it('is a checkpoint that a quorum signed lately, a proof, and a policy with the hash of its genesis', () => {
    const { log, policy, proof } = made;
    expect(answerOf('checkpoint', join(log, 'checkpoint'), '--policy', policy)).toMatchObject({
      status: 0,
      answer: 'yes',
    });
    expect(answerOf('proof', proof, '--policy', policy)).toMatchObject({ status: 0, index: '0' });
    const told = answerOf('policy', policy, '--log', log);
    expect(told).toMatchObject({ status: 0, witnesses: 3, quorum: 'enough: 2 of 3' });
    const genesis = String(told.genesis);
    expect(answerOf('replay', '--log', log, '--policy', policy, '--genesis', genesis)).toMatchObject({
      status: 0,
      policyFrom: 'you',
      nights: 2,
      roots: 2,
      items: 14,
      genesis,
    });
    expect(answerOf('replay', '--log', log, '--last')).toMatchObject({
      status: 0,
      policyFrom: 'log',
      roots: 1,
    });
  });

  it('is a receipt as a file and as typed letters, with the fields of the record', () => {
    const { log, policy, receipt, fields } = made;
    const file = join(folder, 'receipt');
    writeFileSync(file, receipt);
    const values = join(folder, 'fields.json');
    writeFileSync(values, JSON.stringify(fields));
    const more = ['--log', log, '--policy', policy];
    expect(answerOf('receipt', file, ...more)).toMatchObject({ status: 0, withFields: false, epoch: 2 });
    const typed = typedReceipt(receipt).toLowerCase();
    expect(answerOf('receipt', typed, ...more, '--fields', values)).toMatchObject({
      status: 0,
      withFields: true,
    });
    writeFileSync(values, JSON.stringify({ ...fields, 'name.last': 'Smyth' }));
    expect(answerOf('receipt', file, ...more, '--fields', values)).toMatchObject({
      status: 3,
      code: 'VERIFY_RECORD_DIFFERS',
    });
  });

  it('is a statement that stands in the log, and one that a witness signed', () => {
    const { log, policy, night, witness } = made;
    const more = ['--log', log, '--policy', policy];
    expect(answerOf('statement', night, ...more)).toMatchObject({
      status: 0,
      kind: 'night',
      isOfLastSeal: true,
    });
    expect(answerOf('statement', witness, ...more)).toMatchObject({
      status: 0,
      kind: 'witness',
      notDone: ['signers'],
    });
    const other = join(folder, 'other.json');
    writeFileSync(other, readFileSync(night, 'utf8').replace('"State of Example"', '"State of Sample"'));
    expect(answerOf('statement', other, ...more)).toMatchObject({ status: 3, code: 'VERIFY_NOT_IN_LOG' });
  });
});

describe('what does not', () => {
  it('is a checkpoint of which no quorum is younger than 26 hours', () => {
    const checkpoint = join(made.log, 'checkpoint');
    const at = (time: string) =>
      verify('checkpoint', checkpoint, '--policy', made.policy, '--at', time).status;
    expect(
      ['2026-06-04T08:00Z', '2026-06-05T10:00Z', '2026-06-05T10:01Z', '2026-06-03T08:00Z'].map(at),
    ).toEqual([0, 0, 3, 3]);
  });

  it('is a log with another beginning than the one that is pinned', () => {
    const told = answerOf('replay', '--log', made.log, '--genesis', 'a'.repeat(64));
    expect(told).toMatchObject({ status: 3, code: 'VERIFY_OTHER_GENESIS' });
  });

  it('is told apart from what cannot be read, and from wrong usage', () => {
    const broken = join(folder, 'broken');
    writeFileSync(broken, 'no note\n');
    expect(verify('checkpoint', broken, '--policy', made.policy).status).toBe(1);
    expect(verify('checkpoint', join(folder, 'nothing'), '--policy', made.policy).status).toBe(1);
    expect(verify('replay', '--log', folder).status).toBe(1);
    expect(verify('receipt', 'AAAA', '--log', made.log, '--policy', made.policy).status).toBe(1);
    expect(verify('checkpoint', broken).status).toBe(2);
    expect(verify('replay', '--log', made.log, '--entry', 'x').status).toBe(2);
    expect(verify('nothing').status).toBe(2);
  });
});

describe('replay', () => {
  it('refuses a log in which any byte of any file that it needs was changed', async () => {
    const copy = join(folder, 'copy');
    cpSync(made.log, copy, { recursive: true });
    // All witnesses: with fewer, a line of one who is then unknown would be left aside.
    const all = readFileSync(made.policy, 'utf8').replace('group enough 2', 'group enough 3');
    const policy = readPinnedPolicy(hasher, Buffer.from(all)).okOrThrow().policy;
    const replayed = (last: boolean) =>
      replayLog(
        { source: folderSource(copy), policy, pinned: null, lastOnly: last, ahead: 0 },
        { hasher, verifier: nodeVerifier(), now: PUBLISHED },
        { onProgress: () => {}, isStopped: async () => false },
      );
    expect((await replayed(false)).isOk()).toBe(true);
    // States of later nights and tiles of hashes are for proofs: a replay computes both again and reads neither.
    const first = new Set(firstState(copy));
    const needed = filesOf(copy).filter(
      (path) => path === 'checkpoint' || path.startsWith('tile/entries/') || first.has(path),
    );
    expect(needed.length).toBeGreaterThanOrEqual(3);
    const change = fc.tuple(
      fc.constantFrom(...needed),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
    );
    await fc.assert(
      fc.asyncProperty(change, async ([path, place, by, last]) => {
        const full = join(copy, path);
        const right = readFileSync(full);
        const wrong = Buffer.from(right);
        wrong[place % wrong.length]! ^= by;
        writeFileSync(full, wrong);
        const refused = (await replayed(last)).isErr();
        writeFileSync(full, right);
        return refused;
      }),
      { numRuns: 150 },
    );
    rmSync(copy, { recursive: true });
  });
});

/** The files of the genesis state: with so few records, one bucket. */
function firstState(log: string): string[] {
  const root = Buffer.from(made.maker.genesis.root, 'base64').toString('hex');
  return filesOf(log).filter((path) => path === `state/${root}`);
}

function filesOf(top: string, below = ''): string[] {
  return readdirSync(join(top, below)).flatMap((name) => {
    const path = below === '' ? name : `${below}/${name}`;
    return statSync(join(top, path)).isDirectory() ? filesOf(top, path) : [path];
  });
}
