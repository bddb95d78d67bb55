import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Batch } from '../contact.ts';
import type { Part, Stretch } from '../stretch.ts';
import { type Cursor, Cursors } from './cursors.ts';

/** Times of the rows of one file, in the parts that they are cut into; a part may be empty. */
type File = readonly (readonly number[])[];

const time = fc.oneof({ weight: 9, arbitrary: fc.nat(30) }, fc.constant(Number.NaN));
const files: fc.Arbitrary<readonly File[]> = fc.array(
  fc.array(fc.array(time, { maxLength: 6 }), { maxLength: 4 }),
  { maxLength: 9 },
);

const batch = new Batch();

/** All rows stand in one batch, as many parts as there are. */
function stretchOf(all: readonly File[]): Stretch {
  let row = 0;
  return all.flatMap((parts, file) => {
    let base = Number.NEGATIVE_INFINITY;
    return parts.map((times): Part => {
      const part = { file, batch, from: row, to: row + times.length, base, firstLine: 1 };
      batch.time.set(times, row);
      row += times.length;
      for (const own of times) if (own > base) base = own;
      return part;
    });
  });
}

/** The order by its definition: file time, then file, then line. */
function sorted(stretch: Stretch): number[] {
  return stretch
    .flatMap(({ file, from, to, base }) => {
      let fileTime = base;
      return Array.from({ length: to - from }, (_, i) => {
        const own = batch.time[from + i]!;
        if (own > fileTime) fileTime = own;
        return { file, fileTime, row: from + i };
      });
    })
    .sort((a, b) =>
      a.fileTime < b.fileTime ? -1 : a.fileTime > b.fileTime ? 1 : a.file - b.file || a.row - b.row,
    )
    .map(({ row }) => row);
}

/** The order of looking at every file for every row. */
function linear(stretch: Stretch): number[] {
  const rows: number[] = [];
  const open = [...new Set(stretch.map(({ file }) => file))].map(
    (file) => new Cursors(stretch.filter((part) => part.file === file)),
  );
  for (;;) {
    let behind: Cursor | undefined;
    for (const { first } of open) {
      if (first && (!behind || first.head < behind.head)) behind = first;
    }
    if (!behind) return rows;
    rows.push(behind.row);
    step(behind);
    for (const cursors of open) if (cursors.first === behind) cursors.settle();
  }
}

function step(cursor: Cursor): void {
  cursor.advance(cursor.row + 1, cursor.head);
}

/** The rows as the heap gives them, each file as far as the second one allows. */
function walked(stretch: Stretch): number[] {
  const rows: number[] = [];
  const cursors = new Cursors(stretch);
  for (let { first } = cursors; first !== undefined; { first } = cursors) {
    const { second } = cursors;
    while (
      !first.done &&
      (second === undefined ||
        first.head < second.head ||
        (first.head === second.head && first.file < second.file))
    ) {
      rows.push(first.row);
      step(first);
    }
    cursors.settle();
  }
  return rows;
}

describe('the rows of several files', () => {
  it('come in the order of time, file and line, however the files take turns', () => {
    fc.assert(
      fc.property(files, fc.boolean(), (all, turned) => {
        const stretch = stretchOf(all);
        const order = sorted(stretch);
        const given = turned
          ? all.map((_, i) => stretch.filter(({ file }) => file === all.length - 1 - i))
          : [stretch];

        expect(walked(given.flat())).toEqual(order);
        expect(linear(stretch)).toEqual(order);
      }),
    );
  });

  it('come in that order from four hundred files that take turns line by line', () => {
    const all = Array.from({ length: 400 }, (_, file) => [
      Array.from({ length: 40 }, (_, line) => 1_000 * line + ((file * 37) % 400)),
    ]);
    const stretch = stretchOf(all);

    expect(walked(stretch)).toEqual(sorted(stretch));
  });
});
