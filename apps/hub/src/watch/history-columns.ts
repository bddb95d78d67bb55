/**
 * What a row of the history of contacts says, and how it gets from a batch into Parquet. Rows travel to DuckDB packed
 * into words, column by column and some thousand at a time; names are put in place of numbers there, by SQL, which
 * costs a tenth of making them here.
 */
import {
  type Batch,
  DISPOSITIONS,
  EventOutcome,
  Flag,
  formatIPv6,
  isContact,
  Kind,
  RULES,
  UNKNOWN_U32,
} from '@bellwether/contacts';
import {
  DOUBLE,
  type DuckDBDataChunk,
  type DuckDBDoubleVector,
  type DuckDBType,
  type DuckDBUIntegerVector,
  UINTEGER,
  VARCHAR,
} from '@duckdb/node-api';

/** What one file of the history is about. */
export type DayAndSensor = {
  /** `2026-10-09`, in UTC; null for lines without a readable time. */
  readonly day: string | null;
  readonly sensor: string;
};

/** Words of a packed row, in the order of the columns that follow `time`. */
const WORDS = [
  'file', // index of the input
  'line', // in its block
  'src',
  'dst',
  'ports', // source port above, destination port below
  'what', // rule, protocol, outcome, kind, from the top byte down
  'answer', // content above, status below
  'bits', // repeat above, flags below
  'acct0',
  'acct1',
  'route',
  'size',
  'millis',
] as const;

/** Types of the columns of a packed row. */
export const PACKED: readonly DuckDBType[] = [DOUBLE, DOUBLE, ...WORDS.map(() => UINTEGER)];

/** The same where addresses are IPv6, which come as text. */
export const PACKED_WIDE: readonly DuckDBType[] = [...PACKED, VARCHAR, VARCHAR];

/** Makes an empty table of packed rows. */
export function tableSql(table: string, wide: boolean): string {
  const words = WORDS.map((word) => `${word} UINTEGER`).join(', ');
  const text = wide ? ', source VARCHAR, destination VARCHAR' : '';
  return `CREATE OR REPLACE TABLE ${table} (time DOUBLE, first_line DOUBLE, ${words}${text})`;
}

/** Rows that are packed and wait to fill a chunk. */
export class PackedRows {
  readonly #time: Float64Array;
  readonly #firstLine: Float64Array;
  readonly #words: readonly Uint32Array[];
  readonly #source: string[] = [];
  readonly #destination: string[] = [];
  readonly #wide: boolean;
  readonly #capacity: number;
  /** Rows that wait. */
  count = 0;

  /** `wide`: of IPv6, else of IPv4. */
  constructor(wide: boolean, capacity: number) {
    this.#wide = wide;
    this.#capacity = capacity;
    this.#time = new Float64Array(capacity);
    this.#firstLine = new Float64Array(capacity);
    this.#words = WORDS.map(() => new Uint32Array(capacity));
  }

  /** Whether there is no room for another row. */
  get full(): boolean {
    return this.count === this.#capacity;
  }

  /**
   * Packs contacts of the family from row `from` on, while there is room; gives the row to go on from. `firstLine`:
   * number, from 1, of the batch's line 0.
   */
  take(batch: Batch, from: number, file: number, firstLine: number): number {
    const [files, line, src, dst, ports, what, answer, bits, acct0, acct1, route, size, millis] = this
      .#words as Uint32Array[];
    let row = from;
    let to = this.count;
    for (; row < batch.count && to < this.#capacity; row++) {
      const flags = batch.flags[row]!;
      if (((flags & Flag.v6) !== 0) !== this.#wide || !isContact(batch, row)) continue;
      this.#time[to] = batch.time[row]!;
      this.#firstLine[to] = firstLine;
      files![to] = file;
      line![to] = batch.line[row]!;
      src![to] = batch.src[row]!;
      dst![to] = batch.dst[row]!;
      ports![to] = (batch.sport[row]! << 16) | batch.dport[row]!;
      what![to] =
        (batch.rule[row]! << 24) |
        (batch.protocol[row]! << 16) |
        (batch.outcome[row]! << 8) |
        batch.kind[row]!;
      answer![to] = (batch.content[row]! << 16) | batch.status[row]!;
      bits![to] = (batch.repeat[row]! << 16) | flags;
      acct0![to] = batch.acct0[row]!;
      acct1![to] = batch.acct1[row]!;
      route![to] = batch.route[row]!;
      size![to] = batch.size[row]!;
      millis![to] = batch.millis[row]!;
      if (this.#wide) {
        this.#source[to] = formatIPv6(batch.wide.subarray(8 * row, 8 * row + 4));
        this.#destination[to] = formatIPv6(batch.wide.subarray(8 * row + 4, 8 * row + 8));
      }
      to++;
    }
    this.count = to;
    return row;
  }

  /** Moves them into a chunk that has as many rows. */
  moveTo(chunk: DuckDBDataChunk): void {
    const { count } = this;
    [this.#time, this.#firstLine].forEach((values, column) => {
      const vector = chunk.getColumnVector(column) as DuckDBDoubleVector;
      for (let i = 0; i < count; i++) vector.setItem(i, values[i]!);
      vector.flush();
    });
    this.#words.forEach((values, word) => {
      const vector = chunk.getColumnVector(2 + word) as DuckDBUIntegerVector;
      for (let i = 0; i < count; i++) vector.setItem(i, values[i]!);
      vector.flush();
    });
    if (this.#wide) {
      chunk.setColumnValues(PACKED.length, this.#source.slice(0, count));
      chunk.setColumnValues(PACKED.length + 1, this.#destination.slice(0, count));
    }
    this.count = 0;
  }
}

