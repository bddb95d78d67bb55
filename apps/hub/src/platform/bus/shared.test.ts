/** What holds of the journal whatever it is kept in. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle, killChild, startChild } from '../testing/child.ts';
import { JournalDamage } from './errors.ts';
import type { Journal } from './journal-types.ts';
import { type JournalRecord, MAX_PAYLOAD, type NewRecord, RecordKind } from './journal-types.ts';
import { openReaderAt } from './places.ts';
import { type JournalKind, KINDS, openAtPlace, recordsAt } from './testing/kinds.ts';
import { callEndOf, faultOf, numbered } from './testing/numbered.ts';

/** Kills in one run: each takes a start of a process, and of the lease of the one before. */
const KILLS = 3;

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

async function recordAll(journal: Journal, calls: readonly (readonly NewRecord[])[]): Promise<number[]> {
  const answers = await Promise.all(calls.map((records) => journal.record(records)));
  return answers.map((answer) => answer.okOrThrow());
}

describe.each(KINDS)('the journal %s', (_name, make) => {
  let kind: JournalKind;
  beforeAll(async () => {
    kind = await make();
  });
  afterAll(() => kind?.end());

  it('gives back all records in order, however it is closed and opened', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.array(newRecord, { minLength: 1, maxLength: 4 }), { maxLength: 5 }), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.integer({ min: 100, max: 60_000 }),
        async (sessions, segmentBytes) => {
          const place = kind.place(`round-${round++}`);
          let durable = 0;
          let clock = 1_000;
          for (const calls of sessions) {
            clock -= 10;
            const journal = (await openAtPlace(place, { segmentBytes, now: () => clock })).okOrThrow();
            const ends = await recordAll(journal, calls);
            expect(ends).toEqual([...ends].sort((a, b) => a - b));
            await journal.close();
            durable = journal.durable;
          }

          const records = await recordsAt(place, 0, durable);

          expect(records.map(told)).toEqual(sessions.flat(2).map(told));
          expect(records.every(({ arrival }) => arrival === 990)).toBe(true);
          for (const { offset, end } of records.slice(0, 3)) {
            expect(await recordsAt(place, offset, end)).toHaveLength(1);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('takes the largest record, and refuses what is beyond the bounds without taking any of the call', async () => {
    const place = kind.place('bounds');
    const journal = (await openAtPlace(place)).okOrThrow();
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
    await recordAll(journal, [[largest, largest]]);

    const records = await recordsAt(place, 0, journal.durable);
    expect(records.map(told)).toEqual([told(largest), told(largest)]);
    await journal.close();
  });

  it('tells what is on disk before it answers', async () => {
    const journal = (await openAtPlace(kind.place('groups'))).okOrThrow();
    const heard: number[] = [];
    journal.onDurable((durable) => heard.push(durable));

    const answers = await Promise.all(
      Array.from({ length: 500 }, async (_, number) => {
        const end = (await journal.record([numbered(number, number)])).okOrThrow();
        return { end, heard: heard.at(-1)! };
      }),
    );

    expect(answers.every((answer) => answer.end <= answer.heard)).toBe(true);
    expect(heard.length).toBeLessThan(20);
    expect(journal.waiting).toBe(0);
    await journal.close();
  });

  it('writes what waits when it is closed, and takes nothing more', async () => {
    const place = kind.place('closing');
    const journal = (await openAtPlace(place)).okOrThrow();
    const waiting = journal.record([numbered(1, 1)]);

    await Promise.all([journal.close(), journal.close()]);

    const end = (await waiting).okOrThrow();
    expect(await recordsAt(place, 0, end)).toHaveLength(1);
    expect(await journal.record([numbered(2, 2)])).toMatchObject({ error: { code: 'JOURNAL_UNWRITABLE' } });
  });

  it('keeps its id', async () => {
    const ids = new Set<string>();
    for (let opening = 0; opening < 3; opening += 1) {
      const journal = (await openAtPlace(kind.place('id'), { segmentBytes: 100 })).okOrThrow();
      await recordAll(journal, [[numbered(opening, opening)]]);
      journal.release(journal.durable);
      ids.add(journal.journalId);
      await journal.close();
    }
    const other = (await openAtPlace(kind.place('other-id'))).okOrThrow();
    await other.close();

    expect([...ids]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
    expect(ids.has(other.journalId)).toBe(false);
  });

  it('is refused to a second writer', async () => {
    const place = kind.place('locked');
    const journal = (await openAtPlace(place)).okOrThrow();

    const second = await openAtPlace(place);

    expect(second).toMatchObject({
      error: { code: 'JOURNAL_LOCKED', detail: expect.stringContaining(`${process.pid}`) },
    });
    await journal.close();
    await (await openAtPlace(place)).okOrThrow().close();
  });

  it('shows a reader nothing that is not said to be on disk', async () => {
    const place = kind.place('unseen');
    const journal = (await openAtPlace(place)).okOrThrow();
    const [first] = await recordAll(journal, [[numbered(1, 1)]]);
    const [second] = await recordAll(journal, [[numbered(2, 2)]]);
    const reader = (await openReaderAt(place, 0)).okOrThrow();

    await reader.arrived(second!);
    expect(reader.next(first!)?.head).toMatchObject({ stream: 1 });
    expect(reader.next(first!)).toBeUndefined();
    await reader.arrived(second!);
    expect(reader.next(second!)?.head).toMatchObject({ stream: 2 });
    expect([reader.offset, reader.journalId]).toEqual([second, journal.journalId]);

    reader.close();
    await journal.close();
  });

  it('releases what was read without disturbing who reads on', async () => {
    const place = kind.place('released');
    const journal = (await openAtPlace(place, { segmentBytes: 30_000 })).okOrThrow();
    const reader = (await openReaderAt(place, 0)).okOrThrow();
    let read = 0;
    let most = 0;
    for (let number = 0; number < 300; number += 3) {
      for (const add of [0, 1, 2]) await recordAll(journal, [[numbered(number + add, 0)]]);
      for (let pace = 0; pace < 2 + (number % 4) && reader.offset < journal.durable; pace += 1) {
        await reader.arrived(journal.durable);
        const record = reader.next(journal.durable);
        if (record === undefined) break;
        expect(faultOf(record, read)).toBeUndefined();
        read += 1;
      }
      if (number % 30 === 0) journal.release(reader.offset);
      most = Math.max(most, journal.begin);
    }
    await journal.close();

    expect(read).toBeGreaterThan(200);
    expect(most).toBeGreaterThan(0);
    expect((await openReaderAt(place, 0)).isErr()).toBe(true);
    expect((await recordsAt(place, most, journal.durable)).length).toBeGreaterThan(0);
    reader.close();
  });

  it('throws when what a reader has not read was released, and cannot be opened there', async () => {
    const place = kind.place('behind');
    const journal = (await openAtPlace(place, { segmentBytes: 100 })).okOrThrow();
    for (let number = 1; number < 25; number += 1) await recordAll(journal, [[numbered(number, 0)]]);
    const reader = (await openReaderAt(place, 0)).okOrThrow();
    journal.release(journal.durable);
    await recordAll(journal, [[numbered(5, 0)]]);
    await journal.close();
    const { begin, durable } = journal;

    const readOn = async (): Promise<void> => {
      while (reader.offset < durable) {
        if (reader.next(durable) === undefined) await reader.arrived(durable);
      }
    };
    await expect(readOn()).rejects.toThrow(JournalDamage);
    expect(await openReaderAt(place, 0)).toMatchObject({ error: { code: 'JOURNAL_DAMAGED' } });
    expect(await openReaderAt(place, durable + 1_000)).toMatchObject({ error: { code: 'JOURNAL_DAMAGED' } });
    expect((await openReaderAt(kind.place('nowhere'), 0)).isErr()).toBe(true);
    expect((await recordsAt(place, begin, durable)).length).toBeGreaterThan(0);
    reader.close();
  });

  it(`has every acknowledged record, once and whole, when its writer is killed ${KILLS} times`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bellwether-killed-'));
    const writer = bundle(new URL('./testing/crash-writer.ts', import.meta.url), folder);
    const place = kind.place('killed');
    let next = 0;
    let offset = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = startChild(writer, [JSON.stringify(place), String(next)]);
      let acknowledged = Number((await child.lines.next()).value);
      await sleep(20 + Math.random() * 60);
      const gone = killChild(child);
      for (let line = await child.lines.next(); line.done !== true; line = await child.lines.next()) {
        acknowledged = Math.max(acknowledged, Number(line.value));
      }
      await gone;

      const journal = await openedSoon(() => openAtPlace(place));
      const records = await recordsAt(place, offset, journal.durable);
      offset = journal.durable;
      await journal.close();

      expect(records.flatMap((record, index) => faultOf(record, next + index) ?? [])).toEqual([]);
      expect(callEndOf(records.at(-1)!)).toBe(next + records.length - 1);
      next += records.length;
      expect(next).toBeGreaterThan(acknowledged);
    }
    rmSync(folder, { recursive: true });
  }, 120_000);
});

/** Tries until whoever was killed does not hold it any more. */
async function openedSoon(open: () => ReturnType<typeof openAtPlace>): Promise<Journal> {
  for (;;) {
    const opened = await open();
    if (opened.isOk()) return opened.value;
    if (opened.error.code !== 'JOURNAL_LOCKED') throw new Error(opened.error.detail);
    await sleep(200);
  }
}
