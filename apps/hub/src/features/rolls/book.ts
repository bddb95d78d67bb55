/** The book of a generation, opened: columns in memory, rows on disk. It was checked when it was opened, and never changes. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { HANDLE_SIZE, type RollFields } from '@bellwether/rolls';
import { BOOK_COLUMNS, type BookColumn, type BookFile, type BookRun, PADDING_FLAG } from './book-files.ts';
import { RecordIndex } from './book-index.ts';
import { RowSpeller } from './book-row.ts';
import { type RollError, rollRefused } from './errors.ts';
import { type RollPaths, readJson } from './roll-files.ts';
import type { KnownRecords } from './roll-ports.ts';

/** Bytes that are read at a time. */
const PIECE = 8 * 1024 * 1024;

/** Bytes of one value of a column; columns that are not here hold values of any length. */
const WIDTHS: Readonly<Partial<Record<BookColumn, number>>> = {
  handles: HANDLE_SIZE,
  leaves: HANDLE_SIZE,
  versions: 4,
  offices: 2,
  flags: 1,
  'id-ends': 4,
  'row-ends': 8,
};

/** What is in memory. */
type Columns = Readonly<Record<Exclude<BookColumn, 'rows'>, Uint8Array<ArrayBuffer>>>;

/** Opens the book of a generation. Every column is hashed: a byte that was changed since is noticed. */
export async function openBook({ books }: RollPaths, generation: string): Promise<Result<Book, RollError>> {
  const folder = join(books, generation);
  const path = join(folder, 'book.json');
  let file: BookFile | null;
  try {
    file = await readJson<BookFile>(path, 'bellwether/book@1');
  } catch (error) {
    return rollRefused('ROLL_DAMAGED', (error as Error).message);
  }
  if (file === null) return rollRefused('ROLL_DAMAGED', `${path} is missing`);
  const columns: Partial<Record<BookColumn, Uint8Array<ArrayBuffer>>> = {};
  for (const name of BOOK_COLUMNS) {
    const { bytes, sha256 } = file.columns[name];
    const width = WIDTHS[name];
    const column = join(folder, name);
    if (width !== undefined && bytes !== width * file.count) {
      return rollRefused(
        'ROLL_DAMAGED',
        `${column} is told to have ${bytes} bytes for ${file.count} records`,
      );
    }
    const read = readColumn(column, bytes, name !== 'rows');
    if (read === null) return rollRefused('ROLL_DAMAGED', `${column} is missing or cut off`);
    if (read.sha256 !== sha256) {
      return rollRefused('ROLL_DAMAGED', `${column} is not as it was written`);
    }
    columns[name] = read.bytes;
  }
  return ok(new Book(folder, file, columns as Columns));
}

/** A book. Records have ordinals, in the order of their handles. */
export class Book implements KnownRecords {
  readonly folder: string;
  readonly file: BookFile;
  readonly versions: Uint32Array;
  readonly flags: Uint8Array;
  readonly index: RecordIndex;
  readonly speller: RowSpeller;
  readonly #rows: number;
  readonly #rowEnds: Float64Array;
  readonly #offices: Uint16Array;
  #handles: Uint8Array;
  #leaves: Uint8Array;

  /** Made by `openBook`. */
  constructor(folder: string, file: BookFile, columns: Columns) {
    this.folder = folder;
    this.file = file;
    this.#handles = columns.handles;
    this.#leaves = columns.leaves;
    this.versions = new Uint32Array(columns.versions.buffer, 0, file.count);
    this.flags = columns.flags;
    this.#offices = new Uint16Array(columns.offices.buffer, 0, file.count);
    this.#rowEnds = new Float64Array(columns['row-ends'].buffer, 0, file.count);
    this.index = RecordIndex.ofBytes(columns.ids, new Uint32Array(columns['id-ends'].buffer, 0, file.count));
    this.speller = new RowSpeller(file.names);
    this.#rows = openSync(join(folder, 'rows'), 'r');
  }

  /** Records, with padding. */
  get count(): number {
    return this.file.count;
  }

  /** All handles, one behind the other; not to be written to. */
  get handles(): Uint8Array {
    return this.#handles;
  }

  /** All leaves, in the order of the handles; not to be written to. */
  get leaves(): Uint8Array {
    return this.#leaves;
  }

