/** One followed file: read on, over rotations, truncations and restarts. */
import { stat } from 'node:fs/promises';
import type { Arrival, Intake } from '../../../flow/intake-types.ts';
import { beginsAs, type FileMark, formatMark, grownMark, parseMark, sameInode } from './file-place.ts';
import { type Generation, generationsOf } from './generations.ts';
import { LeftFile } from './left-file.ts';
import type { Destination, SocketsLog } from './listener.ts';
import { CHANGED, type OpenFile, openAt } from './open-file.ts';
import type { Refusals } from './refusals.ts';
import { Sleeper } from './sleeper.ts';

/** How long is waited for what, ms. */
export type FollowTimes = {
  /** Between two looks at a file: a hint of the system usually comes first, and half a second is soon enough. */
  readonly poll: number;
  /** After a hint: what is written in the same moment is read together. */
  readonly settle: number;
  /** After a rename, the old file must have been quiet for so long: its writer is told of the rotation a little later. */
  readonly quiet: number;
  /** Before what intake did not take is handed over again, and twice as long each time, up to the other. */
  readonly retryFirst: number;
  readonly retryLast: number;
};

export const DEFAULT_TIMES: FollowTimes = {
  poll: 500,
  settle: 20,
  quiet: 2_000,
  retryFirst: 100,
  retryLast: 5_000,
};

/** Read at once, bytes: an arrival that is worth its fsync, and a quarter of what the journal takes. */
const READ_AT_ONCE = 1024 * 1024;

/** Bytes that are kept and not judged yet, from which on a file waits: it can, as long as its disk has room. */
const BACKLOG = 64 * 1024 * 1024;

const LINE_END = 0x0a;

/** What goes into the journal with lines. */
type Place = NonNullable<Arrival['follow']>;

/** Follows one path. */
export class FollowedFile {
  readonly #path: string;
  readonly #destination: Destination;
  readonly #times: FollowTimes;
  readonly #intake: Intake;
  readonly #refusals: Refusals;
  readonly #log: SocketsLog;
  readonly #sleeper = new Sleeper();
  readonly #buffer = Buffer.allocUnsafeSlow(READ_AT_ONCE);
  #current: OpenFile | undefined;
  #left: LeftFile | undefined;
  // What was handed over last: newer than what intake remembers from the last start.
  #place: Place | undefined;
  #troubled = false;

  constructor(
    path: string,
    destination: Destination,
    times: FollowTimes,
    intake: Intake,
    refusals: Refusals,
    log: SocketsLog,
  ) {
    this.#path = path;
    this.#destination = destination;
    this.#times = times;
    this.#intake = intake;
    this.#refusals = refusals;
    this.#log = log;
  }

  /** Something may have changed. */
  hint(): void {
    this.#sleeper.wake();
  }

  /** Ends `run` after the step that it is in. */
  stop(): void {
    this.#sleeper.stop();
  }

  /** Reads until it is stopped. */
  async run(): Promise<void> {
    while (!this.#sleeper.stopped) {
      const moved = await this.#step().catch((error: NodeJS.ErrnoException) => this.#trouble(error));
      if (moved) continue;
      await this.#sleeper.sleep(this.#times.poll);
      await this.#sleeper.rest(this.#times.settle);
    }
    await this.#left?.close();
    await this.#current?.handle.close();
  }

