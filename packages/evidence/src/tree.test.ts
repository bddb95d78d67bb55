import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HASH_SIZE } from './hasher.ts';
import { consistencyProof, inclusionProof, type ReadTile } from './making-proofs.ts';
import { checkConsistency, checkInclusion, isPart } from './proofs.ts';
import { hasher } from './testing/verifier.ts';
import { rightEdge, type Tile, tilePath } from './tiles.ts';
import { emptyRoot, GrowingTree, leafHash, nodeHash } from './tree.ts';

const leaves = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, i) => leafHash(hasher, Buffer.from(`entry ${i}`)));

/** RFC 9162, 2.1.1, as it stands there. */
function rootOf(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return emptyRoot(hasher);
  if (hashes.length === 1) return hashes[0]!;
  let half = 1;
  while (half * 2 < hashes.length) half *= 2;
  return nodeHash(hasher, rootOf(hashes.slice(0, half)), rootOf(hashes.slice(half)));
}

/** A tree and the tiles that it handed out. */
function treeOf(count: number): { tree: GrowingTree; tiles: Map<string, Buffer>; readTile: ReadTile } {
  const tiles = new Map<string, Buffer>();
  const tree = new GrowingTree(hasher, (tile, hashes) => tiles.set(tilePath(tile), Buffer.from(hashes)));
  tree.append(Buffer.concat(leaves(count)));
  tree.flush();
  return { tree, tiles, readTile: async (tile: Tile) => tiles.get(tilePath(tile)) ?? null };
}

describe('a tree that grows', () => {
  test('has the root of the RFC at every size, whatever portions it grew in', () => {
    const all = leaves(700);
    fc.assert(
      fc.property(fc.array(fc.nat(350), { maxLength: 6 }), (portions) => {
        const tree = new GrowingTree(hasher, () => undefined);
        let size = 0;
        for (const portion of portions) {
          const next = Math.min(700, size + portion);
          tree.append(Buffer.concat(all.slice(size, next)));
          size = next;
          expect(tree.size).toBe(BigInt(size));
          expect(Buffer.from(tree.root())).toEqual(Buffer.from(rootOf(all.slice(0, size))));
        }
      }),
      { numRuns: 20 },
    );
  });

  test('hands out the same full tiles in one portion as leaf by leaf, over three levels', () => {
    const count = 256 * 256 + 513;
    const once = treeOf(count);
    const tiles = new Map<string, Buffer>();
    const slow = new GrowingTree(hasher, (tile, hashes) => tiles.set(tilePath(tile), Buffer.from(hashes)));
    for (const leaf of leaves(count)) slow.append(leaf);
    slow.flush();
    expect([...tiles.keys()].sort()).toEqual([...once.tiles.keys()].sort());
    for (const [path, hashes] of tiles) expect(once.tiles.get(path)?.equals(hashes)).toBe(true);
    expect(slow.root()).toEqual(once.tree.root());
    expect(once.tiles.get('tile/2/000.p/1')?.length).toBe(HASH_SIZE);
  });

  test('grows on from its right edge as if it had never stopped', () => {
    const all = leaves(900);
    for (const size of [0, 1, 255, 256, 257, 512, 800]) {
      const { tiles } = treeOf(size);
      const edge = rightEdge(BigInt(size)).map((tile) => tile && tiles.get(tilePath(tile))!);
      const tree = new GrowingTree(hasher, () => undefined, BigInt(size), edge);
      expect(Buffer.from(tree.root())).toEqual(Buffer.from(rootOf(all.slice(0, size))));
      tree.append(Buffer.concat(all.slice(size)));
      expect(Buffer.from(tree.root())).toEqual(Buffer.from(rootOf(all)));
    }
  });

  test('does not begin with a tile of another width', () => {
    expect(() => new GrowingTree(hasher, () => undefined, 3n, [new Uint8Array(64)])).toThrow(RangeError);
    expect(() => new GrowingTree(hasher, () => undefined, 257n, [new Uint8Array(32)])).toThrow(RangeError);
  });

  test('hands out a partial tile once, until it grows', () => {
    const seen: string[] = [];
    const tree = new GrowingTree(hasher, (tile) => seen.push(tilePath(tile)));
    tree.append(leaves(1)[0]!);
    tree.flush();
    tree.flush();
    expect(seen).toEqual(['tile/0/000.p/1']);
  });
});

