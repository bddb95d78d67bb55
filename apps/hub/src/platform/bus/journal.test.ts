import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { bundle } from '../testing/child.ts';
import { JournalDamage } from './errors.ts';
import { openJournal } from './journal.ts';
import { openReader } from './journal-reader.ts';
import { numbered, readRecords } from './testing/numbered.ts';

const root = mkdtempSync(join(tmpdir(), 'bellwether-journal-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the journal in a folder', () => {
  it('shares one fsync among all who wait, and tells what is on disk before it answers them', async () => {
    const folder = join(root, 'groups');
    const journal = (await openJournal(folder)).okOrThrow();
    const any = await open(join(root, 'any'), 'w');
    const fsync = vi.spyOn(Object.getPrototypeOf(any) as FileHandle, 'datasync');
    await any.close();
    const told: number[] = [];
    journal.onDurable((durable) => told.push(durable));

    const answers = await Promise.all(
      Array.from({ length: 500 }, async (_, number) => {
        const end = (await journal.record([numbered(number, number)])).okOrThrow();
        return { end, told: told.at(-1)! };
      }),
    );

    expect(answers.every(({ end, told }) => end <= told)).toBe(true);
    expect(fsync.mock.calls.length).toBeLessThan(5);
    expect(told).toHaveLength(fsync.mock.calls.length);
    expect(journal.waiting).toBe(0);
    fsync.mockRestore();
    await journal.close();
  });
});

describe('the journal in a folder is refused', () => {
  it('by a version that is older than its format, unchanged', async () => {
    const folder = join(root, 'newer');
    await (await openJournal(folder)).okOrThrow().close();
    const path = join(folder, readdirSync(folder)[0]!);
    const bytes = readFileSync(path);
    bytes.writeUInt32LE(2, 12);
    bytes.writeUInt32LE(crc32(bytes.subarray(12, 64)), 8);
    writeFileSync(path, bytes);

    expect(await openJournal(folder)).toMatchObject({ error: { code: 'JOURNAL_NEWER' } });
    expect(openReader(folder, 0)).toMatchObject({ error: { code: 'JOURNAL_NEWER' } });
    expect(readFileSync(path)).toEqual(bytes);
  });

  it('when a segment is missing in the middle, or belongs to another journal', async () => {
    const [folder, other] = [join(root, 'gap'), join(root, 'another')];
    for (const one of [folder, other]) {
      const journal = (await openJournal(one, { segmentBytes: 100 })).okOrThrow();
      for (let number = 1; number < 4; number += 1) (await journal.record([numbered(number, 9)])).okOrThrow();
      await journal.close();
    }
    const middle = readdirSync(folder).sort()[1]!;
    const whole = readFileSync(join(folder, middle));

    rmSync(join(folder, middle));
    const missing = await openJournal(folder);
    writeFileSync(join(folder, middle), readFileSync(join(other, middle)));
    const strange = await openJournal(folder);
    writeFileSync(join(folder, middle), whole);

    expect(missing).toMatchObject({ error: { code: 'JOURNAL_DAMAGED' } });
    expect(strange).toMatchObject({
      error: { code: 'JOURNAL_DAMAGED', detail: expect.stringContaining(middle) },
    });
    await (await openJournal(folder)).okOrThrow().close();
  });
});

describe('a reader of files', () => {
  it('follows the writer in another thread', async () => {
    const folder = join(root, 'followed');
    const journal = (await openJournal(folder, { segmentBytes: 200_000 })).okOrThrow();
    const reader = new Worker(bundle(new URL('./testing/following-reader.ts', import.meta.url), root), {
      workerData: folder,
    });
    const exited = new Promise((resolve, reject) => reader.once('exit', resolve).once('error', reject));
    let read = 0;
    reader.on('message', (number: number) => {
      read = number;
    });
    journal.onDurable((durable) => reader.postMessage(durable));

    const total = 2_000;
    for (let number = 0; number < total; number += 20) {
      const calls = Array.from({ length: 20 }, (_, index) => journal.record([numbered(number + index, 0)]));
      for (const answer of await Promise.all(calls)) answer.okOrThrow();
    }
    reader.postMessage(null);
    await exited;

    expect(read).toBe(total);
    await journal.close();
  });

  it('throws when what it has not read was released, and cannot be opened there', async () => {
    const folder = join(root, 'behind');
    const journal = (await openJournal(folder, { segmentBytes: 100 })).okOrThrow();
    for (let number = 1; number < 5; number += 1) (await journal.record([numbered(number, 0)])).okOrThrow();
    const reader = openReader(folder, 0).okOrThrow();
    reader.next(journal.durable);
    journal.release(journal.durable);
    (await journal.record([numbered(5, 0)])).okOrThrow();
    await journal.close();
    const { begin, durable } = journal;

    expect(() => reader.next(durable)).toThrow(JournalDamage);
    expect(openReader(folder, 0)).toMatchObject({ error: { code: 'JOURNAL_DAMAGED' } });
    expect(openReader(folder, durable + 1_000)).toMatchObject({ error: { code: 'JOURNAL_DAMAGED' } });
    expect(openReader(join(root, 'nowhere'), 0).isErr()).toBe(true);
    expect(readRecords(folder, begin, durable).length).toBeGreaterThan(0);
    reader.close();
  });
});
