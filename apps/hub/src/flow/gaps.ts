/**
 * Numbers that a client has skipped. A client counts its batches up; one that is missing may still come (another
 * connection was faster), and is missing until then.
 */

/** Runs of missing numbers that are followed for one client; beyond, the oldest are given up as lost. */
const MOST_RUNS = 256;

/** Plain data, for the snapshot: the next number, and the missing ones as runs [from, to). */
export type GapMemory = { readonly next: number; readonly runs: ReadonlyArray<readonly [number, number]> };

/** The numbers of one client. */
export class Gaps {
  #next: number;
  #runs: [number, number][];

  constructor(memory?: GapMemory) {
    this.#next = memory?.next ?? -1;
    this.#runs = (memory?.runs ?? []).map(([from, to]) => [from, to]);
  }

  get memory(): GapMemory {
    return { next: this.#next, runs: this.#runs };
  }

  /** Takes a number; gives how many more are missing now (below 0 if one came after all). */
  take(sequence: number): number {
    if (this.#next < 0) {
      this.#next = sequence + 1;
      return 0;
    }
    if (sequence >= this.#next) {
      const missing = sequence - this.#next;
      if (missing > 0) {
        this.#runs.push([this.#next, sequence]);
        if (this.#runs.length > MOST_RUNS) this.#runs.shift();
      }
      this.#next = sequence + 1;
      return missing;
    }
    const at = this.#runs.findIndex(([from, to]) => sequence >= from && sequence < to);
    if (at < 0) return 0;
    const [from, to] = this.#runs[at]!;
    const rest: [number, number][] = [];
    if (sequence > from) rest.push([from, sequence]);
    if (sequence + 1 < to) rest.push([sequence + 1, to]);
    this.#runs.splice(at, 1, ...rest);
    return -1;
  }
}