  /** Forgets handles and leaves, where a tree holds them: `handleOf` and `padding` find nothing then. */
  dropColumns(): void {
    this.#handles = new Uint8Array(0);
    this.#leaves = new Uint8Array(0);
  }

  handleOf(recordId: string): Uint8Array | undefined {
    const ordinal = this.index.find(recordId);
    return ordinal < 0 || this.isPadding(ordinal) ? undefined : this.#handleAt(ordinal);
  }

  get padding(): readonly Uint8Array[] {
    const found: Uint8Array[] = [];
    for (let ordinal = 0; ordinal < this.count; ordinal++) {
      if (this.isPadding(ordinal)) found.push(this.#handleAt(ordinal));
    }
    return found;
  }

  /** Whether a record stands for nobody. */
  isPadding(ordinal: number): boolean {
    return (this.flags[ordinal]! & PADDING_FLAG) !== 0;
  }

  /** lea_id. */
  officeAt(ordinal: number): string {
    return this.file.offices[this.#offices[ordinal]!]!;
  }

  /** The kept row of a record (book-row.ts), from disk; empty for padding. */
  rowAt(ordinal: number): Uint8Array {
    const start = ordinal === 0 ? 0 : this.#rowEnds[ordinal - 1]!;
    const row = new Uint8Array(this.#rowEnds[ordinal]! - start);
    if (!readAll(this.#rows, row, start)) throw new Error(`${this.folder} became shorter while it was read`);
    return row;
  }

  /** The fields of a record; null for padding. */
  fieldsAt(ordinal: number): RollFields | null {
    return this.isPadding(ordinal) ? null : this.speller.fieldsOf(this.rowAt(ordinal));
  }

  /** The records [from, to) as they are, for the next book; `to` is above `from`. */
  runOf(from: number, to: number): BookRun {
    const { bytes, ends } = this.index.columns;
    const idsStart = from === 0 ? 0 : ends[from - 1]!;
    const rowsStart = from === 0 ? 0 : this.#rowEnds[from - 1]!;
    return {
      handles: this.#handles.subarray(from * HANDLE_SIZE, to * HANDLE_SIZE),
      leaves: this.#leaves.subarray(from * HANDLE_SIZE, to * HANDLE_SIZE),
      versions: this.versions.subarray(from, to),
      flags: this.flags.subarray(from, to),
      offices: this.#offices.subarray(from, to),
      officeNames: this.file.offices,
      ids: bytes.subarray(idsStart, ends[to - 1]!),
      idEnds: ends.subarray(from, to),
      idsStart,
      rows: this.#rowPieces(rowsStart, this.#rowEnds[to - 1]!),
      rowEnds: this.#rowEnds.subarray(from, to),
      rowsStart,
    };
  }

  *#rowPieces(start: number, end: number): Generator<Uint8Array> {
    const room = new Uint8Array(Math.min(PIECE, end - start));
    for (let at = start; at < end; at += room.length) {
      const piece = room.subarray(0, Math.min(room.length, end - at));
      if (!readAll(this.#rows, piece, at)) throw new Error(`${this.folder} became shorter while it was read`);
      yield piece;
    }
  }

  close(): void {
    closeSync(this.#rows);
  }

  #handleAt(ordinal: number): Uint8Array {
    return this.#handles.slice(ordinal * HANDLE_SIZE, (ordinal + 1) * HANDLE_SIZE);
  }
}

function readColumn(
  path: string,
  bytes: number,
  isKept: boolean,
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly sha256: string } | null {
  let fd: number;
  try {
    fd = openSync(path, 'r');
  } catch {
    return null;
  }
  try {
    const hash = createHash('sha256');
    const room = new Uint8Array(isKept ? bytes : Math.min(PIECE, bytes));
    for (let at = 0; at < bytes; at += PIECE) {
      const from = isKept ? at : 0;
      const piece = room.subarray(from, from + Math.min(PIECE, bytes - at));
      if (!readAll(fd, piece, at)) return null;
      hash.update(piece);
    }
    const isLonger = readSync(fd, new Uint8Array(1), 0, 1, bytes) > 0;
    return isLonger ? null : { bytes: room, sha256: hash.digest('hex') };
  } finally {
    closeSync(fd);
  }
}

function readAll(fd: number, bytes: Uint8Array, position: number): boolean {
  for (let at = 0; at < bytes.length; ) {
    const read = readSync(fd, bytes, at, bytes.length - at, position + at);
    if (read === 0) return false;
    at += read;
  }
  return true;
}
