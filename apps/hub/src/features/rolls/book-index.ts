/**
 * Which ordinal a record number has: a hash table in memory, open addressing. The hash is keyed by chance, so that nobody
 * chooses numbers that meet in one place; numbers are compared byte for byte, so that a meeting costs time and no error.
 */
import { randomBytes } from 'node:crypto';

/** Longest record number in UTF-8: a hundred characters (row.ts) of four bytes. */
const MOST_ID_BYTES = 400;

/** Places for each record, at least. */
const ROOM = 2;

const ABSENT = -1;

/** Record numbers by ordinal, and ordinals by record number. */
export class RecordIndex {
  readonly #key = randomBytes(8);
  readonly #scratch = Buffer.alloc(MOST_ID_BYTES);
  #scratchLength = 0;
  #bytes: Uint8Array;
  #ends: Uint32Array;
  #count = 0;
  #table: Int32Array;

  constructor(expected = 0) {
    this.#bytes = new Uint8Array(Math.max(1024, expected * 12));
    this.#ends = new Uint32Array(Math.max(64, expected));
    this.#table = tableFor(Math.max(64, expected));
  }

  /** Of numbers that lie one behind the other; `ends` tells where each ends. Both are taken over. */
  static ofBytes(bytes: Uint8Array, ends: Uint32Array): RecordIndex {
    const index = new RecordIndex();
    index.#bytes = bytes;
    index.#ends = ends;
    index.#count = ends.length;
    index.#table = tableFor(ends.length);
    for (let ordinal = 0; ordinal < ends.length; ordinal++) index.#link(ordinal);
    return index;
  }

  get count(): number {
    return this.#count;
  }

  /** Bytes of all numbers, and where each ends: what is kept. */
  get columns(): { readonly bytes: Uint8Array; readonly ends: Uint32Array } {
    const ends = this.#ends.subarray(0, this.#count);
    return { bytes: this.#bytes.subarray(0, this.#count === 0 ? 0 : ends[this.#count - 1]!), ends };
  }

  /** Ordinal of a record number; -1: there is none. */
  find(recordId: string): number {
    return this.#table[this.#placeOf(recordId)]!;
  }

  /** Gives a number the next ordinal, and tells it; -1: it has one already. */
  add(recordId: string): number {
    const place = this.#placeOf(recordId);
    if (this.#table[place] !== ABSENT) return ABSENT;
    const ordinal = this.#count++;
    const start = ordinal === 0 ? 0 : this.#ends[ordinal - 1]!;
    const end = start + this.#scratchLength;
    if (end > this.#bytes.length) this.#bytes = grown(this.#bytes, new Uint8Array(end + (end >> 1)));
    if (ordinal === this.#ends.length) this.#ends = grown(this.#ends, new Uint32Array(2 * ordinal));
    this.#bytes.set(this.#scratch.subarray(0, this.#scratchLength), start);
    this.#ends[ordinal] = end;
    this.#table[place] = ordinal;
    if (this.#count * ROOM > this.#table.length) {
      this.#table = tableFor(2 * this.#count);
      for (let each = 0; each < this.#count; each++) this.#link(each);
    }
    return ordinal;
  }

  /** The number of an ordinal. */
  recordAt(ordinal: number): string {
    const [start, end] = this.#range(ordinal);
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, end - start).toString('utf8');
  }

  #range(ordinal: number): [number, number] {
    return [ordinal === 0 ? 0 : this.#ends[ordinal - 1]!, this.#ends[ordinal]!];
  }

  /** Where a number is in the table, or would be. */
  #placeOf(recordId: string): number {
    const scratch = this.#scratch;
    let length = 0;
    for (; length < recordId.length; length++) {
      const code = recordId.charCodeAt(length);
      if (code > 127) {
        length = scratch.write(recordId);
        break;
      }
      scratch[length] = code;
    }
    this.#scratchLength = length;
    const mask = this.#table.length - 1;
    let place = this.#hash(scratch, 0, length) & mask;
    for (; ; place = (place + 1) & mask) {
      const ordinal = this.#table[place]!;
      if (ordinal === ABSENT || this.#is(ordinal, length)) return place;
    }
  }

  #is(ordinal: number, length: number): boolean {
    const [start, end] = this.#range(ordinal);
    if (end - start !== length) return false;
    for (let i = 0; i < length; i++) if (this.#bytes[start + i] !== this.#scratch[i]) return false;
    return true;
  }

  #link(ordinal: number): void {
    const [start, end] = this.#range(ordinal);
    const mask = this.#table.length - 1;
    let place = this.#hash(this.#bytes, start, end) & mask;
    while (this.#table[place] !== ABSENT) place = (place + 1) & mask;
    this.#table[place] = ordinal;
  }

  #hash(bytes: Uint8Array, start: number, end: number): number {
    let a = this.#key.readInt32LE(0);
    let b = this.#key.readInt32LE(4);
    for (let i = start; i < end; i++) {
      a = Math.imul(a ^ bytes[i]!, 0x9e3779b1);
      b = Math.imul(b + a, 0x85ebca6b) ^ (a >>> 15);
    }
    a ^= b >>> 13;
    return Math.imul(a ^ (a >>> 16), 0xc2b2ae35) ^ b;
  }
}

function tableFor(count: number): Int32Array {
  return new Int32Array(2 ** Math.ceil(Math.log2(Math.max(64, count * ROOM)))).fill(ABSENT);
}

function grown<T extends Uint8Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
