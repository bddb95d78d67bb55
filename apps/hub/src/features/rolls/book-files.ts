/**
 * A book on disk: a folder of columns, one file each, all in the order of handles, and `book.json` with their sizes and
 * hashes. It is written once and never changed; it has its name when everything in it is on disk.
 *
 *     handles, leaves    32 bytes each                 versions  u32        offices  u16, place in the list of book.json
 *     flags              u8: 1 protected, 2 padding    ids, id-ends  record numbers, and where each ends (u32)
 *     rows, row-ends     kept rows (book-row.ts), and where each ends (f64)
 *
 * Numbers are little-endian, as the processors have them.
 */
import { createHash, type Hash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { FieldNames } from './book-row.ts';

export const BOOK_COLUMNS = [
  'handles',
  'leaves',
  'versions',
  'offices',
  'flags',
  'ids',
  'id-ends',
  'rows',
  'row-ends',
] as const;
export type BookColumn = (typeof BOOK_COLUMNS)[number];

/** Flags of a record. */
export const PROTECTED_FLAG = 1;
export const PADDING_FLAG = 2;

/** Transactions that stand behind what is signed, each with its time (ISO 8601): none counts twice. */
export type UsedTransactions = Readonly<Record<string, string>>;

/** `book.json`. */
export type BookFile = {
  readonly schema: 'bellwether/book@1';
  readonly count: number;
  readonly offices: readonly string[];
  readonly names: FieldNames;
  readonly used: UsedTransactions;
  readonly columns: Readonly<Record<BookColumn, { readonly bytes: number; readonly sha256: string }>>;
};

/** One record of a book. */
export type BookRecord = {
  readonly handle: Uint8Array;
  readonly leaf: Uint8Array;
  readonly version: number;
  readonly office: string;
  readonly flags: number;
  readonly recordId: string;
  readonly row: Uint8Array;
};

/** Records of another book that follow each other in it and are the same in this one: columns as book.ts has them. */
export type BookRun = {
  readonly handles: Uint8Array;
  readonly leaves: Uint8Array;
  readonly versions: Uint32Array;
  readonly flags: Uint8Array;
  /** Places in `officeNames`. */
  readonly offices: Uint16Array;
  readonly officeNames: readonly string[];
  /** Record numbers; where each ends, and where the first begins, in the book that they come from. */
  readonly ids: Uint8Array;
  readonly idEnds: Uint32Array;
  readonly idsStart: number;
  /** The same of kept rows, which come piece by piece. */
  readonly rows: Iterable<Uint8Array>;
  readonly rowEnds: Float64Array;
  readonly rowsStart: number;
};

/** Bytes that are gathered before they are written. */
const BUFFER = 1024 * 1024;

const OWNER_FOLDER = 0o700;
const OWNER_FILE = 0o600;

/** Writes a book; records come in the order of their handles. */
export class BookWriter {
  readonly #folder: string;
  readonly #draft: string;
  readonly #columns: Readonly<Record<BookColumn, ColumnFile>>;
  readonly #offices = new Map<string, number>();
  readonly #number = new DataView(new ArrayBuffer(8));
  #count = 0;
  #idsEnd = 0;
  #rowsEnd = 0;

  constructor(folder: string) {
    this.#folder = folder;
    this.#draft = `${folder}.${process.pid}.new`;
    rmSync(this.#draft, { recursive: true, force: true });
    mkdirSync(this.#draft, { recursive: true, mode: OWNER_FOLDER });
    const files = BOOK_COLUMNS.map((name) => [name, new ColumnFile(join(this.#draft, name))] as const);
    this.#columns = Object.fromEntries(files) as Record<BookColumn, ColumnFile>;
  }

  /** Adds a record; what is handed in is lent. */
  addRecord({ handle, leaf, version, office, flags, recordId, row }: BookRecord): void {
    const columns = this.#columns;
    columns.handles.add(handle);
    columns.leaves.add(leaf);
    this.#addNumber('versions', version, 4);
    this.#addNumber('offices', this.#officeAt(office), 2);
    this.#addNumber('flags', flags, 1);
    const id = Buffer.from(recordId);
    columns.ids.add(id);
    this.#idsEnd += id.length;
    this.#addNumber('id-ends', this.#idsEnd, 4);
    columns.rows.add(row);
    this.#rowsEnd += row.length;
    this.#addNumber('row-ends', this.#rowsEnd, 8);
    this.#count++;
  }

  /** Adds records as another book has them: the same as one by one, and by whole columns. */
  addRun(run: BookRun): void {
    const columns = this.#columns;
    columns.handles.addLong(run.handles);
    columns.leaves.addLong(run.leaves);
    columns.versions.addLong(bytesOf(run.versions));
    columns.flags.addLong(run.flags);
    const places = run.officeNames.map(() => -1);
    const offices = run.offices.map((place) => {
      if (places[place] === -1) places[place] = this.#officeAt(run.officeNames[place]!);
      return places[place]!;
    });
    columns.offices.addLong(bytesOf(offices));
    columns.ids.addLong(run.ids);
    const idsMoved = this.#idsEnd - run.idsStart;
    columns['id-ends'].addLong(bytesOf(run.idEnds.map((end) => end + idsMoved)));
    this.#idsEnd += run.ids.length;
    for (const piece of run.rows) columns.rows.addLong(piece);
    const rowsMoved = this.#rowsEnd - run.rowsStart;
    const rowEnds = run.rowEnds.map((end) => end + rowsMoved);
    columns['row-ends'].addLong(bytesOf(rowEnds));
    this.#rowsEnd = rowEnds.at(-1) ?? this.#rowsEnd;
    this.#count += run.versions.length;
  }

  /** Ends the book: it is on disk, under its name, when this returns. */
  endBook(names: FieldNames, used: UsedTransactions): void {
    const columns = Object.fromEntries(BOOK_COLUMNS.map((name) => [name, this.#columns[name].finish()]));
    const file: BookFile = {
      schema: 'bellwether/book@1',
      count: this.#count,
      offices: [...this.#offices.keys()],
      names,
      used,
      columns: columns as BookFile['columns'],
    };
    writeFileSync(join(this.#draft, 'book.json'), `${JSON.stringify(file)}\n`, {
      mode: OWNER_FILE,
      flush: true,
    });
    syncNames(this.#draft);
    renameSync(this.#draft, this.#folder);
    syncNames(dirname(this.#folder));
  }

  /** Leaves nothing behind. */
  abandon(): void {
    for (const name of BOOK_COLUMNS) this.#columns[name].abandon();
    rmSync(this.#draft, { recursive: true, force: true });
  }

  #addNumber(column: BookColumn, value: number, bytes: 1 | 2 | 4 | 8): void {
    const view = this.#number;
    if (bytes === 1) view.setUint8(0, value);
    else if (bytes === 2) view.setUint16(0, value, true);
    else if (bytes === 4) view.setUint32(0, value, true);
    else view.setFloat64(0, value, true);
    this.#columns[column].add(new Uint8Array(view.buffer, 0, bytes));
  }

  #officeAt(office: string): number {
    const known = this.#offices.get(office);
    if (known !== undefined) return known;
    if (this.#offices.size > 0xffff) throw new RangeError('more than 65,536 offices');
    this.#offices.set(office, this.#offices.size);
    return this.#offices.size - 1;
  }
}

class ColumnFile {
  readonly #buffer = new Uint8Array(BUFFER);
  readonly #hash: Hash = createHash('sha256');
  #fd: number | null;
  #filled = 0;
  #bytes = 0;

  constructor(path: string) {
    this.#fd = openSync(path, 'wx', OWNER_FILE);
  }

  add(bytes: Uint8Array): void {
    if (this.#filled + bytes.length > BUFFER) this.#flush();
    if (bytes.length > BUFFER) throw new RangeError('a record of more than a megabyte');
    this.#buffer.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }

  /** Adds bytes of any length. */
  addLong(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += BUFFER) this.add(bytes.subarray(at, at + BUFFER));
  }

  finish(): BookFile['columns'][BookColumn] {
    this.#flush();
    fsyncSync(this.#fd!);
    this.abandon();
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  abandon(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #flush(): void {
    const filled = this.#buffer.subarray(0, this.#filled);
    writeAll(this.#fd!, filled);
    this.#hash.update(filled);
    this.#bytes += this.#filled;
    this.#filled = 0;
  }
}

function bytesOf(numbers: Uint16Array | Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/** Writes all of some bytes: the system may take fewer at once. */
export function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at, bytes.length - at);
}

/** The names in a folder are on disk when this returns. */
export function syncNames(folder: string): void {
  const fd = openSync(folder, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