/** Text in SQL. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const RULE_CODES = RULES.map(({ code }, i) => [code, i] as const);
const DISPOSITION_OF_RULE = RULES.map(({ disposition }, i) => [DISPOSITIONS[disposition], i] as const);

/** Makes the types of columns with few values, which Parquet then writes as the dictionaries that they are. */
export function typesSql(): string {
  const types: [string, readonly string[]][] = [
    ['kind_name', Object.keys(Kind)],
    ['outcome_name', Object.keys(EventOutcome)],
    ['disposition_name', DISPOSITIONS],
    ['rule_name', RULES.map(({ code }) => code)],
  ];
  return types
    .map(([type, names]) => `CREATE TYPE ${type} AS ENUM (${names.map(quoted).join(', ')});`)
    .join('\n');
}

/** Day of a row in UTC; NULL where its line has no readable time. */
const DAY = `make_date(floor(nullif(time, 'nan'::DOUBLE) / 86400000)::INTEGER)`;

/** Which days and sensors (columns of these names) are in a table of packed rows. */
export function partsSql(table: string): string {
  return `SELECT DISTINCT ${DAY}::VARCHAR AS day, sensor FROM ${table} JOIN inputs ON file = number ORDER BY ALL`;
}

/**
 * The rows of a day and sensor in a table of packed rows as they stand in the history, in their order. Needs the table
 * `inputs` and the types of `typesSql`.
 */
export function historySql(table: string, wide: boolean, { day, sensor }: DayAndSensor): string {
  const source = wide ? 'source' : dotted('src');
  const destination = wide ? 'destination' : dotted('dst');
  const rule = '(what >> 24)';
  return `SELECT
    to_timestamp(nullif(time, 'nan'::DOUBLE) / 1000) AS time,
    path AS file,
    (first_line + line)::BIGINT AS line,
    CASE WHEN (bits & ${Flag.noSource}) = 0 THEN ${source} END AS source,
    CASE WHEN (bits & ${Flag.noDestination}) = 0 THEN ${destination} END AS destination,
    (ports >> 16)::USMALLINT AS source_port,
    (ports & 65535)::USMALLINT AS destination_port,
    ((what >> 16) & 255)::UTINYINT AS protocol,
    ${named('kind_name', Object.entries(Kind), '(what & 255)')} AS kind,
    ${named('outcome_name', Object.entries(EventOutcome), '((what >> 8) & 255)')} AS outcome,
    nullif(answer & 65535, 0)::USMALLINT AS status,
    ${named('disposition_name', DISPOSITION_OF_RULE, rule)} AS disposition,
    ${named('rule_name', RULE_CODES, rule)} AS rule,
    nullif((acct0::UBIGINT << 32) | acct1::UBIGINT, 0) AS account,
    nullif(route, 0) AS route,
    (answer >> 16)::USMALLINT AS content,
    nullif(size, ${UNKNOWN_U32}) AS bytes,
    nullif(millis, ${UNKNOWN_U32}) AS millis,
    ((bits >> 16) + 1)::UINTEGER AS contacts
  FROM ${table} JOIN inputs ON file = number
  WHERE sensor = ${quoted(sensor)} AND ${DAY} IS NOT DISTINCT FROM ${day === null ? 'NULL' : `DATE ${quoted(day)}`}`;
}

function dotted(word: string): string {
  return [24, 16, 8, 0].map((shift) => `((${word} >> ${shift}) & 255)`).join(` || '.' || `);
}

/** The name of a number, by a list of names with the numbers they stand for. */
function named(type: string, names: Iterable<readonly [string, number]>, number: string): string {
  const list: string[] = [];
  for (const [name, code] of names) list[code] = quoted(name);
  return `([${Array.from(list, (name) => name ?? 'NULL').join(', ')}]::${type}[])[${number} + 1]`;
}
