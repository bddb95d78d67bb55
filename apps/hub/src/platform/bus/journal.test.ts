import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { bundle } from '../testing/child.ts';
import { JournalDamage } from './errors.ts';
import { openJournal } from './journal.ts';
import { openReader } from './journal-reader.ts';
import { type JournalRecord, MAX_PAYLOAD, type NewRecord, RecordKind } from './journal-types.ts';
import { faultOf, numbered, readRecords } from './testing/numbered.ts';

const root = mkdtempSync(join(tmpdir(), 'bellwether-journal-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const newRecord = fc.record({
  kind: fc.constantFrom(...Object.values(RecordKind)),
  head: fc.record({ stream: fc.nat() }),
  payload: fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.nat(20_000).map((length) => new Uint8Array(length).fill(length)),
  ),
}) as fc.Arbitrary<NewRecord>;

type Told = { readonly kind: number; readonly head: unknown; readonly payload: string };

function told({ kind, head, payload }: NewRecord | JournalRecord): Told {
  return { kind, head, payload: Buffer.from(payload ?? []).toString('latin1') };
}

describe('the journal', () => {
  it('gives back all records in order, however it is closed, opened and cut into segments', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.array(newRecord, { minLength: 1, maxLength: 4 }), { maxLength: 5 }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.integer({ min: 100, max: 60_000 }),
        async (sessions, segmentBytes) => {
          const folder = mkdtempSync(join(root, 'round-'));
          let durable = 0;
          let clock = 1_000;
          for (const calls of sessions) {
            clock -= 10;
            const journal = (await openJournal(folder, { segmentBytes, now: () => clock })).okOrThrow();
            const answers = await Promise.all(calls.map((records) => journal.record(records)));
            const ends = answers.map((answer) => answer.okOrThrow());
            expect(ends).toEqual([...ends].sort((a, b) => a - b));
            await journal.close();
            durable = journal.durable;
          }

          const records = readRecords(folder, 0, durable);

          expect(records.map(told)).toEqual(sessions.flat(2).map(told));
          expect(records.every(({ arrival }) => arrival === 990)).toBe(true);
          for (const { offset, end } of records) {
            expect(readRecords(folder, offset, end)).toHaveLength(1);
          }
          rmSync(folder, { recursive: true });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('takes the largest record, and refuses what is beyond the bounds without taking any of the call', async () => {
    const folder = join(root, 'bounds');
    const journal = (await openJournal(folder)).okOrThrow();
    const largest = { kind: RecordKind.surface, head: {}, payload: new Uint8Array(MAX_PAYLOAD).fill(7) };
    const tooLarge = { ...largest, payload: new Uint8Array(MAX_PAYLOAD + 1) };
    const longHead = {
      ...numbered(1, 1),
      head: { stream: 1, line: 1, lines: 1, client: 'x'.repeat(65_536) },
    };

    await expect(journal.record([largest, tooLarge])).rejects.toThrow(RangeError);
    await expect(journal.record([longHead])).rejects.toThrow(RangeError);
    await expect(journal.record([])).rejects.toThrow(RangeError);
    await expect(journal.record(Array.from({ length: 5 }, () => largest))).rejects.toThrow(RangeError);
    (await journal.record([largest, largest])).okOrThrow();

    const records = readRecords(folder, 0, journal.durable);
    expect(records.map(told)).toEqual([told(largest), told(largest)]);
    await journal.close();
  });

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

  it('writes what waits when it is closed, and takes nothing more', async () => {
    const folder = join(root, 'closing');
    const journal = (await openJournal(folder)).okOrThrow();
    const waiting = journal.record([numbered(1, 1)]);

    await Promise.all([journal.close(), journal.close()]);

    const end = (await waiting).okOrThrow();
    expect(readRecords(folder, 0, end)).toHaveLength(1);
    expect(await journal.record([numbered(2, 2)])).toMatchObject({ error: { code: 'JOURNAL_UNWRITABLE' } });
  });

  it('keeps its id', async () => {
    const ids = new Set<string>();
    for (let opening = 0; opening < 3; opening += 1) {
      const journal = (await openJournal(join(root, 'id'), { segmentBytes: 100 })).okOrThrow();
      (await journal.record([numbered(opening, opening)])).okOrThrow();
      journal.release(journal.durable);
      ids.add(journal.journalId);
      await journal.close();
    }
    const other = (await openJournal(join(root, 'other-id'))).okOrThrow();
    await other.close();

    expect([...ids]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
    expect(ids.has(other.journalId)).toBe(false);
  });
});

describe('the journal is refused', () => {
  it('to a second writer', async () => {
    const journal = (await openJournal(join(root, 'locked'))).okOrThrow();

    const second = await openJournal(join(root, 'locked'));

    expect(second).toMatchObject({
      error: { code: 'JOURNAL_LOCKED', detail: expect.stringContaining(`${process.pid}`) },
    });
    await journal.close();
    await (await openJournal(join(root, 'locked'))).okOrThrow().close();
  });

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

describe('a reader', () => {
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

  it('never sees what is not said to be on disk', async () => {
    const folder = join(root, 'unseen');
    const journal = (await openJournal(folder)).okOrThrow();
    const first = (await journal.record([numbered(1, 1)])).okOrThrow();
    const second = (await journal.record([numbered(2, 2)])).okOrThrow();
    const reader = openReader(folder, 0).okOrThrow();

    expect(reader.next(first)?.head).toMatchObject({ stream: 1 });
    expect(reader.next(first)).toBeUndefined();
    expect(reader.next(second)?.head).toMatchObject({ stream: 2 });
    expect([reader.offset, reader.journalId]).toEqual([second, journal.journalId]);

    reader.close();
    await journal.close();
  });

  it('is not disturbed when what it has read is released, whatever is written meanwhile', async () => {
    const folder = join(root, 'released');
    const journal = (await openJournal(folder, { segmentBytes: 30_000 })).okOrThrow();
    const reader = openReader(folder, 0).okOrThrow();
    let read = 0;
    let most = 0;
    for (let number = 0; number < 300; number += 3) {
      for (const add of [0, 1, 2]) (await journal.record([numbered(number + add, 0)])).okOrThrow();
      for (let pace = 0; pace < 2 + (number % 4); pace += 1) {
        const record = reader.next(journal.durable);
        if (record === undefined) break;
        expect(faultOf(record, read)).toBeUndefined();
        read += 1;
      }
      journal.release(reader.offset);
      most = Math.max(most, journal.begin);
    }
    await journal.close();

    expect(read).toBeGreaterThan(200);
    expect(most).toBeGreaterThan(0);
    expect(readdirSync(folder)).not.toContain('0000000000000000.journal');
    reader.close();
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
