import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../..', import.meta.url).pathname;

/** Documents that lead readers through the sources by the names of files. */
const GUIDES = ['ARCHITECTURE.md', 'packages/contacts/README.md', 'apps/hub/README.md'];

const sources = ['packages', 'apps', 'testkit', 'scripts', 'bench'].flatMap((room) =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))
    .map((path) => `/${room}/${path}`),
);

/** File names in code marks; `NAME.ts` stands for any. */
function named(markdown: string): string[] {
  const names = [...markdown.matchAll(/`([a-z][\w./-]*\.ts)`/g)].map(([, name]) => name as string);
  return [...new Set(names)];
}

describe.each(GUIDES)('%s', (guide) => {
  const names = named(readFileSync(join(ROOT, guide), 'utf8'));

  it('names only sources that are there', () => {
    expect(names.length).toBeGreaterThan(3);
    expect(names.filter((name) => !sources.some((path) => path.endsWith(`/${name}`)))).toEqual([]);
  });
});
