import fc from 'fast-check';
import { expect, test } from 'vitest';
import { faultOf, grouped, kindOf } from './typing.ts';

test.each([
  ['1234', '1234'],
  ['12345', '1234 5'],
  ['123456789012', '1234 5678 9012'],
  ['1234-5678-9012', '1234 5678 9012'],
  ['1234–5678–9012', '1234 5678 9012'],
  [' 123 456 789 012 ', '1234 5678 9012'],
  ['12.34.56', '1234 56'],
  ['', ''],
])('%j is shown as %j', (typed, shown) => {
  expect(grouped('phone', { text: typed, cursor: typed.length })).toEqual({
    text: shown,
    cursor: shown.length,
  });
});

test('a printed code is shown in capital letters, in groups of four', () => {
  expect(grouped('printed', { text: '7k2m-v0qx-9', cursor: 11 })).toEqual({
    text: '7K2M V0QX 9',
    cursor: 11,
  });
});

test('what can be no code is left as it was typed', () => {
  expect(grouped('phone', { text: 'k7dx-', cursor: 2 })).toEqual({ text: 'k7dx-', cursor: 2 });
  expect(grouped('printed', { text: 'k7d!x', cursor: 5 })).toEqual({ text: 'k7d!x', cursor: 5 });
});

test('the cursor stays behind its digit when one is put in or taken out in the middle', () => {
  expect(grouped('phone', { text: '12934 5678', cursor: 3 })).toEqual({ text: '1293 4567 8', cursor: 3 });
  expect(grouped('phone', { text: '124 5678', cursor: 2 })).toEqual({ text: '1245 678', cursor: 2 });
});

test('grouping changes no digit, is stable, and keeps as many digits before the cursor', () => {
  const text = fc.string({ unit: fc.constantFrom(...'0123456789 -.'), maxLength: 20 });
  fc.assert(
    fc.property(text, fc.nat(20), (typed, place) => {
      const cursor = Math.min(place, typed.length);
      const digits = (some: string) => some.replace(/\D/g, '');
      const once = grouped('phone', { text: typed, cursor });
      expect(digits(once.text)).toBe(digits(typed));
      expect(grouped('phone', once)).toEqual(once);
      expect(digits(once.text.slice(0, once.cursor))).toBe(digits(typed.slice(0, cursor)));
    }),
  );
});

test('a slip is seen before anybody is asked', () => {
  expect(faultOf('phone', ' - ')).toBe('empty');
  expect(faultOf('phone', '1234 5678 901')).toBe('short');
  expect(faultOf('phone', '1234 5678 9012 3')).toBe('long');
  expect(faultOf('phone', '1234-5678 9012')).toBeUndefined();
  expect(faultOf('printed', '7K2M-V0QX-9DTE-4HBA-R6Z')).toBe('short');
  expect(faultOf('printed', '7K2M-V0QX-9DTE-4HBA-R6ZC')).toBeUndefined();
});

test('a whole code is known for what it is, in whichever field it is put', () => {
  expect(kindOf('7K2M-V0QX-9DTE-4HBA-R6ZC')).toBe('printed');
  expect(kindOf('1234 5678 9012')).toBe('phone');
  expect(kindOf('1234 5678')).toBeUndefined();
});
