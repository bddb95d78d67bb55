/**
 * Tiles as plain files, named as c2sp.org/tlog-tiles names them. A file has all of its bytes as soon as it has its name, and
 * is on disk when `write` resolves: bytes first, then the name, then the folder that holds the name.
 */
import { constants } from 'node:fs';
import { access, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TILE_HEIGHT, TILE_WIDTH, type Tile, tilePath } from '@bellwether/evidence';

/** Files that are written at a time: disks merge what is flushed together, and memory stays small. */
const AT_ONCE = 16;

/** Entries that one step of writing may hold at most: how far beyond the edge a broken-off one can have left files. */
export const MOST_OF_A_STEP = 1_048_576;

/** Tiles of one folder: their paths have groups of three digits. */
const IN_A_FOLDER = 1_000n;

/** Levels of a tree of 2^64 leaves. */
const LEVELS = 8;

/** Bytes of a tile or a bundle of entries, and what it is. */
export type TileFile = { readonly tile: Tile; readonly bytes: Uint8Array };

/** The tiles below one folder. */
export class TileFiles {
  readonly #folder: string;
  /** Folders that are known to be there, and whose own names are on disk. */
  readonly #folders = new Set<string>();
  #drafts = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The bytes of a tile, or of the full one that took its place; null where there is neither. */
  async read(tile: Tile): Promise<Uint8Array | null> {
    const found = await readOrNull(this.#pathOf(tile));
    if (found !== null || tile.width === TILE_WIDTH) return found;
    return readOrNull(this.#pathOf({ ...tile, width: TILE_WIDTH }));
  }

  /** Puts files on disk. Throws what the file system throws: then any of them may be there, and none is complete by half. */
  async write(files: readonly TileFile[]): Promise<void> {
    const waiting = files.values();
    const folders = new Set<string>();
    const work = async (): Promise<void> => {
      for (const { tile, bytes } of waiting) {
        const path = this.#pathOf(tile);
        await this.#prepare(dirname(path));
        await writeWhole(path, bytes, this.#drafts++);
        folders.add(dirname(path));
      }
    };
    // One that fails is waited for with the others: nothing is written any more once this is over.
    const done = await Promise.allSettled(Array.from({ length: AT_ONCE }, work));
    for (const one of done) if (one.status === 'rejected') throw one.reason;
    await Promise.all([...folders].map(syncFolder));
  }

  /** Removes partial tiles for which there are full ones. */
  async removePartial(tile: Tile): Promise<void> {
    const full = this.#pathOf({ ...tile, width: TILE_WIDTH });
    await rm(`${full}.p`, { recursive: true, force: true });
  }

  /** Whether there is a file of exactly this width. */
  async has(tile: Tile): Promise<boolean> {
    return access(this.#pathOf(tile)).then(
      () => true,
      () => false,
    );
  }

  /** Removes what a broken-off step may have left beyond a log of this size: tiles, and files that were begun. */
  async removeBeyond(size: bigint): Promise<void> {
    // Folders go with what is in them.
    this.#folders.clear();
    await this.#removeBeyond('entries', size);
    for (let level = 0; level < LEVELS; level++) await this.#removeBeyond(level, size);
  }

  async #removeBeyond(level: Tile['level'], size: bigint): Promise<void> {
    const below = BigInt(TILE_HEIGHT * (level === 'entries' ? 0 : level));
    const edge = (size >> below) / BigInt(TILE_WIDTH);
    const width = Number((size >> below) % BigInt(TILE_WIDTH));
    const last = ((size + BigInt(MOST_OF_A_STEP)) >> below) / BigInt(TILE_WIDTH);
    for (let first = edge - (edge % IN_A_FOLDER); first <= last; first += IN_A_FOLDER) {
      const folder = dirname(this.#pathOf({ level, index: first, width: TILE_WIDTH }));
      for (const name of await namesIn(folder)) {
        const [, digits, partial] = /^([0-9]{3})(\.p)?$/.exec(name) ?? [];
        const index = digits === undefined ? null : first + BigInt(digits);
        if (index === edge && partial !== undefined) await removeWider(join(folder, name), width);
        else if (isDraft(name) || (index !== null && index >= edge))
          await rm(join(folder, name), { recursive: true, force: true });
      }
    }
  }

  async #prepare(folder: string): Promise<void> {
    if (this.#folders.has(folder)) return;
    const first = await mkdir(folder, { recursive: true });
    // Each folder that was made has its name in the one above.
    if (first !== undefined) {
      for (let made = folder; made.length >= first.length; made = dirname(made))
        await syncFolder(dirname(made));
    }
    this.#folders.add(folder);
  }

  #pathOf(tile: Tile): string {
    return join(this.#folder, tilePath(tile));
  }
}

/** Replaces a file in one step; it is on disk, but for its name, when this resolves. */
export async function writeWhole(path: string, bytes: Uint8Array | string, draft: number): Promise<void> {
  const next = `${path}.${process.pid}-${draft}.new`;
  try {
    const file = await open(next, 'w');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(next, path);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
}

/** The names in a folder are on disk when this resolves. */
export async function syncFolder(folder: string): Promise<void> {
  const held = await open(folder, constants.O_RDONLY);
  await held.sync().finally(() => held.close());
}

/** Removes the partial tiles of a folder that are wider. */
async function removeWider(folder: string, width: number): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (isDraft(name) || Number(name) > width) await rm(join(folder, name), { force: true });
  }
}

function isDraft(name: string): boolean {
  return name.endsWith('.new');
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** A file's bytes; null where there is none. */
export async function readOrNull(path: string): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
