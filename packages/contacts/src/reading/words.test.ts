import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascii } from './bytes.ts';
import { CEF_KEYS } from './cef-words.ts';
import { FORTINET_KEYS } from './fortinet-words.ts';
import { WordTable, WordValues } from './words.ts';

function find(table: WordTable | WordValues, word: string): number {
  const bytes = ascii(`<${word}>`);
  return table.find(bytes, 1, bytes.length - 1);
}

describe('a table of words', () => {
  it.each([[FORTINET_KEYS], [CEF_KEYS]])('finds each of its words and no other', (words) => {
    const table = new WordTable(words);
    words.forEach((word, index) => {
      expect(find(table, word)).toBe(index);
    });
    const known: readonly string[] = words;
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'srcdportip=UNI'), maxLength: 9 }), (word) => {
        expect(find(table, word)).toBe(known.indexOf(word));
      }),
    );
  });

  it('looks at case unless it is told not to', () => {
    expect(find(new WordTable(['deny']), 'DENY')).toBe(-1);
    expect(find(new WordTable(['deny', 'a b'], true), 'A B')).toBe(1);
    expect(find(new WordValues({ deny: 7 }), 'Deny')).toBe(7);
  });

  it('takes no mark for a letter that differs by the bit of case', () => {
    expect(find(new WordTable(['a`b'], true), 'a@b')).toBe(-1);
    expect(find(new WordTable(['a{'], true), 'a[')).toBe(-1);
  });
});
