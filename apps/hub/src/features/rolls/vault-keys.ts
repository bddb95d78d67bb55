/**
 * Keys of the vault: one for each month, in a file of its own that nobody else may read. Whoever has the vault's file and not
 * its key has nothing. A key that is done with is written over and deleted.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { syncNames, writeAll } from './book-files.ts';
import { type RollError, rollRefused } from './errors.ts';

/** AES-256. */
const KEY_BYTES = 32;

/** What others than the owner may do with a key or the vault: nothing. */
export const OTHERS = 0o077;

const OWNER_FILE = 0o600;

/** Names of files of vault keys: the month, and from the second key of a month on its number. */
export const VAULT_KEY_NAME = /^key-\d{4}-\d\d(?:\.\d+)?$/;

/** A vault key, and the name of its file. */
export type VaultKey = { readonly name: string; readonly key: Uint8Array };

/** Makes a key for a month (`2026-11`); the next one of the same month has a number behind it. */
export function makeVaultKey(folder: string, month: string): VaultKey {
  for (let number = 1; ; number++) {
    const name = number === 1 ? `key-${month}` : `key-${month}.${number}`;
    const key = Uint8Array.from(randomBytes(KEY_BYTES));
    try {
      writeFileSync(join(folder, name), key, { mode: OWNER_FILE, flag: 'wx', flush: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw error;
    }
    syncNames(folder);
    return { name, key };
  }
}

/** Reads a key. Refused where others may read it. */
export function vaultKeyAt(folder: string, name: string): Result<VaultKey, RollError> {
  const path = join(folder, name);
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    return rollRefused('ROLL_VAULT_UNUSABLE', (error as Error).message);
  }
  try {
    const { mode, size } = fstatSync(fd);
    if ((mode & OTHERS) !== 0) {
      return rollRefused(
        'ROLL_VAULT_UNUSABLE',
        `others may read ${path} (mode ${(mode & 0o777).toString(8)})`,
      );
    }
    const key = new Uint8Array(KEY_BYTES);
    if (size !== KEY_BYTES || readSync(fd, key) !== KEY_BYTES) {
      return rollRefused('ROLL_VAULT_UNUSABLE', `${path} is no key`);
    }
    return ok({ name, key });
  } finally {
    closeSync(fd);
  }
}

/**
 * Writes over a key, and deletes it. Where the disk keeps old blocks (flash, copies of the file system) they may outlive this
 * until they are used again: docs say so.
 */
export function destroyVaultKey(folder: string, name: string): void {
  const path = join(folder, name);
  let fd: number;
  try {
    fd = openSync(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  writeAll(fd, Uint8Array.from(randomBytes(KEY_BYTES)));
  fsyncSync(fd);
  closeSync(fd);
  rmSync(path);
  syncNames(folder);
}
