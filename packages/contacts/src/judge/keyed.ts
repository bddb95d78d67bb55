/**
 * A bounded memory of recent things, keyed by 64 bits: connections whose lines still come (sshd pids, Zeek uids, EVE
 * flow ids), requests of ours that may be answered, five-tuples that another sensor may tell again.
 *
 * Two generations of open addressing: when the young one is full it becomes the old one, and what was not asked for
 * since is forgotten. Nothing is ever scanned or deleted one by one.
 */
import { mix32 } from '../reading/bytes.ts';
import { StateDamage, type StateIo } from './state.ts';

export class Recent {
  /** Keys forgotten before their time: they could still have been asked for. */
  forgotten = 0;
  readonly #limit: number;
  readonly #life: number;
  /** When the young generation became the old one last. */
  #turned = Number.NEGATIVE_INFINITY;
  #young: Table;
  #old: Table;

  /** Remembers at least the last `limit` keys, at most twice as many. After `life` ms a key is of no use. */
  constructor(limit: number, life: number) {
    this.#limit = limit;
    this.#life = life;
    this.#young = new Table(Math.min(limit, 256));
    this.#old = new Table(16);
  }

  /** Value last set for the key, -1 if it is unknown; when it was set, and its mark, are in `foundTime` and `foundMark`. */
  get(key0: number, key1: number): number {
    const value = this.#young.get(key0, key1);
    return value >= 0 ? value : this.#old.get(key0, key1);
  }

  /** Sets the value (0 or more) of a key, and 32 bits that go with it. */
  set(key0: number, key1: number, value: number, time: number, mark = 0): void {
    if (this.#young.count >= this.#limit) {
      const old = this.#old;
      if (time - this.#turned < this.#life) this.forgotten += old.countSince(time - this.#life, this.#young);
      this.#turned = time;
      this.#old = this.#young;
      old.clear();
      this.#young = old;
    }
    this.#young.set(key0, key1, value, time, mark);
  }

  /** Everything that is remembered. */
  state(io: StateIo): void {
    this.forgotten = io.number('forgotten', this.forgotten);
    this.#turned = io.number('turned', this.#turned);
    io.within('young', () => this.#young.state(io));
    io.within('old', () => this.#old.state(io));
  }
}

/** When the key last found by `Recent.get` was set, ms. */
export let foundTime = 0;

/** What was set with it as its mark. */
export let foundMark = 0;

/**
 * 32-bit words and doubles in one entry: half a cache line. Word 2 holds the value plus one, 0 if the place is free, and
 * word 3 the mark.
 */
const WORDS = 6;
const DOUBLES = 3;
/** Places of the largest table that a snapshot may hold. */
const MOST_PLACES = 2 ** 20;

class Table {
  count = 0;
  #size: number;
  #d: Float64Array;
  #w: Uint32Array;

  constructor(entries: number) {
    this.#size = 2 ** Math.ceil(Math.log2(Math.max(16, entries * 2)));
    this.#d = new Float64Array(DOUBLES * this.#size);
    this.#w = new Uint32Array(this.#d.buffer);
  }

  /** Value of a key, -1 if there is none; its time and mark are left in `foundTime` and `foundMark`. */
  get(key0: number, key1: number): number {
    const at = this.#place(key0, key1);
    const value = this.#w[at * WORDS + 2]!;
    if (value === 0) return -1;
    foundTime = this.#d[at * DOUBLES + 2]!;
    foundMark = this.#w[at * WORDS + 3]!;
    return value - 1;
  }

  set(key0: number, key1: number, value: number, time: number, mark: number): void {
    if (2 * this.count >= this.#size) this.#grow();
    const at = this.#place(key0, key1);
    const word = at * WORDS;
    if (this.#w[word + 2] === 0) this.count++;
    this.#w[word] = key0;
    this.#w[word + 1] = key1;
    this.#w[word + 2] = value + 1;
    this.#w[word + 3] = mark;
    this.#d[at * DOUBLES + 2] = time;
  }

  /** How many entries were set after a time and are not in a younger table. */
  countSince(time: number, younger: Table): number {
    let count = 0;
    for (let at = 0; at < this.#size; at++) {
      const word = at * WORDS;
      if (this.#w[word + 2] === 0 || this.#d[at * DOUBLES + 2]! <= time) continue;
      if (younger.get(this.#w[word]!, this.#w[word + 1]!) < 0) count++;
    }
    return count;
  }

  state(io: StateIo): void {
    this.count = io.size('count', this.count, MOST_PLACES);
    const size = io.size('places', this.#size, MOST_PLACES);
    if ((size & (size - 1)) !== 0 || 2 * this.count > size)
      throw new StateDamage(`a table of ${size} places`);
    if (size !== this.#size) {
      this.#size = size;
      this.#d = new Float64Array(DOUBLES * size);
      this.#w = new Uint32Array(this.#d.buffer);
    }
    io.table('entries', this.#w);
  }

  /** Forgets everything and keeps the memory. */
  clear(): void {
    this.#w.fill(0);
    this.count = 0;
  }

  #place(key0: number, key1: number): number {
    const w = this.#w;
    const mask = this.#size - 1;
    let at = mix32(key0 ^ Math.imul(key1, 0x9e3779b1)) & mask;
    while (w[at * WORDS + 2] !== 0 && (w[at * WORDS] !== key0 || w[at * WORDS + 1] !== key1))
      at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const bigger = new Table(this.#size);
    for (let at = 0; at < this.#size; at++) {
      const word = at * WORDS;
      const value = this.#w[word + 2]!;
      if (value === 0) continue;
      const time = this.#d[at * DOUBLES + 2]!;
      bigger.set(this.#w[word]!, this.#w[word + 1]!, value - 1, time, this.#w[word + 3]!);
    }
    this.#size = bigger.#size;
    this.#d = bigger.#d;
    this.#w = bigger.#w;
  }
}
