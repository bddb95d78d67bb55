import { Batch } from '@bellwether/contacts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Order } from './order.ts';

/** Rows of one file: their times, cut into batches. NaN is a row without a readable time. */
type File = readonly (readonly number[])[];

/** Batches are large: those that were used go round again. */
const free: Batch[] = [];

function batchOf(times: readonly number[]): Batch {
  const batch = free.pop() ?? new Batch();
  times.forEach((time, row) => {
    batch.time[row] = time;
    batch.line[row] = row;
  });
  batch.count = times.length;
  return batch;
}

type Row = { readonly time: number; readonly file: number; readonly line: number };

/** All rows in their order, found by sorting. */
function sorted(files: readonly File[]): Row[] {
  const rows = files.flatMap((batches, file) => {
    let running = Number.NEGATIVE_INFINITY;
    return batches.flat().map((time, line) => {
      if (time > running) running = time;
      return { time: running, file, line };
    });
  });
  return rows.sort((a, b) => (a.time === b.time ? 0 : a.time - b.time) || a.file - b.file || a.line - b.line);
}

/** All rows in the order in which they are handed on, and the most batches that were held of one file. */
function ordered(files: readonly File[], notBefore: readonly number[]): { rows: Row[]; held: number } {
  const order = new Order(notBefore);
  const next = files.map(() => 0);
  const lines = files.map(() => 0);
  const waiting = files.map(() => 0);
  const fileOf = new Map<Batch, number>();
  const rows: Row[] = [];
  let held = 0;
  for (;;) {
    const { parts, freed } = order.take();
    const stretch: Row[] = [];
    for (const { file, batch, from, to, base, firstLine } of parts) {
      let running = base;
      for (let row = from; row < to; row++) {
        if (batch.time[row]! > running) running = batch.time[row]!;
        stretch.push({ time: running, file, line: firstLine + batch.line[row]! });
      }
    }
    rows.push(
      ...stretch.sort(
        (a, b) => (a.time === b.time ? 0 : a.time - b.time) || a.file - b.file || a.line - b.line,
      ),
    );
    for (const batch of freed) waiting[fileOf.get(batch)!]!--;
    free.push(...freed);
    const file = order.needed;
    if (file < 0) return { rows, held };
    const times = files[file]![next[file]!++];
    if (times === undefined) {
      order.end(file);
      continue;
    }
    const batch = batchOf(times);
    fileOf.set(batch, file);
    waiting[file]!++;
    held = Math.max(held, waiting[file]!);
    order.add(file, batch, lines[file]!);
    lines[file]! += times.length;
  }
}

const time = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 30 }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);
const file = fc.array(fc.array(time, { maxLength: 8 }), { maxLength: 6 });

describe('the order of rows', { timeout: 60_000 }, () => {
  it('is by file time, file and line, and holds one batch of a file at most', () => {
    fc.assert(
      fc.property(fc.array(file, { minLength: 1, maxLength: 5 }), fc.boolean(), (files, told) => {
        const notBefore = files.map((batches) => {
          const first = batches.flat()[0] ?? Number.NaN;
          return told && !Number.isNaN(first) ? first : Number.NEGATIVE_INFINITY;
        });
        const { rows, held } = ordered(files, notBefore);

        expect(rows).toEqual(sorted(files));
        expect(held).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  it('holds nothing back of a file whose clock has run ahead, but reads the others first', () => {
    const { rows } = ordered(
      [
        [[5, 99], [6], [7]],
        [[1], [8], [50]],
      ],
      [-Infinity, -Infinity],
    );

    expect(rows.map(({ file, line }) => [file, line])).toEqual([
      [1, 0],
      [0, 0],
      [1, 1],
      [1, 2],
      [0, 1],
      [0, 2],
      [0, 3],
    ]);
  });

  it('leaves a file alone until the others have come to its first row', () => {
    const order = new Order([100, 0]);

    expect(order.needed).toBe(1);
    order.add(1, batchOf([0, 50]), 1);
    expect(order.take().parts).toMatchObject([{ file: 1, from: 0, to: 2 }]);
    expect(order.needed).toBe(1);
    order.add(1, batchOf([150]), 3);
    expect(order.take().parts).toEqual([]);
    expect(order.needed).toBe(0);
  });
});
