import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openJournal } from './journal.ts';
import { openReader } from './journal-reader.ts';
import { type JournalRecord, type NewRecord, RecordKind } from './journal-types.ts';

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

function readAll(folder: string, durable: number, from = 0): JournalRecord[] {
  const reader = openReader(folder, from).okOrThrow();
  const records: JournalRecord[] = [];
  for (let record = reader.next(durable); record !== undefined; record = reader.next(durable)) {
    records.push({ ...record, payload: Buffer.from(record.payload) });
  }
  reader.close();
  return records;
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

          const records = readAll(folder, durable);

          expect(records.map(told)).toEqual(sessions.flat(2).map(told));
          expect(records.every(({ arrival }) => arrival === 990)).toBe(true);
          for (const { offset, end } of records) {
            expect(readAll(folder, end, offset)).toHaveLength(1);
          }
          rmSync(folder, { recursive: true });
        },
      ),
      { numRuns: 40 },
    );
  });
});
