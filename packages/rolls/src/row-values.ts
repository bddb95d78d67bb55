/**
 * The values of one row as they lie in memory: bytes of UTF-8, and where each value begins and ends in them. A dump is read
 * that way, since making texts of a hundred million values takes longer than everything that is done with them.
 */
import { encodeText } from '@bellwether/evidence';

/** Values of a row, lent: they hold until the next row is read. The bytes are valid UTF-8. */
export type RowValues = {
  readonly bytes: Uint8Array;
  /** Value i is bytes [starts[i], ends[i]). */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly count: number;
};

const text = new TextDecoder('utf-8', { ignoreBOM: true });

/** A row of texts, from sources that give such. */
export function rowOfTexts(values: readonly string[]): RowValues {
  const parts = values.map(encodeText);
  const starts = new Int32Array(parts.length);
  const ends = new Int32Array(parts.length);
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const [at, part] of parts.entries()) {
    bytes.set(part, end);
    starts[at] = end;
    end += part.length;
    ends[at] = end;
  }
  return { bytes, starts, ends, count: parts.length };
}

/** One value as text. */
export function textAt({ bytes, starts, ends }: RowValues, at: number): string {
  const start = starts[at]!;
  const end = ends[at]!;
  return start === end ? '' : text.decode(bytes.subarray(start, end));
}

/**
 * Remembers what was made of a value, for columns in which the same value stands row after row: an office, a status. The
 * answer is of exactly those bytes.
 */
export class LastValue<T> {
  readonly #make: (value: string) => T;
  #bytes: Uint8Array = new Uint8Array(0);
  #made: T;

  constructor(make: (value: string) => T) {
    this.#make = make;
    this.#made = make('');
  }

  /** What is made of the value of a column. */
  of(row: RowValues, column: number): T {
    const start = row.starts[column]!;
    const length = row.ends[column]! - start;
    if (!this.#is(row.bytes, start, length)) {
      this.#bytes = row.bytes.slice(start, start + length);
      this.#made = this.#make(textAt(row, column));
    }
    return this.#made;
  }

  #is(bytes: Uint8Array, start: number, length: number): boolean {
    const last = this.#bytes;
    if (last.length !== length) return false;
    for (let i = 0; i < length; i++) if (last[i] !== bytes[start + i]) return false;
    return true;
  }
}
