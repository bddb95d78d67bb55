/** Files that appear whole or not at all: written beside their place, synced, and moved there. */
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
import { basename, dirname, join } from 'node:path';

/** Begins the name of a file that is being written. A dot: no pattern for the files matches it. */
export const UNFINISHED = '.unfinished-';

/** Has a file filled by `fill`, which is told where, and puts it in its place when it is on the disk. */
export async function writeWhole(path: string, fill: (path: string) => Promise<void>): Promise<void> {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true });
  const unfinished = join(folder, UNFINISHED + basename(path));
  try {
    await fill(unfinished);
    sync(unfinished);
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
  sync(folder);
}

/** Removes what a process that was killed had begun to write in a folder. For the only writer of the folder. */
export function removeUnfinished(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (name.startsWith(UNFINISHED)) rmSync(join(folder, name), { force: true, recursive: true });
  }
}

function sync(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
