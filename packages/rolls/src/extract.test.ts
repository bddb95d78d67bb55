import { GrowingTree, inclusionProof, type Tile, tilePath, wasmSha256Hasher } from '@bellwether/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkExtractRow,
  EXTRACT_ROW_BYTES,
  type ExtractRow,
  extractRoot,
  extractRow,
  formatExtract,
  parseExtract,
} from './extract.ts';

const hasher = wasmSha256Hasher()!;
const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const extracts = fc.uniqueArray(
  fc.record({ handle: bytes32, version: fc.integer({ min: 1, max: 2 ** 32 - 1 }), committed: bytes32 }),
  { selector: ({ handle }) => handle.join(), maxLength: 40 },
);

describe('an extract', () => {
  it('has one spelling, whatever order its rows came in, and is read back', () => {
    fc.assert(
      fc.property(extracts, (rows) => {
        const bytes = formatExtract(rows);
        expect(formatExtract([...rows].reverse())).toEqual(bytes);
        const read = parseExtract(hasher, extractRoot(hasher, bytes), bytes).okOrThrow();
        expect(formatExtract(read)).toEqual(bytes);
      }),
    );
  });

  it('is refused with a row changed, missing, twice, or cut off', () => {
    fc.assert(
      fc.property(extracts, fc.nat(), fc.integer({ min: 1, max: 255 }), (rows, at, by) => {
        fc.pre(rows.length > 1);
        const bytes = formatExtract(rows);
        const root = extractRoot(hasher, bytes);
        const changed = bytes.map((byte, i) => (i === at % bytes.length ? byte ^ by : byte));
        const twice = new Uint8Array([...bytes.subarray(0, EXTRACT_ROW_BYTES), ...bytes]);
        for (const other of [changed, bytes.slice(EXTRACT_ROW_BYTES), bytes.slice(0, -1), twice]) {
          expect(parseExtract(hasher, root, other).isErr()).toBe(true);
        }
      }),
    );
    const row: ExtractRow = { handle: new Uint8Array(32), version: 1, committed: new Uint8Array(32) };
    expect(() => formatExtract([row, row])).toThrow(RangeError);
  });

  it('proves each of its rows, and no other', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => ({
      handle: new Uint8Array(32).fill(i & 255, 0, 16).fill(i >> 8, 16),
      version: 1 + i,
      committed: new Uint8Array(32).fill(i),
    }));
    const bytes = formatExtract(rows);
    const root = extractRoot(hasher, bytes);
    const tiles = new Map<string, Uint8Array>();
    const tree = new GrowingTree(hasher, (tile, hashes) => tiles.set(tilePath(tile), hashes.slice()));
    const hashes = new Uint8Array(rows.length * 32);
    hasher.hashAll(0, bytes, EXTRACT_ROW_BYTES, rows.length, hashes);
    tree.append(hashes);
    tree.flush();
    const readTile = async (tile: Tile) => tiles.get(tilePath(tile)) ?? null;
    const read = parseExtract(hasher, root, bytes).okOrThrow();
    for (const index of [0, 1, 255, 256, 299]) {
      const proof = (await inclusionProof(hasher, BigInt(index), 300n, readTile)).okOrThrow();
      const place = { index, rows: 300 };
      expect(extractRow(read[index]!)).toHaveLength(EXTRACT_ROW_BYTES);
      expect(checkExtractRow(hasher, root, read[index]!, place, proof).isOk()).toBe(true);
      const other = { ...read[index]!, version: read[index]!.version + 1 };
      expect(checkExtractRow(hasher, root, other, place, proof).isErr()).toBe(true);
    }
  });
});
