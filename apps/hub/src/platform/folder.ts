/**
 * The data folder: everything that one hub keeps, in one place, closed to other users of the machine.
 *
 *     version          number of this layout
 *     lock             held by the hub that runs on it
 *     token            secret of the desk
 *     bellwether.yaml  configuration, optional
 *     tls              keys and certificates that the hub made itself
 *     log/             the evidence log, as it is served; log-private/ has its key
 *     rolls/           the roll; vault/ has voters' keys, and is in no backup
 *     postgres/ journal/ history/ snapshots/ backups/
 */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import type { PLATFORM_ERRORS } from './errors.ts';

/** A failure around the data folder: its code, and what happened in this case. */
export type FolderError = {
  readonly code: Extract<keyof typeof PLATFORM_ERRORS, `FOLDER_${string}`>;
  readonly reason: string;
};

/** Paths of everything in a data folder. */
export type DataFolder = {
  readonly path: string;
  readonly version: string;
  readonly lock: string;
  readonly token: string;
  readonly config: string;
  readonly postgres: string;
  readonly journal: string;
  readonly history: string;
  readonly snapshots: string;
  readonly backups: string;
  readonly tls: string;
  /** The evidence log, which is public, and what it keeps for itself. */
  readonly log: string;
  readonly logPrivate: string;
  /** The roll; and voters' keys, which no backup holds. */
  readonly rolls: string;
  readonly vault: string;
};

/** Number of this layout. A folder with a higher one is refused: we would not know what we break. */
export const FOLDER_VERSION = 1;

/** For the owner only: lines of logs name people's machines. */
export const PRIVATE = 0o700;

const SUBFOLDERS = ['journal', 'history', 'snapshots', 'backups', 'tls'] as const;

/** What may lie in a folder that is not ours yet: what somebody prepared for us, and what a new disk holds. */
const HARMLESS: ReadonlySet<string> = new Set(['bellwether.yaml', 'token', 'lock', 'lost+found']);

/** Where the data lie if nobody says: the environment, else the place for services or for this user. */
export function usualFolder(
  env: Readonly<Record<string, string | undefined>>,
  uid: number | undefined,
): string {
  if (env.BELLWETHER_DATA !== undefined && env.BELLWETHER_DATA !== '') return resolve(env.BELLWETHER_DATA);
  if (uid === 0) return '/var/lib/bellwether';
  if (env.XDG_STATE_HOME !== undefined && env.XDG_STATE_HOME !== '') {
    return resolve(env.XDG_STATE_HOME, 'bellwether');
  }
  return resolve(env.HOME ?? '.', '.local/state/bellwether');
}

/** The paths in a data folder; looks at nothing. */
export function folderAt(path: string): DataFolder {
  const at = (name: string): string => join(path, name);
  return {
    path,
    version: at('version'),
    lock: at('lock'),
    token: at('token'),
    config: at('bellwether.yaml'),
    postgres: at('postgres'),
    journal: at('journal'),
    history: at('history'),
    snapshots: at('snapshots'),
    backups: at('backups'),
    tls: at('tls'),
    log: at('log'),
    logPrivate: at('log-private'),
    rolls: at('rolls'),
    vault: at('vault'),
  };
}

/** The data folder at `path`, made if it is missing, closed to others, of this version. */
export function openFolder(path: string): Result<DataFolder, FolderError> {
  try {
    mkdirSync(path, { recursive: true, mode: PRIVATE });
    const folder = folderAt(realpathSync(path));
    const refused = checkVersion(folder);
    if (refused !== undefined) return err(refused);
    closeToOthers(folder.path);
    for (const name of SUBFOLDERS) mkdirSync(join(folder.path, name), { recursive: true, mode: PRIVATE });
    if (!existsSync(folder.version)) writeFileSync(folder.version, `${FOLDER_VERSION}\n`, { mode: 0o600 });
    return ok(folder);
  } catch (error) {
    return err({ code: 'FOLDER_UNWRITABLE', reason: `${path}: ${(error as Error).message}` });
  }
}

/** The data folder of a hub that is there already; nothing is made. */
export function existingFolder(path: string): Result<DataFolder, FolderError> {
  if (!existsSync(join(path, 'version'))) {
    return err({ code: 'FOLDER_MISSING', reason: `${path} is no data folder of a hub` });
  }
  const folder = folderAt(realpathSync(path));
  const refused = checkVersion(folder);
  return refused === undefined ? ok(folder) : err(refused);
}

function checkVersion({ path, version }: DataFolder): FolderError | undefined {
  if (!existsSync(version)) {
    const stranger = readdirSync(path).find((name) => !HARMLESS.has(name));
    if (stranger === undefined) return undefined;
    return { code: 'FOLDER_NOT_OURS', reason: `${path} holds ${stranger}, and no data of a hub` };
  }
  const text = readFileSync(version, 'utf8').slice(0, 32).trim();
  const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
  if (number === undefined) {
    return { code: 'FOLDER_NOT_OURS', reason: `${version} holds no version number` };
  }
  if (number <= FOLDER_VERSION) return undefined;
  return {
    code: 'FOLDER_NEWER',
    reason: `${path} is of version ${number}, this program knows up to ${FOLDER_VERSION}`,
  };
}

/** Takes all rights from others. The group may pass through, where the database has an account of its own. */
function closeToOthers(path: string): void {
  const mode = statSync(path).mode & 0o777;
  const kept = mode & 0o710;
  if (mode !== kept) chmodSync(path, kept);
}
