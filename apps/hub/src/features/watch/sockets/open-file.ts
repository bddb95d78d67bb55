/** A generation of a followed file that is open, and what it was known by when it was opened. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { beginsAs, EMPTY_HEAD, type FileMark } from './file-place.ts';
import type { Generation } from './generations.ts';

/** What is open, and how far it was read. */
export type OpenFile = {
  readonly handle: FileHandle;
  readonly inode: bigint;
  mark: FileMark;
  offset: number;
  /** When it last had something new. */
  grownAt: number;
  /** The rest of a line that is too long to be kept. */
  skipping: boolean;
};

/** The file was renamed between our two looks: look again. */
export const CHANGED = 'changed';

/** Opens a file; undefined where it does not begin as it should. */
export async function openAt(
  generation: Generation,
  offset: number,
  mark?: FileMark,
): Promise<OpenFile | typeof CHANGED | undefined> {
  // Without waiting: a pipe has no writer, perhaps for ever.
  const flags = constants.O_RDONLY | constants.O_NONBLOCK;
  const handle = await open(generation.path, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return CHANGED;
  const stats = await handle.stat({ bigint: true });
  const changed = stats.ino !== generation.stats.ino;
  if (changed || (mark !== undefined && !(await beginsAs(handle, mark)))) {
    await handle.close();
    return changed ? CHANGED : undefined;
  }
  return {
    handle,
    inode: stats.ino,
    // An inode may be another than the mark's: this is a copy of that file.
    mark: { ...(mark ?? EMPTY_HEAD), device: stats.dev, inode: stats.ino },
    offset,
    grownAt: performance.now(),
    skipping: false,
  };
}
