/**
 * Writes state down. Everything begins at a multiple of four bytes, in the byte order of the machine: a snapshot goes on
 * where it was made.
 *
 * ```
 * number      8 bytes, double               flag    a number, 0 or 1
 * text        number in the order of first use, u32; the first time with its length in UTF-16 units and those
 * front       the elements, filled up to a multiple of four
 * table       runs of granules that are not 0: first granule u32, granules u32, words; then END_OF_TABLE
 * list, map   size u32, then what the items write
 * ```
 */
import { bytesOf, type Column, END_OF_TABLE, GRANULE, type StateIo, wordsOf } from './state.ts';

/** Words that are handed over at a time: enough for a disk, and little to hold. */
const CHUNK = 262_144;

/** Takes some of the bytes, in order; they are another's as soon as it returns. */
export type TakeBytes = (bytes: Uint8Array) => void;

export class StateWriter implements StateIo {
  readonly isReading = false;
  readonly #take: TakeBytes;
  readonly #words = new Uint32Array(CHUNK);
  readonly #bytes = new Uint8Array(this.#words.buffer);
  #at = 0;
  #handedOver = 0;
  /** The sum of all words so far, and the sum of all sums on the way. */
  #first = 0;
  #second = 0;
  readonly #double = new Float64Array(1);
  readonly #half = new Uint32Array(this.#double.buffer);
  readonly #texts = new Map<string, number>();

  /** `head`: words that come before everything else. */
  constructor(head: readonly number[], take: TakeBytes) {
    this.#take = take;
    for (const word of head) this.#word(word);
  }

  /** Ends it: hands over what is left, and behind it the number of words before and both sums. */
  end(): void {
    this.#handOver();
    const tail = Uint32Array.of(this.#handedOver, this.#first, this.#second);
    this.#take(new Uint8Array(tail.buffer));
  }

  number(_name: string, value: number): number {
    this.#double[0] = value;
    this.#word(this.#half[0]!);
    this.#word(this.#half[1]!);
    return value;
  }

  size(name: string, value: number, _most: number): number {
    return this.number(name, value);
  }

  flag(name: string, value: boolean): boolean {
    this.number(name, value ? 1 : 0);
    return value;
  }

  text(_name: string, value: string): string {
    const known = this.#texts.get(value);
    this.#word(known ?? this.#texts.size);
    if (known !== undefined) return value;
    this.#texts.set(value, this.#texts.size);
    this.#word(value.length);
    const units = Uint16Array.from({ length: value.length }, (_, k) => value.charCodeAt(k));
    this.front('', units, units.length);
    return value;
  }

  front(_name: string, column: Column, used: number): void {
    this.#put(bytesOf(column, used));
  }

  table(_name: string, column: Column): void {
    const words = wordsOf(column);
    let at = 0;
    while (at < words.length) {
      if (isEmpty(words, at)) {
        at += GRANULE;
        continue;
      }
      const from = at;
      while (at < words.length && !isEmpty(words, at)) at += GRANULE;
      this.#word(from / GRANULE);
      this.#word((at - from) / GRANULE);
      this.#put(new Uint8Array(words.buffer, words.byteOffset + 4 * from, 4 * (at - from)));
    }
    this.#word(END_OF_TABLE);
  }

  list<T>(_name: string, values: readonly T[], _most: number, item: (value: T | undefined) => T): T[] {
    this.#word(values.length);
    for (const value of values) item(value);
    return values as T[];
  }

  map<K, V>(
    _name: string,
    map: Map<K, V>,
    _most: number,
    item: (key: K | undefined, value: V | undefined) => readonly [K, V],
  ): void {
    this.#word(map.size);
    for (const [key, value] of map) item(key, value);
  }

  within(_name: string, body: () => void): void {
    body();
  }

  #word(value: number): void {
    if (this.#at === CHUNK) this.#handOver();
    this.#words[this.#at++] = value;
  }

  /** Bytes, filled up to a multiple of four. */
  #put(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) {
      if (this.#at === CHUNK) this.#handOver();
      const some = bytes.subarray(from, from + 4 * (CHUNK - this.#at));
      const words = Math.ceil(some.length / 4);
      // What an earlier chunk left in the last word.
      this.#words[this.#at + words - 1] = 0;
      this.#bytes.set(some, 4 * this.#at);
      this.#at += words;
      from += some.length;
    }
  }

  #handOver(): void {
    let first = this.#first;
    let second = this.#second;
    for (let k = 0; k < this.#at; k++) {
      first = (first + this.#words[k]!) | 0;
      second = (second + first) | 0;
    }
    this.#first = first;
    this.#second = second;
    this.#take(this.#bytes.subarray(0, 4 * this.#at));
    this.#handedOver += this.#at;
    this.#at = 0;
  }
}

/** Written out, because a snapshot looks at twenty megabytes of mostly nothing and has fifty milliseconds. */
function isEmpty(w: Uint32Array, at: number): boolean {
  return (
    (w[at]! |
      w[at + 1]! |
      w[at + 2]! |
      w[at + 3]! |
      w[at + 4]! |
      w[at + 5]! |
      w[at + 6]! |
      w[at + 7]! |
      w[at + 8]! |
      w[at + 9]! |
      w[at + 10]! |
      w[at + 11]! |
      w[at + 12]! |
      w[at + 13]! |
      w[at + 14]! |
      w[at + 15]!) ===
    0
  );
}
