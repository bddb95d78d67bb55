import { HASH_SIZE, isSame, wasmSha256Hasher } from '@bellwether/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkMapProof } from './map-proof.ts';
import { bitAt, mapLeafHash, mapNodeHash, PrefixTree } from './prefix-tree.ts';
import { NO_LEAF } from './rolls-types.ts';

const hasher = wasmSha256Hasher()!;

type Rows = ReadonlyMap<string, Uint8Array>;

/** The definition, word by word: the reference that the tree is compared with. */
function plainRoot(rows: Rows): Uint8Array {
  const records = [...rows].map(([handle, leaf]) => ({ handle: Buffer.from(handle, 'hex'), leaf }));
  const below = (some: typeof records, depth: number): Uint8Array => {
    if (some.length === 0) return NO_LEAF;
    if (some.length === 1) return mapLeafHash(hasher, some[0]!.handle, some[0]!.leaf);
    const [left, right] = [0, 1].map((bit) => some.filter(({ handle }) => bitAt(handle, 0, depth) === bit));
    return mapNodeHash(hasher, below(left!, depth + 1), below(right!, depth + 1));
  };
  return below(records, 0);
}

/** Handles that share many bits, and handles that share few. */
const handle = fc.oneof(
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
  fc.tuple(fc.nat(255), fc.nat(3), fc.nat(31)).map(([byte, value, at]) => {
    const bytes = new Uint8Array(32).fill(byte % 2 === 0 ? 0 : 0xa5);
    bytes[at] = value;
    return bytes;
  }),
  // Apart in the last bit only, or in one of the last.
  fc.nat(7).map((bit) => {
    const bytes = new Uint8Array(32).fill(0x11);
    bytes[31] = 1 << bit;
    return bytes;
  }),
);
const leaf = fc.uint8Array({ minLength: 32, maxLength: 32 }).filter((bytes) => !isSame(bytes, NO_LEAF));
const steps = fc.array(fc.tuple(handle, fc.option(leaf, { nil: null, freq: 4 })), { maxLength: 120 });

function applied(changes: readonly (readonly [Uint8Array, Uint8Array | null])[]): Map<string, Uint8Array> {
  const rows = new Map<string, Uint8Array>();
  for (const [at, value] of changes) {
    const key = Buffer.from(at).toString('hex');
    if (value === null) rows.delete(key);
    else rows.set(key, value);
  }
  return rows;
}

function treeOf(rows: Rows): PrefixTree {
  const handles = Buffer.concat([...rows.keys()].map((key) => Buffer.from(key, 'hex')));
  return PrefixTree.ofSorted(hasher, handles, Buffer.concat([...rows.values()]), rows.size);
}

describe('the prefix tree', () => {
  it('has the root that its definition gives, whatever changed in whatever order', () => {
    fc.assert(
      fc.property(steps, fc.nat(120), (changes, pause) => {
        const tree = new PrefixTree(hasher);
        for (const [i, [at, value]] of changes.entries()) {
          tree.change(at, value ?? NO_LEAF);
          // Asked in between, it must not remember what changed since.
          if (i === pause) tree.root();
        }
        const rows = applied(changes);
        expect(tree.size).toBe(rows.size);
        const root = plainRoot(rows);
        expect(Buffer.from(tree.root())).toEqual(Buffer.from(root));
        expect(Buffer.from(treeOf(rows).root())).toEqual(Buffer.from(root));
      }),
      { numRuns: 300 },
    );
  });

  it('grows beyond what it was laid out for', () => {
    const rows = new Map<string, Uint8Array>();
    const tree = new PrefixTree(hasher);
    for (let i = 0; i < 3_000; i++) {
      const bytes = new Uint8Array(HASH_SIZE);
      hasher.hash(Uint8Array.of(i >> 8, i), bytes, 0);
      tree.change(bytes, bytes);
      rows.set(Buffer.from(bytes).toString('hex'), bytes);
    }
    expect(Buffer.from(tree.root())).toEqual(Buffer.from(plainRoot(rows)));
    expect(Buffer.from(tree.root())).toEqual(Buffer.from(treeOf(rows).root()));
  });

  it('has a record no more that was removed, and keeps its slot', () => {
    const tree = new PrefixTree(hasher);
    const gone = new Uint8Array(32).fill(7);
    const slot = tree.change(gone, new Uint8Array(32).fill(9));
    tree.change(gone, NO_LEAF);
    expect(tree.find(gone)).toBe(-1);
    expect([tree.size, tree.slots]).toEqual([0, 1]);
    expect(tree.root()).toEqual(NO_LEAF);
    expect(tree.change(gone, new Uint8Array(32).fill(8))).toBe(slot);
  });
});

describe('proofs of the prefix tree', () => {
  it('show each record that is there, and that others are not', () => {
    fc.assert(
      fc.property(steps, handle, leaf, (changes, elsewhere, another) => {
        const rows = applied(changes);
        const tree = treeOf(rows);
        const root = tree.root();
        for (const [key, value] of [...rows].slice(0, 8)) {
          const at = Buffer.from(key, 'hex');
          const proof = tree.proof(at);
          expect(checkMapProof(hasher, root, at, value, proof).isOk()).toBe(true);
          expect(checkMapProof(hasher, root, at, null, proof).isErr()).toBe(true);
          if (!isSame(value, another))
            expect(checkMapProof(hasher, root, at, another, proof).isErr()).toBe(true);
        }
        if (rows.has(Buffer.from(elsewhere).toString('hex'))) return;
        const proof = tree.proof(elsewhere);
        expect(checkMapProof(hasher, root, elsewhere, null, proof).isOk()).toBe(true);
        expect(checkMapProof(hasher, root, elsewhere, another, proof).isErr()).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('fail with any byte of them changed, and with a sibling more or less', () => {
    fc.assert(
      fc.property(
        fc.array(handle, { minLength: 2, maxLength: 60 }),
        fc.nat(),
        fc.nat(31),
        (handles, which, byte) => {
          const rows = new Map(handles.map((each) => [Buffer.from(each).toString('hex'), each] as const));
          const live = new Map([...rows].filter(([, value]) => !isSame(value, NO_LEAF)));
          if (live.size < 2) return;
          const tree = treeOf(live);
          const root = tree.root();
          const [key, value] = [...live][which % live.size]!;
          const at = Buffer.from(key, 'hex');
          const proof = tree.proof(at);
          const sibling = which % proof.siblings.length;
          const changed = proof.siblings.map((hash, i) =>
            i === sibling ? hash.map((each, j) => (j === byte ? each ^ 1 : each)) : hash,
          );
          for (const siblings of [
            changed,
            proof.siblings.slice(1),
            [...proof.siblings, NO_LEAF],
            [NO_LEAF, ...proof.siblings],
          ]) {
            expect(checkMapProof(hasher, root, at, value, { ...proof, siblings }).isErr()).toBe(true);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
