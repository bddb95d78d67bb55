/**
 * A row of the live database, read through the mapping: record number, office, whether it is protected, and every field in
 * its one spelling; and the canonical bytes of a group of fields, which are committed to.
 *
 *     for each field of the group, by name:  u8 length ‖ name ‖ u16 length ‖ value        UTF-8; empty values too
 *
 * Hot: a state has four million rows of twenty-five values, twice a night.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { encodeText } from '@bellwether/evidence';
import type { RollsError } from './errors.ts';
import { readDate, spelled, spelledText, writePlain } from './field-values.ts';
import { columnsOf, type MappedField, type Mapping, type ValueForm } from './mapping.ts';
import { short } from './mapping-yaml.ts';
import { type Group, type RollFields, type RollRow, STATE } from './rolls-types.ts';
import { LastValue, type RowValues, rowOfTexts, textAt } from './row-values.ts';

/** Longest value as it comes, in UTF-16 units: an address or a note has a tenth. In UTF-8 it fits the u16 of its length. */
export const MAX_VALUE = 4096;

/** Longest record number. */
const MAX_RECORD_ID = 100;

/** How many times longer a value can become by being spelled: a capital takes up to three times its small letter, NFC as much. */
const MOST_GROWTH = 9;

/** lea_id: it stands in entries and names files. */
const OFFICE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

/** Bytes that the canonical fields of a group can take at most: room for `writeCanonical`. */
export function mostCanonicalBytes(mapping: Mapping, group: Group): number {
  // A UTF-16 unit takes three bytes at most, and a capital at most three times what its small letter does.
  return mapping.groups[group].reduce((sum, { name }) => sum + 3 + name.length + 0xffff, 0);
}

/** Reads rows whose columns stand in the order of `columns`. A column that is not there is named. */
export function rowReader(mapping: Mapping, columns: readonly string[]): Result<RowReader, RollsError> {
  const places = new Map(columns.map((column, at) => [column, at]));
  if (places.size < columns.length) {
    const twice = columns.find((column, at) => columns.indexOf(column) !== at)!;
    return err({ code: 'ROLLS_DUMP_INCOMPLETE', detail: `the column ${short(twice)} stands twice` });
  }
  const missing = columnsOf(mapping).filter((column) => !places.has(column));
  if (missing.length > 0) {
    const named = missing.slice(0, 10).map(short).join(', ');
    return err({ code: 'ROLLS_DUMP_INCOMPLETE', detail: `it has no column ${named}` });
  }
  return ok(new RowReader(mapping, places, columns.length));
}

type Placed = {
  readonly head: Uint8Array;
  readonly at: number;
  readonly form: ValueForm;
};

/** Reads rows of one dump, one after the other. */
export class RowReader {
  readonly #mapping: Mapping;
  readonly #columns: number;
  readonly #groups: Readonly<Record<Group, readonly Placed[]>>;
  readonly #record: number;
  readonly #office: number;
  readonly #status: number;
  readonly #protected: number;
  readonly #isLive: LastValue<boolean>;
  readonly #isMarked: LastValue<boolean>;
  readonly #officeNamed: LastValue<string>;
  #unreadableDates = 0;

