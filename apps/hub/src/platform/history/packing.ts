/**
 * How rows of a batch travel to DuckDB: packed into words, column by column and a chunk at a time. Names are put in
 * place of numbers there, by SQL, which costs a tenth of making them here.
 *
 * The hot path of the history. A row is some twenty stores into typed arrays; a chunk is one copy of memory a column.
 */
import { formatIPv6 } from '@bellwether/basics';
import { type Batch, Flag } from '@bellwether/contacts';
import {
  DOUBLE,
  type DuckDBAppender,
  DuckDBDataChunk,
  type DuckDBType,
  FLOAT,
  INTEGER,
  UINTEGER,
  VARCHAR,
} from '@duckdb/node-api';

/** Columns of a packed row in their order, but for the two of text at the end. */
const COLUMNS = [
  { name: 'time', type: DOUBLE },
  { name: 'line', type: DOUBLE },
  // Number of the file or stream.
  { name: 'origin', type: UINTEGER },
  // IPv4: `src` alone; IPv6: four words.
  { name: 'src', type: UINTEGER },
  { name: 'src1', type: UINTEGER },
  { name: 'src2', type: UINTEGER },
  { name: 'src3', type: UINTEGER },
  { name: 'dst', type: UINTEGER },
  // Source port above, destination port below.
  { name: 'ports', type: UINTEGER },
  // Rule, protocol, outcome, kind, from the top byte down.
  { name: 'what', type: UINTEGER },
  // Content above, status below.
  { name: 'answer', type: UINTEGER },
  { name: 'flags', type: UINTEGER },
  { name: 'acct0', type: UINTEGER },
  { name: 'acct1', type: UINTEGER },
  { name: 'route', type: UINTEGER },
  { name: 'size', type: UINTEGER },
  { name: 'millis', type: UINTEGER },
  { name: 'units', type: INTEGER },
  // 0 for what a line tells first; what is entered later for the same line counts up.
  { name: 'entry', type: DOUBLE },
  { name: 'stake', type: FLOAT },
] as const;

/** Name of a column of a packed row. */
export type PackedColumn = (typeof COLUMNS)[number]['name'];

/** Columns of text, NULL for rows of IPv4: IPv6 is spelled here, for SQL has no words for RFC 5952. */
const TEXT = ['source6', 'destination6'] as const;

/** Rows of one chunk: what DuckDB works on at a time, and takes at most. */
const CHUNK_ROWS = 2048;

/** Rows of which the room is kept when they are gone: 6 MB. */
const KEPT_ROWS = 65_536;

type Column = Float64Array | Float32Array | Int32Array | Uint32Array;

type Columns = { readonly [C in PackedColumn]: Column };

/** Makes an empty table of packed rows with the columns that are carried. */
export function packedTableSql(table: string, carried: readonly PackedColumn[]): string {
  const numbers = COLUMNS.filter(({ name }) => carried.includes(name)).map(
    ({ name, type }) => `${name} ${type}`,
  );
  return `CREATE OR REPLACE TABLE ${table} (${[...numbers, ...TEXT.map((name) => `${name} VARCHAR`)].join(', ')})`;
}

/** Addresses of a chunk's rows of IPv6. */
type ChunkText = { readonly source: (string | null)[]; readonly destination: (string | null)[] };

/** Rows that are packed and wait. Only the columns that are carried go to DuckDB. */
export class PackedRows {
  readonly #carried: readonly PackedColumn[];
  #columns: Columns = columnsFor(CHUNK_ROWS);
  #capacity = CHUNK_ROWS;
  /** By chunk, for those that have any. */
  readonly #text = new Map<number, ChunkText>();
  readonly #chunks: Chunks;
  #count = 0;

  constructor(carried: readonly PackedColumn[]) {
    this.#carried = COLUMNS.filter(({ name }) => carried.includes(name)).map(({ name }) => name);
    this.#chunks = new Chunks(COLUMNS.filter(({ name }) => carried.includes(name)).map(({ type }) => type));
  }

  /** Rows that wait. */
  get count(): number {
    return this.#count;
  }

