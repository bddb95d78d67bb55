/**
 * `npm run check`: types, lint and format, the rules of the house, and what we depend on.
 * Runs every step even when one fails, so that one run shows all there is to mend.
 */
import { installPackages, ROOT, runNode } from './install.mjs';
import { runTypeScript } from './run-typescript.mjs';

/** `biome ci` colours its report everywhere unless it is told. */
const COLOURS = process.stdout.isTTY ? '--colors=force' : '--colors=off';

const STEPS = [
  ['types', () => runNode(['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'])],
  [
    'types of the desk',
    () => runNode(['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'apps/desk/tsconfig.json']),
  ],
  [
    'types of the offline page',
    () => runNode(['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'apps/verifier/tsconfig.json']),
  ],
  [
    'types of the public pages',
    () => runNode(['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'apps/site/tsconfig.json']),
  ],
  [
    'lint and format',
    () => runNode(['node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', COLOURS, '.']),
  ],
  [
    'rules of the house',
    () => runNode(['node_modules/vitest/vitest.mjs', 'run', 'scripts/house', '--reporter=dot']),
  ],
  ['dependencies', () => runTypeScript('scripts/house/print-dependencies.ts')],
];

process.chdir(ROOT);
installPackages();
const failed = [];
for (const [name, step] of STEPS) {
  if ((await step()) !== 0) failed.push(name);
}
process.stdout.write(failed.length === 0 ? 'check: all well\n' : `check: failed in ${failed.join(', ')}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
