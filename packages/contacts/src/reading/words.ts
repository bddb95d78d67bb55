/**
 * Which of a list of known words stands in a field: the keys of key=value lines, the actions of firewalls, the names
 * of columns. Hot path: one look at a table, one comparison of bytes, no strings.
 */
import { ascii } from './bytes.ts';

/** A fixed list of words, found by their bytes. Letters compare without case if `folded`. */
export class WordTable {
  readonly #words: readonly Uint8Array[];
  readonly #slots: Int16Array;
  readonly #mask: number;
  readonly #folded: boolean;

  /** `words` are ASCII; with `folded` they are given in lower case. */
  constructor(words: readonly string[], folded = false) {
    this.#words = words.map(ascii);
    this.#folded = folded;
    // Four times as many places as words: nearly every word is found at its first.
    let size = 16;
    while (size < 4 * words.length) size *= 2;
    this.#mask = size - 1;
    this.#slots = new Int16Array(size).fill(-1);
    this.#words.forEach((word, index) => {
      let slot = hashOf(word, 0, word.length) & this.#mask;
      while (this.#slots[slot] !== -1) slot = (slot + 1) & this.#mask;
      this.#slots[slot] = index;
    });
  }

  /** Index of the word that fills [from, to), -1 if it is none of the list. */
  find(bytes: Uint8Array, from: number, to: number): number {
    if (to <= from) return -1;
    let slot = hashOf(bytes, from, to) & this.#mask;
    for (;;) {
      const index = this.#slots[slot]!;
      if (index < 0) return -1;
      if (this.#is(this.#words[index]!, bytes, from, to)) return index;
      slot = (slot + 1) & this.#mask;
    }
  }

  #is(word: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
    const length = to - from;
    if (word.length !== length) return false;
    for (let i = 0; i < length; i++) {
      const byte = bytes[from + i]!;
      if (byte === word[i]) continue;
      if (!this.#folded || byte < 65 || byte > 90 || (byte | 32) !== word[i]) return false;
    }
    return true;
  }
}

/** A hash of length and four letters, the same for both cases. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from;
  const first = bytes[from]! | 32;
  const last = bytes[to - 1]! | 32;
  const middle = bytes[from + (length >> 1)]! | 32;
  const second = bytes[from + (length > 1 ? 1 : 0)]! | 32;
  const mixed = Math.imul(length + 31 * first + 1009 * last + 8191 * middle + 131 * second, 0x9e3779b1);
  return mixed >>> 16;
}

/** A table of words that stand for numbers: `words` maps each to its value. */
export class WordValues {
  readonly #table: WordTable;
  readonly #values: Int32Array;

  /** Words in lower case; letters compare without case. */
  constructor(words: Readonly<Record<string, number>>) {
    const names = Object.keys(words);
    this.#table = new WordTable(names, true);
    this.#values = Int32Array.from(names, (name) => words[name]!);
  }

  /** Value of the word that fills [from, to), -1 if it is none of them. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const index = this.#table.find(bytes, from, to);
    return index < 0 ? -1 : this.#values[index]!;
  }
}
