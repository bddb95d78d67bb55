import { err, ok } from '@bellwether/basics';
import { wasmSha256Hasher } from '@bellwether/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PrefixTree } from './prefix-tree.ts';
import { NO_LEAF } from './rolls-types.ts';
import { bucketBitsOf, type FetchState, hexOf, readState, recordIn, writeStateTiles } from './state-tiles.ts';

const hasher = wasmSha256Hasher()!;

/** A tree of so many records, which differ with the seed. */
function stateOf(records: number, seed: number): PrefixTree {
  const handles = new Uint8Array(records * 32);
  const leaves = new Uint8Array(records * 32);
  for (let i = 0; i < records; i++) {
    hasher.hash(Uint8Array.of(seed, i >> 16, i >> 8, i), handles, i * 32);
    hasher.hash(Uint8Array.of(i, i >> 8, i >> 16, seed, 1), leaves, i * 32);
  }
  return PrefixTree.ofSorted(hasher, handles, leaves, records);
}

function filesOf(tree: PrefixTree, bits: number): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  writeStateTiles(tree, bits, (name, bytes) => files.set(name, bytes));
  return files;
}

function fetchFrom(files: ReadonlyMap<string, Uint8Array>): FetchState {
  return async (name) => {
    const bytes = files.get(name);
    return bytes === undefined
      ? err({ code: 'ROLLS_STATE_DIFFERS', detail: `${name} is missing` })
      : ok(bytes);
  };
}

describe('the state as files', () => {
  it('chooses buckets of at least 64 records, as many as a state of that size allows', () => {
    expect([0, 64, 127, 128, 200_000, 4_300_000, 250_000_000].map(bucketBitsOf)).toEqual([
      0, 0, 0, 1, 11, 16, 21,
    ]);
  });

  it('gives back every record, and the whole state', async () => {
    for (const [records, bits] of [
      [0, 0],
      [1, 0],
      [1, 3],
      [2, 2],
      [40, 0],
      [40, 9],
      [3_000, 5],
      [3_000, 9],
    ] as const) {
      const tree = stateOf(records, bits);
      const depth = Math.min(bits, tree.depthOfNodes);
      const fetch = fetchFrom(filesOf(tree, depth));
      const root = tree.root();
      const whole = (await readState(hasher, root, depth, records, fetch)).okOrThrow();
      expect(whole.root()).toEqual(root);
      for (let slot = 0; slot < Math.min(records, 40); slot++) {
        const found = await recordIn(hasher, root, depth, tree.handleAt(slot), fetch);
        expect(found.okOrThrow()).toEqual(tree.leafAt(slot).slice());
      }
      expect((await recordIn(hasher, root, depth, new Uint8Array(32).fill(3), fetch)).okOrThrow()).toBeNull();
    }
  });

  it('takes three files of together about 20 KB for a state of four million', () => {
    // Two tiles of 256 places, and a bucket of 66 records.
    expect(2 * 256 * 33 + 66 * 64).toBeLessThan(22_000);
    expect(bucketBitsOf(4_300_000)).toBe(16);
  });

  it('gives back every state of a roll that grows, though buckets move and files are never written twice', async () => {
    const files = new Map<string, Uint8Array>();
    const fetch = fetchFrom(files);
    const states: { root: Uint8Array; bits: number; records: number }[] = [];
    for (const records of [100, 127, 128, 129, 255, 256, 300, 511, 512, 1_030, 512, 127]) {
      // The same records and some more, or fewer.
      const tree = stateOf(records, 9);
      const bits = bucketBitsOf(records);
      writeStateTiles(
        tree,
        bits,
        (name, bytes) => files.set(name, bytes),
        (name) => files.has(name),
      );
      states.push({ root: tree.root(), bits, records });
    }
    expect(new Set(states.map(({ bits }) => bits)).size).toBe(5);
    for (const { root, bits, records } of states) {
      expect((await readState(hasher, root, bits, records, fetch)).okOrThrow().root()).toEqual(root);
    }
  });

  it('writes only what changed', () => {
    const tree = stateOf(3_000, 1);
    const files = filesOf(tree, 5);
    tree.change(tree.handleAt(5).slice(), new Uint8Array(32).fill(1));
    const again: string[] = [];
    writeStateTiles(
      tree,
      5,
      (name) => again.push(name),
      (name) => files.has(name),
    );
    expect(again).toHaveLength(2);
    expect(again.at(-1)).toBe(hexOf(tree.root()));
  });

  it('is refused with any byte of any file changed, or a file missing', async () => {
    const tree = stateOf(300, 2);
    const files = filesOf(tree, 3);
    const root = tree.root();
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (which, at, by) => {
        const [name, bytes] = [...files][which % files.size]!;
        const changed = bytes.map((byte, i) => (i === at % bytes.length ? byte ^ by : byte));
        const broken = fetchFrom(new Map(files).set(name, changed));
        expect((await readState(hasher, root, 3, 300, broken)).isErr()).toBe(true);
        const missing = new Map(files);
        missing.delete(name);
        expect((await readState(hasher, root, 3, 300, fetchFrom(missing))).isErr()).toBe(true);
        // Whoever looks one record up never gets another leaf.
        for (const slot of [at % 300, which % 300]) {
          const found = await recordIn(hasher, root, 3, tree.handleAt(slot), broken);
          if (found.isOk()) expect(found.value).toEqual(tree.leafAt(slot).slice());
        }
      }),
      { numRuns: 150 },
    );
    expect((await readState(hasher, root, 3, 299, fetchFrom(files))).isErr()).toBe(true);
    expect((await readState(hasher, NO_LEAF, 3, 300, fetchFrom(files))).isErr()).toBe(true);
  });
});
