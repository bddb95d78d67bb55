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
import { readDate, spelled, spelledText } from './field-values.ts';
import { columnsOf, type MappedField, type Mapping, type ValueForm } from './mapping.ts';
import { short } from './mapping-yaml.ts';
import { type Group, type RollFields, type RollRow, STATE } from './rolls-types.ts';

/** Longest value as it comes, in UTF-16 units: an address or a note has a tenth. In UTF-8 it fits the u16 of its length. */
export const MAX_VALUE = 4096;

/** Longest record number. */
const MAX_RECORD_ID = 100;

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
  readonly name: string;
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
  readonly #live: ReadonlySet<string>;
  readonly #marks: ReadonlySet<string>;
  #unreadableDates = 0;

  constructor(mapping: Mapping, places: ReadonlyMap<string, number>, columns: number) {
    const at = (column: string): number => places.get(column)!;
    const placed = ({ name, column, form }: MappedField): Placed => {
      const bytes = encodeText(name);
      return { name, head: Uint8Array.of(bytes.length, ...bytes), at: at(column), form };
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
    this.#live = new Set(mapping.status.live.map(spelledText));
    this.#marks = new Set(mapping.protected?.is.map(spelledText) ?? []);
  }

  /** The mapping that rows are read through. */
  get mapping(): Mapping {
    return this.#mapping;
  }

  /** Values spelled so far, by `readRow` or `writeCanonical`, that should be dates and are not: kept as text, and to be told. */
  get unreadableDates(): number {
    return this.#unreadableDates;
  }

  /** Reads a row; `not-live`: its status says that it is no registration. */
  readRow(values: readonly string[]): Result<RollRow | 'not-live', RollsError> {
    const head = this.readHead(values);
    if (head.isErr() || head.value === 'not-live') return head as Result<'not-live', RollsError>;
    const fields: RollFields = {
      public: this.#fieldsOf(values, 'public'),
      identity: this.#fieldsOf(values, 'identity'),
      administrative: this.#fieldsOf(values, 'administrative'),
    };
    return ok({ ...head.value, fields });
  }

  /** Reads what a row is, and checks that it can be read, without its fields: `writeCanonical` may follow. */
  readHead(values: readonly string[]): Result<Omit<RollRow, 'fields'> | 'not-live', RollsError> {
    if (values.length !== this.#columns) {
      return unreadable(`it has ${values.length} values, and there are ${this.#columns} columns`);
    }
    for (const value of values) {
      if (value.length > MAX_VALUE) return unreadable(`a value is longer than ${MAX_VALUE} characters`);
    }
    if (!this.#live.has(spelledText(values[this.#status]!))) return ok('not-live');
    const recordId = values[this.#record]!.normalize('NFC').trim();
    if (recordId === '' || recordId.length > MAX_RECORD_ID) {
      return unreadable(`its record number ("${short(recordId)}") is empty or longer than ${MAX_RECORD_ID}`);
    }
    const office = values[this.#office]!.trim();
    if (!OFFICE.test(office) || office === STATE) {
      return unreadable(`record ${short(recordId)}: "${short(office)}" is no local authority`);
    }
    const isProtected = this.#protected >= 0 && this.#marks.has(spelledText(values[this.#protected]!));
    return ok({ recordId, office, isProtected });
  }

  /**
   * Writes the canonical fields of a group to `out` from `at` on, which has room for them (`mostCanonicalBytes`), and
   * gives where they end. The row was read by `readHead` or `readRow` before.
   */
  writeCanonical(values: readonly string[], group: Group, out: Uint8Array, at: number): number {
    let end = at;
    for (const { head, at: column, form } of this.#groups[group]) {
      end = writeField(head, this.#spell(values[column]!, form), out, end);
    }
    return end;
  }

  #fieldsOf(values: readonly string[], group: Group): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.#groups[group].map(({ name, at, form }) => {
        return [name, this.#spell(values[at]!, form)];
      }),
    );
  }

  #spell(value: string, form: ValueForm): string {
    if (value === '') return '';
    const text = spelled(value, form);
    if (form === 'date' && text !== '' && readDate(text) === undefined) this.#unreadableDates++;
    return text;
  }
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
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for (let at = 0; at < bytes.length; ) {
    const name = at + 1 + bytes[at]!;
    const value = name + 2 + ((bytes[name]! << 8) | bytes[name + 1]!);
    if (!(value <= bytes.length)) throw new RangeError('the fields end within one');
    fields.push([text.decode(bytes.subarray(at + 1, name)), text.decode(bytes.subarray(name + 2, value))]);
    at = value;
  }
  return Object.fromEntries(fields);
}

const utf8 = new TextEncoder();

function writeField(head: Uint8Array, value: string, out: Uint8Array, at: number): number {
  for (let i = 0; i < head.length; i++) out[at + i] = head[i]!;
  const start = at + head.length + 2;
  let end = start;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code > 127) {
      end = start + utf8.encodeInto(value, out.subarray(start)).written;
      break;
    }
    out[end++] = code;
  }
  const length = end - start;
  if (length > 0xffff || end > out.length) throw new RangeError('no room for a value');
  out[start - 2] = length >>> 8;
  out[start - 1] = length;
  return end;
}

function unreadable(detail: string): Result<never, RollsError> {
  return err({ code: 'ROLLS_ROW_UNREADABLE', detail });
}
