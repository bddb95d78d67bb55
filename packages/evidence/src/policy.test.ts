import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeText } from './bytes.ts';
import { formatCheckpoint } from './checkpoint.ts';
import { signText } from './cosignature.ts';
import { consistencyProof, inclusionProof, type ReadTile } from './making-proofs.ts';
import { formatPolicy, isQuorum, parsePolicy } from './policy.ts';
import { formatNoteKey, KeyKind, type SignedNote } from './signed-note.ts';
import { hasher, nodeVerifier, testSigner } from './testing/verifier.ts';
import { tilePath } from './tiles.ts';
import { checkTlogProof, formatTlogProof, parseTlogProof } from './tlog-proof.ts';
import { GrowingTree, leafHash } from './tree.ts';

const log = testSigner('example.com/log', KeyKind.note, 1);
const witnesses = Array.from({ length: 130 }, (_, i) =>
  testSigner(`witness.example/${i}`, KeyKind.cosignature, i + 2),
);
const quantum = testSigner('witness.example/q', KeyKind.mlDsa44, 9);
const told = (i: number): string => formatNoteKey(witnesses[i]!.key);
const lines = (count: number): string =>
  Array.from({ length: count }, (_, i) => `witness W${i} ${told(i)}\n`).join('');
const read = (text: string) => parsePolicy(hasher, encodeText(text));
const members = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `W${from + i}`).join(' ');

const SPLITS = { error: { code: 'EVIDENCE_QUORUM_SPLITS' } };
const MALFORMED = { error: { code: 'EVIDENCE_MALFORMED' } };

describe('a policy', () => {
  test('of the standard: two of three X and any of three Y', () => {
    const text = `# X and Y\nlog ${formatNoteKey(log.key)}\n\n${lines(6)}group X 2 W0 W1 W2\n\tgroup Y any  W3 W4 W5 \ngroup both all X Y\nquorum both\n`;
    const policy = read(text).okOrThrow();
    expect(isQuorum(policy, new Set(['W0', 'W2', 'W4']))).toBe(true);
    expect(isQuorum(policy, new Set(['W0', 'W1', 'W2']))).toBe(false);
    expect(isQuorum(policy, new Set(['W0', 'W3', 'W4', 'W5']))).toBe(false);
    expect(read(formatPolicy(policy)).okOrThrow()).toEqual(policy);
  });

  test('of 116 offices and three outside groups: more than 32 of everything', () => {
    const text = `${lines(119)}group offices 60 ${members(0, 116)}\ngroup outside 2 ${members(116, 119)}\ngroup all2 all offices outside\nquorum all2\n`;
    const policy = read(text).okOrThrow();
    const names = Array.from({ length: 119 }, (_, i) => `W${i}`);
    expect(isQuorum(policy, new Set([...names.slice(0, 60), 'W116', 'W118']))).toBe(true);
    expect(isQuorum(policy, new Set([...names.slice(0, 59), 'W116', 'W118']))).toBe(false);
  });

  test.each([
    ['any of two', 'group g any W0 W1\nquorum g\n'],
    ['58 of 116', `group g 58 ${members(0, 116)}\nquorum g\n`],
    ['two of two groups that split', 'group a any W0 W1\ngroup b any W2 W3\ngroup g all a b\nquorum g\n'],
    ['nobody', 'quorum none\n'],
  ])('that two quorums without a common member could meet is refused: %s', (_, rest) => {
    expect(read(lines(116) + rest)).toMatchObject(SPLITS);
  });

  test('splits exactly where two sets that share nobody are both a quorum', () => {
    const threshold = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(threshold, threshold, threshold, fc.integer({ min: 1, max: 3 }), (k1, k2, k3, top) => {
        const sizes = [3, 2, 2];
        const ks = [k1, k2, k3].map((k, i) => Math.min(k, sizes[i]!));
        const text = `${lines(7)}group a ${ks[0]} W0 W1 W2\ngroup b ${ks[1]} W3 W4\ngroup c ${ks[2]} W5 W6\ngroup g ${top} a b c\nquorum g\n`;
        const met = (set: number): boolean => {
          const bits = (from: number, to: number) =>
            Array.from({ length: to - from }, (_, i) => (set >> (from + i)) & 1).reduce((x, y) => x + y, 0);
          const groups = [bits(0, 3) >= ks[0]!, bits(3, 5) >= ks[1]!, bits(5, 7) >= ks[2]!];
          return groups.filter(Boolean).length >= top;
        };
        let disjoint = false;
        for (let set = 0; set < 128; set++) disjoint ||= met(set) && met(127 & ~set);
        expect(read(text).isErr()).toBe(disjoint);
      }),
    );
  });

  test.each([
    ['no quorum', ''],
    ['two quorums', 'quorum W0\nquorum W0\n'],
    ['a quorum above its group', 'quorum g\ngroup g all W0\n'],
    ['a member that is not known', 'group g all W9\nquorum g\n'],
    ['a member twice', 'group g all W0 W0\nquorum g\n'],
    ['a member of two groups', 'group a all W0 W1\ngroup b all W1 W2\nquorum a\n'],
    ['none as a member', 'group g all none W0\nquorum g\n'],
    ['a threshold of zero', 'group g 0 W0 W1\nquorum g\n'],
    ['a threshold above its members', 'group g 3 W0 W1\nquorum g\n'],
    ['a group of nobody', 'group g all\nquorum W0\n'],
    ['a name twice', 'group W0 all W1\nquorum W0\n'],
    ['a key twice', `witness again ${told(0)}\nquorum W0\n`],
    ['a key of a log as a witness', `witness L ${formatNoteKey(log.key)}\nquorum W0\n`],
    ['a key of a witness as a log', `log ${told(5)}\nquorum W0\n`],
    ['an unknown line', 'wintess x y\nquorum W0\n'],
    ['a carriage return', 'quorum W0\r\n'],
    ['no end of its last line', 'quorum W0'],
  ])('is refused with %s', (_, rest) => {
    expect(read(lines(3) + rest)).toMatchObject(MALFORMED);
  });
});

