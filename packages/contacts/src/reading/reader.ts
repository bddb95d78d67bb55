/**
 * What every reader of a format is, and the loop that feeds it lines.
 *
 * A reader never throws on foreign bytes, never allocates per line, and answers for each line exactly one `Line`.
 */
import type { Batch, Outcome } from '../contact.ts';
import { BATCH_ROWS } from '../contact.ts';
import type { Clock } from './clock.ts';
import { Envelope } from './envelope.ts';
import { addRepeats, repeatLastRow } from './repeated.ts';

/** What a reader says of one line. */
export const Line = {
  /** It should have been understood and was not. */
  unreadable: 0,
  /** It fills row `batch.count`: a contact, or with a key or `Flag.detail` more about one. */
  row: 1,
  /** It is understood and tells of no contact. */
  ignored: 2,
} as const;
export type Line = (typeof Line)[keyof typeof Line];

/** Reads lines of one format. Made anew for each file and each block; holds a header at most. */
export interface LineReader {
  /**
   * Reads the message [from, to) of one line; `envelope` holds the syslog header around it, if there was one.
   * On `Line.row` the row `batch.count` is filled (`batch.begin` first); the loop adds `line` and moves `count` on.
   * Losses that the sensor admits are added to `batch.lost`.
   */
  readLine(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line;
  /**
   * The header that the lines to come are read by (`#fields` of Zeek and W3C, the first line of a CSV), '' if the
   * format has none. A block in the middle of a file is begun with the header that the block before it ended with.
   */
  readonly header?: string;
  /**
   * Reads lines as `LineLoop.read` does, only faster: for formats that are worth it, and lines in no syslog header.
   * `plain` reads the lines that need it, so that both ways tell the same.
   */
  readBlock?(
    bytes: Buffer,
    from: number,
    to: number,
    firstLine: number,
    batch: Batch,
    plain: LineLoop,
  ): number;
}

/** What a reader is made from. */
export type ReaderOptions = {
  readonly clock: Clock;
  /** The header in force at the first line (see `LineReader.header`), '' at the head of a file. */
  readonly header?: string;
  /** Column map of `csv` and `ndjson`: our name of a column to theirs. */
  readonly columns?: Readonly<Record<string, string>>;
  /**
   * What the prefixes of a filter's log lines mean at this sensor, from the surface: the first whose text stands in
   * the line's prefix wins over the words that are known by default.
   */
  readonly prefixes?: ReadonlyArray<{ readonly text: string; readonly outcome: Outcome }>;
  /** Header that names the client behind a proxy, lower case. Default `x-forwarded-for`. */
  readonly forwardedHeader?: string;
};

/** A format: its name, how to know it, how to read it. */
export type Format = {
  readonly name: string;
  /** Whether lines of it come inside syslog headers by nature; others are unwrapped only when a header is found. */
  readonly syslog: 'always' | 'maybe';
  /**
   * How sure one line is that it is of this format: 0 no, 1 could be, 2 surely. `text` is the message without its
   * syslog header, at most `MAX_SNIFF_LINE` characters; `app` the program that the header names.
   */
  readonly sniff: (text: string, app: string) => 0 | 1 | 2;
  readonly reader: (options: ReaderOptions) => LineReader;
  /** For docs/reference/formats.md. */
  readonly doc: {
    /** Products and files, one line. */
    readonly of: string;
    /** Which line is the contact, which are detail, which are ignored. */
    readonly contact: string;
    /** How the sensor admits losses in this format, or that it cannot. */
    readonly losses: string;
    /** Whether real lines have been read, and whose; or where the shape is documented. */
    readonly seen: string;
  };
};

/** Longest line that is read. Sensors write lines of a few kB; the longest real one seen here has 9 kB. */
export const MAX_LINE = 65_536;

const NEWLINE = 10;
const RETURN = 13;

/** Feeds a reader the lines of a buffer, row after row into batches. */
export class LineLoop {
  readonly #reader: LineReader;
  readonly #envelope: Envelope;
  readonly #unwrap: boolean;
  #unreadableLine = -1;

  constructor(reader: LineReader, clock: Clock, unwrap: boolean) {
    this.#reader = reader;
    this.#envelope = new Envelope(clock);
    this.#unwrap = unwrap;
  }

  /**
   * Reads whole lines from [from, to) until the bytes end or `batch` is full, and returns where it stopped. The last
   * byte must be a newline. `firstLine` is the number, in the block, of the line at `from`. An empty line is ignored;
   * one longer than MAX_LINE is unreadable without being looked at.
   */
  read(bytes: Buffer, from: number, to: number, firstLine: number, batch: Batch): number {
    if (this.#reader.readBlock !== undefined && !this.#unwrap) {
      return this.#reader.readBlock(bytes, from, to, firstLine, batch, this);
    }
    return this.readLines(bytes, from, to, firstLine, batch, BATCH_ROWS);
  }

  /** Reads as `read` does, line by line, until `batch` has `limit` rows. */
  readLines(bytes: Buffer, from: number, to: number, firstLine: number, batch: Batch, limit: number): number {
    const reader = this.#reader;
    const envelope = this.#envelope;
    const unwrap = this.#unwrap;
    let at = from;
    let line = firstLine;
    while (at < to && batch.count < limit) {
      const newline = bytes.indexOf(NEWLINE, at);
      const next = newline < 0 || newline >= to ? to : newline + 1;
      let end = next - 1;
      if (end > at && bytes[end - 1] === RETURN) end--;
      batch.lines++;
      if (end - at > MAX_LINE) {
        batch.unreadable++;
      } else if (end <= at) {
        batch.ignored++;
      } else {
        if (unwrap) envelope.read(bytes, at, end);
        else envelope.none(at, end);
        const said =
          envelope.repeated === 0
            ? reader.readLine(bytes, envelope.messageAt, end, envelope, batch)
            : this.#readRepeated(bytes, from, at, line, batch);
        if (said === Line.row) {
          batch.line[batch.count++] = line;
        } else if (said === Line.ignored) {
          batch.ignored++;
        } else {
          batch.unreadable++;
          this.#unreadableLine = line;
        }
      }
      line++;
      at = next;
    }
    return at;
  }

  /** A line in which the syslog daemon says that a message came several times. */
  #readRepeated(bytes: Uint8Array, blockAt: number, at: number, line: number, batch: Batch): Line {
    const envelope = this.#envelope;
    if (envelope.repeatsLast) {
      return repeatLastRow(bytes, blockAt, at, line, this.#unreadableLine, envelope, batch)
        ? Line.row
        : Line.ignored;
    }
    const row = batch.count;
    const extra = envelope.repeated - 1;
    const said = this.#reader.readLine(bytes, envelope.messageAt, envelope.messageEnd, envelope, batch);
    if (said === Line.row) addRepeats(batch, row, extra);
    return said;
  }
}
