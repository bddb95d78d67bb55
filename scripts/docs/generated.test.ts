import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineErrors } from '@bellwether/basics';
import { describe, expect, it } from 'vitest';
import { allSources } from '../house/sources.ts';
import { CATALOGUES } from './catalogues.ts';
import { errorsMarkdown, repeatedCodes } from './errors.ts';
import { GENERATED } from './generated.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

describe('generated documents', () => {
  it.each(GENERATED)('are what `npm run docs` writes: $path', async ({ path, text }) => {
    expect(existsSync(join(ROOT, path)) && readFileSync(join(ROOT, path), 'utf8')).toBe(await text());
  });
});

describe('the catalogues of errors', () => {
  it('are all in the document', () => {
    const rooms = allSources(ROOT)
      .filter(
        ({ path, text }) =>
          /^(?:packages|apps)\/\w+\/src\/(?:[\w-]+\/)*errors\.ts$/.test(path) &&
          text.includes('defineErrors({'),
      )
      .map(({ path }) => path.replace('/src/', '/').replace(/\/errors\.ts$/, ''));

    expect(CATALOGUES.map(({ room }) => room).sort()).toEqual(rooms.sort());
  });

  it('never use one code twice', () => {
    expect(repeatedCodes(CATALOGUES)).toEqual([]);
  });
});

describe('the page of errors', () => {
  const errors = defineErrors({
    FILE_UNREADABLE: { message: 'The file | cannot be read.', status: 422, help: 'Check its permissions.' },
  });

  it('has a section for each room and a row for each error', () => {
    const page = errorsMarkdown([{ room: 'packages/contacts', errors }]);

    expect(page).toContain('## packages/contacts\n');
    expect(page).toContain(
      '| `FILE_UNREADABLE` | 422 | The file \\| cannot be read. | Check its permissions. |\n',
    );
  });

  it('would show a code that two rooms use', () => {
    expect(
      repeatedCodes([
        { room: 'a', errors },
        { room: 'b', errors },
      ]),
    ).toEqual(['FILE_UNREADABLE']);
  });
});
