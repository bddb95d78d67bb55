/**
 * A file that was made of the roll — a poll book, a public list — against the last sealed state, row for row. Reads the book and the file,
 * needs no lock, and leaves behind what it found: `extracts/ID.json`, which the holder of the roll takes up.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import {
  type ExtractEntry,
  type MappedField,
  type Mapping,
  parseMapping,
  type RollsError,
  type RowValues,
  spelled,
  textAt,
} from '@bellwether/rolls';
import { type Book, openBook } from './book.ts';
import { type RollError, rollRefused } from './errors.ts';
import { incompleteDump } from './live/live-types.ts';
import { readLive } from './live/read-live.ts';
import { namesIn, type RollPaths, readJson, writeJson } from './roll-files.ts';
import type { RollHead } from './rolls-files.ts';
import { isOpenable } from './second-hand.ts';

/** What is asked. `place`: LEA, or LEA/PRECINCT. `because`: why it is sealed although it differs; null: it is not, then. */
export type ExtractAsked = {
  readonly kind: ExtractEntry['kind'];
  readonly place: string;
  readonly file: string;
  readonly because: string | null;
};

/** One difference, for those entitled. */
export type ExtractDifference = {
  readonly recordId: string;
  readonly kind: 'missing' | 'different' | 'extra' | 'twice';
  /** Names of the public fields that differ. */
  readonly fields: readonly string[];
};

/** `extracts/ID.json`. */
export type ExtractReading = {
  readonly schema: 'bellwether/extract-reading@1';
  readonly id: string;
  readonly kind: ExtractEntry['kind'];
  readonly place: string;
  /** Night whose book it was compared with. */
  readonly epoch: number;
  readonly generation: string;
  /** ISO 8601. */
  readonly at: string;
  /** Rows of the file, and registrations of that place in the state; protected voters are left out of both. */
  readonly read: number;
  readonly records: number;
  readonly leftOut: number;
  /** Names of the public fields that the file has. */
  readonly fields: readonly string[];
  readonly differences: readonly ExtractDifference[];
  readonly because: string | null;
  readonly state: 'open' | 'differs' | 'sealed';
  /** Index of the entry, decimal, once it is sealed. */
  readonly index: string | null;
};

/** LEA, or LEA/PRECINCT: they stand in entries and in names. */
const PLACE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}(?:\/[^\s/\0-\x1f\x7f]{1,60})?$/;

/** Longest reason. */
const MOST_REASON = 500;

/** Compares, and leaves the reading behind. */
export async function readExtract(
  paths: RollPaths,
  asked: ExtractAsked,
  now: number,
): Promise<Result<ExtractReading, RollError | RollsError>> {
  if (!PLACE.test(asked.place) || (asked.because?.length ?? 0) > MOST_REASON)
    return rollRefused('ROLL_INPUT_WRONG', `the place ${asked.place.slice(0, 80)}, or the reason`);
  const head = await readJson<RollHead>(paths.head, 'bellwether/roll@1');
  if (head === null) return rollRefused('ROLL_ABSENT', `${paths.head} is not there`);
  if (head.epoch === 0) return rollRefused('ROLL_INPUT_WRONG', 'no night is sealed yet');
  const mapping = parseMapping(await readFile(paths.mapping, 'utf8'));
  if (mapping.isErr()) return mapping;
  const opened = await openBook(paths, head.generation);
  if (opened.isErr()) return opened;
  const book = opened.value;
  try {
    const comparing = new Comparing(book, mapping.value, asked.place);
    const read = await readLive({ ...mapping.value, source: CSV }, asked.file, comparing);
    if (read.isErr()) return read;
    const { differences, leftOut, records } = comparing.end();
    const reading: ExtractReading = {
      schema: 'bellwether/extract-reading@1',
      id: randomBytes(8).toString('hex'),
      kind: asked.kind,
      place: asked.place,
      epoch: head.epoch,
      generation: head.generation,
      at: new Date(now).toISOString(),
      read: comparing.read,
      records,
      leftOut,
      fields: comparing.fields,
      differences,
      because: asked.because,
      state: differences.length === 0 || asked.because !== null ? 'open' : 'differs',
      index: null,
    };
    await writeJson(join(paths.extracts, `${reading.id}.json`), reading);
    return ok(reading);
  } finally {
    book.close();
  }
}

