import { sha256Hasher, wasmSha256Hasher } from '@bellwether/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMapProof, mapLeaf, mapNode } from './map-proof.ts';
import { PrefixTree } from './prefix-tree.ts';
import { NO_LEAF } from './rolls-types.ts';
import { byHandle, laidOut, someHandles, someLeaf, someRecords } from './testing/map-records.ts';
import { type PlainRecord, plainNode } from './testing/plain-tree.ts';

const hasher = wasmSha256Hasher() ?? sha256Hasher();

function treeOf(records: readonly PlainRecord[]): PrefixTree {
  const { handles, leaves } = laidOut(records);
  return PrefixTree.ofSorted(hasher, handles, leaves, records.length);
}

/** Records with handles that a counter is hashed to. */
function many(count: number): readonly PlainRecord[] {
  const records = Array.from({ length: count }, (_, at) => {
    const seed = Uint8Array.of(at >> 16, at >> 8, at);
    const handle = new Uint8Array(32);
    hasher.hash(seed, handle, 0);
    return { handle, leaf: mapNode(hasher, handle, handle) };
  });
  return byHandle(records);
}

describe('PrefixTree', () => {
  it('has zeros for a root without records, and the leaf for one', () => {
    const tree = treeOf([]);
    expect(tree.root()).toEqual(NO_LEAF);
    const [record] = many(1);
    tree.change(record!.handle, record!.leaf);
    expect(tree.root()).toEqual(mapLeaf(hasher, record!.handle, record!.leaf));
  });

  it('has the root of the plain tree, whatever its handles', () => {
    fc.assert(
      fc.property(someRecords, (records) => {
        expect(treeOf(records).root()).toEqual(plainNode(hasher, records));
      }),
      { numRuns: 150 },
    );
  });

  it('comes to the same root by any changes in any order as by building it anew', () => {
    const steps = fc.array(
      fc.record({ which: fc.nat(60), leaf: fc.oneof(someLeaf, fc.constant(NO_LEAF)), look: fc.boolean() }),
      {
        maxLength: 80,
      },
    );
    fc.assert(
      fc.property(someRecords, someHandles, steps, (records, strangers, changes) => {
        const tree = treeOf(records);
        const model = new Map(records.map((record) => [hex(record.handle), record]));
        const handles = [...records.map(({ handle }) => handle), ...strangers];
        for (const { which, leaf, look } of changes) {
          const handle = handles[which % Math.max(1, handles.length)];
          if (handle === undefined) continue;
          const slot = tree.change(handle, leaf);
          if (leaf === NO_LEAF) {
            expect(slot >= 0).toBe(model.delete(hex(handle)));
            expect(tree.find(handle)).toBe(-1);
          } else {
            model.set(hex(handle), { handle, leaf });
            expect(tree.find(handle)).toBe(slot);
            expect(tree.leafAt(slot)).toEqual(leaf);
          }
          if (look) tree.root();
        }
        expect(tree.size).toBe(model.size);
        expect(tree.root()).toEqual(plainNode(hasher, byHandle([...model.values()])));
      }),
      { numRuns: 150 },
    );
  });

  it('grows from nothing to as many levels as it needs', () => {
    const records = many(3000);
    const tree = treeOf([]);
    for (const { handle, leaf } of [...records].reverse()) tree.change(handle, leaf);
    expect(tree.root()).toEqual(plainNode(hasher, records));
    expect(tree.root()).toEqual(treeOf(records).root());
    for (const { handle } of records.slice(7)) tree.change(handle, NO_LEAF);
    expect(tree.root()).toEqual(plainNode(hasher, records.slice(0, 7)));
  });

  it('keeps the slot of a handle, and gives none twice', () => {
    const records = many(500);
    const tree = treeOf(records.slice(0, 400));
    const slots = new Set(records.slice(0, 400).map(({ handle }) => tree.find(handle)));
    for (const { handle } of records.slice(0, 50)) tree.change(handle, NO_LEAF);
    for (const { handle, leaf } of records.slice(400)) slots.add(tree.change(handle, leaf));
    expect(slots.size).toBe(500);
    for (const { handle, leaf } of records.slice(50)) expect(tree.leafAt(tree.find(handle))).toEqual(leaf);
  });

  it('hashes on the paths of what changed only', () => {
    let hashes = 0;
    const counting = {
      hash: hasher.hash,
      hashAll(...args: Parameters<typeof hasher.hashAll>) {
        hashes += args[3];
        hasher.hashAll(...args);
      },
    };
    const records = many(20_000);
    const { handles, leaves } = laidOut(records);
    const tree = PrefixTree.ofSorted(counting, handles, leaves, records.length);
    tree.root();
    expect(hashes).toBeGreaterThan(40_000);
    hashes = 0;
    tree.change(records[77]!.handle, records[78]!.leaf);
    tree.root();
    expect(hashes).toBeGreaterThan(10);
    expect(hashes).toBeLessThan(60);
  });

  it('refuses what is no list of records', () => {
    const { handles, leaves } = laidOut(many(3));
    const backwards = laidOut([...many(3)].reverse()).handles;
    expect(() => PrefixTree.ofSorted(hasher, backwards, leaves, 3)).toThrow(/sorted/);
    expect(() => PrefixTree.ofSorted(hasher, handles, leaves, 4)).toThrow(RangeError);
    expect(() => PrefixTree.ofSorted(hasher, handles, new Uint8Array(96), 3)).toThrow(/without a leaf/);
  });
});