describe('proofs made from tiles', () => {
  const COUNT = 1_300;
  const { tree, tiles, readTile } = treeOf(COUNT);
  const all = leaves(COUNT);
  const root = tree.root();
  const size = BigInt(COUNT);

  test('show that a leaf is in the tree, and no other leaf, place or root', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(COUNT - 1), fc.nat(), fc.nat(255), async (at, where, bit) => {
        const index = BigInt(at);
        const proof = (await inclusionProof(hasher, index, size, readTile)).okOrThrow();
        const about = { index, size, leaf: all[at]!, root };
        expect(checkInclusion(hasher, about, proof).isOk()).toBe(true);
        expect(checkInclusion(hasher, { ...about, index: index ^ 1n }, proof).isErr()).toBe(true);
        const changed = proof.map((hash) => hash.slice());
        changed[where % changed.length]![bit >> 3]! ^= 1 << (bit & 7);
        expect(checkInclusion(hasher, about, changed).isErr()).toBe(true);
        expect(checkInclusion(hasher, { ...about, leaf: all[(at + 1) % COUNT]! }, proof).isErr()).toBe(true);
        expect(checkInclusion(hasher, about, [...proof, root]).isErr()).toBe(true);
        expect(checkInclusion(hasher, about, proof.slice(0, -1)).isErr()).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('show that a part is of the tree, and no other part', async () => {
    const part = fc
      .tuple(fc.nat(COUNT - 1), fc.nat(10), fc.nat(1023))
      .map(([from, bits, less]) => {
        const start = bits === 10 ? 0 : (from >> bits) << bits;
        return [start, Math.min(COUNT, start + Math.max(1, (1 << bits) - (less % (1 << bits))))] as const;
      })
      .filter(([start, end]) => isPart(BigInt(start), BigInt(end)));
    await fc.assert(
      fc.asyncProperty(part, fc.nat(), fc.nat(255), async ([from, to], where, bit) => {
        const [start, end] = [BigInt(from), BigInt(to)];
        const proof = (await consistencyProof(hasher, start, end, size, readTile)).okOrThrow();
        const about = { start, end, part: rootOf(all.slice(from, to)), size, root };
        expect(checkConsistency(hasher, about, proof).isOk()).toBe(true);
        const changed = [about.part, root, ...proof].map((hash) => hash.slice());
        changed[where % changed.length]![bit >> 3]! ^= 1 << (bit & 7);
        const [otherPart, otherRoot, ...otherProof] = changed as [Uint8Array, Uint8Array, ...Uint8Array[]];
        const other = { ...about, part: otherPart, root: otherRoot };
        expect(checkConsistency(hasher, other, otherProof).isErr()).toBe(true);
      }),
      { numRuns: 80 },
    );
  });

  test('take a full tile where the partial one is gone, and say which tile is missing or cut off', async () => {
    const grown = treeOf(1_536).tiles;
    const full: ReadTile = async (tile) =>
      grown.get(tilePath({ ...tile, width: 256 })) ?? tiles.get(tilePath(tile)) ?? null;
    const proof = (await inclusionProof(hasher, 1_299n, size, full)).okOrThrow();
    expect(checkInclusion(hasher, { index: 1_299n, size, leaf: all[1_299]!, root }, proof).isOk()).toBe(true);
    expect(await inclusionProof(hasher, 7n, size, async () => null)).toMatchObject({
      error: { code: 'EVIDENCE_TILE_MISSING', detail: 'tile/0/000 is not there' },
    });
    const cut = await inclusionProof(hasher, 7n, size, async () => new Uint8Array(31));
    expect(cut).toMatchObject({ error: { code: 'EVIDENCE_TILE_MISSING' } });
    expect((await inclusionProof(hasher, size, size, readTile)).isErr()).toBe(true);
    expect((await consistencyProof(hasher, 0n, 0n, size, readTile)).isErr()).toBe(true);
  });
});
