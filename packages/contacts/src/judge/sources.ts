/**
 * The sources of one shard: a flat table of typed arrays with open addressing, no object per source.
 *
 * A shard holds at most MAX_SOURCES. When it is full, the half of its unflagged sources that is least suspicious and
 * longest silent is folded: what they did stays in the account, only the memory of who they were goes. Friends (a
 * handshake or login in the last thirty days) and flagged sources go last.
 */
import { mix32 } from '../reading/bytes.ts';
import { grown, TargetSets } from './targets.ts';

/** Sources that one shard remembers: sixteen shards make a million, in about 160 MB if all are in use. */
export const MAX_SOURCES = 65_536;
const FIRST_CAPACITY = 1024;

/** Bits of the column `bits`. */
export const SourceBit = {
  v6: 1,
  /** Completed a handshake or a login while nothing spoke against it. */
  friend: 2,
  /** Counted as a member of its prefix. */
  member: 4,
  /** Evidence about packets and connections. */
  scan: 8,
  /** Evidence about attack content or logins. */
  attempt: 16,
  /** Something that it sent came through. */
  intrusion: 32,
  /** Named by a proxy of ours, or shared by many people: never decided at layer 3. */
  layer7: 64,
  /** Has signed in while nothing spoke against it. */
  signedIn: 128,
  /** Has failed to sign in. */
  guesser: 256,
} as const;

export class Sources {
  count = 0;
  capacity = FIRST_CAPACITY;
  key0 = new Uint32Array(FIRST_CAPACITY);
  key1 = new Uint32Array(FIRST_CAPACITY);
  bits = new Uint16Array(FIRST_CAPACITY);
  /** Tier reached by all evidence, and by evidence that cannot be forged: 0 none, 1 watch, 2 block, 3 block-long. */
  tier = new Uint8Array(FIRST_CAPACITY);
  firmTier = new Uint8Array(FIRST_CAPACITY);
  /** Wagers in play (see walk.ts) and trials made: all evidence, and what cannot be forged. */
  any = new Float64Array(FIRST_CAPACITY);
  firm = new Float64Array(FIRST_CAPACITY);
  trials = new Uint32Array(FIRST_CAPACITY);
  firmTrials = new Uint32Array(FIRST_CAPACITY);
  /** Event times, ms: first and last contact. */
  first = new Float64Array(FIRST_CAPACITY);
  last = new Float64Array(FIRST_CAPACITY);
  /** When the stake last began to rise, and when the source first proved who it is while it was low. */
  risingSince = new Float64Array(FIRST_CAPACITY);
  friendSince = new Float64Array(FIRST_CAPACITY);
  friendLast = new Float64Array(FIRST_CAPACITY);
  contacts = new Uint32Array(FIRST_CAPACITY);
  /** Contacts that failed, first or not. */
  failures = new Uint32Array(FIRST_CAPACITY);
  /** End of the block in force, event time. */
  until = new Float64Array(FIRST_CAPACITY);
  /** When forgetting was last computed, event time ms. */
  forgotAt = new Float64Array(FIRST_CAPACITY);
  /** Targets of contacts that looked like replies: how many, which three, how many contacts, and the last one's time. */
  replies = new Uint8Array(FIRST_CAPACITY);
  replyTargets = new Uint32Array(3 * FIRST_CAPACITY);
  replyUnits = new Uint32Array(FIRST_CAPACITY);
  replyAt = new Float64Array(FIRST_CAPACITY);
  /** Trials given to the prefix. */
  memberTrials = new Uint8Array(FIRST_CAPACITY);
  /** File of the first trial. */
  trialFile = new Uint16Array(FIRST_CAPACITY);
  /** Block in the pool of evidence, 0 if none, and how many pieces were seen. */
  evidence = new Uint32Array(FIRST_CAPACITY);
  evidenceSeen = new Uint32Array(FIRST_CAPACITY);
  /** Next member of the same prefix, -1 at the end; and the prefix's slot, -1 if it has none. */
  next = new Int32Array(FIRST_CAPACITY).fill(-1);
  prefix = new Int32Array(FIRST_CAPACITY).fill(-1);
  readonly targets = new TargetSets(FIRST_CAPACITY);
  /** Sources folded since the beginning. */
  folded = 0;

  #index = new Int32Array(2 * FIRST_CAPACITY).fill(-1);

  /** Slot of a source, -1 if it is not known. */
  find(key0: number, key1: number, v6: number): number {
    const mask = this.#index.length - 1;
    let at = hashKey(key0, key1) & mask;
    for (;;) {
      const slot = this.#index[at]!;
      if (slot < 0) return -1;
      if (this.key0[slot] === key0 && this.key1[slot] === key1 && (this.bits[slot]! & SourceBit.v6) === v6)
        return slot;
      at = (at + 1) & mask;
    }
  }

  /** Adds a source that is not known. The caller has made room (`isFull`). */
  add(key0: number, key1: number, v6: number, time: number): number {
    if (this.count === this.capacity) this.#grow();
    const slot = this.count++;
    this.key0[slot] = key0;
    this.key1[slot] = key1;
    this.bits[slot] = v6;
    this.first[slot] = time;
    this.last[slot] = time;
    this.forgotAt[slot] = time;
    this.friendSince[slot] = Number.POSITIVE_INFINITY;
    this.friendLast[slot] = Number.NEGATIVE_INFINITY;
    this.until[slot] = Number.NEGATIVE_INFINITY;
    this.next[slot] = -1;
    this.prefix[slot] = -1;
    this.#place(slot);
    return slot;
  }

