/**
 * One followed path, as `tail -F` reads it, with the difference that nothing is read twice or left out over rotations,
 * truncations and restarts: the place is on disk together with the lines before it.
 */
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import type { Feed } from '../feed.ts';
import { MOST_LINES_BYTES } from '../record.ts';
import { beginsAs, type FileMark, firstMark, markAt, parsePlace } from './file-mark.ts';
import { type Rotated, rotationsOf } from './rotations.ts';

/** Times of following, ms. */
export type FollowTimes = {
  /** Between two looks at all files. */
  readonly poll: number;
  /** A renamed file must have been quiet for so long before the next one is read: its writer learns of it a little later. */
  readonly quiet: number;
  /** So long after that, old processes of a server may still write into it. */
  readonly left: number;
};

/** Half a second is soon enough for what waits for others for a second; two for a signal; ten minutes for graceful ends. */
export const FOLLOW_TIMES: FollowTimes = { poll: 500, quiet: 2_000, left: 10 * 60_000 };

const LINE_END = 0x0a;
const END = Buffer.from([LINE_END]);

/** An open file, and how far it was read. */
type OpenFile = {
  readonly handle: FileHandle;
  mark: FileMark;
  /** When it last had something new, and when the next one took its place; ms of `performance`. */
  grownAt: number;
  leftAt: number;
  /** The rest of a line that is too long to be kept. */
  isSkipping: boolean;
};

/** Follows one path. One step at a time. */
export class FollowedFile {
  readonly path: string;
  readonly #source: string;
  readonly #feed: Feed;
  readonly #times: FollowTimes;
  // One for all files: steps are one after the other.
  readonly #buffer: Buffer;
  #current: OpenFile | undefined;
  #left: OpenFile | undefined;
  #trouble = '';

  constructor(path: string, feed: Feed, times: FollowTimes, buffer: Buffer) {
    this.path = path;
    this.#source = `file:${path}`;
    this.#feed = feed;
    this.#times = times;
    this.#buffer = buffer;
  }

