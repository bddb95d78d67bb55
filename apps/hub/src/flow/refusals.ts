/** What the hub did not take in, by minute, way in and reason: nothing is dropped in silence. */
import type { Transport } from './intake-types.ts';

/** One row of the table `refusals`. */
export type Refusal = {
  /** ms, at the beginning of a minute. */
  readonly minute: number;
  readonly port: Transport;
  readonly reason: string;
  batches: number;
  lines: number;
  bytes: number;
};

/** Rows that wait at most: ways in and reasons are few, so this is hours of a database that is gone. */
const MOST_WAITING = 10_000;

/** Counts until somebody carries them away. */
export class Refusals {
  readonly #rows = new Map<string, Refusal>();

  add(time: number, port: Transport, reason: string, batches: number, lines: number, bytes: number): void {
    const minute = Math.floor(time / 60_000) * 60_000;
    const key = `${minute} ${port} ${reason}`;
    let row = this.#rows.get(key);
    if (row === undefined) {
      if (this.#rows.size >= MOST_WAITING) {
        // Of the newest row nothing is lost but its minute.
        const last = [...this.#rows.values()].findLast((one) => one.port === port && one.reason === reason);
        if (last === undefined) return;
        row = last;
      } else {
        row = { minute, port, reason, batches: 0, lines: 0, bytes: 0 };
        this.#rows.set(key, row);
      }
    }
    row.batches += batches;
    row.lines += lines;
    row.bytes += bytes;
  }

  /** Hands over what was counted since the last time; `giveBack` it if it could not be kept. */
  take(): Refusal[] {
    const rows = [...this.#rows.values()];
    this.#rows.clear();
    return rows;
  }

  giveBack(rows: readonly Refusal[]): void {
    for (const { minute, port, reason, batches, lines, bytes } of rows) {
      this.add(minute, port, reason, batches, lines, bytes);
    }
  }
}
