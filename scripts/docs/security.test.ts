import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const PAGE = readFileSync(new URL('../../docs/reference/security.md', import.meta.url), 'utf8');

/** Requirements of levels 1 and 2 in chapters V6 to V8 of OWASP ASVS 5.0.0, by section: how many there are, from the first. */
const SECTIONS: Readonly<Record<string, readonly number[]>> = {
  '6.1': [1, 2, 3],
  '6.2': [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  '6.3': [1, 2, 3, 4],
  '6.4': [1, 2, 3, 4],
  '6.5': [1, 2, 3, 4, 5],
  '6.6': [1, 2, 3],
  '6.8': [1, 2, 3, 4],
  '7.1': [1, 2, 3],
  '7.2': [1, 2, 3, 4],
  '7.3': [1, 2],
  '7.4': [1, 2, 3, 4, 5],
  '7.5': [1, 2],
  '7.6': [1, 2],
  '8.1': [1, 2],
  '8.2': [1, 2, 3],
  '8.3': [1],
  '8.4': [1],
};

/** Tests that the page names: file and name of the test. */
const NAMED = [...PAGE.matchAll(/`([\w./-]+\.(?:test\.ts|txt))`: “([^”]+)”/g)].map(
  ([, path, name]) => [path!, name!] as const,
);

function pathOf(path: string): URL {
  const root = /^(?:apps|scenarios|scripts)\//.test(path) ? '' : 'apps/hub/src/';
  return new URL(`../../${root}${path}`, import.meta.url);
}

describe('the page of security', () => {
  it('has every requirement once, in their order', () => {
    const expected = Object.entries(SECTIONS).flatMap(([section, numbers]) =>
      numbers.map((number) => `v5.0.0-${section}.${number}`),
    );
    const told = [...PAGE.matchAll(/^\| `(v5\.0\.0-[\d.]+)` \|/gm)].map(([, number]) => number);

    expect(told).toEqual(expected);
  });

  it('says of each requirement that it is met, by which test, or that it is not, or why it does not apply', () => {
    const lines = PAGE.split('\n').filter((line) => line.startsWith('| `v5.0.0-'));
    const silent = lines.filter((line) => {
      const [, , , state, evidence = ''] = line.split(' | ');
      if (/^(?:met|in part)/.test(state!)) return !/\.(?:test\.ts|txt)`: “/.test(evidence);
      return !/^(?:not met|does not apply)$/.test(state!) || evidence.length < 20;
    });

    expect(silent).toEqual([]);
  });

  it('names many tests, and each of them is there', () => {
    const missing = NAMED.filter(([path, name]) => {
      const file = pathOf(path);
      return !existsSync(file) || !readFileSync(file, 'utf8').includes(`'${name}'`);
    });

    expect(missing).toEqual([]);
    expect(NAMED.length).toBeGreaterThan(60);
  });
});
