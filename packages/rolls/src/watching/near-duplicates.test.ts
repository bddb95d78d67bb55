import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameLikeness } from './name-likeness.ts';
import { type Person, watchDuplicates } from './near-duplicates.ts';

const ANNA: Person = {
  recordId: '1',
  office: '29001',
  last: 'Hollister',
  first: 'Anna',
  suffix: '',
  born: '1970-02-03',
  license: '',
  ssn: '1234',
};

const AGAIN: Person = { ...ANNA, recordId: '2', office: '29003', last: 'Holllister' };

test('likeness is that of the tables', () => {
  expect(nameLikeness('MARTHA', 'MARHTA')).toBeCloseTo(0.9611, 4);
  expect(nameLikeness('DIXON', 'DICKSONX')).toBeCloseTo(0.8133, 4);
  expect(nameLikeness('', 'A')).toBe(0);
});

test('likeness is the same both ways, from 0 to 1, and 1 only of the same', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      const likeness = nameLikeness(a, b);
      expect(likeness).toBeGreaterThanOrEqual(0);
      expect(likeness).toBeLessThanOrEqual(1);
      expect(likeness === 1).toBe(a === b);
    }),
  );
});

test('a new registration with a doubled letter is found, once, though both are in the roll', () => {
  const found = watchDuplicates([AGAIN], [ANNA, AGAIN], '2026-06-10');
  expect(found).toHaveLength(1);
  expect(found[0]).toMatchObject({ kind: 'near-duplicate', office: '29003', records: ['2', '1'] });
});

test('two new registrations of one person are found', () => {
  expect(watchDuplicates([ANNA, AGAIN], [], '2026-06-10')).toHaveLength(1);
});

test('other digits, another birth date or a suffix are another person', () => {
  for (const other of [{ ssn: '9999' }, { born: '1970-02-04' }, { suffix: 'II' }, { first: 'Amelie' }])
    expect(watchDuplicates([{ ...AGAIN, ...other }], [ANNA], '2026-06-10')).toEqual([]);
});

test('without any number in common only the very same name is told', () => {
  expect(watchDuplicates([{ ...AGAIN, ssn: '' }], [ANNA], '2026-06-10')).toEqual([]);
  expect(watchDuplicates([{ ...ANNA, recordId: '3', ssn: '' }], [ANNA], '2026-06-10')).toHaveLength(1);
});

test('a day on which everybody is the same person ends', () => {
  const many = Array.from({ length: 5_000 }, (_, at) => ({ ...ANNA, recordId: String(at) }));
  expect(watchDuplicates(many, many, '2026-06-10').length).toBeLessThanOrEqual(1_000);
});
