/**
 * Makes a backup of a hub while it runs. All of it is of one moment:
 *
 * 1. take hold of the snapshots, of the journal, of the evidence log and of the roll, so that the hub may go on and remove what it no longer needs;
 * 2. begin a transaction: this is the moment. Take hold of what the journal got since then, up to the size that it has
 *    now, and of the files of the history that are listed in the transaction;
 * 3. read all tables in the transaction;
 * 4. copy what we hold, write the manifest, and only then give the folder its name.
 *
 * A restored hub loads the newest snapshot, reads the journal on from there, and leaves out what the tables hold: so a
 * snapshot that is newer than the tables is left out, and the journal reaches from the oldest snapshot beyond the tables.
 */
import {
  createReadStream,
  createWriteStream,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { mkdir, open, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { err, ok, type Result } from '@bellwether/basics';
import { Client } from 'pg';
import { type DataFolder, FOLDER_VERSION, PRIVATE } from '../folder.ts';
import { type Connection, clientConfig } from '../postgres/connection.ts';
import { HISTORY_LOCK } from '../postgres/locks.ts';
import { databaseVersion } from '../postgres/migrations.ts';
import { Digest, digestFile } from './digest.ts';
import { type BackupError, backupError } from './errors.ts';
import { holdLogAndRolls } from './hold-rolls.ts';
import { Holding } from './holding.ts';
import { type BackupFile, formatManifest, MANIFEST, MANIFEST_DIGEST, type Manifest } from './manifest.ts';
import { beginMoment, writeTables } from './tables-out.ts';

/** What is backed up, and where to. */
export type BackupOptions = {
  readonly folder: DataFolder;
  readonly connection: Connection;
  /** A folder that does not exist yet, or is empty. */
  readonly to: string;
  /** The clock. */
  readonly now: () => number;
  /**
   * Share files that never change with the hub instead of copying them, where that is possible: for backups that lie in
   * the data folder itself and are there to go back, not to survive the disk.
   */
  readonly share?: boolean;
  /** Take the signing key of the log too, if it lies in the data folder. */
  readonly withKey?: boolean;
};

/** What was made. */
export type BackupMade = { readonly path: string; readonly bytes: number; readonly manifest: Manifest };

/** Name of the fact that tells of the newest backup: `{"madeAt": "...", "path": "..."}`. */
export const LAST_BACKUP = 'last_backup';

/** Makes a backup. What was begun is removed when it fails. */
export async function makeBackup(options: BackupOptions): Promise<Result<BackupMade, BackupError>> {
  const { folder, to, connection } = options;
  if (existsSync(to) && readdirSync(to).length > 0) {
    return err(backupError('BACKUP_TARGET_EXISTS', `${to} is there already`));
  }
  const growing = `${to}.growing`;
  releaseLeftovers(folder.backups);
  const held = mkdtempSync(join(folder.backups, `${HELD}${process.pid}-`));
  const holding = new Holding(folder.path, held);
  const client = new Client(clientConfig(connection));
  let lost: Error | undefined;
  client.on('error', (error) => {
    lost = error;
  });
  try {
    rmSync(growing, { recursive: true, force: true });
    mkdirSync(join(growing, 'tables'), { recursive: true, mode: PRIVATE });
    await client.connect();
    const made = await writeBackup(client, growing, holding, options);
    if (made.isErr()) return made;
    renameSync(growing, to);
    await syncFolder(dirname(to));
    if (options.share !== true) await remember(client, to, made.value.manifest);
    return ok({ ...made.value, path: to });
  } catch (error) {
    return err(failure(error, lost));
  } finally {
    await client.end().catch(() => undefined);
    holding.release();
    rmSync(growing, { recursive: true, force: true });
  }
}

/** Names of folders in which files are held: with the number of the process. */
const HELD = '.held-';

/** Lets go of what backups held that were killed: removed files would keep their room on the disk for ever. */
function releaseLeftovers(backups: string): void {
  for (const name of readdirSync(backups)) {
    if (!name.startsWith(HELD)) continue;
    const pid = Number.parseInt(name.slice(HELD.length), 10);
    if (!isAlive(pid)) rmSync(join(backups, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function writeBackup(
  client: Client,
  growing: string,
  holding: Holding,
  { share = false, withKey = false, now }: BackupOptions,
): Promise<Result<Omit<BackupMade, 'path'>, BackupError>> {
  if ((await databaseVersion(client)).version === 0) {
    return err(backupError('BACKUP_SOURCE_EMPTY', 'the database holds no tables'));
  }
  holding.holdFolder('snapshots');
  holding.holdFolder('journal');
  // Before the moment: what the log tells of the trail is then in the tables.
  const lost = await holdLogAndRolls(holding, withKey);
  if (lost.isErr()) return lost;
  await client.query('SELECT pg_advisory_lock_shared($1)', [HISTORY_LOCK]);
  await beginMoment(client);
  const madeAt = new Date(now()).toISOString();
  holding.holdFolder('journal');
  holding.hold('bellwether.yaml');
  const missing = await holdHistory(client, holding);
  if (missing !== undefined) {
    return err(backupError('BACKUP_SOURCE_UNREADABLE', `history/${missing} is listed, and not there`));
  }
  await client.query('SELECT pg_advisory_unlock_shared($1)', [HISTORY_LOCK]);
  const { database, files } = await writeTables(client, growing);
  await client.query('COMMIT');
  leaveOutNewer(holding, database.step);
  const held: BackupFile[] = [];
  for (const { path, bytes } of holding.files()) held.push(await bring(holding, path, bytes, growing, share));
  const manifest: Manifest = {
    schema: 'bellwether/backup@1',
    madeAt,
    folder: FOLDER_VERSION,
    database,
    files: [...files, ...held],
  };
  const { text, digest } = formatManifest(manifest);
  await writeFile(join(growing, MANIFEST), text, { mode: 0o600, flush: true });
  await writeFile(join(growing, MANIFEST_DIGEST), digest, { mode: 0o600, flush: true });
  await syncFolders(growing);
  return ok({ bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, text.length), manifest });
}

/** Writes down that there is a backup: `bellwether doctor` says when the newest one is too old. */
async function remember(client: Client, path: string, { madeAt }: Manifest): Promise<void> {
  await client.query(
    'INSERT INTO facts VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    [LAST_BACKUP, JSON.stringify({ madeAt, path })],
  );
}

/** Takes hold of the files of the history that count; gives the first that is not there. */
async function holdHistory(client: Client, holding: Holding): Promise<string | undefined> {
  const { rows } = await client.query<{ path: string }>('SELECT path FROM history_files ORDER BY path');
  return rows.find(({ path }) => !holding.hold(`history/${path}`))?.path;
}

const SNAPSHOT = /^snapshots\/step-(\d+)\.snapshot$/;

/** Lets go of snapshots that know more than the tables: what they know would be missing there for ever. */
function leaveOutNewer(holding: Holding, step: number | null): void {
  for (const { path } of holding.files()) {
    const of = SNAPSHOT.exec(path)?.[1];
    if (of !== undefined && Number(of) > (step ?? 0)) holding.drop(path);
  }
}

/** What may be added to in its place is never shared: the journal, and files of the roll but for books and states. */
const GROWS = /^(?:journal|rolls(?!\/(?:book|public)\/))\//;

/** Brings a file that we hold into the backup: its first `bytes` bytes. */
async function bring(
  holding: Holding,
  path: string,
  bytes: number,
  growing: string,
  share: boolean,
): Promise<BackupFile> {
  const target = join(growing, path);
  await mkdir(dirname(target), { recursive: true, mode: PRIVATE });
  if (share && !GROWS.test(path) && shared(holding.at(path), target)) {
    return { path, ...(await digestFile(target)) };
  }
  const digest = new Digest();
  const file = createWriteStream(target, { mode: 0o600, flush: true });
  const from = bytes === 0 ? [] : createReadStream(holding.at(path), { end: bytes - 1 });
  await pipeline(from, digest, file);
  return { path, bytes: digest.bytes, sha256: digest.hex() };
}

function shared(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch {
    return false;
  }
}

async function syncFolders(folder: string): Promise<void> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await syncFolders(join(folder, entry.name));
  }
  await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

function failure(error: unknown, lost: Error | undefined): BackupError {
  if (lost !== undefined) return backupError('BACKUP_DATABASE_LOST', lost.message);
  const { code = '', message, path = '' } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'EIO') return backupError('BACKUP_SOURCE_UNREADABLE', message);
  // The codes of the system begin with E and have a path or a call; PostgreSQL's are five digits and letters.
  if (path !== '' || /^E[A-Z]{2,}$/.test(code)) return backupError('BACKUP_TARGET_UNWRITABLE', message);
  return backupError('BACKUP_DATABASE_LOST', message);
}
