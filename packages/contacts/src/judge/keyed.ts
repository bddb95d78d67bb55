/**
 * A bounded memory of recent things, keyed by 64 bits: connections whose lines still come (sshd pids, Zeek uids, EVE
 * flow ids), requests of ours that may be answered, five-tuples that another sensor may tell again.
 *
 * Two generations of open addressing: when the young one is full it becomes the old one, and what was not asked for
 * since is forgotten. Nothing is ever scanned or deleted one by one.
 */
export class Recent {
  readonly #limit: number;
  #young: Table;
  #old: Table;

  /** Remembers at least the last `limit` keys, at most twice as many. */
  constructor(limit: number) {
    this.#limit = limit;
    this.#young = new Table(Math.min(limit, 256));
    this.#old = new Table(16);
  }

  /** Value last set for the key, -1 if it is unknown; when it was set is in `foundTime`. */
  get(key0: number, key1: number): number {
    const young = this.#young;
    let at = young.find(key0, key1);
    if (at >= 0) {
      foundTime = young.time[at]!;
      return young.value[at]!;
    }
    const old = this.#old;
    at = old.find(key0, key1);
    if (at < 0) return -1;
    foundTime = old.time[at]!;
    return old.value[at]!;
  }

  /** Sets the value (0 or more) of a key. */
  set(key0: number, key1: number, value: number, time: number): void {
    let young = this.#young;
    if (young.count >= this.#limit) {
      this.#old = young;
      young = this.#young = new Table(this.#limit);
    }
    young.set(key0, key1, value, time);
  }
}

/** When the key last found by `Recent.get` was set, ms. */
export let foundTime = 0;

class Table {
  count = 0;
  key0: Uint32Array;
  key1: Uint32Array;
  value: Int32Array;
  time: Float64Array;

  constructor(entries: number) {
    const size = 2 ** Math.ceil(Math.log2(Math.max(16, entries * 2)));
    this.key0 = new Uint32Array(size);
    this.key1 = new Uint32Array(size);
    this.value = new Int32Array(size).fill(-1);
    this.time = new Float64Array(size);
  }

  find(key0: number, key1: number): number {
    const mask = this.value.length - 1;
    let at = (key0 ^ Math.imul(key1, 0x9e3779b1)) & mask;
    while (this.value[at]! >= 0) {
      if (this.key0[at] === key0 && this.key1[at] === key1) return at;
      at = (at + 1) & mask;
    }
    return -1;
  }

  set(key0: number, key1: number, value: number, time: number): void {
    if (2 * this.count >= this.value.length) this.#grow();
    const mask = this.value.length - 1;
    let at = (key0 ^ Math.imul(key1, 0x9e3779b1)) & mask;
    while (this.value[at]! >= 0) {
      if (this.key0[at] === key0 && this.key1[at] === key1) break;
      at = (at + 1) & mask;
    }
    if (this.value[at]! < 0) this.count++;
    this.key0[at] = key0;
    this.key1[at] = key1;
    this.value[at] = value;
    this.time[at] = time;
  }

  #grow(): void {
    const bigger = new Table(this.value.length);
    for (let at = 0; at < this.value.length; at++) {
      if (this.value[at]! >= 0) bigger.set(this.key0[at]!, this.key1[at]!, this.value[at]!, this.time[at]!);
    }
    this.key0 = bigger.key0;
    this.key1 = bigger.key1;
    this.value = bigger.value;
    this.time = bigger.time;
  }
}
