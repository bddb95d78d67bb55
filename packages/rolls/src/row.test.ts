import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDate, spelled } from './field-values.ts';
import { columnsOf, parseMapping } from './mapping.ts';
import { GROUPS, type RollRow } from './rolls-types.ts';
import { canonicalFields, fieldsOfCanonical, mostCanonicalBytes, rowReader } from './row.ts';
import { rowOfTexts } from './row-values.ts';
import { MAPPING_YAML } from './testing/mapping-example.ts';

const mapping = parseMapping(MAPPING_YAML).okOrThrow();
const COLUMNS = columnsOf(mapping);

function valuesOf(given: Readonly<Record<string, string>>): readonly string[] {
  const usual: Record<string, string> = { voter_id: '17', lea_id: '29001', status: 'Active' };
  return COLUMNS.map((column) => given[column] ?? usual[column] ?? '');
}

function readRow(given: Readonly<Record<string, string>>): RollRow {
  const row = rowReader(mapping, COLUMNS).okOrThrow().readRow(valuesOf(given)).okOrThrow();
  if (row === 'not-live') throw new Error('not live');
  return row;
}

describe('rowReader', () => {
  it('reads a row: its number, its office, whether it is protected, each field in its one spelling', () => {
    const row = readRow({
      last_name: ' o\u2019brien  jr ',
      registered_on: '7/30/2017',
      protected: 'y',
      party: 'ind',
    });
    expect(row).toMatchObject({ recordId: '17', office: '29001', isProtected: true });
    expect(row.fields.public).toEqual({
      'address.street': '',
      'name.first': '',
      'name.last': 'O\u2019BRIEN JR',
      registered: '2017-07-30',
    });
    expect(row.fields.administrative).toEqual({ party: 'IND' });
  });

  it('names the columns that are not there, and one that stands twice', () => {
    const missing = rowReader(
      mapping,
      COLUMNS.filter((column) => column !== 'party'),
    );
    expect(missing.isErr() && missing.error).toMatchObject({
      code: 'ROLLS_DUMP_INCOMPLETE',
      detail: 'it has no column party',
    });
    expect(rowReader(mapping, [...COLUMNS, 'party']).isErr()).toBe(true);
  });

  it('leaves out rows whose status is no live one', () => {
    const reader = rowReader(mapping, COLUMNS).okOrThrow();
    expect(reader.readRow(valuesOf({ status: 'cancelled' })).okOrThrow()).toBe('not-live');
    expect(reader.readRow(valuesOf({ status: '' })).okOrThrow()).toBe('not-live');
  });

  it('refuses a row of another width, without a number, of no office, or with a value too long', () => {
    const reader = rowReader(mapping, COLUMNS).okOrThrow();
    const odd = [
      valuesOf({}).slice(1),
      valuesOf({ voter_id: ' ' }),
      valuesOf({ lea_id: 'state' }),
      valuesOf({ lea_id: '../x' }),
    ];
    for (const values of [...odd, valuesOf({ street: 'x'.repeat(4097) })]) {
      const read = reader.readRow(values);
      expect(read.isErr() && read.error.code).toBe('ROLLS_ROW_UNREADABLE');
    }
  });

  it('keeps a date that cannot be read as text, and counts it', () => {
    const reader = rowReader(mapping, COLUMNS).okOrThrow();
    const row = reader.readRow(valuesOf({ registered_on: ' 30.02.17 ' })).okOrThrow() as RollRow;
    expect(row.fields.public.registered).toBe('30.02.17');
    expect(reader.unreadableDates).toBe(1);
  });

  it('writes the same canonical bytes in bulk as from the fields, and they read back', () => {
    const reader = rowReader(mapping, COLUMNS).okOrThrow();
    const value = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'grapheme', maxLength: 40 }));
    const given = fc.record({
      last_name: value,
      first_name: value,
      street: value,
      registered_on: value,
      party: value,
    });
    fc.assert(
      fc.property(given, (columns) => {
        const values = valuesOf(columns);
        const row = reader.readRow(values).okOrThrow() as RollRow;
        for (const group of GROUPS) {
          const plain = mapping.groups[group].map(({ name, column, form }) => {
            return [name, spelled(values[COLUMNS.indexOf(column)]!, form)];
          });
          expect(row.fields[group]).toEqual(Object.fromEntries(plain));
          const out = new Uint8Array(7 + mostCanonicalBytes(mapping, group));
          const end = reader.writeCanonical(rowOfTexts(values), group, out, 7);
          expect(out.slice(7, end)).toEqual(canonicalFields(row.fields, group).slice());
          expect(fieldsOfCanonical(out.slice(7, end))).toEqual(row.fields[group]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('writes canonical bytes as README.md has them', () => {
    const fields = { ...readRow({}).fields, administrative: { party: 'Ü' } };
    expect([...canonicalFields(fields, 'administrative')]).toEqual([
      5, 112, 97, 114, 116, 121, 0, 2, 0xc3, 0x9c,
    ]);
  });
});

describe('spelled', () => {
  it('comes to one spelling, which stays', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        fc.constantFrom('text', 'code', 'digits', 'date'),
        (value, form) => {
          const once = spelled(value, form);
          expect(spelled(once, form)).toBe(once);
          expect(spelled(value.normalize('NFD'), form)).toBe(once);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    '2017-7-30',
    '2017-07-30T00:00:00Z',
    '2017-07-30 12:30',
    '07/30/2017',
    '20170730',
    '7/30/2017 12:00:00 AM',
  ])('reads the date %s', (value) => {
    expect(spelled(value, 'date')).toBe('2017-07-30');
  });

  it('takes no day for a date that the calendar does not have', () => {
    expect(readDate('2016-02-29')).toBe('2016-02-29');
    for (const value of ['2017-02-29', '13/01/2017', '20170732', '2017-00-10']) {
      expect(readDate(value)).toBeUndefined();
      expect(spelled(value, 'date')).toBe(value);
    }
  });

  it('keeps digits only, and makes one space of many', () => {
    expect(spelled('(573) 555-0100', 'digits')).toBe('5735550100');
    expect(spelled('a\u00a0\t\nb\u0007', 'text')).toBe('A B');
  });
});
