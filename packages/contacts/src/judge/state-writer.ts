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

const FIRST_BYTES = 65_536;

export class StateWriter implements StateIo {
  readonly isReading = false;
  #words = new Uint32Array(FIRST_BYTES / 4);
  #at = 0;
  readonly #double = new Float64Array(1);
  readonly #half = new Uint32Array(this.#double.buffer);
  readonly #texts = new Map<string, number>();

  /** `head`: words left free at the beginning. */
  constructor(head: number) {
    this.#at = head;
  }

  /** What was written, with the head. */
  words(): Uint32Array {
    return this.#words.slice(0, this.#at);
  }

  number(_name: string, value: number): number {
    this.#room(2);
    this.#double[0] = value;
    this.#words[this.#at++] = this.#half[0]!;
    this.#words[this.#at++] = this.#half[1]!;
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
    const bytes = bytesOf(column, used);
    const words = Math.ceil(bytes.length / 4);
    this.#room(words);
    new Uint8Array(this.#words.buffer, 4 * this.#at).set(bytes);
    this.#at += words;
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
      this.#room(at - from);
      this.#words.set(words.subarray(from, at), this.#at);
      this.#at += at - from;
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
    this.#room(1);
    this.#words[this.#at++] = value;
  }

  #room(words: number): void {
    if (this.#at + words <= this.#words.length) return;
    const bigger = new Uint32Array(Math.max(2 * this.#words.length, this.#at + words));
    bigger.set(this.#words);
    this.#words = bigger;
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
