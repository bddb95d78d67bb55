/**
 * Separated values with a header line: exports of SIEMs and firewalls' web pages, and sensors of one's own.
 *
 *     time,source,source_port,destination,destination_port,protocol,action,note
 *     2026-10-09T10:00:00.000Z,203.0.113.9,50123,198.18.1.10,443,tcp,allow,"rule ""edge"", line 7"
 *
 * The separator (comma, semicolon, tab, pipe) and, without a saved column map, the meaning of the columns come from
 * the header. A map of numbers only (`source: '3'`) is for files without a header; the first column is 1. A line with
 * more or fewer fields than the header is unreadable: where a writer does not quote, a comma in a name moves columns.
 */
import type { Batch } from '../contact.ts';
import { ColumnRow, Spelling } from './column-row.ts';
import { COLUMN_NAMES, COLUMN_OF_NAME, Column, foldName } from './columns.ts';
import type { Envelope } from './envelope.ts';
import { Fields, MAX_FIELDS } from './fields.ts';
import { type Format, Line, type LineReader, type ReaderOptions } from './reader.ts';

/** Separators that are tried, the commonest first. */
export const SEPARATORS = [',', ';', '\t', '|'];
const COMMA = 44;

/** Longest header that is looked at: 256 columns of 64 characters. */
const MAX_HEADER = 16_384;

/** Which column stands where: for each of the file's columns the number of ours, or -1. */
export type Layout = { readonly separator: string; readonly columns: readonly number[] };

/**
 * Reads a header. `saved` is a column map; without it the usual names are looked for. Undefined if no column names a
 * source, a destination or an account.
 */