  /** One step; whether another should follow at once. */
  async #step(): Promise<boolean> {
    if (this.#intake.backlog > BACKLOG) return false;
    await this.#left?.readOn((lines) => this.#submit(lines));
    this.#current ??= await this.#resume();
    const current = this.#current;
    if (current === undefined) return false;

    const stats = await current.handle.stat({ bigint: true });
    if (Number(stats.size) < current.offset || !(await beginsAs(current.handle, current.mark))) {
      return this.#emptied(current);
    }
    if (Number(stats.size) > current.offset && (await this.#readOn(current, false))) return true;
    return this.#rotated(current);
  }

  /** Reads whole lines and hands them over; with `last`, also a line without an end. Whether there was something. */
  async #readOn(current: OpenFile, last: boolean): Promise<boolean> {
    const { bytesRead } = await current.handle.read(this.#buffer, 0, READ_AT_ONCE, current.offset);
    const filled = this.#buffer.subarray(0, bytesRead);
    const end = current.skipping ? filled.indexOf(LINE_END) + 1 : filled.lastIndexOf(LINE_END) + 1;
    if (current.skipping) {
      const skipped = end === 0 ? bytesRead : end;
      this.#refusals.lines('too-long', end === 0 ? 0 : 1, skipped, this.#path);
      current.skipping = end === 0;
      current.offset += skipped;
      return skipped > 0;
    }
    if (end === 0 && bytesRead === READ_AT_ONCE) {
      current.skipping = true;
      return true;
    }
    const length = last ? bytesRead : end;
    if (length === 0) return false;
    return this.#handOver(current, Buffer.from(filled.subarray(0, length)));
  }

  /** Hands lines over until they are on disk: nothing is skipped, whatever intake says. */
  async #handOver(current: OpenFile, lines: Buffer): Promise<boolean> {
    const offset = current.offset + lines.length;
    const mark = await grownMark(current.handle, current.mark, offset);
    const follow = { path: this.#path, file: formatMark(mark), offset };
    const { retryFirst, retryLast } = this.#times;
    for (
      let pause = retryFirst;
      !(await this.#submit(lines, follow));
      pause = Math.min(pause * 2, retryLast)
    ) {
      await this.#sleeper.rest(pause);
      if (this.#sleeper.stopped) return false;
    }
    this.#place = follow;
    current.offset = offset;
    current.mark = mark;
    current.grownAt = performance.now();
    return true;
  }

  /** Hands lines over once; whether they are on disk. */
  async #submit(lines: Buffer, follow?: Place): Promise<boolean> {
    const kept = await this.#intake.submit({
      ...this.#destination,
      transport: 'file',
      // Intake owns what it is given, and we may have to give it again.
      lines: Buffer.from(lines),
      ...(follow === undefined ? {} : { follow }),
    });
    if (kept.isErr() && !this.#troubled) {
      this.#log.warn({ path: this.#path, ...kept.error }, 'lines of a file have to wait');
    }
    this.#troubled = kept.isErr();
    return kept.isOk();
  }

  /** Goes on to the next file when this one was renamed and is read to its end. */
  async #rotated(current: OpenFile): Promise<boolean> {
    const now = await stat(this.#path, { bigint: true }).catch(() => undefined);
    // No new file, or nothing in it: whoever writes may still write into the old one.
    if (now === undefined || now.ino === current.inode || now.size === 0n) return false;
    if (performance.now() - current.grownAt < this.#times.quiet) return false;
    const generations = await generationsOf(this.#path);
    if (generations === undefined) return true;
    const stats = await current.handle.stat({ bigint: true });
    if (Number(stats.size) > current.offset && (await this.#readOn(current, true))) return true;
    const at = generations.findIndex((generation) => generation.stats.ino === stats.ino);
    // Renamed back in the meantime: it is the file of our path again.
    if (at >= 0 && at === generations.length - 1) return true;
    // Deleted or compressed, it is followed by the first that was written to later.
    const next =
      at >= 0
        ? generations[at + 1]
        : (generations.find((other) => other.stats.mtimeNs > stats.mtimeNs) ?? generations.at(-1));
    const opened = next === undefined ? undefined : await openAt(next, 0);
    if (opened === undefined || opened === CHANGED) return true;
    await this.#left?.close();
    this.#left = new LeftFile(current);
    this.#current = opened;
    return true;
  }

  /** The file is shorter than what was read of it, or another stands in it. A copy may have been made before. */
  async #emptied(current: OpenFile): Promise<boolean> {
    const { mark, offset } = current;
    const generations = await generationsOf(this.#path);
    if (generations === undefined) return true;
    const found = (await this.#find(mark, offset, generations)) ?? (await this.#fresh(generations));
    if (found === CHANGED) return true;
    this.#refusals.whole('truncated', 0, this.#path);
    await current.handle.close();
    this.#current = found;
    return true;
  }

  /** Opens where the journal says that we were; at the beginning of a file that is new to us. */
  async #resume(): Promise<OpenFile | undefined> {
    const generations = await generationsOf(this.#path);
    if (generations === undefined || generations.length === 0) return undefined;
    const place = this.#place ?? this.#intake.followedTo(this.#path);
    const mark = place === undefined ? undefined : parseMark(place.file);
    const found =
      place === undefined || mark === undefined
        ? undefined
        : await this.#find(mark, place.offset, generations);
    const opened = found ?? (await this.#fresh(generations));
    if (opened === undefined || opened === CHANGED) return undefined;
    if (place !== undefined && found === undefined) this.#refusals.whole('lost-while-away', 0, this.#path);
    return opened;
  }

  /** The file of our path, from its beginning. */
  async #fresh(generations: readonly Generation[]): Promise<OpenFile | typeof CHANGED | undefined> {
    const newest = generations.at(-1);
    return newest?.path === this.#path ? openAt(newest, 0) : undefined;
  }

  /** The marked file among the generations: at its inode, else a copy of it. */
  async #find(
    mark: FileMark,
    offset: number,
    generations: readonly Generation[],
  ): Promise<OpenFile | typeof CHANGED | undefined> {
    const same = generations.filter(({ stats }) => sameInode(stats, mark));
    const copies = mark.head === 0 ? [] : generations.filter(({ stats }) => !sameInode(stats, mark));
    for (const generation of [...same, ...copies]) {
      if (Number(generation.stats.size) < offset) continue;
      const found = await openAt(generation, offset, mark);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** What the system says of a file: told once, and tried again. */
  async #trouble(error: NodeJS.ErrnoException): Promise<boolean> {
    // What no system call said is a defect of ours.
    if (error.code === undefined) throw error;
    if (!this.#troubled) {
      this.#log.warn({ path: this.#path, reason: error.code }, 'a file cannot be read on');
    }
    this.#troubled = true;
    await this.#current?.handle.close().catch(() => undefined);
    this.#current = undefined;
    return false;
  }
}
