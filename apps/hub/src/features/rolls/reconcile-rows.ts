/**
 * Rows that were found equal to the state before, by their bytes: a row of the dump that is byte for byte what it was needs no
 * reading, no spelling and no leaf. What is kept of a row is SHA-256 of a secret and its bytes, all 256 bits of it: nobody
 * makes another row that passes for it, and nobody without the secret learns a voter's row by trying.
 *
 * Each digest belongs to a slot of the state and says: these bytes, read through the mapping, are that record, in its office.
 * A record that was signed for since the book is another one, and its row is read. So is a row that stands twice.
 */
import { HASH_SIZE, type Hasher } from '@bellwether/evidence';
import type { KnownRows, RawRows } from './live/live-types.ts';

/** 32-bit words of a digest. */
const WORDS = HASH_SIZE / 4;

/** Places of the table for each digest, at least. */
const ROOM = 1.5;

const ABSENT = -1;

/** What an earlier night left: digests by slot (with room for all slots; written to), of rows that are no registrations, and of the header. */
export type DigestsBefore = {
  readonly bySlot: Uint8Array;
  readonly notLive: Uint8Array;
  readonly header: Uint8Array;
};

/** The records of the state: whether one is as the book has it and was not met tonight, and meeting it. */
export type MeetRecords = {
  isOpen(slot: number): boolean;
  meet(slot: number): void;
};

/** The digests of one night: what was known before it, and what is known after it. */
export class RowDigests implements KnownRows {
  readonly #hasher: Hasher;
  readonly #secret: Uint8Array;
  readonly #records: MeetRecords;
  /** By slot; zeros: none. */
  readonly #bySlot: Int32Array;
  /** Those of rows that are no registrations, and which of them stand in tonight's dump. */
  readonly #notLive: Int32Array;
  readonly #notLiveSeen: Uint8Array;
  readonly #table: Int32Array;
  readonly #slots: number;
  readonly #isUsed: boolean;
  readonly #newNotLive: Uint8Array[] = [];
  #header: Uint8Array | null;
  #isOfHeader = true;
  /** The row that is read now; -1: none, or the source has no bytes. */
  #row = -1;
  #rows: Int32Array = new Int32Array(0);
  #hashing: Hashing = hashingFor(0);
  #passed = 0;

  /** `slots`: records of the state, with those added since the book. `before`: what an earlier night left; null: nothing. */
  constructor(
    hasher: Hasher,
    secret: Uint8Array,
    slots: number,
    before: DigestsBefore | null,
    records: MeetRecords,
  ) {
    this.#hasher = hasher;
    this.#secret = secret;
    this.#records = records;
    this.#slots = slots;
    this.#isUsed = before !== null;
    this.#bySlot = wordsOf(before?.bySlot ?? new Uint8Array(slots * HASH_SIZE));
    this.#notLive = wordsOf(before?.notLive ?? new Uint8Array(0));
    this.#notLiveSeen = new Uint8Array(this.#notLive.length / WORDS);
    this.#header = before?.header ?? null;
    this.#table = this.#isUsed ? this.#tableOf() : new Int32Array(0);
  }

  /** Rows that were passed over. */
  get passed(): number {
    return this.#passed;
  }

  /** Whether the columns of the dump are not those of the earlier night, so that nothing is known of its rows. */
  get isOfOtherHeader(): boolean {
    return !this.#isOfHeader;
  }

  /** The digest of the header; null: the source has no bytes, and nothing is known of its rows. */
  get header(): Uint8Array | null {
    return this.#header;
  }

