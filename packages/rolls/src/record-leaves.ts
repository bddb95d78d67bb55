/**
 * Record leaves by the hundred thousand: the same as `commitment.ts`, which is the plain reference. Messages of some
 * thousand records are laid out by length, and all of one length are hashed at once. Hot: numbers and memory, no objects.
 */
import { HASH_SIZE, type Hasher } from '@bellwether/evidence';
import { BLOCK, groupHead, INNER_PAD, OPENING_PREFIX, OUTER_PAD, RECORD_PREFIX } from './commitment.ts';
import { GROUPS, type Group } from './rolls-types.ts';

/** Records that are worked on at once: enough of each length, and their messages (4 MB) stay near. */
const RECORDS_AT_ONCE = 8192;

/** Bytes of the message of an opening behind its prefix, and of a record leaf behind its own. */
const OPENING_BYTES = HASH_SIZE + 4 + 1;
const RECORD_BYTES = 4 + GROUPS.length * HASH_SIZE;

/** Canonical fields of a group, record after record; those of record i are bytes [offsets[i], offsets[i + 1]). */
export type FieldBytes = { readonly bytes: Uint8Array; readonly offsets: Uint32Array };

/** Records to make leaves of. */
export type LeafInput = {
  readonly count: number;
  /** 32 bytes each. */
  readonly voterKeys: Uint8Array;
  readonly versions: Uint32Array;
  readonly fields: Readonly<Record<Group, FieldBytes>>;
};

/** Makes leaves; keeps its working memory (some 10 MB) between calls. */
export class LeafMaker {
  readonly #hasher: Hasher;
  readonly #openingInput = new Uint8Array(RECORDS_AT_ONCE * OPENING_BYTES);
  readonly #openings = new Uint8Array(RECORDS_AT_ONCE * HASH_SIZE);
  readonly #inner = new Uint8Array(RECORDS_AT_ONCE * HASH_SIZE);
  readonly #outerInput = new Uint8Array(RECORDS_AT_ONCE * (BLOCK + HASH_SIZE));
  readonly #outer = new Uint8Array(RECORDS_AT_ONCE * HASH_SIZE);
  readonly #leafInput = new Uint8Array(RECORDS_AT_ONCE * RECORD_BYTES);
  readonly #order = new Int32Array(RECORDS_AT_ONCE);
  #messages = new Uint8Array(0);

  constructor(hasher: Hasher) {
    this.#hasher = hasher;
    for (let i = 0; i < RECORDS_AT_ONCE; i++) this.#outerInput.set(OUTER_PAD, i * (BLOCK + HASH_SIZE));
  }

