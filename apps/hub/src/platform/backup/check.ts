/** Looks at every byte of a backup before any of it is used. */
import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { err, type Result } from '@bellwether/basics';
import { FOLDER_VERSION } from '../folder.ts';
import { MIGRATIONS, type Migration, stepsDigest } from '../postgres/migrations.ts';
import { digestFile } from './digest.ts';
import { type BackupError, backupError } from './errors.ts';
import { MANIFEST, MANIFEST_DIGEST, MAX_MANIFEST_BYTES, type Manifest, parseManifest } from './manifest.ts';

/** The manifest of the backup in `folder`, if all its files are what it says, and of a version that we can restore. */
export async function checkBackup(
  folder: string,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<Result<Manifest, BackupError>> {
  const manifest = readManifest(folder);
  if (manifest.isErr()) return manifest;
  const { database, files, folder: layout } = manifest.value;
  const newest = migrations.at(-1)?.number ?? 0;
  if (database.version > newest || layout > FOLDER_VERSION) {
    const reason = `its database is of version ${database.version}, this program knows up to ${newest}`;
    return err(backupError('RESTORE_NEWER', reason));
  }
  if (database.steps !== stepsDigest(database.version, migrations)) {
    const reason = `the steps up to version ${database.version} are other ones here`;
    return err(backupError('RESTORE_CHANGED', reason));
  }
  for (const { path, bytes, sha256 } of files) {
    const at = join(folder, path);
    if (!existsSync(at) || !lstatSync(at).isFile()) return damaged(`${path} is missing`);
    if (statSync(at).size !== bytes) return damaged(`${path} has not its ${bytes} bytes`);
    const found = await digestFile(at);
    if (found.sha256 !== sha256) return damaged(`${path} was changed`);
  }
  return manifest;
}

function readManifest(folder: string): Result<Manifest, BackupError> {
  const path = join(folder, MANIFEST);
  if (!existsSync(path)) return err(backupError('RESTORE_MISSING', `${folder} holds no ${MANIFEST}`));
  if (statSync(path).size > MAX_MANIFEST_BYTES) return damaged(`${MANIFEST} is larger than any manifest`);
  const digest = join(folder, MANIFEST_DIGEST);
  if (!existsSync(digest)) return damaged(`${MANIFEST_DIGEST} is missing`);
  return parseManifest(readFileSync(path, 'utf8'), readFileSync(digest, 'utf8').slice(0, 1024));
}

function damaged(reason: string): Result<never, BackupError> {
  return err(backupError('RESTORE_DAMAGED', reason));
}
