/**
 * Which PostgreSQL runs: that of the system, or the one that npm brought along. A cluster that exists can only be run
 * by the major version that made it; a new one is made by the system's, which gets its security updates, if there is
 * one of 15 or newer.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { embeddedPostgres } from './embedded.ts';
import { type PostgresError, postgresError } from './errors.ts';

/** Programs of one PostgreSQL. */
export type Binaries = {
  readonly kind: 'system' | 'embedded';
  /** Folder of `postgres` and `initdb`. */
  readonly bin: string;
  /** As it tells itself: `15.14`. */
  readonly version: string;
  readonly major: number;
};

/** Oldest major version that the hub's SQL is tested with, and that the community still maintains in 2026. */
export const OLDEST_MAJOR = 15;

/** Where Debian and Ubuntu, and Red Hat's kin, keep the majors side by side. */
const SYSTEM_FOLDERS = [
  { above: '/usr/lib/postgresql', within: 'bin' },
  { above: '/usr', named: /^pgsql-\d+$/, within: 'bin' },
] as const;

/** How long a program may take to tell its version: a loaded machine with a cold disk. */
const VERSION_LIMIT_MS = 30_000;

/** What is wanted: the major of a cluster that exists, one kind only, and where copies may be put. */
export type Wanted = {
  readonly major: number | undefined;
  readonly kind: Binaries['kind'] | undefined;
  /** Folder for the embedded binaries; they are copied there, ready to run. */
  readonly copies: string;
};

/** The programs that fit best. */
export function findBinaries({ major, kind, copies }: Wanted): Result<Binaries, PostgresError> {
  const fits = (found: Binaries): boolean =>
    major === undefined ? found.major >= OLDEST_MAJOR : found.major === major;
  if (kind !== 'embedded') {
    const found = systemBinaries()
      .filter(fits)
      .sort((a, b) => b.major - a.major)[0];
    if (found !== undefined) return ok(found);
  }
  if (kind !== 'system') {
    const bin = embeddedPostgres(copies, major);
    const found = bin === undefined ? undefined : binariesIn(bin, 'embedded');
    if (found !== undefined && fits(found)) return ok(found);
  }
  const reason =
    major === undefined
      ? `there is no PostgreSQL ${OLDEST_MAJOR} or newer on this machine`
      : `the database was made by PostgreSQL ${major}, and there is no PostgreSQL ${major} on this machine`;
  return err(postgresError('POSTGRES_BINARIES_MISSING', reason));
}

/** All that the system has, in folders side by side and on the PATH. */
function systemBinaries(): Binaries[] {
  const folders = SYSTEM_FOLDERS.flatMap(({ above, within, ...rest }) =>
    names(above)
      .filter((name) => !('named' in rest) || rest.named.test(name))
      .map((name) => join(above, name, within)),
  );
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'));
  return [...new Set([...folders, ...path])].flatMap((bin) => binariesIn(bin, 'system') ?? []);
}

function names(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** The programs in a folder; undefined if they are not there or do not run on this machine. */
function binariesIn(bin: string, kind: Binaries['kind']): Binaries | undefined {
  if (!existsSync(join(bin, 'postgres')) || !existsSync(join(bin, 'initdb'))) return undefined;
  let text: string;
  try {
    text = execFileSync(join(bin, 'postgres'), ['--version'], {
      encoding: 'utf8',
      timeout: VERSION_LIMIT_MS,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return undefined;
  }
  const version = /\(PostgreSQL\) (\d+(?:\.\d+)*)/.exec(text)?.[1];
  return version === undefined ? undefined : { kind, bin, version, major: Number.parseInt(version, 10) };
}
