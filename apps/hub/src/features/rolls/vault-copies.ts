/**
 * Nightly copies of the vault, in a folder that is on another disk than the hub's data:
 *
 *     FOLDER/YYYY-MM-DD/      the files of the vault as they were on that day (UTC), for the owner alone
 *     FOLDER/YYYY-MM-DD.new   being written; it gets its name when every byte was read back
 *
 * A copy can be opened like the vault itself, so it holds keys that were erased since. It is destroyed on its 35th day, whatever
 * else happens: from then on nothing that was erased on its day can be opened any more.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, readdir, realpath, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ok, type Result } from '@bellwether/basics';
import { Digest, digestFile } from '../../platform/backup/digest.ts';
import { syncNames } from './book-files.ts';
import { type RollError, rollRefused } from './errors.ts';
import { namesIn } from './roll-files.ts';
import { erasureComplete } from './vault.ts';
import { destroyVaultKey, VAULT_KEY_NAME } from './vault-keys.ts';

const COPY = /^\d{4}-\d\d-\d\d$/;
const DRAFT = /^(\d{4}-\d\d-\d\d)(?:\.old)?\.new$/;

const OWNER_FILE = 0o600;
const OWNER_FOLDER = 0o700;

/** Where copies come from and go to. */
export type VaultCopying = {
  /** Folder of the vault. */
  readonly vault: string;
  /** Data folder of the hub: no copy lies below it, since the disk that is lost would take both. */
  readonly data: string;
  /** Folder of the copies. It has to be there: a disk that is not mounted is an error, and no folder on another one. */
  readonly folder: string;
};

/** Copies the vault; the day of the copy. A copy of the same day gives way. `now`: ms since 1970. */
export async function copyVault(copying: VaultCopying, now: number): Promise<Result<string, RollError>> {
  const { vault, folder } = copying;
  const day = dayOf(now);
  try {
    const wrong = await wrongPlace(copying);
    if (wrong !== null) return rollRefused('ROLL_VAULT_UNCOPIED', wrong);
    for (const name of await readdir(folder)) if (DRAFT.test(name)) await destroyCopy(join(folder, name));
    const draft = join(folder, `${day}.new`);
    await mkdir(draft, { mode: OWNER_FOLDER });
    for (const name of await namesIn(vault)) {
      if (!(await lstat(join(vault, name))).isFile()) continue;
      if (!(await copyFileWhole(join(vault, name), join(draft, name)))) {
        await destroyCopy(draft);
        return rollRefused('ROLL_VAULT_UNCOPIED', `${join(draft, name)} is another than was written`);
      }
    }
    syncNames(draft);
    const older = join(folder, `${day}.old.new`);
    const isThere = (await namesIn(folder)).includes(day);
    if (isThere) await rename(join(folder, day), older);
    await rename(draft, join(folder, day));
    syncNames(folder);
    if (isThere) await destroyCopy(older);
    return ok(day);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return rollRefused('ROLL_VAULT_UNCOPIED', (error as Error).message);
  }
}

/** Destroys copies whose 35 days are over; how many. `now`: ms since 1970. */
export async function endVaultCopies(folder: string, now: number): Promise<Result<number, RollError>> {
  const today = dayOf(now);
  try {
    let ended = 0;
    for (const name of await readdir(folder)) {
      const day = COPY.test(name) ? name : DRAFT.exec(name)?.[1];
      if (day === undefined || erasureComplete(day) > today) continue;
      await destroyCopy(join(folder, name));
      ended++;
    }
    if (ended > 0) syncNames(folder);
    return ok(ended);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return rollRefused('ROLL_VAULT_UNCOPIED', `old copies may still be there: ${(error as Error).message}`);
  }
}

/** The day of the newest copy (YYYY-MM-DD); null: there is none. */
export async function newestVaultCopy(folder: string): Promise<string | null> {
  return (await namesIn(folder)).findLast((name) => COPY.test(name)) ?? null;
}

/** Why nothing is copied there; null: nothing speaks against it. */
async function wrongPlace({ folder, data, vault }: VaultCopying): Promise<string | null> {
  let place: string;
  try {
    place = `${await realpath(folder)}/`;
  } catch {
    return `${folder} is not there: make it, or mount its disk`;
  }
  for (const own of [data, vault]) {
    if (place.startsWith(`${await realpath(own)}/`))
      return `${folder} lies in ${own}, and would be lost with it`;
  }
  return null;
}

/** Copies a file; whether what can be read back is what was read first. On disk when it resolves. */
async function copyFileWhole(from: string, to: string): Promise<boolean> {
  const digest = new Digest();
  const file = createWriteStream(to, { mode: OWNER_FILE, flags: 'wx', flush: true });
  await pipeline(createReadStream(from), digest, file);
  const read = await digestFile(to);
  return read.bytes === digest.bytes && read.sha256 === digest.hex();
}

/** The vault keys first, written over: without them the rest is of no use to anybody. */
async function destroyCopy(path: string): Promise<void> {
  for (const name of await readdir(path)) if (VAULT_KEY_NAME.test(name)) destroyVaultKey(path, name);
  await rm(path, { recursive: true, force: true });
}

function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10);
}
