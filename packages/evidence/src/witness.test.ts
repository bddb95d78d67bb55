import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBase64, encodeText } from './bytes.ts';
import { formatCheckpoint } from './checkpoint.ts';
import { checkSignatures, signText } from './cosignature.ts';
import { consistencyProof } from './making-proofs.ts';
import type { Proof } from './proofs.ts';
import { formatNote, KeyKind, type NoteSignature, parseNote, parseSignatures } from './signed-note.ts';
import { hasher, nodeVerifier, testSigner } from './testing/verifier.ts';
import { tilePath } from './tiles.ts';
import { emptyRoot, GrowingTree, leafHash } from './tree.ts';
import { answerAddCheckpoint, type Witness, type WitnessState } from './witness.ts';

const ORIGIN = 'example.com/log';
const log = testSigner(ORIGIN, KeyKind.note, 1);
const impostor = testSigner(ORIGIN, KeyKind.note, 2);
const own = [
  testSigner('witness.example', KeyKind.cosignature, 3),
  testSigner('witness.example', KeyKind.mlDsa44, 4),
];
const witness: Witness = {
  logs: new Map([[ORIGIN, [log.key]]]),
  signers: own,
  hasher,
  verifier: nodeVerifier,
  now: () => 1_700_000_000n,
};
const NOTHING: WitnessState = new Map();

/** A log of so many entries, the last of which tells one fork from another. */
function logOf(size: number, fork = '') {
  const tiles = new Map<string, Buffer>();
  const tree = new GrowingTree(hasher, (tile, hashes) => tiles.set(tilePath(tile), Buffer.from(hashes)));
  for (let i = 0; i < size; i++)
    tree.append(leafHash(hasher, encodeText(`${i}${i === size - 1 ? fork : ''}`)));
  tree.flush();
  return {
    root: tree.root(),
    proofFrom: async (old: number): Promise<Proof> =>
      (
        await consistencyProof(
          hasher,
          0n,
          BigInt(old),
          BigInt(size),
          async (t) => tiles.get(tilePath(t)) ?? null,
        )
      ).okOrThrow(),
  };
}

async function requestOf(
  old: number | bigint,
  size: number,
  options: {
    proof?: Proof;
    root?: Uint8Array;
    signer?: typeof log;
    origin?: string;
    more?: readonly NoteSignature[];
  } = {},
): Promise<Uint8Array> {
  const of = logOf(size);
  const proof =
    options.proof ?? (Number(old) > 0 && Number(old) <= size ? await of.proofFrom(Number(old)) : []);
  const text = formatCheckpoint({
    origin: options.origin ?? ORIGIN,
    size: BigInt(size),
    root: options.root ?? of.root,
  });
  const signature = await signText(text, 0n, options.signer ?? log);
  const note = formatNote({ text, signatures: [signature, ...(options.more ?? [])] });
  return encodeText(`old ${old}\n${proof.map((hash) => `${encodeBase64(hash)}\n`).join('')}\n${note}`);
}

async function after(size: number): Promise<WitnessState> {
  const answer = await answerAddCheckpoint(await requestOf(0, size), NOTHING, witness);
  return answer.next!;
}