  constructor(mapping: Mapping, places: ReadonlyMap<string, number>, columns: number) {
    const at = (column: string): number => places.get(column)!;
    const placed = ({ name, column, form }: MappedField): Placed => {
      const bytes = encodeText(name);
      return { head: Uint8Array.of(bytes.length, ...bytes), at: at(column), form };
    };
    this.#mapping = mapping;
    this.#columns = columns;
    this.#groups = {
      public: mapping.groups.public.map(placed),
      identity: mapping.groups.identity.map(placed),
      administrative: mapping.groups.administrative.map(placed),
    };
    this.#record = at(mapping.record);
    this.#office = at(mapping.office);
    this.#status = at(mapping.status.column);
    this.#protected = mapping.protected === null ? -1 : at(mapping.protected.column);
    const live = new Set(mapping.status.live.map(spelledText));
    const marks = new Set(mapping.protected?.is.map(spelledText) ?? []);
    this.#isLive = new LastValue((value) => live.has(spelledText(value)));
    this.#isMarked = new LastValue((value) => marks.has(spelledText(value)));
    this.#officeNamed = new LastValue((value) => value.trim());
  }

  /** The mapping that rows are read through. */
  get mapping(): Mapping {
    return this.#mapping;
  }

  /** Values spelled so far, by `readRow` or `writeCanonical`, that should be dates and are not: kept as text, and to be told. */
  get unreadableDates(): number {
    return this.#unreadableDates;
  }

  /** Reads one row of texts; `not-live`: its status says that it is no registration. */
  readRow(values: readonly string[]): Result<RollRow | 'not-live', RollsError> {
    const row = rowOfTexts(values);
    const head = this.readHead(row);
    if (head.isErr() || head.value === 'not-live') return head as Result<'not-live', RollsError>;
    const read = (group: Group): Readonly<Record<string, string>> => {
      const out = new Uint8Array(this.#mostBytes(row, group));
      return fieldsOfCanonical(out.subarray(0, this.writeCanonical(row, group, out, 0)));
    };
    const fields: RollFields = {
      public: read('public'),
      identity: read('identity'),
      administrative: read('administrative'),
    };
    return ok({ ...head.value, fields });
  }

  /** Reads what a row is, and checks that it can be read, without its fields: `writeCanonical` may follow. */
  readHead(row: RowValues): Result<Omit<RollRow, 'fields'> | 'not-live', RollsError> {
    if (row.count !== this.#columns) {
      return unreadable(`it has ${row.count} values, and there are ${this.#columns} columns`);
    }
    for (let at = 0; at < row.count; at++) {
      // A text has at most as many UTF-16 units as bytes.
      if (row.ends[at]! - row.starts[at]! > MAX_VALUE && textAt(row, at).length > MAX_VALUE)
        return unreadable(`a value is longer than ${MAX_VALUE} characters`);
    }
    if (!this.#isLive.of(row, this.#status)) return ok('not-live');
    const recordId = recordIdIn(row, this.#record);
    if (recordId === '' || recordId.length > MAX_RECORD_ID) {
      return unreadable(`its record number ("${short(recordId)}") is empty or longer than ${MAX_RECORD_ID}`);
    }
    const office = this.#officeNamed.of(row, this.#office);
    if (!OFFICE.test(office) || office === STATE) {
      return unreadable(`record ${short(recordId)}: "${short(office)}" is no local authority`);
    }
    const isProtected = this.#protected >= 0 && this.#isMarked.of(row, this.#protected);
    return ok({ recordId, office, isProtected });
  }

  /**
   * Writes the canonical fields of a group to `out` from `at` on, and gives where they end. The row was read by `readHead`
   * before. Throws a RangeError where there is too little room (`mostCanonicalBytes` is always enough).
   */
  writeCanonical(row: RowValues, group: Group, out: Uint8Array, at: number): number {
    let end = at;
    for (const { head, at: column, form } of this.#groups[group]) {
      for (let i = 0; i < head.length; i++) out[end + i] = head[i]!;
      const start = end + head.length + 2;
      end = writePlain(row.bytes, row.starts[column]!, row.ends[column]!, form, out, start);
      if (end < 0) end = writeText(this.#spell(textAt(row, column), form), out, start);
      putLength(out, start, end);
    }
    return end;
  }

  #spell(value: string, form: ValueForm): string {
    const text = spelled(value, form);
    if (form === 'date' && text !== '' && readDate(text) === undefined) this.#unreadableDates++;
    return text;
  }

  /** Bytes that the fields of a group can take, of this row. */
  #mostBytes({ starts, ends }: RowValues, group: Group): number {
    // Capitals, and characters taken apart and put together again, grow to a few times of what they were.
    return this.#groups[group].reduce(
      (sum, { head, at }) => sum + head.length + 2 + MOST_GROWTH * (ends[at]! - starts[at]!),
      0,
    );
  }
}

/** A record number: nearly always plain, and then as it is. */
function recordIdIn(row: RowValues, column: number): string {
  const { bytes } = row;
  const start = row.starts[column]!;
  const end = row.ends[column]!;
  for (let i = start; i < end; i++) {
    if (bytes[i]! < 33 || bytes[i]! > 126) return textAt(row, column).normalize('NFC').trim();
  }
  return textAt(row, column);
}

/** The canonical bytes of a group of fields that were read before. */
export function canonicalFields(fields: RollFields, group: Group): Uint8Array {
  // In UTF-16 order, as the mapping has them.
  const parts = Object.keys(fields[group])
    .sort()
    .map((name) => {
      const key = encodeText(name);
      const value = fields[group][name]!;
      const out = new Uint8Array(3 + key.length + 3 * value.length);
      return out.subarray(0, writeField(Uint8Array.of(key.length, ...key), value, out, 0));
    });
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Reads the canonical bytes of a group back: what a book keeps. Throws on bytes that are not: they are ours. */
export function fieldsOfCanonical(bytes: Uint8Array): Readonly<Record<string, string>> {
  const fields: [string, string][] = [];
  for (let at = 0; at < bytes.length; ) {
    const name = at + 1 + bytes[at]!;
    const value = name + 2 + ((bytes[name]! << 8) | bytes[name + 1]!);
    if (!(value <= bytes.length)) throw new RangeError('the fields end within one');
    fields.push([
      strict.decode(bytes.subarray(at + 1, name)),
      strict.decode(bytes.subarray(name + 2, value)),
    ]);
    at = value;
  }
  return Object.fromEntries(fields);
}

const utf8 = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function writeField(head: Uint8Array, value: string, out: Uint8Array, at: number): number {
  out.set(head, at);
  const start = at + head.length + 2;
  const end = writeText(value, out, start);
  putLength(out, start, end);
  return end;
}

/** Writes a text; where it ends. */
function writeText(value: string, out: Uint8Array, start: number): number {
  const { read, written } = utf8.encodeInto(value, out.subarray(start));
  if (read < value.length) throw new RangeError('no room for a value');
  return start + written;
}

function putLength(out: Uint8Array, start: number, end: number): void {
  const length = end - start;
  if (length > 0xffff || end > out.length) throw new RangeError('no room for a value');
  out[start - 2] = length >>> 8;
  out[start - 1] = length;
}

function unreadable(detail: string): Result<never, RollsError> {
  return err({ code: 'ROLLS_ROW_UNREADABLE', detail });
}
