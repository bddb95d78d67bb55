/**
 * The files that a rotation makes of one path, from the oldest to the path itself: `fw.log.2`, `fw.log.1`, `fw.log`, or with
 * dates, `fw.log-20261122`. What was compressed cannot be read on and is left out.
 */
import type { BigIntStats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** One of them. */
export type Rotated = { readonly path: string; readonly stats: BigIntStats };

/** Files that are looked at: more are never unread, and a folder may be full of them. */
const MOST = 64;

/** Up to four digits count back from the newest; more are a date, and count forward. */
const COUNTED = /^[.-](\d{1,4})$/;
const DATED = /^[.-]\d[\d._T:-]{4,30}$/;
const PACKED = /\.(gz|xz|bz2|zst|lz4|zip)$/;

/** From the oldest to the path itself, if it is there; undefined while files are being renamed. */
export async function rotationsOf(path: string): Promise<readonly Rotated[] | undefined> {
  const first = await look(path);
  const second = await look(path);
  const isSame = first.length === second.length && first.every((one, i) => isSameFile(one, second[i]));
  return isSame ? second : undefined;
}

/** Whether a name is that of a file rotated away, or packed: not one to follow for itself. */
export function isRotatedName(name: string): boolean {
  const digits = /[.-][\d._T:-]{1,31}$/.exec(name)?.[0];
  return PACKED.test(name) || (digits !== undefined && (COUNTED.test(digits) || DATED.test(digits)));
}

async function look(path: string): Promise<Rotated[]> {
  const folder = dirname(path);
  const name = basename(path);
  const endings = (await readdir(folder).catch(() => []))
    .filter((other) => other.startsWith(name))
    .map((other) => other.slice(name.length))
    .filter((ending) => COUNTED.test(ending) || DATED.test(ending))
    .sort((a, b) => countOf(b) - countOf(a) || (a < b ? -1 : 1))
    .slice(-MOST);
  const found: Rotated[] = [];
  for (const ending of [...endings, '']) {
    const stats = await stat(join(folder, name + ending), { bigint: true }).catch(() => undefined);
    if (stats?.isFile()) found.push({ path: join(folder, name + ending), stats });
  }
  return found;
}

function isSameFile(one: Rotated, other: Rotated | undefined): boolean {
  return one.path === other?.path && one.stats.ino === other.stats.ino;
}

/** How far back by its number. Dates stand by their names, behind what is counted. */
function countOf(ending: string): number {
  return Number(COUNTED.exec(ending)?.[1] ?? -1);
}
