import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decodeBase64 } from './bytes.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { checkSignatures } from './cosignature.ts';
import { entryHashes, parseEntries } from './entries.ts';
import { HASH_SIZE } from './hasher.ts';
import { checkConsistency, checkInclusion, checkPartInclusion } from './proofs.ts';
import { formatNote, parseNote, parseNoteKey } from './signed-note.ts';
import { hasher, nodeVerifier } from './testing/verifier.ts';
import { tilePath } from './tiles.ts';
import { GrowingTree } from './tree.ts';

const folder = new URL('../../../testdata/evidence/', import.meta.url);

/** A vector; numbers as text, since they may be larger than a double holds. */
type Vector = { readonly file: string; readonly wantErr: boolean; readonly [field: string]: unknown };

function vectors(name: string): Vector[] {
  return readFileSync(new URL(`merkle/${name}.ndjson`, folder), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line.replace(/": (\d+)/g, '": "$1"')) as Vector);
}

const size = (value: unknown): bigint => BigInt(value as string);
const hash = (value: unknown): Uint8Array => decodeBase64((value as string | null) ?? '')!;
const hashes = (value: unknown): Uint8Array[] => ((value as string[] | null) ?? []).map(hash);

/**
 * Where we refuse what the vectors' authors take. What begins at nothing proves nothing, whatever the roots are: a witness
 * begins without a proof instead. And a root has 32 bytes, where some of theirs are words.
 */
function isRefusedHere(start: bigint, end: bigint, ...roots: readonly Uint8Array[]): boolean {
  return start === end || roots.some(({ length }) => length !== HASH_SIZE);
}

describe('vectors of transparency-dev/merkle', () => {
  test('inclusion', () => {
    const cases = vectors('inclusion');
    expect(cases.length).toBe(98);
    for (const { file, wantErr, leafIdx, treeSize, root, leafHash, proof } of cases) {
      const about = { index: size(leafIdx), size: size(treeSize), leaf: hash(leafHash), root: hash(root) };
      expect([file, checkInclusion(hasher, about, hashes(proof)).isErr()]).toEqual([file, wantErr]);
    }
  });

  test('inclusion in a part', () => {
    const cases = vectors('subtreeinclusion');
    expect(cases.length).toBe(204);
    for (const { file, wantErr, leafIdx, start, end, root, leafHash, proof } of cases) {
      const part = { start: size(start), end: size(end), index: size(leafIdx) };
      const about = { ...part, leaf: hash(leafHash), root: hash(root) };
      expect([file, checkPartInclusion(hasher, about, hashes(proof)).isErr()]).toEqual([file, wantErr]);
    }
  });

  test('consistency', () => {
    const cases = vectors('consistency');
    expect(cases.length).toBe(98);
    for (const { file, wantErr, size1, size2, root1, root2, proof } of cases) {
      const about = { start: 0n, end: size(size1), size: size(size2), part: hash(root1), root: hash(root2) };
      const refused = checkConsistency(hasher, about, hashes(proof)).isErr();
      expect([file, refused]).toEqual([
        file,
        wantErr || isRefusedHere(0n, about.end, about.part, about.root),
      ]);
    }
  });

  test('consistency of a part', () => {
    const cases = vectors('subtreeconsistency');
    expect(cases.length).toBe(118);
    for (const { file, wantErr, start, end, size: of, root1, root2, proof } of cases) {
      const about = {
        start: size(start),
        end: size(end),
        size: size(of),
        part: hash(root1),
        root: hash(root2),
      };
      const refused = checkConsistency(hasher, about, hashes(proof)).isErr();
      expect([file, refused]).toEqual([
        file,
        wantErr || isRefusedHere(about.start, about.end, about.part, about.root),
      ]);
    }
  });
});

describe('a log that Tessera wrote', () => {
  const log = new URL('tessera-log/', folder);
  const names = readdirSync(log).filter((name) => name.startsWith('checkpoint'));
  const key = parseNoteKey(
    hasher,
    'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx',
  ).okOrThrow();

  test('has 17 checkpoints', () => expect(names.length).toBe(17));

  test.each(names)('%s: its signature, its entries, its tile and its root', async (name) => {
    const bytes = readFileSync(new URL(name, log));
    const note = parseNote(bytes).okOrThrow();
    expect(formatNote(note)).toBe(bytes.toString());
    expect((await checkSignatures(note, [key], nodeVerifier)).isOk()).toBe(true);

    const { size, root } = parseCheckpoint(note.text).okOrThrow();
    const tree = new GrowingTree(hasher, (tile, hashes) => {
      expect(Buffer.from(hashes)).toEqual(readFileSync(new URL(tilePath(tile), log)));
    });
    if (size > 0n) {
      const path = tilePath({ level: 'entries', index: 0n, width: Number(size) });
      const entries = parseEntries(readFileSync(new URL(path, log)), Number(size)).okOrThrow();
      tree.append(entryHashes(hasher, entries));
      tree.flush();
    }
    expect(root.length).toBe(HASH_SIZE);
    expect(Buffer.from(tree.root())).toEqual(Buffer.from(root));
  });
});
