import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesGlob } from './glob.ts';

/** The same as a regular expression: only for patterns of our own making. */
function reference(pattern: string, name: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(name);
}

describe('a pattern of file names', () => {
  it('means the same as its regular expression', () => {
    const some = (letters: string) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 12 });
    fc.assert(
      fc.property(some('ab.*?'), some('ab.'), (pattern, name) => {
        expect(matchesGlob(pattern, name)).toBe(reference(pattern, name));
      }),
      { numRuns: 500 },
    );
  });

  it('takes pattern times name steps where a regular expression would take for ever', () => {
    expect(matchesGlob(`${'*a'.repeat(100)}b`, 'a'.repeat(1_000))).toBe(false);
  });
});
