/**
 * Where the files of a history stand: a folder for each day and sensor, and in it parts that carry a digest of what they
 * were made from, so that the same inputs give the same names.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import type { InputRead } from './job.ts';

/** Hexadecimal digits of the digest in names: 48 bits, for some thousand runs into one day. */
const DIGEST_DIGITS = 12;

/** Puts everything in its place, over what the same inputs gave before, and removes what of that is left over. */
export function putInPlace(writtenFolders: readonly string[], folder: string, digest: string): void {
  const moved = new Set<string>();
  for (const written of writtenFolders) {
    for (const place of filesIn(written)) {
      const to = join(folder, place.day, place.sensor);
      let number = 0;
      while (moved.has(join(to, nameOf(digest, number)))) number++;
      const from = join(written, place.day, place.sensor, place.name);
      syncFile(from);
      mkdirSync(to, { recursive: true });
      renameSync(from, join(to, nameOf(digest, number)));
      moved.add(join(to, nameOf(digest, number)));
    }
  }
  for (const { day, sensor, name } of filesIn(folder)) {
    const path = join(folder, day, sensor, name);
    if (name.startsWith(`part-${digest}-`) && !moved.has(path)) rmSync(path);
  }
}

/** A folder as Hive names it, which is how others find the columns `day` and `sensor`. */
export function folderOf(column: string, value: string | null): string {
  return `${column}=${value === null ? '__HIVE_DEFAULT_PARTITION__' : encodeURIComponent(value)}`;
}

type Place = { readonly day: string; readonly sensor: string; readonly name: string };

/** The Parquet files of a folder by day and sensor. */
function filesIn(folder: string): Place[] {
  const places: Place[] = [];
  for (const day of foldersIn(folder, 'day=')) {
    for (const sensor of foldersIn(join(folder, day), 'sensor=')) {
      for (const name of readdirSync(join(folder, day, sensor)).sort()) places.push({ day, sensor, name });
    }
  }
  return places;
}

function foldersIn(folder: string, prefix: string): string[] {
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : [];
  return entries
    .filter((entry) => entry.isDirectory() && entry.name.startsWith(prefix))
    .map(({ name }) => name)
    .sort();
}

function nameOf(digest: string, number: number): string {
  return `part-${digest}-${number}.parquet`;
}

/** A plain file is known by its path and size; what came through a pipe, by what was read of it. */
export function digestOf(inputs: readonly InputRead[]): string {
  const known = inputs.map(({ path, size, lines, from, to }) =>
    size === undefined ? [path, lines, from, to] : [resolve(path), size],
  );
  return createHash('sha256').update(JSON.stringify(known)).digest('hex').slice(0, DIGEST_DIGITS);
}

/** So that a file which is in its place is also on the disk. */
function syncFile(path: string): void {
  const fd = openSync(path, 'r+');
  fsyncSync(fd);
  closeSync(fd);
}
