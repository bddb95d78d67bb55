/**
 * One line of separated values, split on its bytes: RFC 4180, with any separator.
 *
 *     1,2026/10/09 10:00:00,"a, b","say ""so""",end
 *
 * A field that begins with a quote ends at the next single quote, and there a separator or the end of the line must
 * stand. A quote inside an unquoted field is a letter like any other: that is what devices which do not quote mean.
 */

const QUOTE = 34;

/** Most columns split. PAN-OS writes 120, Zeek and exports of SIEMs fewer; what lies beyond is not looked at. */
export const MAX_FIELDS = 256;

/** Where the fields of the line being read stand. One per reader. */
export class Fields {
  /** Begin and end of field `i`, inside the quotes. */
  readonly start = new Int32Array(MAX_FIELDS);
  readonly end = new Int32Array(MAX_FIELDS);
  /** 1 if the field holds doubled quotes, which `unquote` undoes. */
  readonly doubled = new Uint8Array(MAX_FIELDS);
  /** Number of fields split. */
  count = 0;
  /** The line ended inside quotes: the last field is cut. */
  cut = false;

  /** Splits [from, to). False if a closing quote is followed by anything but a separator. */
  split(bytes: Uint8Array, from: number, to: number, separator: number): boolean {
    const { start, end, doubled } = this;
    let count = 0;
    let at = from;
    this.cut = false;
    while (count < MAX_FIELDS) {
      doubled[count] = 0;
      if (at < to && bytes[at] === QUOTE) {
        at++;
        start[count] = at;
        for (;;) {
          while (at < to && bytes[at] !== QUOTE) at++;
          if (at + 1 < to && bytes[at + 1] === QUOTE) {
            doubled[count] = 1;
            at += 2;
            continue;
          }
          break;
        }
        end[count++] = at;
        if (at >= to) {
          this.cut = true;
          break;
        }
        at++;
        if (at >= to) break;
        if (bytes[at] !== separator) {
          this.count = count;
          return false;
        }
      } else {
        start[count] = at;
        while (at < to && bytes[at] !== separator) at++;
        end[count++] = at;
        if (at >= to) break;
      }
      at++;
    }
    this.count = count;
    return true;
  }

  /** Whether field `i` is there and not empty. */
  has(i: number): boolean {
    return i < this.count && this.end[i]! > this.start[i]!;
  }
}

/** Writes [from, to) with doubled quotes made single into `out`, returns how many bytes; what does not fit is cut. */
export function unquote(bytes: Uint8Array, from: number, to: number, out: Uint8Array): number {
  let length = 0;
  for (let i = from; i < to && length < out.length; i++) {
    const byte = bytes[i]!;
    out[length++] = byte;
    if (byte === QUOTE && bytes[i + 1] === QUOTE) i++;
  }
  return length;
}
