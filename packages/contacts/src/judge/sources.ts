/**
 * The sources of one shard: a flat table with open addressing, no object per source.
 *
 * A record is 128 bytes, two cache lines, because a line of a log touches one source at random and most of its fields:
 * in columns that was ten cache misses, and half of the time of judging. The fields that every contact touches lie in
 * the first line. Hot path: fields are read and written by methods, which the engine inlines.
 *
 * A shard holds at most MAX_SOURCES. When it is full, the half of its unflagged sources that is least suspicious and
 * longest silent is folded: what they did stays in the account, only the memory of who they were goes. Friends (a
 * handshake or login in the last thirty days) and flagged sources go last.
 */
import { mix32 } from '../reading/bytes.ts';
import { Replies } from './replies.ts';
import type { StateIo } from './state.ts';
import { grown, TargetSets } from './targets.ts';

/** Sources that one shard remembers: sixteen shards make a million, in about 160 MB if all are in use. */
const MAX_SOURCES = 65_536;
const FIRST_CAPACITY = 1024;

/** Bits of the column `bits`. */
export const SourceBit = {
  v6: 1,
  /** Completed a handshake or a login while nothing spoke against it. */
  friend: 2,
  /** Came by itself, and not only through a proxy of ours. */
  direct: 4,
  /** Evidence about packets and connections. */
  scan: 8,
  /** Evidence about attack content or logins. */
  attempt: 16,
  /** Something that it sent came through. */
  intrusion: 32,
  /** Named by a proxy of ours. Without `direct`, its packets are the proxy's: only who sees the client can turn it away. */
  layer7: 64,
  /** Has signed in while nothing spoke against it. */
  signedIn: 128,
  /** Has failed to sign in. */
  guesser: 256,
  /** The last block that was due rested on what can be forged. */
  forgeable: 512,
  /** The last block that was due could be kept only by who sees the client. */
  clientOnly: 1_024,
} as const;

/** 32-bit words and doubles in one record. */
const WORDS = 32;
const DOUBLES = 16;

export class Sources {
  readonly #limit: number;
  count = 0;
  capacity = FIRST_CAPACITY;
  readonly targets = new TargetSets(FIRST_CAPACITY);
  readonly replies = new Replies(FIRST_CAPACITY);
  /** Sources folded since the beginning. */
  folded = 0;

  #d = new Float64Array(DOUBLES * FIRST_CAPACITY);
  #w = new Uint32Array(this.#d.buffer);
  /** Slots by hash; the upper half of an entry holds 15 bits of the hash, so that few wrong records are looked at. */
  #index = new Int32Array(2 * FIRST_CAPACITY).fill(-1);

  constructor(limit: number = MAX_SOURCES) {
    this.#limit = limit;
  }

  /** Slot of a source, -1 if it is not known. */
  find(key0: number, key1: number, v6: number): number {
    const index = this.#index;
    const mask = index.length - 1;
    const hash = hashKey(key0, key1);
    const tag = hash >>> 17;
    const w = this.#w;
    let at = hash & mask;
    for (;;) {
      const entry = index[at]!;
      if (entry < 0) return -1;
      if (entry >>> 16 === tag) {
        const slot = entry & 0xffff;
        const record = slot * WORDS;
        if (w[record] === key0 && w[record + 1] === key1 && (w[record + 2]! & SourceBit.v6) === v6)
          return slot;
      }
      at = (at + 1) & mask;
    }
  }

  /** Adds a source that is not known. The caller has made room (`isFull`). */
  add(key0: number, key1: number, v6: number, time: number): number {
    if (this.count === this.capacity) this.#grow();
    const slot = this.count++;
    const record = slot * WORDS;
    this.#w.fill(0, record, record + WORDS);
    this.#w[record] = key0;
    this.#w[record + 1] = key1;
    this.#w[record + 2] = v6;
    this.setFirst(slot, time);
    this.setLast(slot, time);
    this.setForgotAt(slot, time);
    this.setFriendSince(slot, Number.POSITIVE_INFINITY);
    this.setFriendLast(slot, Number.NEGATIVE_INFINITY);
    this.setUntil(slot, Number.NEGATIVE_INFINITY);
    this.setNext(slot, -1);
    this.setPrefix(slot, -1);
    this.#place(slot);
    return slot;
  }

  get isFull(): boolean {
    return this.count >= this.#limit;
  }

