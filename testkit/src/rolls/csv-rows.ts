/** Rows of the voter file as CSV (RFC 4180): a header, CRLF, quotes only where they are needed. */
import { COLUMNS, type Column, type VoterRow } from './columns.ts';

/** Room for a row: many times what the longest made-up one has, with three bytes a letter. */
const LONGEST_ROW = 1 << 14;

const COMMA = 44;
const QUOTE = 34;
const RETURN = 13;
const FEED = 10;

/**
 * Spells rows. Letters go straight into bytes: strings put together for each row would be most of the work of writing
 * millions of them.
 */
export class CsvRows {
  private readonly columns: readonly Column[];
  private readonly bytes = Buffer.alloc(LONGEST_ROW);
  private length = 0;

  constructor(columns: readonly Column[] = COLUMNS) {
    this.columns = columns;
  }

  /** The first line. */
  header(): Uint8Array {
    return Buffer.from(`${this.columns.join(',')}\r\n`);
  }

  /** A row as a line; good until the next row. */
  line(row: VoterRow): Uint8Array {
    this.length = 0;
    const { columns } = this;
    for (let at = 0; at < columns.length; at++) {
      if (at > 0) this.bytes[this.length++] = COMMA;
      this.addField(row[columns[at] as Column]);
    }
    this.bytes[this.length++] = RETURN;
    this.bytes[this.length++] = FEED;
    return this.bytes.subarray(0, this.length);
  }

  private addField(value: string): void {
    let to = this.length;
    for (let at = 0; at < value.length; at++) {
      const code = value.charCodeAt(at);
      if (code > 126 || code === COMMA || code === QUOTE || code === RETURN || code === FEED) {
        this.addUnusual(value);
        return;
      }
      this.bytes[to++] = code;
    }
    this.length = to;
  }

  /** Letters beyond ASCII, and what needs quotes. */
  private addUnusual(value: string): void {
    const spelled = /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
    this.length += this.bytes.write(spelled, this.length);
  }
}