  /** Packs a row, as settled by `rule`. `line`: its number, from 1. */
  put(
    batch: Batch,
    row: number,
    origin: number,
    line: number,
    rule: number,
    units: number,
    entry: number,
    stake: number,
  ): void {
    if (this.#count === this.#capacity) this.#grow();
    const to = this.#count++;
    const columns = this.#columns;
    const flags = batch.flags[row]!;
    columns.time[to] = batch.time[row]!;
    columns.line[to] = line;
    columns.origin[to] = origin;
    columns.dst[to] = batch.dst[row]!;
    columns.ports[to] = (batch.sport[row]! << 16) | batch.dport[row]!;
    columns.what[to] =
      (rule << 24) | (batch.protocol[row]! << 16) | (batch.outcome[row]! << 8) | batch.kind[row]!;
    columns.answer[to] = (batch.content[row]! << 16) | batch.status[row]!;
    columns.flags[to] = flags;
    columns.acct0[to] = batch.acct0[row]!;
    columns.acct1[to] = batch.acct1[row]!;
    columns.route[to] = batch.route[row]!;
    columns.size[to] = batch.size[row]!;
    columns.millis[to] = batch.millis[row]!;
    columns.units[to] = units;
    columns.entry[to] = entry;
    columns.stake[to] = stake;
    if ((flags & Flag.v6) === 0) columns.src[to] = batch.src[row]!;
    else this.#putWide(batch, row, to);
  }

  #putWide({ wide }: Batch, row: number, to: number): void {
    const columns = this.#columns;
    columns.src[to] = wide[8 * row]!;
    columns.src1[to] = wide[8 * row + 1]!;
    columns.src2[to] = wide[8 * row + 2]!;
    columns.src3[to] = wide[8 * row + 3]!;
    const chunk = Math.floor(to / CHUNK_ROWS);
    let text = this.#text.get(chunk);
    if (text === undefined) {
      text = { source: noText(), destination: noText() };
      this.#text.set(chunk, text);
    }
    text.source[to % CHUNK_ROWS] = formatIPv6(wide.subarray(8 * row, 8 * row + 4));
    text.destination[to % CHUNK_ROWS] = formatIPv6(wide.subarray(8 * row + 4, 8 * row + 8));
  }

  #grow(): void {
    this.#capacity *= 2;
    const columns = columnsFor(this.#capacity);
    for (const { name } of COLUMNS) columns[name].set(this.#columns[name]);
    this.#columns = columns;
  }

  /** Hands what waits to an appender of a table made by `packedTableSql`; it waits on until it is forgotten. */
  appendTo(appender: DuckDBAppender): void {
    for (let from = 0; from < this.#count; from += CHUNK_ROWS) {
      const rows = Math.min(CHUNK_ROWS, this.#count - from);
      const columns = this.#carried.map((name) => this.#columns[name].subarray(from, from + rows));
      appender.appendDataChunk(this.#chunks.filled(rows, columns, this.#text.get(from / CHUNK_ROWS)));
    }
  }

  /** Forgets what waits. */
  forget(): void {
    this.#count = 0;
    this.#text.clear();
    if (this.#capacity <= KEPT_ROWS) return;
    this.#capacity = CHUNK_ROWS;
    this.#columns = columnsFor(CHUNK_ROWS);
  }
}

/**
 * Chunks that are used again and again: they are given back only when the garbage is collected, and are large. The first
 * is for full chunks of IPv4; sizes and text change in the second alone.
 */
class Chunks {
  readonly #plain: DuckDBDataChunk;
  readonly #other: DuckDBDataChunk;

  constructor(types: readonly DuckDBType[]) {
    const all = [...types, ...TEXT.map(() => VARCHAR)];
    this.#plain = DuckDBDataChunk.create(all, CHUNK_ROWS);
    TEXT.forEach((_, i) => {
      this.#plain.setColumnValues(types.length + i, noText());
    });
    this.#other = DuckDBDataChunk.create(all);
  }

  filled(rows: number, columns: readonly Column[], text: ChunkText | undefined): DuckDBDataChunk {
    const plain = rows === CHUNK_ROWS && text === undefined;
    const chunk = plain ? this.#plain : this.#other;
    if (!plain) {
      chunk.reset();
      chunk.rowCount = rows;
    }
    columns.forEach((column, i) => {
      copyColumn(chunk, i, column);
    });
    if (!plain) {
      const { source, destination } = text ?? { source: noText(), destination: noText() };
      chunk.setColumnValues(columns.length, source.slice(0, rows));
      chunk.setColumnValues(columns.length + 1, destination.slice(0, rows));
    }
    return chunk;
  }
}

function noText(): (string | null)[] {
  return new Array<string | null>(CHUNK_ROWS).fill(null);
}

function columnsFor(rows: number): Columns {
  return Object.fromEntries(COLUMNS.map(({ name, type }) => [name, columnOf(type, rows)])) as Columns;
}

function columnOf(type: DuckDBType, rows: number): Column {
  if (type === DOUBLE) return new Float64Array(rows);
  if (type === FLOAT) return new Float32Array(rows);
  return type === INTEGER ? new Int32Array(rows) : new Uint32Array(rows);
}

/**
 * Copies a column into a chunk in one go. The library offers setting one value after the other, checked each time, which
 * takes ten times as long; the array it sets them in is there, but not declared.
 */
function copyColumn(chunk: DuckDBDataChunk, index: number, values: Column): void {
  const vector = chunk.getColumnVector(index) as unknown as { readonly items: Column; flush(): void };
  if (vector.items?.constructor !== values.constructor || vector.items.length !== values.length) {
    throw new Error(`column ${index} of a chunk is not kept as an array of ${values.length} values any more`);
  }
  vector.items.set(values);
  vector.flush();
}