  /** Reads a piece; whether there may be more at once. */
  async step(): Promise<boolean> {
    try {
      const moved = await this.#step();
      this.#trouble = '';
      return moved;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // What no system call said is a defect of ours.
      if (code === undefined) throw error;
      if (this.#trouble !== code) this.#feed.tell(`${this.path} cannot be read: ${code}`);
      this.#trouble = code;
      await this.close();
      return false;
    }
  }

  /** Closes what is open; `step` opens it again. */
  async close(): Promise<void> {
    const open = [this.#current, this.#left];
    this.#current = undefined;
    this.#left = undefined;
    for (const file of open) await file?.handle.close().catch(() => undefined);
  }

  async #step(): Promise<boolean> {
    this.#current ??= await this.#resume();
    const current = this.#current;
    if (current === undefined) return false;
    await this.#readLeft();

    const { size } = await current.handle.stat();
    if (size < current.mark.offset || !(await beginsAs(current.handle, current.mark))) {
      return this.#emptied(current);
    }
    if (size > current.mark.offset && (await this.#readOn(current, false))) return true;
    return this.#rotated(current);
  }

  /** Reads whole lines and keeps them; with `isLast`, also a line without an end. Whether something was read. */
  async #readOn(file: OpenFile, isLast: boolean): Promise<boolean> {
    const { offset } = file.mark;
    const { bytesRead } = await file.handle.read(this.#buffer, 0, MOST_LINES_BYTES - 1, offset);
    const filled = this.#buffer.subarray(0, bytesRead);
    if (file.isSkipping) {
      const end = filled.indexOf(LINE_END) + 1;
      file.isSkipping = end === 0 && bytesRead > 0;
      file.mark = { ...file.mark, offset: offset + (end === 0 ? bytesRead : end) };
      return bytesRead > 0;
    }
    const end = filled.lastIndexOf(LINE_END) + 1;
    if (end === 0 && bytesRead === MOST_LINES_BYTES - 1) {
      this.#feed.lost(this.#source, `a line over ${MOST_LINES_BYTES} bytes`, 1);
      file.isSkipping = true;
      return true;
    }
    if (end > 0) return this.#keep(file, filled.subarray(0, end), end);
    if (!isLast || bytesRead === 0) return false;
    return this.#keep(file, Buffer.concat([filled, END]), bytesRead);
  }

  /** Keeps lines with the place behind them. */
  async #keep(file: OpenFile, lines: Buffer, length: number): Promise<boolean> {
    const mark = await markAt(file.handle, file.mark, file.mark.offset + length);
    const marks = { current: this.#current?.mark, left: this.#left?.mark };
    if (file === this.#left) marks.left = mark;
    else marks.current = mark;
    let count = 0;
    for (let at = lines.indexOf(LINE_END); at >= 0; at = lines.indexOf(LINE_END, at + 1)) count += 1;
    const kept = { source: this.#source, place: JSON.stringify(marks), lines, count };
    if (!(await this.#feed.keep(kept))) return false;
    file.mark = mark;
    file.grownAt = performance.now();
    return true;
  }

  /** Reads on in the file before this one, until nobody writes into it any more. */
  async #readLeft(): Promise<void> {
    const left = this.#left;
    if (left === undefined) return;
    const { size } = await left.handle.stat();
    if (size > left.mark.offset && (await this.#readOn(left, false))) return;
    if (performance.now() - left.leftAt < this.#times.left) return;
    this.#left = undefined;
    await left.handle.close();
  }

  /** Goes on to the next file when this one was renamed and is read to its end. */
  async #rotated(current: OpenFile): Promise<boolean> {
    const now = await stat(this.path, { bigint: true }).catch(() => undefined);
    // No new file, or nothing in it: whoever writes may still write into the old one.
    if (now === undefined || String(now.ino) === current.mark.inode || now.size === 0n) return false;
    if (performance.now() - current.grownAt < this.#times.quiet) return false;
    const rotations = await rotationsOf(this.path);
    if (rotations === undefined) return true;
    if (await this.#readOn(current, true)) return true;
    const stats = await current.handle.stat({ bigint: true });
    const at = rotations.findIndex((other) => String(other.stats.ino) === current.mark.inode);
    // Renamed back in the meantime: it is the file of our path again.
    if (at >= 0 && at === rotations.length - 1) return true;
    // Deleted or packed, it is followed by the first that was written to later.
    const next =
      at >= 0
        ? rotations[at + 1]
        : (rotations.find((other) => other.stats.mtimeNs > stats.mtimeNs) ?? rotations.at(-1));
    const opened = next === undefined ? undefined : await openFile(next);
    if (opened === undefined) return true;
    await this.#left?.handle.close();
    current.leftAt = performance.now();
    this.#left = current;
    this.#current = opened;
    return true;
  }

  /** The file is shorter than what was read of it, or another stands in it. A copy may have been made before. */
  async #emptied(current: OpenFile): Promise<boolean> {
    const rotations = await rotationsOf(this.path);
    if (rotations === undefined) return true;
    const found = await findMarked(rotations, current.mark);
    const opened = found ?? (await this.#fresh(rotations));
    if (opened === undefined) return false;
    if (found === undefined) this.#feed.lost(this.#source, 'the file was emptied', undefined);
    await current.handle.close();
    this.#current = opened;
    return true;
  }

  /** Opens where we were; at the beginning of a file that is new to us. */
  async #resume(): Promise<OpenFile | undefined> {
    const rotations = await rotationsOf(this.path);
    if (rotations === undefined || rotations.length === 0) return undefined;
    const place = parsePlace(this.#feed.placeOf(this.#source));
    const found = place === undefined ? undefined : await findMarked(rotations, place.current);
    const opened = found ?? (await this.#fresh(rotations));
    if (opened === undefined) return undefined;
    if (place !== undefined && found === undefined)
      this.#feed.lost(this.#source, 'the file was gone when the agent came back', undefined);
    this.#left ??= place?.left === undefined ? undefined : await findMarked(rotations, place.left);
    return opened;
  }

  /** The file of our path, from its beginning. */
  async #fresh(rotations: readonly Rotated[]): Promise<OpenFile | undefined> {
    const newest = rotations.at(-1);
    return newest?.path === this.path ? openFile(newest) : undefined;
  }
}

/** The marked file: at its inode, else a copy of it. */
async function findMarked(rotations: readonly Rotated[], mark: FileMark): Promise<OpenFile | undefined> {
  const same = rotations.filter(({ stats }) => String(stats.ino) === mark.inode);
  const copies = mark.head === 0 ? [] : rotations.filter(({ stats }) => String(stats.ino) !== mark.inode);
  for (const one of [...same, ...copies]) {
    if (Number(one.stats.size) < mark.offset) continue;
    const found = await openFile(one, mark);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Opens a file; undefined where another has its name by now, or it does not begin as the mark says. */
async function openFile({ path, stats }: Rotated, mark?: FileMark): Promise<OpenFile | undefined> {
  // Without waiting: a pipe has no writer, perhaps for ever.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw error;
    },
  );
  if (handle === undefined) return undefined;
  const inode = String((await handle.stat({ bigint: true })).ino);
  if (inode !== String(stats.ino) || (mark !== undefined && !(await beginsAs(handle, mark)))) {
    await handle.close();
    return undefined;
  }
  const at = performance.now();
  const place = mark === undefined ? await firstMark(handle) : { ...mark, inode };
  return { handle, mark: place, grownAt: at, leftAt: at, isSkipping: false };
}