describe('a witness', () => {
  test('cosigns the first checkpoint that it sees, by each of its keys', async () => {
    const answer = await answerAddCheckpoint(await requestOf(0, 5), NOTHING, witness);
    expect(answer.status).toBe(200);
    expect(parseSignatures(answer.body).okOrThrow().length).toBe(2);
    const { size, note } = answer.next!.get(ORIGIN)!;
    expect(size).toBe(5n);
    const keys = [log, ...own].map(({ key }) => key);
    const checked = await checkSignatures(parseNote(encodeText(note)).okOrThrow(), keys, nodeVerifier);
    expect(checked.okOrThrow().map(({ time }) => time)).toEqual([null, 1_700_000_000n, 1_700_000_000n]);
  });

  test('cosigns what grew, and the same again, and leaves the state it was given alone', async () => {
    const state = await after(5);
    const grown = await answerAddCheckpoint(await requestOf(5, 12), state, witness);
    expect(grown.status).toBe(200);
    expect(grown.next!.get(ORIGIN)!.size).toBe(12n);
    expect(state.get(ORIGIN)!.size).toBe(5n);
    expect(
      (await answerAddCheckpoint(await requestOf(12, 12, { proof: [] }), grown.next!, witness)).status,
    ).toBe(200);
  });

  test('says its own size where the old one is another', async () => {
    const state = await after(5);
    for (const old of [0, 4, 6]) {
      expect(await answerAddCheckpoint(await requestOf(old, 12), state, witness)).toEqual({
        status: 409,
        contentType: 'text/x.tlog.size',
        body: '5\n',
        next: null,
      });
    }
    expect((await answerAddCheckpoint(await requestOf(3, 12), NOTHING, witness)).body).toBe('0\n');
  });

  test.each([
    [404, 'a log that it does not know', () => requestOf(0, 5, { origin: 'example.com/other' })],
    [403, 'a key that it does not trust', () => requestOf(5, 12, { signer: impostor })],
    [400, 'an old size above the new one', () => requestOf(13, 12)],
    [422, 'a proof that is empty', () => requestOf(5, 12, { proof: [] })],
    [422, 'a fork of the same size', () => requestOf(5, 5, { proof: [], root: logOf(5, 'x').root })],
    [422, 'a proof for the same size', async () => requestOf(5, 5, { proof: [logOf(1).root] })],
    [422, 'another tree', () => requestOf(5, 12, { root: logOf(12, 'x').root })],
  ])('answers %i to %s, and keeps its state', async (status, _, make) => {
    const answer = await answerAddCheckpoint(await make(), await after(5), witness);
    expect(answer).toMatchObject({ status, next: null });
  });

  test('answers 422 to a proof from nothing, and to another root of nothing', async () => {
    const proof = await requestOf(0, 5, { proof: [logOf(1).root] });
    const root = await requestOf(0, 0, { root: logOf(1).root });
    expect((await answerAddCheckpoint(proof, NOTHING, witness)).status).toBe(422);
    expect((await answerAddCheckpoint(root, NOTHING, witness)).status).toBe(422);
    const empty = await requestOf(0, 0, { root: emptyRoot(hasher) });
    expect((await answerAddCheckpoint(empty, NOTHING, witness)).status).toBe(200);
  });

  test('stops for a person where a cosignature of its own is ahead of its state', async () => {
    const text = formatCheckpoint({ origin: ORIGIN, size: 12n, root: logOf(12).root });
    const ours = await signText(text, 1_600_000_000n, own[0]!);
    const request = await requestOf(5, 12, { more: [ours] });
    expect(await answerAddCheckpoint(request, await after(5), witness)).toMatchObject({
      status: 503,
      next: null,
    });
    const grown = (await answerAddCheckpoint(await requestOf(5, 12), await after(5), witness)).next!;
    const again = await requestOf(12, 12, { proof: [], more: [ours] });
    expect((await answerAddCheckpoint(again, grown, witness)).status).toBe(200);
    const forged = { ...ours, signature: ours.signature.map((byte, at) => (at === 20 ? byte ^ 1 : byte)) };
    const harmless = await requestOf(5, 12, { more: [forged] });
    expect((await answerAddCheckpoint(harmless, await after(5), witness)).status).toBe(200);
  });

  test.each([
    ['no old size', 'x'],
    ['a leading zero', 'old 05'],
    ['64 hashes', `old 5${'\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I='.repeat(64)}`],
    ['a short hash', 'old 5\nAAAA'],
  ])('answers 400 to %s', async (_, head) => {
    const request = Buffer.from(await requestOf(5, 5, { proof: [] }))
      .toString()
      .replace('old 5', head);
    expect((await answerAddCheckpoint(encodeText(request), await after(5), witness)).status).toBe(400);
  });

  test('cosigns nothing in which any byte was changed', async () => {
    const state = await after(5);
    const request = await requestOf(5, 12);
    await fc.assert(
      fc.asyncProperty(fc.nat(request.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
        const changed = request.slice();
        changed[at]! ^= by;
        const { status, next } = await answerAddCheckpoint(changed, state, witness);
        expect([status === 200, next]).toEqual([false, null]);
      }),
      { numRuns: 250 },
    );
  });
});
