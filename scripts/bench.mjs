/**
 * `npm run bench [-- NAME...] [-- --full]`: runs the benches, bench/*.bench.ts, one after the other, never
 * two at once. A NAME runs only the benches whose file name has it; options are handed on to each bench.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages, ROOT, runNode } from './install.mjs';
import { BENCH_NEEDS, installMissing } from './machine.mjs';
import { runTypeScript } from './run-typescript.mjs';

const args = process.argv.slice(2);
const options = args.filter((arg) => arg.startsWith('--'));
const names = args.filter((arg) => !arg.startsWith('--'));

installPackages();
if (!installMissing(BENCH_NEEDS)) process.exit(1);
if (runNode(['scripts/build.mjs']) !== 0) process.exit(1);
const benches = readdirSync(join(ROOT, 'bench'))
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => names.length === 0 || names.some((name) => file.includes(name)));
if (benches.length === 0) {
  process.stderr.write(`no bench is called ${names.join(' or ')}\n`);
  process.exit(2);
}
for (const bench of benches) {
  process.stdout.write(`\n# ${bench}\n`);
  const status = await runTypeScript(`bench/${bench}`, options);
  if (status !== 0) process.exitCode = status;
}
