import { describe, expect, it } from 'vitest';
import { forbiddenImports, importsOf } from './imports.ts';
import { ROOMS } from './rooms.ts';
import { allSources } from './sources.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

describe('the import graph', () => {
  const sources = allSources(ROOT);

  it('is read from every room that has sources', () => {
    expect(sources.length).toBeGreaterThan(20);
    expect(sources.flatMap((source) => importsOf(source.text)).length).toBeGreaterThan(sources.length);
  });

  it('keeps the rules of the house', () => {
    expect(sources.flatMap(forbiddenImports)).toEqual([]);
  });

  it('gives no app to another app, and gives packages no app', () => {
    const apps = Object.keys(ROOMS)
      .filter((room) => room.startsWith('apps/'))
      .map((room) => room.slice('apps/'.length));

    for (const room of Object.values(ROOMS))
      expect(room.ours.filter((name) => apps.includes(name))).toEqual([]);
  });
});

describe('a forbidden import', () => {
  it.each([
    ['a library that the package was not given', 'packages/contacts/src/a.ts', "import { z } from 'zod';"],
    [
      'a module of Node in a pure package',
      'packages/basics/src/a.ts',
      "import { readFileSync } from 'node:fs';",
    ],
    [
      'a type from where values may not come',
      'packages/basics/src/a.ts',
      "import type { A } from '@bellwether/contacts';",
    ],
    [
      'a path past the index of a package',
      'apps/hub/src/a.ts',
      "import { a } from '@bellwether/contacts/src/a.ts';",
    ],
    ['more of an app than a door', 'scripts/docs/a.ts', "import { a } from '@bellwether/hub';"],
    [
      'a door that the package does not have',
      'apps/hub/src/a.ts',
      "import { a } from '@bellwether/contacts/judge';",
    ],
    [
      'a relative path into another room',
      'apps/hub/src/a.ts',
      "import { a } from '../../../packages/contacts/src/a.ts';",
    ],
    ['the testkit in the product', 'apps/hub/src/a.ts', "import { a } from '@bellwether/testkit';"],
    [
      'the testkit, not dynamically, in its command',
      'apps/hub/src/commands/testkit.ts',
      "import { a } from '@bellwether/testkit';",
    ],
    ['the detector in the testkit', 'testkit/src/a.ts', "import { a } from '@bellwether/contacts';"],
    ['another app', 'apps/hub/src/a.ts', "export * from '@bellwether/agent';"],
    ['a test library outside tests', 'packages/basics/src/a.ts', "import fc from 'fast-check';"],
    ['a dynamic import of any of these', 'packages/basics/src/a.ts', "const fs = await import('node:fs');"],
    [
      'an import over several lines',
      'packages/basics/src/a.ts',
      "import {\n  readFileSync,\n} from 'node:fs';",
    ],
    ['an import for its effects', 'packages/basics/src/a.ts', "import 'node:fs';"],
    ['a computed import', 'packages/basics/src/a.ts', 'await import(name);'],
    ['a relative import without its ending', 'packages/basics/src/a.ts', "import { a } from './a';"],
    ['a file in no room', 'packages/nowhere/src/a.ts', ''],
  ])('is %s', (_, path, text) => {
    expect(forbiddenImports({ path, text })).toHaveLength(1);
  });

  it.each([
    ['its own files', 'packages/basics/src/a.ts', "import { b } from './b.ts';"],
    [
      'what it was given',
      'packages/contacts/src/a.ts',
      "import { parse } from 'yaml';\nimport { ok } from '@bellwether/basics';",
    ],
    ['Node in a test', 'packages/basics/src/a.test.ts', "import { readFileSync } from 'node:fs';"],
    [
      'the testkit in a test',
      'packages/contacts/src/a.test.ts',
      "import { corpus } from '@bellwether/testkit';",
    ],
    [
      'the testkit where it is loaded dynamically',
      'apps/hub/src/commands/testkit.ts',
      "await import('@bellwether/testkit');",
    ],
    ['words in a comment', 'packages/basics/src/a.ts', "// import 'node:fs'\n/*\nimport 'node:fs';\n*/"],
  ])('is not %s', (_, path, text) => {
    expect(forbiddenImports({ path, text })).toEqual([]);
  });
});
