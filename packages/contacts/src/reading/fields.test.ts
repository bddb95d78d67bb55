import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascii } from './bytes.ts';
import { Fields, MAX_FIELDS, unquote } from './fields.ts';

const COMMA = 44;
const text = (bytes: Uint8Array) => String.fromCharCode(...bytes);

function split(line: string): { fields: string[]; whole: boolean; cut: boolean } {
  const bytes = ascii(line);
  const fields = new Fields();
  const whole = fields.split(bytes, 0, bytes.length, COMMA);
  const values = Array.from({ length: fields.count }, (_, i) => {
    const out = new Uint8Array(bytes.length);
    const [from, to] = [fields.start[i]!, fields.end[i]!];
    if (fields.doubled[i] === 0) return text(bytes.subarray(from, to));
    return text(out.subarray(0, unquote(bytes, from, to, out)));
  });
  return { fields: values, whole, cut: fields.cut };
}

describe('a line of separated values', () => {
  it('gives back the fields that were written into it', () => {
    const field = fc.string({ unit: fc.constantFrom('a', '"', ',', ' ', '7', ''), maxLength: 12 });
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 40 }), (fields) => {
        const line = fields
          .map((one) => (/[",]/.test(one) ? `"${one.replaceAll('"', '""')}"` : one))
          .join(',');
        expect(split(line)).toEqual({ fields, whole: true, cut: false });
      }),
    );
  });

  it('keeps a quote inside an unquoted field as a letter', () => {
    expect(split('a"b,c').fields).toEqual(['a"b', 'c']);
  });

  it('is refused where a letter follows a closing quote, and cut where no quote closes', () => {
    expect(split('"a"b,c').whole).toBe(false);
    expect(split('a,"b,c')).toEqual({ fields: ['a', 'b,c'], whole: true, cut: true });
  });

  it('is split into a bounded number of fields', () => {
    expect(split(','.repeat(1000)).fields).toHaveLength(MAX_FIELDS);
  });
});