  get isFull(): boolean {
    return this.count >= MAX_SOURCES;
  }

  /**
   * Folds the least suspicious half of the sources. `keep` says which are to go last. Afterwards slots have other
   * numbers; links between members are cut by the caller's `moved`.
   */
  fold(
    keep: (slot: number) => boolean,
    dropped: (slot: number) => void,
    moved: (from: number, to: number) => void,
  ): void {
    const order = Array.from({ length: this.count }, (_, slot) => slot);
    const rank = Float64Array.from(order, (slot) => (keep(slot) ? 1e40 : Math.min(this.any[slot]!, 1e30)));
    order.sort((a, b) => rank[a]! - rank[b]! || this.last[a]! - this.last[b]! || a - b);
    const drop = new Uint8Array(this.count);
    const half = this.count >>> 1;
    for (let i = 0; i < half; i++) drop[order[i]!] = 1;
    let to = 0;
    const before = this.count;
    for (let from = 0; from < before; from++) {
      if (drop[from]) {
        dropped(from);
        this.targets.clear(from);
        continue;
      }
      if (to !== from) {
        this.#move(from, to);
        moved(from, to);
      }
      to++;
    }
    for (let slot = to; slot < before; slot++) this.#clear(slot);
    this.count = to;
    this.folded += half;
    this.#rebuild();
  }

  #move(from: number, to: number): void {
    for (const column of this.#columns()) column[to] = column[from]!;
    for (let k = 0; k < 3; k++) this.replyTargets[3 * to + k] = this.replyTargets[3 * from + k]!;
    this.targets.move(from, to);
  }

  #clear(slot: number): void {
    for (const column of this.#columns()) column[slot] = 0;
  }

  #columns() {
    return [
      this.key0,
      this.key1,
      this.bits,
      this.tier,
      this.firmTier,
      this.any,
      this.firm,
      this.trials,
      this.firmTrials,
      this.first,
      this.last,
      this.risingSince,
      this.friendSince,
      this.friendLast,
      this.contacts,
      this.failures,
      this.until,
      this.forgotAt,
      this.replies,
      this.replyUnits,
      this.replyAt,
      this.memberTrials,
      this.trialFile,
      this.evidence,
      this.evidenceSeen,
      this.next,
      this.prefix,
    ];
  }

  #place(slot: number): void {
    const mask = this.#index.length - 1;
    let at = hashKey(this.key0[slot]!, this.key1[slot]!) & mask;
    while (this.#index[at]! >= 0) at = (at + 1) & mask;
    this.#index[at] = slot;
  }

  #rebuild(): void {
    this.#index.fill(-1);
    for (let slot = 0; slot < this.count; slot++) this.#place(slot);
  }

  #grow(): void {
    const n = Math.min(this.capacity * 2, MAX_SOURCES);
    this.key0 = grown(this.key0, new Uint32Array(n));
    this.key1 = grown(this.key1, new Uint32Array(n));
    this.bits = grown(this.bits, new Uint16Array(n));
    this.tier = grown(this.tier, new Uint8Array(n));
    this.firmTier = grown(this.firmTier, new Uint8Array(n));
    this.any = grown(this.any, new Float64Array(n));
    this.firm = grown(this.firm, new Float64Array(n));
    this.trials = grown(this.trials, new Uint32Array(n));
    this.firmTrials = grown(this.firmTrials, new Uint32Array(n));
    this.first = grown(this.first, new Float64Array(n));
    this.last = grown(this.last, new Float64Array(n));
    this.risingSince = grown(this.risingSince, new Float64Array(n));
    this.friendSince = grown(this.friendSince, new Float64Array(n));
    this.friendLast = grown(this.friendLast, new Float64Array(n));
    this.contacts = grown(this.contacts, new Uint32Array(n));
    this.failures = grown(this.failures, new Uint32Array(n));
    this.until = grown(this.until, new Float64Array(n));
    this.forgotAt = grown(this.forgotAt, new Float64Array(n));
    this.replies = grown(this.replies, new Uint8Array(n));
    this.replyUnits = grown(this.replyUnits, new Uint32Array(n));
    this.replyAt = grown(this.replyAt, new Float64Array(n));
    this.memberTrials = grown(this.memberTrials, new Uint8Array(n));
    this.trialFile = grown(this.trialFile, new Uint16Array(n));
    this.evidence = grown(this.evidence, new Uint32Array(n));
    this.evidenceSeen = grown(this.evidenceSeen, new Uint32Array(n));
    this.replyTargets = grown(this.replyTargets, new Uint32Array(3 * n));
    this.next = grown(this.next, new Int32Array(n));
    this.prefix = grown(this.prefix, new Int32Array(n));
    this.targets.grow(n);
    this.capacity = n;
    this.#index = new Int32Array(2 * n);
    this.#rebuild();
  }
}

/** Spreads a source's key over the index. */
export function hashKey(key0: number, key1: number): number {
  return mix32(key0 ^ Math.imul(key1, 0x9e3779b1));
}
