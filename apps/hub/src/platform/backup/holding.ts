/**
 * Takes hold of files of a hub that runs, so that they stay whatever it does meanwhile: a second name for each (a hard
 * link) in a folder of ours beside them, which costs nothing; where the file system knows no links, a copy.
 */
import {
  copyFileSync,
  type Dirent,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** A file that we hold. */
export type HeldFile = {
  /** As in the data folder: `journal/0000000000000000.journal`. */
  readonly path: string;
  /** Bytes of it that belong to the backup: it may grow meanwhile. */
  readonly bytes: number;
};

/** What is no part of the hub's data: locks, and files that were begun and do not count yet. */
const PASSING = /^lock(?:\.|$)|\.(?:new|unfinished|growing|tmp)$/;

/** Files that we hold. */
export class Holding {
  readonly #from: string;
  readonly #folder: string;
  readonly #files = new Map<string, HeldFile>();

  /** `from`: the data folder; `folder`: where the second names lie, in the same file system. */
  constructor(from: string, folder: string) {
    this.#from = from;
    this.#folder = folder;
  }

  /** All that we hold, by path. */
  files(): HeldFile[] {
    return [...this.#files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Where a file that we hold can be read. */
  at(path: string): string {
    return join(this.#folder, path);
  }

  /** Takes hold of a file; says again how long one is that we hold. Gives false if it is not there (any more). */
  hold(path: string): boolean {
    const own = this.at(path);
    if (!existsSync(own) && !this.#link(path, own)) return false;
    this.#files.set(path, { path, bytes: statSync(own).size });
    return true;
  }

  /** Takes hold of all files of a folder that count. */
  holdFolder(folder: string): void {
    const path = join(this.#from, folder);
    if (!existsSync(path)) return;
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isFile() && !PASSING.test(entry.name)) this.hold(`${folder}/${entry.name}`);
    }
  }

  /** Takes hold of all files below a folder that count; `isPart` is asked for each folder and file by its path. */
  holdTree(folder: string, isPart: (path: string) => boolean = () => true): void {
    for (const entry of this.#entriesOf(folder)) {
      const path = `${folder}/${entry.name}`;
      if (PASSING.test(entry.name) || !isPart(path)) continue;
      if (entry.isDirectory()) this.holdTree(path, isPart);
      else if (entry.isFile()) this.hold(path);
    }
  }

  /** Whether a small file that we hold is the one that is there now, byte for byte. */
  isSame(path: string): boolean {
    const there = join(this.#from, path);
    if (!this.#files.has(path)) return !existsSync(there);
    return existsSync(there) && readFileSync(there).equals(readFileSync(this.at(path)));
  }

  /** Whether a file that we hold has not grown since. */
  isSameSize(path: string): boolean {
    return statSync(this.at(path)).size === this.#files.get(path)?.bytes;
  }

  /** Lets all of a folder go. */
  dropTree(folder: string): void {
    for (const path of this.#files.keys()) if (path.startsWith(`${folder}/`)) this.drop(path);
  }

  /** Lets one go. */
  drop(path: string): void {
    this.#files.delete(path);
    rmSync(this.at(path), { force: true });
  }

  /** Lets all go. */
  release(): void {
    this.#files.clear();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** None where there is no such folder (any more). */
  #entriesOf(folder: string): Dirent[] {
    try {
      return readdirSync(join(this.#from, folder), { withFileTypes: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }

  #link(path: string, own: string): boolean {
    mkdirSync(dirname(own), { recursive: true, mode: 0o700 });
    try {
      linkSync(join(this.#from, path), own);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    }
    try {
      copyFileSync(join(this.#from, path), own);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
  }
}
