/**
 * Puts the rows of several files into their one order, (file time, file, line), while holding little of each file.
 *
 * Of the files that have not ended, take the one whose last row so far comes first in that order: nothing that is
 * still unread can come before that row. So all rows up to it go on to be judged (of that file, everything), and then
 * that file is read on. No file is ever held for longer than the others need to come level, and none is opened before
 * it has to be: until then its plan's `notBefore` stands for it.
 */
import type { Batch, Part } from '@bellwether/contacts';

type Held = {
  readonly batch: Batch;
  /** Next row to be judged. */
  from: number;
  /** Running maximum of times before that row. */
  base: number;
  readonly firstLine: number;
};

type Queue = {
  readonly held: Held[];
  /** File time of the last row read; before the first, a time that none is before. */
  reached: number;
  /** Running maximum of times of the rows read. */
  running: number;
  ended: boolean;
};

/** Rows that are judged next, and the batches that are free when they have been. */
export type Taken = { readonly parts: Part[]; readonly freed: Batch[] };

/** The rows of all files, on their way from reading to judging. */
export class Order {
  readonly #queues: Queue[];

  /** For each file, a time (ms UTC) that none of its rows is before; -Infinity if that is not known. */
  constructor(notBefore: readonly number[]) {
    this.#queues = notBefore.map((reached) => ({
      held: [],
      reached,
      running: Number.NEGATIVE_INFINITY,
      ended: false,
    }));
  }

  /** The file that has to be read on; -1 when all have ended. */
  get needed(): number {
    let needed = -1;
    let reached = Number.POSITIVE_INFINITY;
    for (let file = 0; file < this.#queues.length; file++) {
      const queue = this.#queues[file]!;
      if (queue.ended || (needed >= 0 && queue.reached >= reached)) continue;
      needed = file;
      reached = queue.reached;
    }
    return needed;
  }

  /** Adds the rows of the file that come next. `firstLine`: number, from 1, of what the batch calls line 0. */
  add(file: number, batch: Batch, firstLine: number): void {
    const queue = this.#queues[file]!;
    queue.held.push({ batch, from: 0, base: queue.running, firstLine });
    let running = queue.running;
    const { time, count } = batch;
    for (let row = 0; row < count; row++) if (time[row]! > running) running = time[row]!;
    queue.running = running;
    if (running > queue.reached) queue.reached = running;
  }

  /** Says that the file has no more rows. */
  end(file: number): void {
    this.#queues[file]!.ended = true;
  }

  /** Takes all rows that are certain to come before whatever is still unread. */
  take(): Taken {
    const parts: Part[] = [];
    const freed: Batch[] = [];
    const last = this.needed;
    const until = last < 0 ? Number.POSITIVE_INFINITY : this.#queues[last]!.reached;
    for (let file = 0; file < this.#queues.length; file++) {
      const { held } = this.#queues[file]!;
      // Rows at exactly `until` go along if they belong to this file or to one before it.
      const inclusive = file <= last || last < 0;
      const everything = file === last || last < 0;
      while (held.length > 0) {
        const { batch, from, base, firstLine } = held[0]!;
        const to = everything ? batch.count : rowsUntil(held[0]!, until, inclusive);
        if (to > from) parts.push({ file, batch, from, to, base, firstLine });
        if (to < batch.count) break;
        freed.push(batch);
        held.shift();
      }
    }
    return { parts, freed };
  }
}

/** Moves the held rows on to the first whose file time is at (or, `inclusive`, beyond) `until`, and gives that row. */
function rowsUntil(held: Held, until: number, inclusive: boolean): number {
  const { time, count } = held.batch;
  let { from, base } = held;
  for (; from < count; from++) {
    let next = base;
    // Not Math.max: a row without a readable time (NaN) stays where it is.
    if (time[from]! > next) next = time[from]!;
    if (inclusive ? next > until : next >= until) break;
    base = next;
  }
  held.from = from;
  held.base = base;
  return from;
}
