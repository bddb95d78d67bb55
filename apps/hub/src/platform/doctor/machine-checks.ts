/** Checks of the machine: Node, free disk, clock, and who can read the data folder. */
import { lstatSync, readdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataFolder } from '../folder.ts';
import { type Check, fine, wrong } from './check.ts';

/** The oldest Node that all our tests pass on. */
const OLDEST_NODE = [20, 19] as const;

/** Intake stops at 512 MB, so that the database still has room: four times that gives a person a day to act. */
export const LEAST_FREE_BYTES = 2 * 1024 ** 3;

/** No clock of a hub can be right before the year in which this was written. */
const EARLIEST = Date.UTC(2026, 0, 1);

/** Nor can it be right a generation later: a battery that is empty sets the wildest dates. */
const LATEST = Date.UTC(2056, 0, 1);

/** How much the clock may be set back without harm: what a time server corrects at most at one time. */
const SET_BACK_MS = 5_000;

/** Node is new enough. */
export function nodeCheck(version: string = process.versions.node): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [least, leastMinor] = OLDEST_NODE;
  const enough = major > least || (major === least && minor >= leastMinor);
  if (enough) return fine('node', `Node ${version}`);
  return wrong('node', `Node ${version} is too old`, `Install Node ${OLDEST_NODE.join('.')} or newer.`);
}

/** There is room on the disk of the folder. */
export function diskCheck(path: string, free: number = freeBytes(path)): Check {
  const detail = `${(free / 1e9).toFixed(1)} GB are free on the disk of ${path}`;
  if (free >= LEAST_FREE_BYTES) return fine('disk', detail);
  const least = (LEAST_FREE_BYTES / 1e9).toFixed(1);
  return wrong(
    'disk',
    detail,
    `Free some until ${least} GB are: the hub takes in no more lines when it is full.`,
  );
}

/** Bytes that a user may still write on the disk of `path`. */
export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

/** The clock shows a year that can be right, and is not before the newest record (ms; undefined: there is none). */
export function clockCheck(now: number, newest: number | undefined): Check {
  const shown = new Date(now).toISOString();
  const help = 'Set the clock, and let a time server keep it: `timedatectl set-ntp true`.';
  if (now < EARLIEST || now > LATEST) return wrong('clock', `the clock shows ${shown}`, help);
  if (newest === undefined || newest <= now + SET_BACK_MS) return fine('clock', `the clock shows ${shown}`);
  return wrong(
    'clock',
    `the clock shows ${shown}, but there is a record of ${new Date(newest).toISOString()}`,
    help,
  );
}

/** No other user can read the folder. PostgreSQL's user may pass through it. */
export function permissionsCheck({ path, postgres }: DataFolder): Check {
  const open = readdirSync(path)
    .map((name) => join(path, name))
    .filter((entry) => entry !== postgres)
    .find((entry) => (lstatSync(entry).mode & 0o077) !== 0);
  const top = lstatSync(path).mode & 0o777;
  if ((top & 0o067) !== 0) {
    const detail = `other users can get into ${path} (${top.toString(8)})`;
    return wrong('permissions', detail, `Close it: \`chmod go-rwx ${path}\`, and start the hub again.`);
  }
  // Behind a closed door; still, somebody opened it, and a copy of it may be open elsewhere.
  if (open !== undefined) {
    return wrong('permissions', `other users may read ${open}`, `Close it: \`chmod go-rwx ${open}\`.`);
  }
  return fine('permissions', `no other user can read ${path}`);
}
