/**
 * The rows of one step, put in order behind a watermark.
 *
 * Rows of all streams wait side by side until a tick. Then everything up to the watermark is judged in the one order of
 * the judge; what is newer waits for the next tick, because another sensor may still tell of something before it. The
 * watermark is the newest event time, less `HOLD`; a tick after which nothing else came holds nothing back.
 *
 * Batches are shared by the streams, so that a hundred sensors with a line each need one batch and not a hundred.
 */
import { BATCH_ROWS, Batch, Flag, type Part } from '@bellwether/contacts';
import { addPrepared } from './settle.ts';

/** How long a row waits for others that happened before it: ticks come about as often, so it costs one more. */
export const HOLD = 200;

/**
 * Contacts this far behind the newest that has been told of are marked late: sensors batch their lines for minutes, not
 * longer. Not behind what has been judged: how far that is depends on the machine's load, and the mark must not.
 */
export const LATE_AFTER = 600_000;

/** From this many rows on, a batch is handed on as it is instead of being copied into a shared one. */
const WHOLE_BATCH = BATCH_ROWS / 4;

/** Rows of one stream in a batch. */
type Run = {
  readonly file: number;
  readonly batch: Batch;
  from: number;
  readonly to: number;
  /** Running maximum of the stream's event times before row `from`. */
  base: number;
  readonly firstLine: number;
};

/** What is judged next, and the batches that are free when it has been. */
export type Window = { readonly parts: Part[]; readonly freed: Batch[] };

/** Rows that wait for their step. */
export class Order {
  #runs: Run[] = [];
  #shared: Batch | undefined;
  /** Batches in use, with the number of their rows that wait. */
  readonly #waiting = new Map<Batch, number>();
  readonly #free: Batch[] = [];
  /** Newest event time that was handed over to be judged. */
  frontier = Number.NEGATIVE_INFINITY;
  /** Newest event time that waits. */
  #newest = Number.NEGATIVE_INFINITY;

  /** Whether rows wait. */
  get isEmpty(): boolean {
    return this.#runs.length === 0;
  }

  /** A batch to read into. It is this object's again after `add`. */
  scratch(): Batch {
    const batch = this.#free.pop() ?? new Batch();
    batch.clear();
    return batch;
  }

  /**
   * Adds the rows of a batch that came from `scratch`. `running`: the stream's latest event time before them; gives the
   * latest after them. A clock that is ahead moves the watermark no further than `arrival`.
   */
  add(file: number, batch: Batch, firstLine: number, running: number, arrival: number): number {
    const { count, time, flags } = batch;
    const lateBefore = Math.max(this.frontier, this.#newest) - LATE_AFTER;
    let latest = running;
    for (let row = 0; row < count; row++) {
      if (time[row]! > latest) latest = time[row]!;
      if (latest < lateBefore) flags[row] = flags[row]! | Flag.late;
    }
    if (count === 0) {
      this.#free.push(batch);
      return latest;
    }
    this.#newest = Math.max(this.#newest, Math.min(latest, arrival));
    let into = batch;
    let from = 0;
    if (count < WHOLE_BATCH) {
      if (this.#shared === undefined || this.#shared.count + count > BATCH_ROWS) {
        this.#shared = this.#free.pop() ?? new Batch();
        this.#shared.clear();
      }
      into = this.#shared;
      from = into.count;
      addPrepared(batch, into);
      this.#free.push(batch);
    }
    this.#waiting.set(into, (this.#waiting.get(into) ?? 0) + count);
    this.#runs.push({ file, batch: into, from, to: from + count, base: running, firstLine });
    return latest;
  }

  /** Takes what is due at a tick; `all`: everything. Hand it back with `release` when it has been judged. */
  take(all: boolean): Window {
    const until = all ? Number.POSITIVE_INFINITY : this.#newest - HOLD;
    const parts: Part[] = [];
    const later: Run[] = [];
    // Once a row of a stream is held back, all later ones of it are: their file time is not before its own.
    for (const run of this.#runs) {
      const to = all ? run.to : rowsUntil(run, until);
      const { file, batch, from, base, firstLine } = run;
      if (to > from) {
        parts.push({ file, batch, from, to, base, firstLine });
        this.#waiting.set(batch, this.#waiting.get(batch)! - (to - from));
      }
      if (to < run.to) {
        run.base = runningMaximum(batch, from, to, base);
        run.from = to;
        later.push(run);
      }
    }
    this.#runs = later;
    const reached = all ? this.#newest : until;
    if (parts.length > 0 && reached > this.frontier) this.frontier = reached;
    const freed: Batch[] = [];
    for (const [batch, rows] of this.#waiting) {
      if (rows > 0) continue;
      this.#waiting.delete(batch);
      if (batch === this.#shared) this.#shared = undefined;
      freed.push(batch);
    }
    return { parts, freed };
  }

  /** Takes back batches that are not needed any more. */
  release(batches: readonly Batch[]): void {
    for (const batch of batches) if (this.#free.length < MOST_FREE) this.#free.push(batch);
  }
}

/** Batches kept for reuse: two MB each. */
const MOST_FREE = 8;

/** The first row of the run whose file time is beyond `until`. */
function rowsUntil({ batch, from, to, base }: Run, until: number): number {
  const { time } = batch;
  let latest = base;
  for (let row = from; row < to; row++) {
    if (time[row]! > latest) latest = time[row]!;
    if (latest > until) return row;
  }
  return to;
}

function runningMaximum({ time }: Batch, from: number, to: number, base: number): number {
  let latest = base;
  for (let row = from; row < to; row++) if (time[row]! > latest) latest = time[row]!;
  return latest;
}