describe('checkMapProof', () => {
  it('takes the proof of every record, and of the absence of every other', () => {
    fc.assert(
      fc.property(someRecords, someHandles, (records, strangers) => {
        const tree = treeOf(records);
        for (const { handle, leaf } of records) {
          const proof = tree.proof(handle);
          expect(checkMapProof(hasher, tree.root(), handle, leaf, proof).isOk()).toBe(true);
          expect(checkMapProof(hasher, tree.root(), handle, null, proof).isErr()).toBe(true);
        }
        for (const handle of strangers) {
          if (tree.find(handle) >= 0) continue;
          const proof = tree.proof(handle);
          expect(checkMapProof(hasher, tree.root(), handle, null, proof).isOk()).toBe(true);
          expect(checkMapProof(hasher, tree.root(), handle, handle, proof).isErr()).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('proves in large trees too', () => {
    const records = many(2000);
    const tree = treeOf(records.slice(0, 1900));
    for (const { handle, leaf } of records.slice(0, 50)) {
      expect(checkMapProof(hasher, tree.root(), handle, leaf, tree.proof(handle)).isOk()).toBe(true);
    }
    for (const { handle } of records.slice(1900)) {
      expect(checkMapProof(hasher, tree.root(), handle, null, tree.proof(handle)).isOk()).toBe(true);
    }
  });

  it('refuses a proof in which a bit is another', () => {
    const records = many(300);
    const tree = treeOf(records.slice(0, 299));
    const { handle, leaf } = records[20]!;
    const absent = records[299]!.handle;
    fc.assert(
      fc.property(fc.nat(31), fc.nat(7), fc.nat(100), fc.boolean(), (byte, bit, at, isAbsent) => {
        const proof = tree.proof(isAbsent ? absent : handle);
        const parts = [
          ...proof.siblings,
          ...(proof.other === null ? [] : [proof.other.handle, proof.other.leaf]),
        ];
        const part = parts[at % parts.length]!;
        part[byte] = part[byte]! ^ (1 << bit);
        const checked = checkMapProof(
          hasher,
          tree.root(),
          isAbsent ? absent : handle,
          isAbsent ? null : leaf,
          proof,
        );
        expect(checked.isErr()).toBe(true);
      }),
    );
  });

  it('refuses a path longer than a handle, parts of another size, and a record below where it is alone', () => {
    const [record] = many(1);
    const { handle, leaf } = record!;
    const root = mapLeaf(hasher, handle, leaf);
    const below = { siblings: [NO_LEAF], other: null };
    const lower = handle[0]! < 128 ? mapNode(hasher, root, NO_LEAF) : mapNode(hasher, NO_LEAF, root);
    expect(checkMapProof(hasher, lower, handle, leaf, below).isErr()).toBe(true);
    const long = { siblings: Array.from({ length: 257 }, () => leaf), other: null };
    expect(checkMapProof(hasher, root, handle, leaf, long).isErr()).toBe(true);
    const proof = { siblings: [], other: null };
    expect(checkMapProof(hasher, root, handle, leaf, proof).isOk()).toBe(true);
    expect(checkMapProof(hasher, root, handle.subarray(1), leaf, proof).isErr()).toBe(true);
    expect(checkMapProof(hasher, root, handle, NO_LEAF, proof).isErr()).toBe(true);
  });
});

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