  lookAtHeader(row: Uint8Array): void {
    this.lookAt({ bytes: row, starts: Int32Array.of(0, row.length), count: 1 });
    const digest = this.#digestAt(0).slice();
    const before = this.#header;
    this.#isOfHeader = before === null || digest.every((byte, at) => byte === before[at]);
    // What was known belongs to another order of columns.
    if (!this.#isOfHeader) this.#bySlot.fill(0);
    this.#header = digest;
  }

  lookAt({ bytes, starts, count }: RawRows): void {
    const prefix = this.#secret.length;
    const size = starts[count]! - starts[0]! + count * prefix;
    if (this.#hashing.order.length < count || this.#hashing.messages.length < size)
      this.#hashing = hashingFor(count, size);
    const { order, messages, out } = this.#hashing;
    const keys = new Float64Array(count);
    for (let row = 0; row < count; row++) keys[row] = (starts[row + 1]! - starts[row]!) * count + row;
    // Length and number in one: the sort of plain numbers is the fast one.
    keys.sort();
    let end = 0;
    for (let first = 0; first < count; ) {
      const length = Math.floor(keys[first]! / count);
      const from = end;
      let next = first;
      for (; next < count && Math.floor(keys[next]! / count) === length; next++) {
        const row = keys[next]! % count;
        order[row] = next;
        messages.set(this.#secret, end);
        messages.set(bytes.subarray(starts[row]!, starts[row + 1]!), end + prefix);
        end += prefix + length;
      }
      const some = out.subarray(first * HASH_SIZE, next * HASH_SIZE);
      this.#hasher.hashAll(-1, messages.subarray(from, end), prefix + length, next - first, some);
      first = next;
    }
    this.#rows = wordsOf(out);
  }

  passesRow(at: number): boolean {
    this.#row = at;
    if (!this.#isUsed || !this.#isOfHeader) return false;
    const found = this.#find(this.#hashing.order[at]! * WORDS);
    if (found < 0) return false;
    if (found >= this.#slots) this.#notLiveSeen[found - this.#slots] = 1;
    else if (this.#records.isOpen(found)) this.#records.meet(found);
    else return false;
    this.#passed++;
    return true;
  }

  /** Copies the digest of the row that is read now; zeros where the source has no bytes. */
  copyDigest(out: Uint8Array, at: number): void {
    if (this.#row < 0) out.fill(0, at, at + HASH_SIZE);
    else out.set(this.#digestAt(this.#row), at);
  }

  /** Notes that the row of a digest is the record of a slot, as the state has it now. */
  learn(slot: number, digests: Uint8Array, at: number): void {
    bytesOf(this.#bySlot).set(digests.subarray(at, at + HASH_SIZE), slot * HASH_SIZE);
  }

  /** Notes that the row that is read now is no registration. */
  learnNotLive(): void {
    if (this.#row >= 0) this.#newNotLive.push(this.#digestAt(this.#row).slice());
  }

  /** Forgets a slot: its record is another one than that of the book. */
  forget(slot: number): void {
    this.#bySlot.fill(0, slot * WORDS, (slot + 1) * WORDS);
  }

  /** Digests by slot, 32 bytes each. */
  get bySlot(): Uint8Array {
    return bytesOf(this.#bySlot);
  }

  /** Digests of tonight's rows that are no registrations. */
  get notLive(): readonly Uint8Array[] {
    const bytes = bytesOf(this.#notLive);
    const seen: Uint8Array[] = [];
    for (const [at, isSeen] of this.#notLiveSeen.entries()) {
      if (isSeen === 1) seen.push(bytes.subarray(at * HASH_SIZE, (at + 1) * HASH_SIZE));
    }
    return [...seen, ...this.#newNotLive];
  }

  #tableOf(): Int32Array {
    const total = this.#slots + this.#notLiveSeen.length;
    const table = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(64, total * ROOM)))).fill(ABSENT);
    const mask = table.length - 1;
    for (let place = 0; place < total; place++) {
      const [words, at] = this.#digestOf(place);
      // A digest of SHA-256 whose first word is zero is left out: one row in four thousand million is read for nothing.
      if (words[at] === 0) continue;
      let to = words[at]! & mask;
      while (table[to] !== ABSENT) to = (to + 1) & mask;
      table[to] = place;
    }
    return table;
  }

  #digestAt(row: number): Uint8Array {
    const place = this.#hashing.order[row]! * HASH_SIZE;
    return this.#hashing.out.subarray(place, place + HASH_SIZE);
  }

  #digestOf(place: number): readonly [Int32Array, number] {
    return place < this.#slots
      ? [this.#bySlot, place * WORDS]
      : [this.#notLive, (place - this.#slots) * WORDS];
  }

  #find(row: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    for (let at = this.#rows[row]! & mask; ; at = (at + 1) & mask) {
      const place = table[at]!;
      if (place === ABSENT) return ABSENT;
      const isSlot = place < this.#slots;
      const words = isSlot ? this.#bySlot : this.#notLive;
      if (isSame(words, (isSlot ? place : place - this.#slots) * WORDS, this.#rows, row)) return place;
    }
  }
}

/** Memory to hash some rows in. `order`: which digest of `out` is that of a row. */
type Hashing = { readonly order: Int32Array; readonly messages: Uint8Array; readonly out: Uint8Array };

function hashingFor(count: number, size = 0): Hashing {
  // Pieces have about as many rows each: a fourth more, so that it is not made anew with every other piece.
  const rows = count + (count >> 2);
  return {
    order: new Int32Array(rows),
    messages: new Uint8Array(size + (size >> 2)),
    out: new Uint8Array(rows * HASH_SIZE),
  };
}

function isSame(a: Int32Array, at: number, b: Int32Array, place: number): boolean {
  for (let i = 0; i < WORDS; i++) if (a[at + i] !== b[place + i]) return false;
  return true;
}

/** The same memory as words; it begins where a word does. */
function wordsOf(bytes: Uint8Array): Int32Array {
  return new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

function bytesOf(words: Int32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}
