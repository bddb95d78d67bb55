/**
 * The built desk: Vite takes seconds, so what the same sources made is kept in .build/desk-built, under their digest.
 * `npm run build` copies it for the hub, and the tests of pages open it where it lies. Called by itself it prints the folder.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../install.mjs';

const KEPT = join(ROOT, '.build/desk-built');

/** How many are kept: that of this branch and of the last ones, which a test may be reading. */
const MOST_KEPT = 4;

/** What the bundle is made of, beside the libraries that the lock file fixes. */
const SOURCES = ['apps/desk', 'packages/api/src', 'packages/basics/src'];

/** Builds the desk of these sources unless that was done. Gives its folder; undefined if Vite failed, and has said why. */
export function buildDesk() {
  const built = join(KEPT, digestOfSources());
  if (existsSync(built)) return built;
  mkdirSync(KEPT, { recursive: true });
  // Under another name first: test files start side by side, and half a desk is none.
  const growing = `${built}.${process.pid}`;
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', 'apps/desk', '--outDir', growing, '--logLevel', 'warn'];
  const { status } = spawnSync(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status !== 0) {
    rmSync(growing, { recursive: true, force: true });
    return undefined;
  }
  try {
    renameSync(growing, built);
  } catch (error) {
    // Another process was first, with the same.
    if (!existsSync(built)) throw error;
    rmSync(growing, { recursive: true, force: true });
  }
  removeOld();
  return built;
}

function digestOfSources() {
  const digest = createHash('sha256');
  for (const path of [...SOURCES.flatMap(filesBelow), 'package-lock.json']) {
    digest.update(`${path}\n`).update(readFileSync(join(ROOT, path)));
  }
  return digest.digest('hex');
}

/** Files of ours below a folder, as paths below the repository, in order. Tests are no part of what is built. */
function filesBelow(folder) {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (['node_modules', 'dist', 'testing'].includes(entry.name) || /\.test\.tsx?$/.test(entry.name))
        return [];
      return entry.isDirectory() ? filesBelow(path) : [path];
    });
}

function removeOld() {
  const age = (name) => statSync(join(KEPT, name)).mtimeMs;
  const whole = readdirSync(KEPT).filter((name) => /^[0-9a-f]{64}$/.test(name));
  for (const name of whole.sort((a, b) => age(b) - age(a)).slice(MOST_KEPT)) {
    rmSync(join(KEPT, name), { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const built = buildDesk();
  if (built === undefined) process.exit(1);
  process.stdout.write(`${built}\n`);
}
