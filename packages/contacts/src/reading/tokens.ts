/**
 * Words between single separators, and which of them is which column: for formats whose fields hold no quotes and whose
 * header line names them (W3C, flow records).
 */

/** Most columns looked at: AWS writes up to 40, nfdump 48. */
const MAX_TOKENS = 96;

/** Where the words of the line being read stand. One per reader. */
export class Tokens {
  readonly start = new Int32Array(MAX_TOKENS);
  readonly end = new Int32Array(MAX_TOKENS);
  /** Words found, up to MAX_TOKENS. */
  count = 0;

  /** Splits [from, to) at each `separator`. Two in a row have an empty word between them. */
  split(bytes: Uint8Array, from: number, to: number, separator: number): number {
    const { start, end } = this;
    let count = 0;
    let at = from;
    start[0] = from;
    for (; at < to; at++) {
      if (bytes[at] !== separator) continue;
      end[count++] = at;
      if (count === MAX_TOKENS) {
        this.count = count;
        return count;
      }
      start[count] = at + 1;
    }
    end[count++] = to;
    this.count = count;
    return count;
  }

  /** Whether word `i` is there and neither empty nor a dash. */
  has(bytes: Uint8Array, i: number): boolean {
    if (i < 0 || i >= this.count) return false;
    const length = this.end[i]! - this.start[i]!;
    return length > 1 || (length === 1 && bytes[this.start[i]!] !== 45);
  }
}

/**
 * Index of the first of `names` in a header's fields, for each column wanted, -1 where there is none. Letters compare
 * without case.
 */
export function columnsOf<K extends string>(
  fields: readonly string[],
  wanted: Readonly<Record<K, readonly string[]>>,
): Record<K, number> {
  const folded = fields.map((field) => field.toLowerCase());
  const found = Object.entries<readonly string[]>(wanted).map(([column, names]) => {
    const name = names.find((one) => folded.includes(one));
    return [column, name === undefined ? -1 : folded.indexOf(name)];
  });
  return Object.fromEntries(found) as Record<K, number>;
}

/** The text of a header line, for `LineReader.header`; bounded, as headers are short. */
export function headerText(bytes: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...bytes.subarray(from, Math.min(to, from + MAX_HEADER)));
}
/** Longest header line kept. */
const MAX_HEADER = 4096;