export function readHeader(header: string, saved?: Readonly<Record<string, string>>): Layout | undefined {
  if (header.length > MAX_HEADER) return undefined;
  const text = header.replace(/^\u00ef\u00bb\u00bf/, '').replace(/^#\s*/, '');
  const bytes = Buffer.from(text, 'latin1');
  const splits = SEPARATORS.map((separator) => ({ separator, names: splitNames(text, bytes, separator) }));
  const best = splits.reduce((most, next) => (next.names.length > most.names.length ? next : most));
  const taken = new Set<number>();
  const columns = best.names.map((name) => {
    const column =
      saved === undefined ? (COLUMN_OF_NAME.get(foldName(name)) ?? -1) : columnSaved(saved, name);
    if (column < 0 || taken.has(column)) return -1;
    taken.add(column);
    return column;
  });
  const named = [Column.source, Column.destination, Column.account].some((column) => taken.has(column));
  return named ? { separator: best.separator, columns } : undefined;
}

function columnSaved(saved: Readonly<Record<string, string>>, name: string): number {
  return COLUMN_NAMES.findIndex((ours) => saved[ours] === name);
}

/** Fields of a header: every line of a file in question is tried as one, with every separator. */
const headerFields = new Fields();

function splitNames(text: string, bytes: Uint8Array, separator: string): string[] {
  const fields = headerFields;
  if (!fields.split(bytes, 0, bytes.length, separator.charCodeAt(0))) return [];
  return Array.from({ length: fields.count }, (_, i) => text.slice(fields.start[i], fields.end[i]).trim());
}

/** The layout of a file without a header, if the map is of column numbers. */
function layoutOfNumbers(saved: Readonly<Record<string, string>> | undefined): Layout | undefined {
  const entries = Object.entries(saved ?? {});
  if (entries.length === 0 || !entries.every(([, place]) => /^[1-9]\d{0,2}$/.test(place))) return undefined;
  const columns: number[] = [];
  for (const [ours, place] of entries) {
    const column = (COLUMN_NAMES as readonly string[]).indexOf(ours);
    if (Number(place) <= MAX_FIELDS) columns[Number(place) - 1] = column;
  }
  return { separator: '', columns: Array.from(columns, (column) => column ?? -1) };
}

class CsvReader implements LineReader {
  readonly #saved: ReaderOptions['columns'];
  readonly #fields = new Fields();
  readonly #row: ColumnRow;
  /** For each of the file's columns ours, or -1. */
  #columns = new Int16Array(0);
  #separator = COMMA;
  /** The number of fields is known from the header. */
  #counted = true;
  #header = '';
  #started = false;

  constructor(options: ReaderOptions) {
    this.#saved = options.columns;
    this.#row = new ColumnRow(options.clock);
    const numbered = layoutOfNumbers(options.columns);
    if (numbered !== undefined) {
      this.#use(numbered);
      this.#counted = false;
      // The separator is that of the first line.
      this.#separator = 0;
    } else if (options.header !== undefined && options.header !== '') {
      this.#begin(options.header);
    }
  }

  get header(): string {
    return this.#header;
  }

  readLine(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line {
    if (!this.#started) {
      this.#begin(latin1(bytes, from, to));
      return this.#columns.length > 0 ? Line.ignored : Line.unreadable;
    }
    if (bytes[from] === 35) return Line.ignored;
    if (this.#separator === 0) this.#separator = commonest(bytes, from, to);
    const fields = this.#fields;
    if (!fields.split(bytes, from, to, this.#separator) || fields.cut) return Line.unreadable;
    const columns = this.#columns;
    if (columns.length === 0) return Line.unreadable;
    if (this.#counted ? fields.count !== columns.length : fields.count < columns.length)
      return Line.unreadable;
    if (this.#counted && this.#isHeader(bytes, from, to)) return Line.ignored;
    const row = this.#row;
    row.clear();
    for (let i = 0; i < columns.length; i++) {
      const column = columns[i]!;
      if (column < 0) continue;
      const quoted = fields.doubled[i] === 1 ? Spelling.quoted : Spelling.plain;
      row.set(column, fields.start[i]!, fields.end[i]!, quoted);
    }
    return row.read(bytes, envelope, batch);
  }

  #begin(header: string): void {
    this.#started = true;
    this.#header = header;
    const layout = readHeader(header, this.#saved);
    if (layout !== undefined) this.#use(layout);
  }

  #use(layout: Layout): void {
    this.#started = true;
    this.#columns = Int16Array.from(layout.columns);
    if (layout.separator !== '') this.#separator = layout.separator.charCodeAt(0);
  }

  /** Files put together have the header again in their middle. */
  #isHeader(bytes: Uint8Array, from: number, to: number): boolean {
    const header = this.#header;
    if (to - from !== header.length) return false;
    for (let i = 0; i < header.length; i++) if (bytes[from + i] !== header.charCodeAt(i)) return false;
    return true;
  }
}

function commonest(bytes: Uint8Array, from: number, to: number): number {
  let best = COMMA;
  let most = 0;
  for (const separator of SEPARATORS) {
    const code = separator.charCodeAt(0);
    let count = 0;
    for (let i = from; i < to; i++) if (bytes[i] === code) count++;
    if (count > most) {
      most = count;
      best = code;
    }
  }
  return best;
}

function latin1(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.subarray(from, Math.min(to, from + MAX_HEADER + 1))).toString('latin1');
}

/** The format `csv` of contracts. */
export const csv: Format = {
  name: 'csv',
  syslog: 'maybe',
  sniff: (text) => {
    const layout = readHeader(text);
    return layout !== undefined && layout.columns.filter((column) => column >= 0).length >= 3 ? 1 : 0;
  },
  reader: (options) => new CsvReader(options),
  doc: {
    of: 'Separated values with a header (comma, semicolon, tab, pipe), by a saved column map or by the usual names',
    contact:
      'Each line that names a source, a destination or an account is a contact; its kind is in the column `kind`, else ' +
      'a request or HTTP status makes it web, a signature an alert, an account without a port a login, bytes or a ' +
      'duration a flow, and a line with none of them is a packet.',
    losses: 'The format has no place for them.',
    seen: "No product's format of its own: lines of the testkit.",
  },
};