/** All readings, oldest first. */
export async function extractReadings(paths: RollPaths): Promise<readonly ExtractReading[]> {
  const all: ExtractReading[] = [];
  for (const name of await namesIn(paths.extracts)) {
    const reading = await readJson<ExtractReading>(
      join(paths.extracts, name),
      'bellwether/extract-reading@1',
    );
    if (reading !== null) all.push(reading);
  }
  return all.sort((a, b) => (a.at < b.at ? -1 : 1));
}

/** Ordinals of the registrations of a place that may stand in a file, ascending. */
export function* recordsOfPlace(book: Book, place: string): Generator<number> {
  const [office, precinct] = place.split('/') as [string, string?];
  for (let ordinal = 0; ordinal < book.count; ordinal++) {
    if (book.isPadding(ordinal) || book.officeAt(ordinal) !== office || !isOpenable(book, ordinal)) continue;
    if (precinct === undefined || book.fieldsAt(ordinal)!.public.precinct === spelled(precinct, 'text'))
      yield ordinal;
  }
}

/** Files of vendors are CSV, whatever the live database is read from. */
const CSV = { kind: 'csv', encoding: 'utf-8', delimiter: ',' } as const;

type Column = MappedField & { readonly at: number };

class Comparing {
  readonly #book: Book;
  readonly #mapping: Mapping;
  readonly #expected: Set<number>;
  readonly #seen = new Set<string>();
  readonly #differences: ExtractDifference[] = [];
  readonly records: number;
  #record = -1;
  #columns: readonly Column[] = [];
  #leftOut = 0;
  read = 0;

  constructor(book: Book, mapping: Mapping, place: string) {
    this.#book = book;
    this.#mapping = mapping;
    this.#expected = new Set(recordsOfPlace(book, place));
    this.records = this.#expected.size;
  }

  get fields(): readonly string[] {
    return this.#columns.map(({ name }) => name);
  }

  takeColumns(names: readonly string[]): Result<void, RollsError> {
    const { record, groups } = this.#mapping;
    this.#record = names.indexOf(record);
    this.#columns = groups.public.flatMap((field) => {
      const at = names.indexOf(field.column);
      return at < 0 ? [] : [{ ...field, at }];
    });
    if (this.#record < 0) return err(incompleteDump(`it has no column ${record}`));
    return this.#columns.length === 0 ? err(incompleteDump('it has none of the public columns')) : ok();
  }

  takeRow(values: RowValues): Result<void, RollsError> {
    this.read++;
    const recordId = spelled(textAt(values, this.#record), 'text');
    const ordinal = this.#book.index.find(recordId);
    if (ordinal >= 0 && !this.#book.isPadding(ordinal) && !isOpenable(this.#book, ordinal)) this.#leftOut++;
    else if (this.#seen.has(recordId)) this.#differences.push({ recordId, kind: 'twice', fields: [] });
    else if (!this.#expected.delete(ordinal)) this.#differences.push({ recordId, kind: 'extra', fields: [] });
    else this.#compare(recordId, ordinal, values);
    this.#seen.add(recordId);
    return ok();
  }

  end(): { differences: readonly ExtractDifference[]; leftOut: number; records: number } {
    for (const ordinal of this.#expected)
      this.#differences.push({ recordId: this.#book.index.recordAt(ordinal), kind: 'missing', fields: [] });
    const differences = this.#differences.sort((a, b) => (a.recordId < b.recordId ? -1 : 1));
    return { differences, leftOut: this.#leftOut, records: this.records };
  }

  #compare(recordId: string, ordinal: number, values: RowValues): void {
    const { public: known } = this.#book.fieldsAt(ordinal)!;
    const fields = this.#columns
      .filter(({ name, form, at }) => spelled(textAt(values, at), form) !== known[name])
      .map(({ name }) => name);
    if (fields.length > 0) this.#differences.push({ recordId, kind: 'different', fields });
  }
}
