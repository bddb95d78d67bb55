import { expect, test } from 'vitest';
import { placeName, placesOf } from './places.ts';

const OFFICES = new Map([
  ['29095', 'Jackson County'],
  ['29019', 'Boone County'],
]);

test('the state comes first, offices by name', () => {
  expect(placesOf('all', OFFICES).map(({ place }) => place)).toEqual(['state', '29019', '29095']);
  expect(placesOf(['29095', '29019'], OFFICES).map(({ name }) => name)).toEqual([
    'Boone County',
    'Jackson County',
  ]);
});

test('an office that nobody knows keeps its number', () => {
  expect(placeName('29999', OFFICES)).toBe('Office 29999');
});
