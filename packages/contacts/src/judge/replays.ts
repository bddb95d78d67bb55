/**
 * Lines that were delivered twice: a batch that a shipper sent again, a rotated file that overlaps the next, a file
 * named twice. They tell of contacts that are counted already, so they are detail.
 *
 * A line of a batch sent again is older than what its file had reached, or stands in another file of the same sensor;
 * only such lines are looked up, and a line counts as told before when everything that was read from it is the same. A
 * browser that asks twice in one second does so in order, and is counted twice.
 *
 * The fingerprints of the last lines lie in a ring; the table to look them up is made when the first line of this kind
 * comes, so that an orderly log pays for one write a line.
 */
import type { Batch } from '../contact.ts';
import { mix32 } from '../reading/bytes.ts';
import type { StateIo } from './state.ts';

/** Lines remembered by one shard: sixteen shards remember a million. */
const RING = 65_536;
/** Places in the table: at most half are taken. */
const PLACES = 2 * RING;
/** Two lines of one sensor may change places within this time without being sent again, ms. */
export const DISORDER = 1_000;

export class Replays {
  readonly #prints = new Uint32Array(RING);
  /** A second print of each line: a million lines remembered and a million doubtful ones make a chance hit of 32 bits certain, and of 64 one in ten million. */
  readonly #checks = new Uint32Array(RING);
  readonly #files = new Uint16Array(RING);
  #count = 0;
  /** Ring position plus one, by fingerprint; undefined until it is needed. */
  #table: Uint32Array | undefined;

  /** Remembers a line by its two prints. */
  add(print: number, check: number, file: number): void {
    const at = this.#count % RING;
    if (this.#table !== undefined && this.#count >= RING) this.#remove(at);
    this.#prints[at] = print;
    this.#checks[at] = check;
    this.#files[at] = file;
    this.#count++;
    if (this.#table !== undefined) this.#place(at);
  }

  /**
   * Whether the line was told before: by any file if it is older than what its own had reached, else by another file.
   * One telling answers for one line: what was told twice in order may be sent again twice.
   */
  take(print: number, check: number, file: number, isLate: boolean): boolean {
    if (this.#table === undefined) {
      this.#table = new Uint32Array(PLACES);
      for (let at = 0; at < Math.min(this.#count, RING); at++) this.#place(at);
    }
    const table = this.#table;
    for (let place = print & (PLACES - 1); table[place] !== 0; place = (place + 1) & (PLACES - 1)) {
      const at = table[place]! - 1;
      if (this.#prints[at] !== print || this.#checks[at] !== check) continue;
      if (!isLate && this.#files[at] === file) continue;
      // Told once by this file now: the same line of a third file finds the next telling, or none.
      this.#files[at] = file;
      return true;
    }
    return false;
  }

  /** Everything that is remembered; the table's places too, since they say which of two tellings is found first. */
  state(io: StateIo): void {
    this.#count = io.size('count', this.#count, Number.MAX_SAFE_INTEGER);
    const kept = Math.min(this.#count, RING);
    io.front('prints', this.#prints, kept);
    io.front('checks', this.#checks, kept);
    io.front('files', this.#files, kept);
    if (!io.flag('isLookedUp', this.#table !== undefined)) return;
    this.#table ??= new Uint32Array(PLACES);
    io.table('places', this.#table);
  }

  #place(at: number): void {
    const table = this.#table!;
    let place = this.#prints[at]! & (PLACES - 1);
    while (table[place] !== 0) place = (place + 1) & (PLACES - 1);
    table[place] = at + 1;
  }

  /** Takes a ring position out and closes the gap (linear probing). */
  #remove(at: number): void {
    const table = this.#table!;
    let place = this.#prints[at]! & (PLACES - 1);
    while (table[place] !== at + 1) {
      if (table[place] === 0) return;
      place = (place + 1) & (PLACES - 1);
    }
    let gap = place;
    for (let next = (gap + 1) & (PLACES - 1); table[next] !== 0; next = (next + 1) & (PLACES - 1)) {
      const home = this.#prints[table[next]! - 1]! & (PLACES - 1);
      const isBehind = gap <= next ? home <= gap || home > next : home <= gap && home > next;
      if (!isBehind) continue;
      table[gap] = table[next]!;
      gap = next;
    }
    table[gap] = 0;
  }
}

/** Everything that was read from a row, in 32 bits; never 0. */
export function fingerprint(batch: Batch, i: number, time: number): number {
  let print = mix32((time >>> 0) ^ batch.foreign0[i]!);
  print = mix32(print + batch.foreign1[i]! + batch.sport[i]! * 65_536 + batch.status[i]!);
  print = mix32(print ^ batch.target[i]! ^ batch.size[i]! ^ (batch.tcp[i]! << 8) ^ batch.outcome[i]!);
  return (mix32(print + batch.acct0[i]! + batch.content[i]! + batch.repeat[i]!) | 1) >>> 0;
}

/** The same in 32 other bits: field by field, so that no two rows that agree in the first agree here by their form. */
export function secondPrint(batch: Batch, i: number, time: number): number {
  let print = mix32(SECOND ^ Math.floor(time / 2 ** 32));
  print = mix32(print ^ time);
  print = mix32(print ^ batch.foreign0[i]!);
  print = mix32(print ^ batch.foreign1[i]!);
  print = mix32(print ^ (batch.sport[i]! | (batch.status[i]! << 16)));
  print = mix32(print ^ batch.target[i]!);
  print = mix32(print ^ batch.size[i]!);
  print = mix32(print ^ (batch.tcp[i]! | (batch.outcome[i]! << 8) | (batch.repeat[i]! << 16)));
  print = mix32(print ^ batch.acct0[i]!);
  return mix32(print ^ batch.content[i]!);
}

/** Any start but zero sets the second print apart: 2^32 divided by the golden ratio. */
const SECOND = 0x9e37_79b9;
