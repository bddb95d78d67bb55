/**
 * What we depend on: every direct dependency is pinned, free to use, and has its line in
 * docs/why/dependencies.md. An office that cannot watch its supply chain has to be able to read ours.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** More than this many libraries at run time nobody could follow. The browser's, which are bundled, are counted apart. */
export const MOST_RUNTIME_DEPENDENCIES = 40;

/** Licences that an office may use and change without asking anybody. */
const FREE_LICENCES = new Set([
  'MIT',
  'MIT-0',
  'MIT OR Apache-2.0',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
]);

/** What may be used to make and test it, and never stands in what we ship. */
const FREE_FOR_DEVELOPMENT = new Set(['MPL-2.0']);

/** Packages whose licence is a text instead of a name, and what it says. Read by a person. */
const READ_BY_A_PERSON: Readonly<Record<string, string>> = {
  // Public domain in the United States, CC0 elsewhere; fonts under the SIL Open Font License, icons under Apache-2.0.
  '@uswds/uswds': 'Apache-2.0',
};

/** A direct dependency of one of our packages. */
export type Dependency = {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  /** Needed to run what we ship, or only to make it. */
  readonly when: 'runtime' | 'development';
};

/** All direct dependencies on the packages of others, each once, by name. */
export function directDependencies(root: string): Dependency[] {
  const found = new Map<string, Dependency>();
  for (const path of packageFiles(root)) {
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    for (const [when, list] of [
      ['development', manifest.devDependencies],
      ['runtime', { ...manifest.dependencies, ...manifest.optionalDependencies }],
    ] as const) {
      for (const [name, version] of Object.entries(list ?? {})) {
        if (!name.startsWith('@bellwether/'))
          found.set(name, { name, version, licence: licenceOf(root, name), when });
      }
    }
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What is wrong with the dependencies, in sentences. `page` is the text of docs/why/dependencies.md. */
export function dependencyFaults(dependencies: readonly Dependency[], page: string): string[] {
  const runtime = dependencies.filter(({ when }) => when === 'runtime');
  const faults = dependencies.flatMap(({ name, version, licence, when }) => [
    ...(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version) ? [] : [`${name} is not pinned exactly: ${version}`]),
    ...(FREE_LICENCES.has(licence) || (when === 'development' && FREE_FOR_DEVELOPMENT.has(licence))
      ? []
      : [`${name} has the licence ${licence}, which nobody has looked at`]),
    ...(page.includes(`| \`${name}\` |`) ? [] : [`${name} has no line in docs/why/dependencies.md`]),
  ]);
  if (runtime.length > MOST_RUNTIME_DEPENDENCIES) {
    faults.push(`${runtime.length} runtime dependencies are more than ${MOST_RUNTIME_DEPENDENCIES}`);
  }
  for (const [, name] of page.matchAll(/^\| `([^`]+)` \|/gm)) {
    if (!dependencies.some((one) => one.name === name))
      faults.push(`${name} has a line, but is no dependency`);
  }
  return faults;
}

/** One line that says what we depend on. */
export function dependencySummary(dependencies: readonly Dependency[]): string {
  const runtime = dependencies.filter(({ when }) => when === 'runtime');
  const licences = [...new Set(dependencies.map(({ licence }) => licence))].sort();
  return (
    `${runtime.length} direct runtime dependencies (at most ${MOST_RUNTIME_DEPENDENCIES}), ` +
    `${dependencies.length - runtime.length} for development; licences: ${licences.join(', ')}`
  );
}

type Manifest = {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
};

function packageFiles(root: string): string[] {
  const below = (folder: string) => readdirSync(join(root, folder)).map((name) => join(root, folder, name));
  return [root, join(root, 'testkit'), ...below('packages'), ...below('apps')]
    .map((folder) => join(folder, 'package.json'))
    .filter((path) => existsSync(path));
}

function licenceOf(root: string, name: string): string {
  const read = READ_BY_A_PERSON[name];
  if (read !== undefined) return read;
  const path = join(root, 'node_modules', name, 'package.json');
  if (!existsSync(path)) return 'unknown (not installed)';
  return (JSON.parse(readFileSync(path, 'utf8')) as { license?: string }).license ?? 'none';
}