  /** First word of the key: the IPv4 address, or the first 32 bits of the /64. */
  key0(slot: number): number {
    return this.#w[slot * WORDS + 0]!;
  }

  key1(slot: number): number {
    return this.#w[slot * WORDS + 1]!;
  }

  /** `SourceBit`s. */
  bits(slot: number): number {
    return this.#w[slot * WORDS + 2]!;
  }

  setBits(slot: number, value: number): void {
    this.#w[slot * WORDS + 2] = value;
  }

  /** Tier reached by all evidence: 0 none, 1 watch, 2 block, 3 block-long. */
  tier(slot: number): number {
    return this.#w[slot * WORDS + 3]!;
  }

  /** Raises the tier; it never falls. */
  raiseTier(slot: number, tier: number): void {
    const at = slot * WORDS + 3;
    if (this.#w[at]! < tier) this.#w[at] = tier;
  }

  contacts(slot: number): number {
    return this.#w[slot * WORDS + 4]!;
  }

  setContacts(slot: number, value: number): void {
    this.#w[slot * WORDS + 4] = value;
  }

  /** Trials made: all evidence. */
  trials(slot: number): number {
    return this.#w[slot * WORDS + 5]!;
  }

  setTrials(slot: number, value: number): void {
    this.#w[slot * WORDS + 5] = value;
  }

  /** Trials made on what cannot be forged. */
  firmTrials(slot: number): number {
    return this.#w[slot * WORDS + 6]!;
  }

  setFirmTrials(slot: number, value: number): void {
    this.#w[slot * WORDS + 6] = value;
  }

  /** Wagers in play (see walk.ts): all evidence. */
  any(slot: number): number {
    return this.#d[slot * DOUBLES + 4]!;
  }

  setAny(slot: number, value: number): void {
    this.#d[slot * DOUBLES + 4] = value;
  }

  /** Wagers in play on what cannot be forged. */
  firm(slot: number): number {
    return this.#d[slot * DOUBLES + 5]!;
  }

  setFirm(slot: number, value: number): void {
    this.#d[slot * DOUBLES + 5] = value;
  }

  /** Event time of the last contact, ms. */
  last(slot: number): number {
    return this.#d[slot * DOUBLES + 6]!;
  }

  setLast(slot: number, value: number): void {
    this.#d[slot * DOUBLES + 6] = value;
  }

  /** When forgetting was last computed, event time ms. */
  forgotAt(slot: number): number {
    return this.#d[slot * DOUBLES + 7]!;
  }

  setForgotAt(slot: number, value: number): void {
    this.#d[slot * DOUBLES + 7] = value;
  }

  /** Event time of the first contact, ms. */
  first(slot: number): number {
    return this.#d[slot * DOUBLES + 8]!;
  }

  setFirst(slot: number, value: number): void {
    this.#d[slot * DOUBLES + 8] = value;
  }

  /** When the source first proved who it is while its stake was low. */
  friendSince(slot: number): number {
    return this.#d[slot * DOUBLES + 9]!;
  }

  setFriendSince(slot: number, value: number): void {
    this.#d[slot * DOUBLES + 9] = value;
  }

  friendLast(slot: number): number {
    return this.#d[slot * DOUBLES + 10]!;
  }

  setFriendLast(slot: number, value: number): void {
    this.#d[slot * DOUBLES + 10] = value;
  }

  /** End of the block in force, event time. */
  until(slot: number): number {
    return this.#d[slot * DOUBLES + 11]!;
  }

  setUntil(slot: number, value: number): void {
    this.#d[slot * DOUBLES + 11] = value;
  }

  /** When the stake last began to rise. */
  risingSince(slot: number): number {
    return this.#d[slot * DOUBLES + 12]!;
  }

  setRisingSince(slot: number, value: number): void {
    this.#d[slot * DOUBLES + 12] = value;
  }

  /** Slot of the prefix, -1 if it has none. */
  prefix(slot: number): number {
    return this.#w[slot * WORDS + 26]! | 0;
  }

  setPrefix(slot: number, value: number): void {
    this.#w[slot * WORDS + 26] = value;
  }

  /** Next member of the same prefix, -1 at the end. */
  next(slot: number): number {
    return this.#w[slot * WORDS + 27]! | 0;
  }

  setNext(slot: number, value: number): void {
    this.#w[slot * WORDS + 27] = value;
  }

  /** Ring of evidence lines, 0 if none. */
  evidence(slot: number): number {
    return this.#w[slot * WORDS + 28]!;
  }

  setEvidence(slot: number, value: number): void {
    this.#w[slot * WORDS + 28] = value;
  }

  /** Pieces of evidence seen. */
  evidenceSeen(slot: number): number {
    return this.#w[slot * WORDS + 29]!;
  }

  setEvidenceSeen(slot: number, value: number): void {
    this.#w[slot * WORDS + 29] = value;
  }

  /** File of the first trial. */
  trialFile(slot: number): number {
    return this.#w[slot * WORDS + 30]!;
  }

  setTrialFile(slot: number, value: number): void {
    this.#w[slot * WORDS + 30] = value;
  }

  /** Trials given to the prefix. */
  memberTrials(slot: number): number {
    return this.#w[slot * WORDS + 31]!;
  }

  setMemberTrials(slot: number, value: number): void {
    this.#w[slot * WORDS + 31] = value;
  }

  /** Tests made of the source: on all evidence, and on what cannot be forged. */
  tests(slot: number): number {
    return (this.trials(slot) > 0 ? 1 : 0) + (this.firmTrials(slot) > 0 ? 1 : 0);
  }

  /** Whether a proxy of ours named it and nothing else ever did: its own packets were never seen. */
  isClientOnly(slot: number): boolean {
    return (this.bits(slot) & (SourceBit.layer7 | SourceBit.direct)) === SourceBit.layer7;
  }

  /** Adds one or more `SourceBit`s. */
  mark(slot: number, bits: number): void {
    const at = slot * WORDS + 2;
    this.#w[at] = this.#w[at]! | bits;
  }

  /**
   * Folds the least suspicious half of the sources. `keep` says which are to go last, `dropped` is told of each that
   * goes. Afterwards slots have other numbers: links between members must be made anew.
   */
  fold(keep: (slot: number) => boolean, dropped: (slot: number) => void): void {
    const order = Array.from({ length: this.count }, (_, slot) => slot);
    const rank = Float64Array.from(order, (slot) => (keep(slot) ? 1e40 : Math.min(this.any(slot), 1e30)));
    order.sort((a, b) => rank[a]! - rank[b]! || this.last(a) - this.last(b) || a - b);
    const drop = new Uint8Array(this.count);
    const half = this.count >>> 1;
    for (let i = 0; i < half; i++) drop[order[i]!] = 1;
    let to = 0;
    const before = this.count;
    for (let from = 0; from < before; from++) {
      if (drop[from]) {
        dropped(from);
        this.targets.clear(from);
        this.replies.clear(from);
        continue;
      }
      if (to !== from) this.#move(from, to);
      to++;
    }
    this.count = to;
    this.folded += half;
    this.#rebuild();
  }

  /** All sources; the index is made anew. */
  state(io: StateIo): void {
    const count = io.size('count', this.count, MAX_SOURCES);
    while (this.capacity < count) this.#grow();
    this.count = count;
    this.folded = io.number('folded', this.folded);
    io.front('records', this.#d, DOUBLES * count);
    io.within('targets', () => this.targets.state(io, count));
    io.within('replies', () => this.replies.state(io, count));
    if (io.isReading) this.#rebuild();
  }

  #move(from: number, to: number): void {
    this.#w.copyWithin(to * WORDS, from * WORDS, (from + 1) * WORDS);
    this.targets.move(from, to);
    this.replies.move(from, to);
  }

  #place(slot: number): void {
    const mask = this.#index.length - 1;
    const hash = hashKey(this.key0(slot), this.key1(slot));
    let at = hash & mask;
    while (this.#index[at]! >= 0) at = (at + 1) & mask;
    this.#index[at] = ((hash >>> 17) << 16) | slot;
  }

  #rebuild(): void {
    this.#index.fill(-1);
    for (let slot = 0; slot < this.count; slot++) this.#place(slot);
  }

  #grow(): void {
    const n = Math.min(this.capacity * 2, MAX_SOURCES);
    this.#d = grown(this.#d, new Float64Array(DOUBLES * n));
    this.#w = new Uint32Array(this.#d.buffer);
    this.targets.grow(n);
    this.replies.grow(n);
    this.capacity = n;
    this.#index = new Int32Array(2 * n);
    this.#rebuild();
  }
}

/** Spreads a source's key over the index. */
export function hashKey(key0: number, key1: number): number {
  return mix32(key0 ^ Math.imul(key1, 0x9e3779b1));
}
