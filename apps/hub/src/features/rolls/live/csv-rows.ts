/**
 * Rows of a CSV dump: RFC 4180, UTF-8, with a header row. Strict: every row has as many values as the header, and the last
 * line ends, since a dump that was cut off must not look like a database from which voters are gone.
 *
 * Hot: bytes stay bytes. Rows are found first, those that are known are passed over, and only the rest is cut into values.
 */
import { isUtf8 } from 'node:buffer';
import { err, ok, type Result } from '@bellwether/basics';
import { type RollsError, textAt } from '@bellwether/rolls';
import { CsvCutter } from './csv-cutter.ts';
import { incompleteDump, type LiveSink, MOST_COLUMNS } from './live-types.ts';

/** Longest row, in bytes: a row of a voter file has some hundred. */
export const MOST_ROW = 64 * 1024;

const QUOTE = 0x22;
const NEWLINE = 0x0a;

/** What a file in UTF-8 may begin with. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Cuts bytes that come piece by piece into rows. */
export class CsvRows {
  readonly #cutter: CsvCutter;
  readonly #sink: LiveSink;
  /** What is left of the last piece, the beginning of a row, and the next piece behind it. */
  #buffer = Buffer.alloc(0);
  #rest = 0;
  #isBegun = false;
  #line = 1;
  #columns = 0;
  #starts = new Int32Array(1024);

  constructor(delimiter: string, sink: LiveSink) {
    this.#cutter = new CsvCutter(delimiter);
    this.#sink = sink;
  }

  /** Takes a piece of the dump. */
  addBytes(piece: Uint8Array): Result<void, RollsError> {
    const size = this.#join(piece);
    if (!this.#isBegun) {
      if (size < BYTE_ORDER_MARK.length) return ok();
      this.#isBegun = true;
      const hasMark = BYTE_ORDER_MARK.every((byte, at) => this.#buffer[at] === byte);
      return this.#takeWholeRows(hasMark ? BYTE_ORDER_MARK.length : 0, size);
    }
    return this.#takeWholeRows(0, size);
  }

  /** The dump is over. */
  endBytes(): Result<void, RollsError> {
    if (!this.#isBegun) {
      const taken = this.#takeWholeRows(0, this.#rest);
      if (taken.isErr()) return taken;
    }
    if (this.#rest > 0) return this.#wrongLine('the last line does not end: the dump was cut off');
    return this.#columns === 0 ? err(incompleteDump('it is empty')) : ok();
  }

  /** Puts a piece behind what is left; how many bytes there are. */
  #join(piece: Uint8Array): number {
    const size = this.#rest + piece.length;
    if (this.#buffer.length < size) {
      const grown = Buffer.alloc(size + MOST_ROW);
      grown.set(this.#buffer.subarray(0, this.#rest));
      this.#buffer = grown;
    }
    this.#buffer.set(piece, this.#rest);
    this.#rest = size;
    return size;
  }

  /** Takes the whole rows from `from` on, and keeps what is left. */
  #takeWholeRows(from: number, size: number): Result<void, RollsError> {
    const bytes = this.#buffer.subarray(0, size);
    const count = this.#findRows(bytes, from);
    const end = this.#starts[count]!;
    const rows = bytes.subarray(0, end);
    const checked = this.#check(rows.subarray(from));
    const taken = checked.isErr() ? checked : this.#takeCut(rows, count);
    if (taken.isErr()) return taken;
    if (size - end > MOST_ROW) return this.#wrongLine(`a row of more than ${MOST_ROW} bytes`);
    this.#buffer.copyWithin(0, end, size);
    this.#rest = size - end;
    return ok();
  }

  /** Where rows begin; how many are whole. Behind the last one stands where it ends. */
  #findRows(bytes: Buffer, from: number): number {
    let count = 0;
    let quote = bytes.indexOf(QUOTE, from);
    this.#starts[0] = from;
    for (let at = from; ; ) {
      let newline = bytes.indexOf(NEWLINE, at);
      if (quote >= 0 && quote < at) quote = bytes.indexOf(QUOTE, at);
      if (quote >= 0 && quote < newline) newline = endOfQuoted(bytes, quote);
      if (newline < 0) return count;
      at = newline + 1;
      count++;
      if (count === this.#starts.length) {
        const grown = new Int32Array(2 * count);
        grown.set(this.#starts);
        this.#starts = grown;
      }
      this.#starts[count] = at;
    }
  }

  /** Rows of any kind are of UTF-8 and without zero bytes: whole rows are looked at, since a piece may end within a character. */
  #check(rows: Buffer): Result<void, RollsError> {
    const zero = rows.indexOf(0);
    if (zero >= 0) return err(incompleteDump(`line ${this.#line + linesIn(rows, 0, zero)}: a zero byte`));
    return isUtf8(rows) ? ok() : err(incompleteDump(`line ${this.#line + faultyLine(rows)}: not in UTF-8`));
  }

