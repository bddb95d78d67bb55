/**
 * Restores a backup into an empty folder. Every byte is checked first; then all is made in a folder of its own within
 * the target and moved up at the end, the file `version` last: before that, no hub takes it for a data folder.
 */
import {
  chownSync,
  copyFileSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { layToRest } from '../evidence/resting.ts';
import { SIGNING } from '../evidence/signing-file.ts';
import { type DataFolder, openFolder, PRIVATE } from '../folder.ts';
import { letPass, postgresAccount } from '../postgres/account.ts';
import type { PostgresError } from '../postgres/errors.ts';
import { MIGRATIONS, type Migration, migrate } from '../postgres/migrations.ts';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';
import { checkBackup } from './check.ts';
import { digestFile } from './digest.ts';
import { endSignIns } from './end-sign-ins.ts';
import { type BackupError, backupError } from './errors.ts';
import type { Manifest } from './manifest.ts';
import { fillTables } from './tables-in.ts';

/** What is restored, and where. */
export type RestoreOptions = {
  readonly from: string;
  /** Empty, or not there yet. */
  readonly to: string;
  /** Restore into this database instead of one in the folder; it has to be empty. */
  readonly databaseUrl?: string | undefined;
  /** The steps; others in tests only. */
  readonly migrations?: readonly Migration[];
  /** ms since 1970; the clock of the machine if nothing is said. */
  readonly now?: () => number;
};

/** What was restored. */
export type Restored = { readonly path: string; readonly manifest: Manifest };

/** Where all is made before it is moved up. */
const GROWING = 'restoring';

/** Restores a backup. What was begun is removed when it fails. */
export async function restoreBackup(
  options: RestoreOptions,
): Promise<Result<Restored, BackupError | PostgresError>> {
  const { from, to, migrations = MIGRATIONS } = options;
  // What a restore that was broken off left behind counts as empty.
  const there = existsSync(to)
    ? readdirSync(to).filter((name) => name !== 'lost+found' && name !== GROWING)
    : [];
  if (there.length > 0) return err(backupError('RESTORE_TARGET_NOT_EMPTY', `${to} holds ${there[0]}`));
  const checked = await checkBackup(from, migrations);
  if (checked.isErr()) return checked;
  const madeTarget = !existsSync(to);
  const growing = join(to, GROWING);
  let done = false;
  try {
    rmSync(growing, { recursive: true, force: true });
    mkdirSync(growing, { recursive: true, mode: PRIVATE });
    openToPostgres(to);
    const filled = await fillFolder(growing, checked.value, options, migrations);
    if (filled.isErr()) return filled;
    giveToOwner(growing, statSync(to));
    moveUp(filled.value, to);
    done = true;
    return ok({ path: to, manifest: checked.value });
  } catch (error) {
    return err(backupError('RESTORE_FAILED', (error as Error).message));
  } finally {
    if (!done) rmSync(growing, { recursive: true, force: true });
    if (!done && madeTarget && existsSync(to) && readdirSync(to).length === 0) rmdirSync(to);
  }
}

/** Whether a backup holds an evidence log with entries: it is at rest until a person has compared it. */
export function hasLog({ files }: Manifest): boolean {
  return files.some(({ path }) => path === `log-private/${SIGNING}`);
}

/** Whether a backup holds a roll: it opens once its vault is put back beside it. */
export function hasRoll({ files }: Manifest): boolean {
  return files.some(({ path }) => path === 'rolls/roll.json');
}

/** The target becomes a data folder: the user that PostgreSQL runs as has to get through it already now. */
function openToPostgres(to: string): void {
  const { uid, gid } = statSync(to);
  const growing = join(to, GROWING);
  if (process.getuid?.() === 0) chownSync(growing, uid, gid);
  const runAs = postgresAccount(to);
  if (runAs.isOk()) letPass(to, runAs.value);
}

/** What root restored into the folder of another user (a service's) becomes that user's. */
function giveToOwner(path: string, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  if (process.getuid?.() !== 0 || uid === 0) return;
  lchownSync(path, uid, gid);
  if (!lstatSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) giveToOwner(join(path, name), { uid, gid });
}

async function fillFolder(
  growing: string,
  manifest: Manifest,
  { from, databaseUrl, now = Date.now }: RestoreOptions,
  migrations: readonly Migration[],
): Promise<Result<DataFolder, BackupError | PostgresError>> {
  const folder = openFolder(growing);
  if (folder.isErr()) return err(backupError('RESTORE_FAILED', folder.error.reason));
  for (const { path, sha256 } of manifest.files) {
    if (path.startsWith('tables/')) continue;
    const target = join(growing, path);
    mkdirSync(dirname(target), { recursive: true, mode: PRIVATE });
    copyFileSync(join(from, path), target);
    if ((await digestFile(target)).sha256 !== sha256) {
      return err(backupError('RESTORE_DIFFERS', `${path} is another after it was copied`));
    }
  }
  if (hasLog(manifest)) await layToRest(folder.value.logPrivate, manifest.madeAt);
  const server = await startPostgres({ folder: folder.value, databaseUrl });
  if (server.isErr()) return server;
  try {
    const database = await fillDatabase(server.value, from, manifest.database, migrations);
    if (database.isErr()) return database;
    await endSignIns(server.value.connection, manifest.madeAt, now);
    return folder;
  } finally {
    await server.value.stop();
  }
}

async function fillDatabase(
  { connection }: PostgresServer,
  from: string,
  database: Manifest['database'],
  migrations: readonly Migration[],
): Promise<Result<void, BackupError | PostgresError>> {
  const upTo = migrations.filter(({ number }) => number <= database.version);
  const made = await migrate(connection, { migrations: upTo });
  if (made.isErr()) return made;
  if (made.value.from !== 0) {
    return err(backupError('RESTORE_DATABASE_NOT_EMPTY', `it is of version ${made.value.from}`));
  }
  const filled = await fillTables(connection, from, database);
  if (filled.isErr()) return filled;
  const current = await migrate(connection, { migrations });
  return current.isErr() ? current : ok();
}

/** Moves everything to its place; the file that makes it a data folder comes last. */
function moveUp({ path, version }: DataFolder, to: string): void {
  for (const name of readdirSync(path)) {
    if (join(path, name) !== version) renameSync(join(path, name), join(to, name));
  }
  renameSync(version, join(to, 'version'));
  rmdirSync(path);
}
