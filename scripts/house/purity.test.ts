import { describe, expect, it } from 'vitest';
import { impurities } from './purity.ts';
import { allSources } from './sources.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

describe('packages', () => {
  it('use no clock, no chance, no process and no network of their own', () => {
    expect(allSources(ROOT).flatMap(impurities)).toEqual([]);
  });
});

describe('an impure package', () => {
  it.each([
    ['asks for the time', 'const now = Date.now();'],
    ['makes a date of now', 'const now = new Date();'],
    ['throws dice', 'const id = Math.random();'],
    ['reads the environment', 'const zone = process.env.TZ;'],
    ['waits', 'setTimeout(() => {}, 10);'],
    ['prints', "console.log('hello');"],
  ])('%s', (_, text) => {
    expect(impurities({ path: 'packages/contacts/src/a.ts', text })).toHaveLength(1);
  });

  it('is not one that makes a date of a given time, or only speaks of the clock', () => {
    const text = "// Date.now() is for apps\nconst day = new Date(0);\nconst word = 'Math.random()';";

    expect(impurities({ path: 'packages/contacts/src/a.ts', text })).toEqual([]);
  });
});
