import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, killChild, startChild } from '../testing/child.ts';
import { JournalDamage } from './errors.ts';
import { openJournal } from './journal.ts';
import type { Journal } from './journal-types.ts';
import { segmentPath } from './segments.ts';
import { callEndOf, faultOf, numbered, readRecords } from './testing/numbered.ts';

const root = mkdtempSync(join(tmpdir(), 'bellwether-crash-'));
/** Thousands of openings wait for no disk there; what a killed process left is the same. */
const memory = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'bellwether-crash-'));
let writer = '';
beforeAll(() => {
  writer = bundle(new URL('./testing/crash-writer.ts', import.meta.url), root);
});
afterAll(() => {
  for (const folder of [root, memory]) rmSync(folder, { recursive: true, force: true });
});

async function opened(folder: string, segmentBytes = 1_000_000): Promise<Journal> {
  return (await openJournal(folder, { segmentBytes })).okOrThrow();
}

describe('a journal whose process is killed', () => {
  it('has every acknowledged record, in order, once and whole, and no call by half', async () => {
    const folder = join(root, 'killed');
    let next = 0;
    let offset = 0;
    let acknowledgedInAll = 0;
    for (let kill = 0; kill < 60; kill += 1) {
      const child = startChild(writer, [JSON.stringify({ kind: 'folder', folder }), String(next)]);
      let acknowledged = Number((await child.lines.next()).value);
      await sleep(Math.random() * 40);
      const gone = killChild(child);
      for (let line = await child.lines.next(); line.done !== true; line = await child.lines.next()) {
        acknowledged = Math.max(acknowledged, Number(line.value));
      }
      await gone;

      const journal = await opened(folder);
      const records = readRecords(folder, offset, journal.durable);
      offset = journal.durable;
      journal.release(offset);
      await journal.close();

      expect(records.flatMap((record, index) => faultOf(record, next + index) ?? [])).toEqual([]);
      const last = next + records.length - 1;
      expect(last).toBeGreaterThanOrEqual(acknowledged);
      expect(callEndOf(records.at(-1)!)).toBe(last);
      acknowledgedInAll += acknowledged - next + 1;
      next = last + 1;
    }
    expect(acknowledgedInAll).toBeGreaterThan(60);
  });
});

describe('a journal whose last group is torn', () => {
  it.each([
    ['one record', 1],
    ['several records', 3],
  ])('has all before, wherever it was torn, and is written on: %s in the group', async (_, count) => {
    const folder = join(memory, `torn-${count}`);
    const writing = await opened(folder);
    const kept = (await writing.record([numbered(1, 1)])).okOrThrow();
    const torn = Array.from({ length: count }, (_, index) => numbered(index + 2, count + 1));
    const end = (await writing.record(torn)).okOrThrow();
    const copy = join(memory, `torn-copy-${count}`);
    mkdirSync(copy);

    for (let size = kept; size < end; size += 1) {
      copyFileSync(segmentPath(folder, 0), segmentPath(copy, 0));
      truncateSync(segmentPath(copy, 0), size);
      const journal = await opened(copy);
      expect(journal.durable).toBe(kept);
      const last = (await journal.record([numbered(9, 9)])).okOrThrow();
      const records = readRecords(copy, 0, last);
      expect(records.map((record, index) => faultOf(record, index === 0 ? 1 : 9))).toEqual([
        undefined,
        undefined,
      ]);
      await journal.close();
    }
    await writing.close();
  });

  it('is cut off where a page in the middle did not reach the disk, though later ones did', async () => {
    const folder = join(root, 'hole');
    const writing = await opened(folder);
    const kept = (await writing.record([numbered(1, 1)])).okOrThrow();
    await Promise.all([writing.record([numbered(7, 7)]), writing.record([numbered(8, 8)])]);
    const bytes = readFileSync(segmentPath(folder, 0));
    const copy = join(root, 'hole-copy');
    mkdirSync(copy);
    bytes.fill(0, 4096, 8192);
    writeFileSync(segmentPath(copy, 0), bytes);

    const journal = await opened(copy);

    expect(journal.durable).toBe(kept);
    await journal.close();
    await writing.close();
  });

  it('begins anew where a segment was being begun', async () => {
    const folder = join(root, 'begun');
    const journal = await opened(folder);
    const end = (await journal.record([numbered(1, 1)])).okOrThrow();
    await journal.close();
    writeFileSync(`${segmentPath(folder, journal.durable)}.new`, 'BWJO');

    const again = await opened(folder);

    expect(readRecords(folder, 0, end)).toHaveLength(1);
    await again.close();
  });
});

describe('a journal of which a bit was changed', () => {
  it('is never read as if it were whole', async () => {
    const folder = join(memory, 'flipped');
    const writing = await opened(folder, 400);
    for (let number = 1; number <= 4; number += 1)
      (await writing.record([numbered(number, number)])).okOrThrow();
    (await writing.record([numbered(5, 6), numbered(6, 6)])).okOrThrow();
    await writing.close();
    const files = readdirSync(folder).map((name) => join(folder, name));
    expect(files.length).toBeGreaterThan(1);

    const missed: string[] = [];
    for (const file of files) {
      const whole = readFileSync(file);
      for (let at = 0; at < whole.length; at += 1) {
        const changed = Buffer.from(whole);
        changed[at] = changed[at]! ^ (1 << (at % 8));
        writeFileSync(file, changed);
        if (!(await isFound(folder))) missed.push(`${file} at ${at}`);
        writeFileSync(file, whole);
      }
    }
    expect(missed).toEqual([]);
  });
});

/** Whether the change is found when the journal is opened or read, or everything is there all the same. */
async function isFound(folder: string): Promise<boolean> {
  const journal = await openJournal(folder);
  if (journal.isErr()) return journal.error.code === 'JOURNAL_DAMAGED';
  const { durable } = journal.value;
  await journal.value.close();
  try {
    const records = readRecords(folder, 0, durable);
    return records.length === 6 && records.every((record, index) => faultOf(record, index + 1) === undefined);
  } catch (cause) {
    return cause instanceof JournalDamage;
  }
}
