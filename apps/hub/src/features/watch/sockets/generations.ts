/**
 * The generations of a log that is rotated: `fw.log`, `fw.log.1`, `fw.log.2`, or with dates, `fw.log-20261122`.
 * In the order in which they were written; compressed ones cannot be read on and are left out.
 */
import type { BigIntStats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** One file of the row. */
export type Generation = { readonly path: string; readonly stats: BigIntStats };

/** Generations that are looked at: more are never unread, and a folder may be full of them. */
const MOST = 64;

/** Up to four digits count back from the newest; more are a date, and count forward. */
const COUNTED = /^[.-](\d{1,4})$/;
const DATED = /^[.-](\d[\d._T:-]{4,30})$/;

/** From the oldest to the file of that path itself, if it is there; undefined while files are being renamed. */
export async function generationsOf(path: string): Promise<readonly Generation[] | undefined> {
  const first = await look(path);
  const second = await look(path);
  const same =
    first.length === second.length &&
    first.every(({ path, stats }, i) => second[i]?.path === path && second[i]?.stats.ino === stats.ino);
  return same ? second : undefined;
}

async function look(path: string): Promise<Generation[]> {
  const folder = dirname(path);
  const name = basename(path);
  const names = await readdir(folder).catch(() => []);
  const older = names
    .filter(
      (other) => other.startsWith(name) && (COUNTED.test(other.slice(name.length)) || isDated(other, name)),
    )
    .sort((a, b) => age(b, name) - age(a, name) || (a < b ? -1 : 1))
    .slice(-MOST);
  const found: Generation[] = [];
  for (const other of [...older, name]) {
    const stats = await stat(join(folder, other), { bigint: true }).catch(() => undefined);
    if (stats?.isFile()) found.push({ path: join(folder, other), stats });
  }
  return found;
}

function isDated(other: string, name: string): boolean {
  return DATED.test(other.slice(name.length));
}

/** How old by its number. Dates are all of one age and stand by their names, behind what is counted. */
function age(other: string, name: string): number {
  const counted = COUNTED.exec(other.slice(name.length));
  return counted === null ? -1 : Number(counted[1]);
}