  #takeCut(rows: Buffer, count: number): Result<void, RollsError> {
    const { known } = this.#sink;
    const starts = this.#starts;
    let at = 0;
    if (this.#columns === 0 && count > 0) {
      const header = this.#takeHeader(rows);
      if (header.isErr()) return header;
      at = 1;
    }
    if (at === count) return ok();
    const raw = { bytes: rows, starts: starts.subarray(at), count: count - at };
    known?.lookAt(raw);
    // Without a quote every row is one line, and nobody has to count.
    const hasQuotes = rows.indexOf(QUOTE, raw.starts[0]) >= 0;
    for (let row = 0; row < raw.count; row++) {
      const from = raw.starts[row]!;
      const to = raw.starts[row + 1]!;
      const lines = hasQuotes ? linesIn(rows, from, to) : 1;
      if (known === undefined || !known.passesRow(row)) {
        const taken = this.#takeRow(rows, from, to);
        if (taken.isErr()) return taken;
      }
      this.#line += lines;
    }
    return ok();
  }

  #takeHeader(rows: Buffer): Result<void, RollsError> {
    const from = this.#starts[0]!;
    const to = this.#starts[1]!;
    this.#sink.known?.lookAtHeader(rows.subarray(from, to));
    const fault = this.#cutter.cut(rows, from, to);
    if (fault !== null) return this.#wrongLine(fault);
    const { values } = this.#cutter;
    if (values.count > MOST_COLUMNS) return this.#wrongLine(`more than ${MOST_COLUMNS} columns`);
    this.#columns = values.count;
    this.#line += linesIn(rows, from, to);
    return this.#sink.takeColumns(Array.from({ length: values.count }, (_, at) => textAt(values, at)));
  }

  #takeRow(rows: Buffer, from: number, to: number): Result<void, RollsError> {
    if (to - from > MOST_ROW) return this.#wrongLine(`a row of more than ${MOST_ROW} bytes`);
    const fault = this.#cutter.cut(rows, from, to);
    if (fault !== null) return this.#wrongLine(fault);
    const { values } = this.#cutter;
    if (values.count !== this.#columns)
      return this.#wrongLine(`it has ${values.count} values, and the header ${this.#columns}`);
    const taken = this.#sink.takeRow(values);
    return taken.isErr()
      ? err({ ...taken.error, detail: `line ${this.#line}: ${taken.error.detail}` })
      : taken;
  }

  #wrongLine(what: string): Result<never, RollsError> {
    return err(incompleteDump(`line ${this.#line}: ${what}`));
  }
}

/** The newline behind a row in which a quote stands: the first one outside of quotes; -1: it is not there yet. */
function endOfQuoted(bytes: Buffer, quote: number): number {
  let isInside = true;
  for (let at = quote + 1; at < bytes.length; at++) {
    if (bytes[at] === QUOTE) isInside = !isInside;
    else if (bytes[at] === NEWLINE && !isInside) return at;
  }
  return -1;
}

/** How many lines end in some bytes. */
function linesIn(bytes: Buffer, from: number, to: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE, from); at >= 0 && at < to; at = bytes.indexOf(NEWLINE, at + 1))
    lines++;
  return lines;
}

/** Lines before the first one that is no UTF-8. */
function faultyLine(rows: Buffer): number {
  let line = 0;
  for (let at = 0; at < rows.length; line++) {
    const newline = rows.indexOf(NEWLINE, at);
    const end = newline < 0 ? rows.length : newline + 1;
    if (!isUtf8(rows.subarray(at, end))) return line;
    at = end;
  }
  return line;
}
