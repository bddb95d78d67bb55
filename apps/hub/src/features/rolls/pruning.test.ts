import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { err, ok } from '@bellwether/basics';
import { encodeBase64 } from '@bellwether/evidence';
import { bucketBitsOf, hexOf, PrefixTree, readState, writeStateTiles } from '@bellwether/rolls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bestHasher } from '../../platform/evidence/hashing.ts';
import { pruneStates, type SealedState, STATES_KEPT_DAYS } from './pruning.ts';

const hasher = bestHasher();
const DAY = 86_400_000;
const FIRST = Date.UTC(2026, 0, 1);
const RECORDS = 600;

let folder: string;
let states: SealedState[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bellwether-states-'));
  states = [];
  mkdirSync(join(folder, 'genesis'));
  writeFileSync(join(folder, 'extracts'), '');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Sixty nights that change one record each, and one that takes a change of an earlier night back. */
function sixtyNights(): void {
  const handles = new Uint8Array(RECORDS * 32);
  for (let i = 0; i < RECORDS; i++) hasher.hash(Uint8Array.of(i >> 8, i), handles, i * 32);
  const leaves = new Uint8Array(RECORDS * 32).fill(5);
  const tree = PrefixTree.ofSorted(hasher, handles, leaves, RECORDS);
  const bucketBits = bucketBitsOf(RECORDS);
  const write = (into: string, at: number): void =>
    writeStateTiles(
      tree,
      bucketBits,
      (name, bytes) => {
        writeFileSync(join(into, name), bytes);
        utimesSync(join(into, name), at / 1_000, at / 1_000);
      },
      (name) => existsSync(join(folder, name)) || existsSync(join(folder, 'genesis', name)),
    );
  write(join(folder, 'genesis'), FIRST);
  for (let night = 0; night < 60; night++) {
    const at = FIRST + night * DAY;
    tree.change(
      tree.handleAt(night % 20).slice(),
      new Uint8Array(32).fill(night % 40 === 39 ? 5 : 100 + night),
    );
    write(folder, at);
    states.push({ root: encodeBase64(tree.root()), bucketBits, at: new Date(at).toISOString() });
  }
}

const files = () => readdirSync(folder).filter((name) => name.length === 64);
const isWhole = async ({ root, bucketBits }: SealedState): Promise<boolean> => {
  const read = await readState(hasher, Buffer.from(root, 'base64'), bucketBits, RECORDS, async (name) => {
    const path = [join(folder, name), join(folder, 'genesis', name)].find((one) => existsSync(one));
    return path === undefined ? err({ code: 'ROLLS_STATE_DIFFERS', detail: name }) : ok(readFileSync(path));
  });
  return read.isOk();
};

it('removes what only nights before the kept days need, and nothing that a kept one does', async () => {
  sixtyNights();
  const now = FIRST + 60 * DAY;
  const before = files().length;
  const removed = (await pruneStates(folder, states, hasher, now)).okOrThrow();
  expect(removed).toBeGreaterThan(20);
  expect(files().length).toBe(before - removed);
  const kept = states.filter(({ at }) => Date.parse(at) >= now - STATES_KEPT_DAYS * DAY);
  expect(kept.length).toBe(35);
  for (const state of kept) expect(await isWhole(state)).toBe(true);
  expect(await isWhole(states[5]!)).toBe(false);
  // What was removed is named by nobody: once more, and nothing is left to do.
  expect((await pruneStates(folder, states, hasher, now)).okOrThrow()).toBe(0);
  expect(existsSync(join(folder, 'extracts'))).toBe(true);
});

it('keeps the newest state however old it is, and removes nothing where a file of a kept one is missing', async () => {
  sixtyNights();
  const now = FIRST + 500 * DAY;
  const newest = states.at(-1)!;
  const root = join(folder, hexOf(Buffer.from(newest.root, 'base64')));
  const before = files().length;
  const bytes = readFileSync(root);
  unlinkSync(root);
  const refused = await pruneStates(folder, states, hasher, now);
  expect(refused.isErr() && refused.error.code).toBe('ROLLS_STATE_DIFFERS');
  expect(files().length).toBe(before - 1);
  writeFileSync(root, bytes);
  expect((await pruneStates(folder, states, hasher, now)).okOrThrow()).toBeGreaterThan(50);
  expect(await isWhole(newest)).toBe(true);
});
