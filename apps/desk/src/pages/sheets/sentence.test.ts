import { expect, test } from 'vitest';
import { SHEET } from '../../testing/canned-rolls.ts';
import { fieldName } from './field-names.ts';
import { sheetSentence } from './sentence.ts';

test('a sheet is told in one sentence', () => {
  expect(sheetSentence(SHEET, true)).toBe(
    'Your office made 43 changes: 20 new, 15 moved, 5 cancelled, 3 names.',
  );
  expect(sheetSentence({ ...SHEET, changes: 1, classes: [{ class: 'name-updated', count: 1 }] }, false)).toBe(
    'Boone County made 1 change: 1 name.',
  );
});

test('a sheet without a change has no empty list', () => {
  expect(sheetSentence({ ...SHEET, changes: 0, classes: [{ class: 'other', count: 0 }] }, true)).toBe(
    'Your office made 0 changes.',
  );
});

test('fields are called as clerks call them, and one of this state alone by its own name', () => {
  expect(fieldName('public.address.zip')).toBe('ZIP code');
  expect(fieldName('identity.born')).toBe('Date of birth');
  expect(fieldName('administrative.school.board')).toBe('school board');
  expect(fieldName('public.constructor')).toBe('constructor');
});
