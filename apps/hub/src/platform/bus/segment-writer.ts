/**
 * Writes at the end of the last segment, and puts it on disk.
 *
 * When a write or an fsync fails, the same fsync is not tried again: on Linux it would succeed without having written
 * anything, since the pages it failed on count as clean from then on. The file is closed, opened anew, cut back to the
 * last durable position, which drops those pages, and put on disk, before anything else is written. If that fails too,
 * nothing is written until the journal is opened again.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { fromSystem, journalError } from './errors.ts';
import type { GroupWriter } from './grouping.ts';
import type { JournalError } from './journal-types.ts';
import type { OpenedSegments } from './opening.ts';
import { MARK, RECORD_HEADER, seedOf, writeRecord } from './record.ts';
import { createSegment, removeFiles, SEGMENT_HEAD, type Segment } from './segments.ts';

/** The segments, of which the last is written on. One call at a time. */
export class SegmentWriter implements GroupWriter {
  readonly place: string;
  readonly journalId: Buffer;
  readonly seed: number;
  readonly #folder: string;
  readonly #segmentBytes: number;
  #segments: Segment[];
  /** The last segment; undefined when it could not be cut back. */
  #file: FileHandle | undefined;
  /** A next segment may have its name already: nothing more may be written to this one. */
  #turning = false;
  #broken: JournalError | undefined;
  /** Whether the last record is the mark that closing writes. */
  #marked: boolean;

  private constructor(folder: string, opened: OpenedSegments, file: FileHandle, segmentBytes: number) {
    this.place = folder;
    this.journalId = opened.journalId;
    this.seed = seedOf(opened.journalId);
    this.#folder = folder;
    this.#segmentBytes = segmentBytes;
    this.#segments = [...opened.segments];
    this.#file = file;
    this.#marked = opened.closed;
  }

  /** Takes up segments that were made ready. */
  static async open(folder: string, opened: OpenedSegments, segmentBytes: number): Promise<SegmentWriter> {
    const file = await open(opened.segments.at(-1)!.path, 'r+');
    return new SegmentWriter(folder, opened, file, segmentBytes);
  }

  /** Offset of the first byte that is still there. */
  get begin(): number {
    return this.#segments[0]!.start;
  }

  /** Offset behind the last byte that is on disk. */
  get durable(): number {
    return this.#last.start + this.#last.size;
  }

  /** Bytes that still fit into the last segment. */
  get space(): number {
    return this.#segmentBytes - this.#last.size;
  }

  /** What keeps it from writing shows when it writes. */
  get trouble(): JournalError | undefined {
    return undefined;
  }

  get #last(): Segment {
    return this.#segments.at(-1)!;
  }

  /**
   * Makes ready for a write of this size: begins the next segment if there is no room in this one. Says why nothing can
   * be written any more; throws what the file system throws.
   */
  async prepare(size: number, arrival: number): Promise<JournalError | undefined> {
    if (this.#broken !== undefined) return this.#broken;
    const full = this.#last.size > SEGMENT_HEAD && size > this.space;
    if (full || this.#turning) await this.#turn(arrival);
    return undefined;
  }

  /** Puts the bytes on disk. If it throws, none of them counts. */
  async write(pieces: readonly Buffer[]): Promise<void> {
    const last = this.#last;
    const file = this.#file!;
    try {
      const written = await writeAll(file, pieces, last.size);
      await file.datasync();
      this.#segments[this.#segments.length - 1] = { ...last, size: last.size + written };
      this.#marked = false;
    } catch (cause) {
      this.#file = undefined;
      // It says again what has just been said.
      await file.close().catch(() => {});
      await this.#cutBack();
      throw cause;
    }
  }

  explain(cause: unknown): JournalError {
    return fromSystem(cause, this.#folder);
  }

  /** Removes whole segments that end at or before the offset, never the last. Throws if they cannot be removed now. */
  async remove(before: number): Promise<void> {
    const kept = this.#segments.findIndex(
      (segment) => segment === this.#last || segment.start + segment.size > before,
    );
    if (kept === 0) return;
    await removeFiles(
      this.#folder,
      this.#segments.slice(0, kept).map(({ path }) => path),
    );
    this.#segments = this.#segments.slice(kept);
  }

  /** Writes the mark and ends. Without the mark nothing is lost: what it guards is only looked at less closely. */
  async close(arrival: number): Promise<void> {
    if (!this.#marked && !this.#turning && this.#file !== undefined) {
      const mark = { kind: MARK, last: true, offset: this.durable, durable: this.durable, arrival } as const;
      const bytes = Buffer.alloc(RECORD_HEADER);
      writeRecord(bytes, mark, Buffer.alloc(0), Buffer.alloc(0), this.seed);
      await this.write([bytes]).catch(() => {});
    }
    await this.#file?.close().catch(() => {});
  }

  async #cutBack(): Promise<void> {
    const { path, size } = this.#last;
    let file: FileHandle | undefined;
    try {
      file = await open(path, 'r+');
      if ((await file.stat()).size < size) throw new Error('acknowledged bytes are missing');
      await file.truncate(size);
      await file.sync();
      this.#file = file;
    } catch (cause) {
      await file?.close().catch(() => {});
      this.#broken = journalError('JOURNAL_UNWRITABLE', fromSystem(cause, path).detail);
    }
  }

  async #turn(since: number): Promise<void> {
    this.#turning = true;
    const head = { journalId: this.journalId, start: this.durable, since };
    const segment = await createSegment(this.#folder, head);
    const file = await open(segment.path, 'r+');
    await this.#file!.close().catch(() => {});
    this.#file = file;
    this.#segments.push(segment);
    this.#turning = false;
  }
}

/** Writes all of it, however little the system takes at a time; gives the bytes. */
async function writeAll(file: FileHandle, pieces: readonly Buffer[], from: number): Promise<number> {
  let left = pieces;
  let at = from;
  while (left.length > 0) {
    let { bytesWritten } = await file.writev(left, at);
    if (bytesWritten === 0) throw new Error('the system takes no bytes');
    at += bytesWritten;
    let whole = 0;
    while (whole < left.length && bytesWritten >= left[whole]!.length) bytesWritten -= left[whole++]!.length;
    left = left.slice(whole);
    if (bytesWritten > 0) left = [left[0]!.subarray(bytesWritten), ...left.slice(1)];
  }
  return at - from;
}
