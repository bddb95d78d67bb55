/**
 * The same evidence per prefix: /24 in IPv4, /48 in IPv6 (a source there is its /64).
 *
 * A prefix is remembered from the first failure of one of its members on. That failure is no trial: to begin a walk
 * because of a failure and to count it would bias the walk. A member gives its prefix at most MEMBER_TRIALS trials, and
 * none once it has been judged itself, so that one busy scanner never speaks for its neighbours.
 */
import { hashKey } from './sources.ts';
import type { StateIo } from './state.ts';
import { grown, TargetSets } from './targets.ts';

/** Trials that one member may give its prefix. With 8 failures needed, at least four members have to fail. */
export const MEMBER_TRIALS = 2;

/** Prefixes that one shard remembers. When there are more, further prefixes have no walk, and the account says so. */
const MAX_PREFIXES = 65_536;

export class Prefixes {
  count = 0;
  key0: Uint32Array;
  key1: Uint32Array;
  v6: Uint8Array;
  inPlay: Float64Array;
  trials: Uint32Array;
  last: Float64Array;
  members: Uint32Array;
  /** Tier reached: 0 none, 1 watch, 2 block. */
  tier: Uint8Array;
  /** First member, -1 if none; members are linked by `Sources.next`. */
  head: Int32Array;
  /** When the campaign began, event time ms, once `tier` is not 0. */
  since: Float64Array;
  readonly targets: TargetSets;
  /** Failures of sources whose prefix found no room. */
  refused = 0;

  #capacity = 512;
  #index: Int32Array;

  readonly #limit: number;

  constructor(limit: number = MAX_PREFIXES) {
    this.#limit = limit;
    const n = this.#capacity;
    this.key0 = new Uint32Array(n);
    this.key1 = new Uint32Array(n);
    this.v6 = new Uint8Array(n);
    this.inPlay = new Float64Array(n);
    this.trials = new Uint32Array(n);
    this.last = new Float64Array(n);
    this.members = new Uint32Array(n);
    this.tier = new Uint8Array(n);
    this.head = new Int32Array(n);
    this.since = new Float64Array(n);
    this.targets = new TargetSets(n);
    this.#index = new Int32Array(2 * n).fill(-1);
  }

  /** Slot of the prefix of a source, -1 if it is not remembered. */
  find(source0: number, source1: number, v6: number): number {
    const key0 = v6 ? source0 : source0 >>> 8;
    const key1 = v6 ? source1 >>> 16 : 0;
    const mask = this.#index.length - 1;
    let at = hashKey(key0, key1) & mask;
    for (;;) {
      const slot = this.#index[at]!;
      if (slot < 0) return -1;
      if (this.key0[slot] === key0 && this.key1[slot] === key1 && this.v6[slot] === v6) return slot;
      at = (at + 1) & mask;
    }
  }

  /** Begins to remember the prefix of a source; -1 if there is no room. */
  add(source0: number, source1: number, v6: number, time: number): number {
    if (this.count >= this.#limit) {
      this.refused++;
      return -1;
    }
    if (this.count === this.#capacity) this.#grow();
    const slot = this.count++;
    this.key0[slot] = v6 ? source0 : source0 >>> 8;
    this.key1[slot] = v6 ? source1 >>> 16 : 0;
    this.v6[slot] = v6;
    this.last[slot] = time;
    this.head[slot] = -1;
    this.#place(slot);
    return slot;
  }

  /** All prefixes; the index is made anew. */
  state(io: StateIo): void {
    const count = io.size('count', this.count, MAX_PREFIXES);
    while (this.#capacity < count) this.#grow();
    this.count = count;
    this.refused = io.number('refused', this.refused);
    io.front('key0', this.key0, count);
    io.front('key1', this.key1, count);
    io.front('v6', this.v6, count);
    io.front('inPlay', this.inPlay, count);
    io.front('trials', this.trials, count);
    io.front('last', this.last, count);
    io.front('members', this.members, count);
    io.front('tier', this.tier, count);
    io.front('head', this.head, count);
    io.front('since', this.since, count);
    io.within('targets', () => this.targets.state(io, count));
    if (io.isReading) this.#makeIndex();
  }

  #place(slot: number): void {
    const mask = this.#index.length - 1;
    let at = hashKey(this.key0[slot]!, this.key1[slot]!) & mask;
    while (this.#index[at]! >= 0) at = (at + 1) & mask;
    this.#index[at] = slot;
  }

  #grow(): void {
    const n = this.#capacity * 2;
    this.key0 = grown(this.key0, new Uint32Array(n));
    this.key1 = grown(this.key1, new Uint32Array(n));
    this.v6 = grown(this.v6, new Uint8Array(n));
    this.inPlay = grown(this.inPlay, new Float64Array(n));
    this.trials = grown(this.trials, new Uint32Array(n));
    this.last = grown(this.last, new Float64Array(n));
    this.members = grown(this.members, new Uint32Array(n));
    this.tier = grown(this.tier, new Uint8Array(n));
    this.head = grown(this.head, new Int32Array(n));
    this.since = grown(this.since, new Float64Array(n));
    this.targets.grow(n);
    this.#capacity = n;
    this.#makeIndex();
  }

  #makeIndex(): void {
    this.#index = new Int32Array(2 * this.#capacity).fill(-1);
    for (let slot = 0; slot < this.count; slot++) this.#place(slot);
  }
}