  /**
   * Leaves of all records, 32 bytes each, to `out`; the three commitments of each, in the order of `GROUPS`, to
   * `commitments` if it is there.
   */
  leaves(input: LeafInput, out: Uint8Array, commitments?: Uint8Array): void {
    for (let i = 0; i < input.count; i++) {
      if (input.versions[i] === 0) throw new RangeError('versions begin at 1');
    }
    for (let from = 0; from < input.count; from += RECORDS_AT_ONCE) {
      const count = Math.min(RECORDS_AT_ONCE, input.count - from);
      for (let i = 0; i < count; i++) putU32(this.#leafInput, i * RECORD_BYTES, input.versions[from + i]!);
      GROUPS.forEach((group, at) => {
        this.#commit(input, from, count, group, at);
      });
      const to = out.subarray(from * HASH_SIZE, (from + count) * HASH_SIZE);
      this.#hasher.hashAll(RECORD_PREFIX, this.#leafInput, RECORD_BYTES, count, to);
      if (commitments === undefined) continue;
      for (let i = 0; i < count; i++) {
        const three = this.#leafInput.subarray(i * RECORD_BYTES + 4, (i + 1) * RECORD_BYTES);
        commitments.set(three, (from + i) * GROUPS.length * HASH_SIZE);
      }
    }
  }

  /** The commitments of one group, put where the message of each leaf has them. */
  #commit(input: LeafInput, from: number, count: number, group: Group, at: number): void {
    const { bytes, offsets } = input.fields[group];
    this.#open(input, from, count, at + 1);
    const head = groupHead(group);
    const before = BLOCK + HASH_SIZE + head.length + 4;
    const order = this.#byLength(offsets, from, count);
    const size = count * before + offsets[from + count]! - offsets[from]!;
    if (this.#messages.length < size) this.#messages = new Uint8Array(size + (size >> 2));
    const messages = this.#messages;
    let end = 0;
    for (let i = 0; i < count; i++) {
      const record = order[i]!;
      copyBytes(INNER_PAD, 0, BLOCK, messages, end);
      copyBytes(this.#openings, record * HASH_SIZE, HASH_SIZE, messages, end + BLOCK);
      copyBytes(head, 0, head.length, messages, end + BLOCK + HASH_SIZE);
      putU32(messages, end + before - 4, input.versions[from + record]!);
      const start = offsets[from + record]!;
      const length = offsets[from + record + 1]! - start;
      copyBytes(bytes, start, length, messages, end + before);
      end += before + length;
    }
    this.#hashByLength(offsets, from, count, before);
    for (let i = 0; i < count; i++) {
      copyBytes(this.#inner, i * HASH_SIZE, HASH_SIZE, this.#outerInput, i * (BLOCK + HASH_SIZE) + BLOCK);
    }
    this.#hasher.hashAll(-1, this.#outerInput, BLOCK + HASH_SIZE, count, this.#outer);
    for (let i = 0; i < count; i++) {
      const to = order[i]! * RECORD_BYTES + 4 + at * HASH_SIZE;
      copyBytes(this.#outer, i * HASH_SIZE, HASH_SIZE, this.#leafInput, to);
    }
  }

  /** Openings of one group. */
  #open(input: LeafInput, from: number, count: number, group: number): void {
    for (let i = 0; i < count; i++) {
      const to = i * OPENING_BYTES;
      copyBytes(input.voterKeys, (from + i) * HASH_SIZE, HASH_SIZE, this.#openingInput, to);
      putU32(this.#openingInput, to + HASH_SIZE, input.versions[from + i]!);
      this.#openingInput[to + OPENING_BYTES - 1] = group;
    }
    this.#hasher.hashAll(OPENING_PREFIX, this.#openingInput, OPENING_BYTES, count, this.#openings);
  }

  /** Records of this round, sorted by the length of their fields. */
  #byLength(offsets: Uint32Array, from: number, count: number): Int32Array {
    const order = this.#order.subarray(0, count);
    // Length and number in one: the sort of plain numbers is the fast one.
    const keys = new Float64Array(count);
    for (let i = 0; i < count; i++) {
      keys[i] = (offsets[from + i + 1]! - offsets[from + i]!) * RECORDS_AT_ONCE + i;
    }
    keys.sort();
    for (let i = 0; i < count; i++) order[i] = keys[i]! % RECORDS_AT_ONCE;
    return order;
  }

  #hashByLength(offsets: Uint32Array, from: number, count: number, before: number): void {
    const lengthOf = (i: number): number => {
      const record = from + this.#order[i]!;
      return offsets[record + 1]! - offsets[record]!;
    };
    let at = 0;
    for (let first = 0; first < count; ) {
      const length = lengthOf(first);
      let next = first + 1;
      while (next < count && lengthOf(next) === length) next++;
      const size = before + length;
      const messages = this.#messages.subarray(at, at + (next - first) * size);
      this.#hasher.hashAll(-1, messages, size, next - first, this.#inner.subarray(first * HASH_SIZE));
      at += (next - first) * size;
      first = next;
    }
  }
}

/** Short copies: for some tens of bytes a loop is faster than a call that makes a view. */
function copyBytes(from: Uint8Array, start: number, length: number, to: Uint8Array, at: number): void {
  if (length > 96) {
    to.set(from.subarray(start, start + length), at);
    return;
  }
  for (let i = 0; i < length; i++) to[at + i] = from[start + i]!;
}

function putU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}
