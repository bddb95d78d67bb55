import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvRows } from './csv.ts';

const fieldsOf = (text: string) => csvRows(text, 100).rows.map(({ fields }) => fields);

describe('rows of CSV', () => {
  it.each<[string, readonly (readonly string[])[]]>([
    ['', []],
    [
      'a,b\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'a,b\r\nc,d\r\n',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['\uFEFFa\n', [['a']]],
    ['a\n\nb', [['a'], [''], ['b']]],
    ['a,\n', [['a', '']]],
    ['"a,b",""\n', [['a,b', '']]],
    ['"a ""b"" c"', [['a "b" c']]],
    ['"one\r\ntwo",x', [['one\r\ntwo', 'x']]],
    ['5" pipe,"x"y', [['5" pipe', 'xy']]],
    ['a\rb', [['a\rb']]],
  ])('%j', (text, rows) => {
    expect(fieldsOf(text)).toEqual(rows);
  });

  it('know the line on which they begin', () => {
    expect(csvRows('a\n"b\n\nc"\nd', 100).rows.map(({ line }) => line)).toEqual([1, 2, 5]);
  });

  it('end with a quote that is never closed, and say where', () => {
    expect(csvRows('a\nb,"c\nd\n', 100)).toEqual({
      rows: [{ line: 1, fields: ['a'] }],
      openedAt: 2,
      isCut: false,
    });
  });

  it('are no more than asked for, and it is told if there were', () => {
    expect(csvRows('a\nb\nc\n', 2)).toMatchObject({ rows: [{ line: 1 }, { line: 2 }], isCut: true });
    expect(csvRows('a\nb\n', 2).isCut).toBe(false);
    expect(csvRows('a\nb', 2).isCut).toBe(false);
  });

  it('are read back as they were written, whatever the fields hold', () => {
    const rows = fc.array(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(rows, fc.constantFrom('\n', '\r\n'), (written, end) => {
        const text = written
          .map((fields) => fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',') + end)
          .join('');
        expect(fieldsOf(text)).toEqual(written);
      }),
    );
  });

  it('come of any text, and hold each of its characters that is no quote, comma or end of line', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', 'é') }), (text) => {
        const { rows, openedAt } = csvRows(text, 10_000);
        const letters = rows
          .flatMap(({ fields }) => fields)
          .join('')
          .replace(/[^aé]/gu, '');
        const all = text.replace(/[^aé]/gu, '');
        if (openedAt === undefined) expect(letters).toBe(all);
        else expect(all.startsWith(letters)).toBe(true);
      }),
    );
  });
});
