import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DIST, folderOfTests, verify } from './testing/folder.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;
const folder = folderOfTests();

type Built = { readonly path: string; readonly contents: Uint8Array };

describe('the build', () => {
  it('gives the same bytes in another folder, and its list has their hashes', async () => {
    const copy = join(folder, 'another', 'place');
    mkdirSync(join(copy, 'node_modules/@bellwether'), { recursive: true });
    for (const room of ['packages/basics', 'packages/evidence', 'packages/rolls', 'apps/verifier']) {
      const skipped = /\/(?:node_modules|dist)$/;
      cpSync(join(ROOT, room), join(copy, room), { recursive: true, filter: (path) => !skipped.test(path) });
      if (room.startsWith('packages/'))
        symlinkSync(join(copy, room), join(copy, 'node_modules/@bellwether', basename(room)));
    }
    cpSync(join(ROOT, 'tsconfig.json'), join(copy, 'tsconfig.json'));
    symlinkSync(join(ROOT, 'node_modules/yaml'), join(copy, 'node_modules/yaml'));
    const address = new URL('../../../scripts/verifier-files.mjs', import.meta.url).href;
    const { verifierFiles } = (await import(address)) as {
      verifierFiles: (version: string, root: string) => Promise<readonly Built[]>;
    };
    const [here, there] = await Promise.all([verifierFiles('1.2.3', ROOT), verifierFiles('1.2.3', copy)]);
    const bytes = (files: readonly Built[]) =>
      files.map(({ path, contents }) => [
        basename(path),
        createHash('sha256').update(contents).digest('hex'),
      ]);
    expect(bytes(there)).toEqual(bytes(here));
    const sums = new Map(bytes(here) as [string, string][]);
    const told = here.find(({ path }) => path.endsWith('SHA256SUMS'))!;
    const expected = ['bellwether-verify.js', 'bellwether-verify.html'].map(
      (name) => `${sums.get(name)}  ${name}\n`,
    );
    expect(Buffer.from(told.contents).toString()).toBe(expected.join(''));
  });

  it('tells its own hash, which is the one in the list', () => {
    if (!existsSync(DIST)) throw new Error('the verifier is not built: run `npm run build`');
    const listed = readFileSync(join(DIST, 'SHA256SUMS'), 'utf8').split(' ')[0];
    expect(verify('--version').stdout).toContain(`sha256 ${listed}`);
    expect(readdirSync(DIST)).toContain('bellwether-verify.sbom.json');
  });
});
