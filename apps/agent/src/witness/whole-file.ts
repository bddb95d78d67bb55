/**
 * Files that are there as a whole or not at all, also after a power cut: written beside, synced, renamed, and the folder
 * synced, since a rename is durable only then.
 */
import { open, readFile, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Writes a file in one step. Throws what the file system throws; then the old one is still there, or already the new. */
export async function writeWhole(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const next = `${path}.next`;
  const file = await open(next, 'w', mode);
  try {
    // A file that was left by a process that died keeps its rights otherwise.
    await file.chmod(mode);
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, path);
  await syncFolder(dirname(path));
}

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The text of a file; undefined where there is none, or it is longer than allowed. */
export async function readBounded(path: string, maxBytes: number): Promise<string | undefined> {
  try {
    if ((await stat(path)).size > maxBytes) return undefined;
    return await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}
