/**
 * The rows of a stretch in their order: one cursor for each file, the one that is behind first. With hundreds of files
 * that take turns line by line, finding it must not mean to look at all of them, so the cursors stand in a binary heap.
 */
import type { Part, Stretch } from '../stretch.ts';

/** Walks the parts of one file. */
export class Cursor {
  readonly file: number;
  part: Part;
  row: number;
  /** Running maximum of event times before `row`. */
  time: number;
  /** File time of the row at the cursor. */
  head = Number.NEGATIVE_INFINITY;
  done = false;
  readonly #parts: readonly Part[];
  #next = 1;

  /** `parts`: of one file, in its order, at least one. */
  constructor(parts: readonly Part[]) {
    const part = parts[0]!;
    this.#parts = parts;
    this.file = part.file;
    this.part = part;
    this.row = part.from;
    this.time = part.base;
    this.advance(part.from, part.base);
  }

  /** Goes on at `row` of this part, or at the next part behind its end; `time` is the running maximum before it. */
  advance(row: number, time: number): void {
    this.row = row;
    this.time = time;
    while (this.row >= this.part.to) {
      const part = this.#parts[this.#next++];
      if (part === undefined) {
        this.done = true;
        return;
      }
      this.part = part;
      this.row = part.from;
      this.time = part.base;
    }
    const own = this.part.batch.time[this.row]!;
    // Not Math.max: a row without a readable time (NaN) stays at the time before it.
    this.head = this.time;
    if (own > this.time) this.head = own;
  }
}

/** The cursors of a stretch that have rows left, by file time, then file. */
export class Cursors {
  readonly #heap: Cursor[];

  constructor(stretch: Stretch) {
    const files = new Map<number, Part[]>();
    for (const part of stretch) {
      const parts = files.get(part.file);
      if (parts) parts.push(part);
      else files.set(part.file, [part]);
    }
    // What is sorted is a heap.
    this.#heap = [...files.values()]
      .map((parts) => new Cursor(parts))
      .filter(({ done }) => !done)
      .sort((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  /** The cursor whose row is next; undefined when there are no more rows. */
  get first(): Cursor | undefined {
    return this.#heap[0];
  }

  /** The one behind it: up to there the first may walk. */
  get second(): Cursor | undefined {
    const left = this.#heap[1];
    const right = this.#heap[2];
    return left === undefined || right === undefined || isBefore(left, right) ? left : right;
  }

  /** Puts the first into its place again after it was advanced. */
  settle(): void {
    const heap = this.#heap;
    let moved = heap[0];
    if (moved?.done) {
      const last = heap.pop()!;
      if (last === moved) return;
      moved = last;
    }
    if (moved === undefined) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (isBefore(moved, heap[child]!)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = moved;
  }
}

function isBefore(a: Cursor, b: Cursor): boolean {
  return a.head < b.head || (a.head === b.head && a.file < b.file);
}
