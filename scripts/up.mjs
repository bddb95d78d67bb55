/**
 * `npm run up`: from a fresh clone to a hub with the sample state, in one command. Installs what is missing, builds, and
 * stays in the foreground with the hub; Ctrl-C stops both. Arguments after `--` go to `bellwether up`.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { installPackages, ROOT, runNode } from './install.mjs';

installPackages();
if (runNode(['scripts/build.mjs']) !== 0) process.exit(1);

const hub = spawn(
  process.execPath,
  [join(ROOT, 'apps/hub/bin/bellwether.js'), 'up', '--sample', ...process.argv.slice(2)],
  // As the unit in deploy/ starts it: more arenas cost a hub under load a tenth of its memory, and gain nothing.
  { stdio: 'inherit', env: { ...process.env, MALLOC_ARENA_MAX: '2' } },
);
// The terminal sends its signals to the hub as well; one that is sent to npm alone is passed on. The hub ends us.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => hub.kill(signal));
hub.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