describe('a proof that stands by itself', () => {
  const COUNT = 300;
  const tiles = new Map<string, Buffer>();
  const tree = new GrowingTree(hasher, (tile, hashes) => tiles.set(tilePath(tile), Buffer.from(hashes)));
  const leaves = Array.from({ length: COUNT }, (_, i) => leafHash(hasher, encodeText(`entry ${i}`)));
  tree.append(Buffer.concat(leaves));
  tree.flush();
  const readTile: ReadTile = async (tile) => tiles.get(tilePath(tile)) ?? null;
  const text = formatCheckpoint({ origin: 'example.com/log', size: BigInt(COUNT), root: tree.root() });
  const policy = read(
    `log ${formatNoteKey(log.key)}\n${lines(2)}witness Q ${formatNoteKey(quantum.key)}\ngroup g 2 W0 W1 Q\nquorum g\n`,
  ).okOrThrow();

  async function proofOf(signers: readonly (typeof log)[], index = 123n): Promise<string> {
    const signatures = await Promise.all(signers.map((signer) => signText(text, 1_700_000_000n, signer)));
    const note: SignedNote = { text, signatures };
    const proof = (await inclusionProof(hasher, index, BigInt(COUNT), readTile)).okOrThrow();
    return formatTlogProof({ extra: Uint8Array.of(1, 2, 3), index, proof, note });
  }
  const check = async (file: Uint8Array) => {
    const parsed = parseTlogProof(file);
    return parsed.isErr() ? parsed : checkTlogProof(parsed.value, leaves[123]!, policy, hasher, nodeVerifier);
  };

  test('is accepted with a log and a quorum, one of them by ML-DSA-44', async () => {
    const file = await proofOf([log, witnesses[0]!, quantum]);
    const accepted = (await check(encodeText(file))).okOrThrow();
    expect([...accepted.cosigned.keys()]).toEqual(['W0', 'Q']);
    expect(formatTlogProof(parseTlogProof(encodeText(file)).okOrThrow())).toBe(file);
  });

  test('is refused without the log, without a quorum, and with one witness twice', async () => {
    const cases = [
      [[witnesses[0]!, witnesses[1]!], 'EVIDENCE_UNSIGNED'],
      [[log, witnesses[0]!], 'EVIDENCE_QUORUM_MISSED'],
      [[log, witnesses[0]!, witnesses[0]!], 'EVIDENCE_QUORUM_MISSED'],
      [[log, witnesses[5]!, witnesses[6]!], 'EVIDENCE_QUORUM_MISSED'],
    ] as const;
    for (const [signers, code] of cases) {
      expect(await check(encodeText(await proofOf(signers)))).toMatchObject({ error: { code } });
    }
  });

  test('is refused after any change of a byte behind its extra data', async () => {
    const file = encodeText(await proofOf([log, witnesses[0]!, witnesses[1]!]));
    const from = Buffer.from(file).indexOf('index');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: from, max: file.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const changed = file.slice();
          changed[at]! ^= by;
          expect((await check(changed)).isErr()).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('of another leaf, or of an older tree, is refused', async () => {
    expect((await check(encodeText(await proofOf([log, witnesses[0]!, witnesses[1]!], 124n)))).isErr()).toBe(
      true,
    );
    expect((await consistencyProof(hasher, 0n, 301n, 300n, readTile)).isErr()).toBe(true);
  });
});
