/**
 * Reads back what `state-writer.ts` wrote. Throws `StateDamage` where the bytes cannot be what was written; room is made
 * only for what the bytes hold or a bound allows.
 */
import {
  bytesOf,
  type Column,
  END_OF_TABLE,
  GRANULE,
  MOST_TEXT,
  StateDamage,
  type StateIo,
  wordsOf,
} from './state.ts';

export class StateReader implements StateIo {
  readonly isReading = true;
  readonly #words: Uint32Array;
  #at: number;
  readonly #double = new Float64Array(1);
  readonly #half = new Uint32Array(this.#double.buffer);
  readonly #texts: string[] = [];

  /** `head`: words at the beginning that are not state. */
  constructor(words: Uint32Array, head: number) {
    this.#words = words;
    this.#at = head;
  }

  /** Everything has been read. */
  get isAtEnd(): boolean {
    return this.#at === this.#words.length;
  }

  number(_name: string, _value: number): number {
    this.#half[0] = this.#word();
    this.#half[1] = this.#word();
    return this.#double[0]!;
  }

  size(name: string, value: number, most: number): number {
    const size = this.number(name, value);
    if (!(size >= 0 && size <= most) || !Number.isInteger(size)) throw new StateDamage(`${name} is ${size}`);
    return size;
  }

  flag(name: string, value: boolean): boolean {
    return this.size(name, value ? 1 : 0, 1) === 1;
  }

  text(name: string, _value: string): string {
    const number = this.#word();
    if (number < this.#texts.length) return this.#texts[number]!;
    const length = this.#word();
    if (number > this.#texts.length || length > MOST_TEXT) throw new StateDamage(`${name} is no text`);
    const units = new Uint16Array(length);
    this.front(name, units, length);
    const text = Array.from(units, (unit) => String.fromCharCode(unit)).join('');
    this.#texts.push(text);
    return text;
  }

  front(name: string, column: Column, used: number): void {
    if (used > column.length) throw new StateDamage(`${name} is too long`);
    const bytes = bytesOf(column, used);
    const words = Math.ceil(bytes.length / 4);
    this.#need(words);
    bytes.set(new Uint8Array(this.#words.buffer, this.#words.byteOffset + 4 * this.#at, bytes.length));
    this.#at += words;
  }

  table(name: string, column: Column): void {
    const words = wordsOf(column);
    words.fill(0);
    for (let first = this.#word(); first !== END_OF_TABLE; first = this.#word()) {
      const count = this.#word() * GRANULE;
      const from = first * GRANULE;
      if (from + count > words.length) throw new StateDamage(`${name} is too long`);
      this.#need(count);
      words.set(this.#words.subarray(this.#at, this.#at + count), from);
      this.#at += count;
    }
  }

  list<T>(name: string, _values: readonly T[], most: number, item: (value: T | undefined) => T): T[] {
    const size = this.#count(name, most);
    const values: T[] = [];
    for (let k = 0; k < size; k++) values.push(item(undefined));
    return values;
  }

  map<K, V>(
    name: string,
    map: Map<K, V>,
    most: number,
    item: (key: K | undefined, value: V | undefined) => readonly [K, V],
  ): void {
    const size = this.#count(name, most);
    map.clear();
    for (let k = 0; k < size; k++) {
      const [key, value] = item(undefined, undefined);
      map.set(key, value);
    }
    if (map.size !== size) throw new StateDamage(`${name} holds a key twice`);
  }

  within(_name: string, body: () => void): void {
    body();
  }

  #count(name: string, most: number): number {
    const size = this.#word();
    if (size > most) throw new StateDamage(`${name} holds ${size}`);
    return size;
  }

  #word(): number {
    this.#need(1);
    return this.#words[this.#at++]!;
  }

  #need(words: number): void {
    if (this.#at + words > this.#words.length) throw new StateDamage('the state ends too early');
  }
}
