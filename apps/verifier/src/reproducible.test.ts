import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DIST, folderOfTests, verify } from './testing/folder.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;
const folder = folderOfTests();

type Built = { readonly path: string; readonly contents: string };

/** What the build makes of the sources below a folder, contents in base64. */
function builtFrom(root: string): readonly Built[] {
  const program = `import { verifierFiles } from ${JSON.stringify(join(ROOT, 'scripts/verifier-files.mjs'))};
    const files = await verifierFiles('1.2.3', ${JSON.stringify(root)});
    console.log(JSON.stringify(files.map(({ path, contents }) => ({ path, contents: Buffer.from(contents).toString('base64') }))));`;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(out) as readonly Built[];
}

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
    const [here, there] = [builtFrom(ROOT), builtFrom(copy)];
    const bytes = (files: readonly Built[]) =>
      files.map(({ path, contents }) => [
        basename(path),
        createHash('sha256').update(contents, 'base64').digest('hex'),
      ]);
    expect(bytes(there)).toEqual(bytes(here));
    const sums = new Map(bytes(here) as [string, string][]);
    const told = here.find(({ path }) => path.endsWith('SHA256SUMS'))!;
    const expected = ['bellwether-verify.js', 'bellwether-verify.html'].map(
      (name) => `${sums.get(name)}  ${name}\n`,
    );
    expect(Buffer.from(told.contents, 'base64').toString()).toBe(expected.join(''));
  });

  it('tells its own hash, which is the one in the list', () => {
    if (!existsSync(DIST)) throw new Error('the verifier is not built: run `npm run build`');
    const listed = readFileSync(join(DIST, 'SHA256SUMS'), 'utf8').split(' ')[0];
    expect(verify('--version').stdout).toContain(`sha256 ${listed}`);
    expect(readdirSync(DIST)).toContain('bellwether-verify.sbom.json');
  });
});
