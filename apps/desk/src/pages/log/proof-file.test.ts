import { expect, test } from 'vitest';
import { entryOf } from './proof-file.ts';

test('the number of an entry is read as people write it', () => {
  expect(entryOf(' 20,852,162 ', '20852163')).toBe('20852162');
  expect(entryOf('007', '8')).toBe('7');
  expect(entryOf('9007199254740993', '9007199254740994')).toBe('9007199254740993');
});

test('what is no published entry is none', () => {
  for (const typed of ['', '8', '-1', '1.5', 'seven', '9'.repeat(20)]) {
    expect(entryOf(typed, '8')).toBeUndefined();
  }
});
