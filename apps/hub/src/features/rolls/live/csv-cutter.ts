/** Cuts one row of a CSV dump into its values (RFC 4180). A quote that is written twice becomes one where it stands. */
import type { RowValues } from '@bellwether/rolls';
import { MOST_COLUMNS } from './live-types.ts';

const QUOTE = 0x22;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

/** Cuts rows, one after the other. */
export class CsvCutter {
  readonly #delimiter: number;
  readonly #values = {
    bytes: new Uint8Array(0) as Uint8Array,
    // One more than a row may have, so that one too many is counted.
    starts: new Int32Array(MOST_COLUMNS + 1),
    ends: new Int32Array(MOST_COLUMNS + 1),
    count: 0,
  };

  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  /** The values of the row that was cut last: lent. */
  get values(): RowValues {
    return this.#values;
  }

  /** Cuts bytes [from, to), which end with a newline. What is wrong with them, or null. The bytes are written to. */
  cut(bytes: Uint8Array, from: number, to: number): string | null {
    const values = this.#values;
    const delimiter = this.#delimiter;
    values.bytes = bytes;
    let count = 0;
    for (let at = from; ; ) {
      if (count > MOST_COLUMNS) return `more than ${MOST_COLUMNS} values`;
      let end = at;
      if (bytes[at] === QUOTE) {
        values.starts[count] = at + 1;
        end = this.#unquote(bytes, at + 1, count, to);
        if (end < 0) return 'a quote that is not closed';
      } else {
        while (bytes[end] !== delimiter && bytes[end] !== NEWLINE) {
          if (bytes[end] === QUOTE) return 'a quote within a value that does not begin with one';
          end++;
        }
        values.starts[count] = at;
        values.ends[count] = bytes[end] === NEWLINE && end > at && bytes[end - 1] === RETURN ? end - 1 : end;
      }
      count++;
      if (bytes[end] === delimiter) at = end + 1;
      else if (bytes[end] === NEWLINE || (bytes[end] === RETURN && bytes[end + 1] === NEWLINE)) break;
      else return 'something stands behind a closing quote';
    }
    values.count = count;
    return null;
  }

  /** Ends a value in quotes, whose first byte is at `from`; where the byte behind its closing quote is, -1: there is none. */
  #unquote(bytes: Uint8Array, from: number, count: number, to: number): number {
    let end = from;
    for (let at = from; at < to; at++) {
      if (bytes[at] === QUOTE) {
        if (bytes[at + 1] !== QUOTE) {
          this.#values.ends[count] = end;
          return at + 1;
        }
        at++;
      }
      bytes[end++] = bytes[at]!;
    }
    return -1;
  }
}
