/**
 * Rows of a CSV dump: RFC 4180, UTF-8, with a header row. Strict: every row has as many values as the header, and the last
 * line ends, since a dump that was cut off must not look like a database from which voters are gone.
 *
 * Hot: what has no quotes is cut at its delimiters, and no byte is looked at twice.
 */
import { err, ok, type Result } from '@bellwether/basics';
import type { RollsError } from '@bellwether/rolls';
import { incompleteDump, type LiveSink, MOST_COLUMNS } from './live-types.ts';

/** Longest row, in characters: a row of a voter file has some hundred. */
export const MOST_ROW = 64 * 1024;

const QUOTE = 0x22;

/** Cuts text that comes piece by piece into rows. */
export class CsvRows {
  readonly #delimiter: string;
  readonly #sink: LiveSink;
  /** What is left of the last piece: the beginning of a row. */
  #rest = '';
  #line = 1;
  #columns = 0;
  readonly #values: string[] = [];

  constructor(delimiter: string, sink: LiveSink) {
    this.#delimiter = delimiter;
    this.#sink = sink;
  }

  /** Line at which the next row begins. */
  get line(): number {
    return this.#line;
  }

  /** Takes a piece of the text. */
  addText(piece: string): Result<void, RollsError> {
    const zero = piece.indexOf('\0');
    if (zero >= 0)
      return this.#wrongLine(`a zero byte (about line ${this.#line + linesIn(piece.slice(0, zero))})`);
    const text = this.#rest + piece;
    let at = 0;
    let quote = text.indexOf('"');
    for (;;) {
      const end = text.indexOf('\n', at);
      if (quote >= 0 && quote < at) quote = text.indexOf('"', at);
      const isPlain = quote < 0 || quote > end;
      if (end < 0 && isPlain) break;
      const next = isPlain ? this.#plain(text, at, end) : this.#quoted(text, at);
      if (typeof next !== 'number') return err(next);
      if (next < 0) break;
      const taken = this.#takeFields(isPlain ? 1 : linesIn(text.slice(at, next)));
      if (taken.isErr()) return taken;
      at = next;
    }
    this.#rest = text.slice(at);
    return this.#rest.length > MOST_ROW ? this.#wrongLine(`a row of more than ${MOST_ROW} characters`) : ok();
  }

  /** The text is over. */
  endText(): Result<void, RollsError> {
    if (this.#rest !== '') return this.#wrongLine('the last line does not end: the dump was cut off');
    return this.#columns === 0 ? err(incompleteDump('it is empty')) : ok();
  }

  /** A row without quotes; where the next one begins. */
  #plain(text: string, from: number, newline: number): number | RollsError {
    const values = this.#values;
    const end = text.charCodeAt(newline - 1) === 0x0d && newline > from ? newline - 1 : newline;
    if (end - from > MOST_ROW) return this.#fault(`a row of more than ${MOST_ROW} characters`);
    let count = 0;
    let at = from;
    for (; count < MOST_COLUMNS; ) {
      const comma = text.indexOf(this.#delimiter, at);
      if (comma < 0 || comma >= end) break;
      values[count++] = text.slice(at, comma);
      at = comma + 1;
    }
    values[count++] = text.slice(at, end);
    values.length = count;
    return newline + 1;
  }

  /** A row with quotes; -1: it goes on in the next piece. */
  #quoted(text: string, from: number): number | RollsError {
    const values = this.#values;
    values.length = 0;
    let at = from;
    for (;;) {
      if (values.length >= MOST_COLUMNS) return this.#fault(`more than ${MOST_COLUMNS} values`);
      if (at - from > MOST_ROW) return this.#fault(`a row of more than ${MOST_ROW} characters`);
      let value: string;
      if (text.charCodeAt(at) === QUOTE) {
        let end = at + 1;
        for (;;) {
          end = text.indexOf('"', end);
          // The last character of a piece may be the first of two quotes.
          if (end < 0 || end + 1 >= text.length) return -1;
          if (text.charCodeAt(end + 1) !== QUOTE) break;
          end += 2;
        }
        value = text.slice(at + 1, end).replaceAll('""', '"');
        at = end + 1;
      } else {
        let end = at;
        while (end < text.length && text[end] !== this.#delimiter && text[end] !== '\n') end++;
        if (end >= text.length) return -1;
        value = text.slice(at, text[end] === '\n' && text[end - 1] === '\r' ? end - 1 : end);
        if (value.includes('"')) return this.#fault('a quote within a value that does not begin with one');
        at = end;
      }
      values.push(value);
      const stop = text[at];
      if (stop === this.#delimiter) at++;
      else if (stop === '\n') return at + 1;
      else if (stop === '\r' && at + 1 >= text.length) return -1;
      else if (stop === '\r' && text[at + 1] === '\n') return at + 2;
      else return this.#fault('something stands behind a closing quote');
    }
  }

  #takeFields(lines: number): Result<void, RollsError> {
    const values = this.#values;
    if (this.#columns === 0) {
      if (values.length > MOST_COLUMNS) return this.#wrongLine(`more than ${MOST_COLUMNS} columns`);
      this.#columns = values.length;
      const taken = this.#sink.takeColumns([...values]);
      if (taken.isErr()) return taken;
    } else if (values.length !== this.#columns) {
      return this.#wrongLine(`it has ${values.length} values, and the header ${this.#columns}`);
    } else {
      const taken = this.#sink.takeRow(values);
      if (taken.isErr()) return err({ ...taken.error, detail: `line ${this.#line}: ${taken.error.detail}` });
    }
    this.#line += lines;
    return ok();
  }

  #wrongLine(what: string): Result<never, RollsError> {
    return err(this.#fault(what));
  }

  #fault(what: string): RollsError {
    return incompleteDump(`line ${this.#line}: ${what}`);
  }
}

/** How many lines end in a text. */
export function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
