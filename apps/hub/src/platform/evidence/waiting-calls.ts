/** Calls that wait for the next step of the log: what comes while one step is written shares the next one. */
import { err, type Result } from '@bellwether/basics';
import type { LogError } from './errors.ts';
import type { Sequenced } from './log-types.ts';

/** Entries of one step: 256 bundles. More wait for the next, so that memory has a bound. */
const MOST_AT_ONCE = 65_536;

/** Bytes of one step. */
const MOST_BYTES_AT_ONCE = 64 * 1024 * 1024;

/** Entries that are to be added, and who waits for it. */
export type Call = {
  readonly entries: readonly Uint8Array[];
  readonly bytes: number;
  /** The index that the first of them has to have; null: any. */
  readonly at: bigint | null;
  readonly answer: (result: Result<Sequenced, LogError>) => void;
};

/** Calls in their order. */
export class WaitingCalls {
  readonly #calls: Call[] = [];

  get isEmpty(): boolean {
    return this.#calls.length === 0;
  }

  add(call: Call): void {
    this.#calls.push(call);
  }

  /**
   * Takes what the step from `size` on holds: one call or more, unless all have to stand elsewhere than they would. Those are
   * answered.
   */
  take(size: bigint): readonly Call[] {
    const taken: Call[] = [];
    let entries = 0;
    let bytes = 0;
    while (this.#calls.length > 0) {
      const call = this.#calls[0]!;
      const next = size + BigInt(entries);
      if (call.at !== null && call.at !== next) {
        this.#calls.shift();
        const detail = `the next entry is number ${next}, not ${call.at}`;
        call.answer(err({ code: 'LOG_MOVED', detail }));
        continue;
      }
      const isFull = entries + call.entries.length > MOST_AT_ONCE || bytes + call.bytes > MOST_BYTES_AT_ONCE;
      if (taken.length > 0 && isFull) break;
      entries += call.entries.length;
      bytes += call.bytes;
      taken.push(call);
      this.#calls.shift();
    }
    return taken;
  }
}
