/**
 * Puts lines on disk before their source moves on. What comes while the disk works is one write and one sync the next
 * time, so that many sources cost no more syncs than one.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { err, ok, type Result } from '@bellwether/basics';
import type { AgentError } from '../errors.ts';
import type { LaneState, Segment } from './lane-state.ts';
import { encodeRecord, MOST_LINES_BYTES, type RecordHead } from './record.ts';
import { linesPath, makeSegment, SEGMENT_BYTES } from './segment-files.ts';

/** A segment takes no more lines after a day, so that what was sent can be forgotten by days. */
const SEGMENT_MS = 24 * 3_600_000;

/** Lines of one source with its place behind them. */
export type Kept = {
  readonly source: string;
  /** Left out by sources that cannot go back. */
  readonly place?: string;
  /** Whole lines, each with its line end. */
  readonly lines: Buffer;
  readonly count: number;
};

type Waiting = { readonly kept: Kept; done(result: Result<void, AgentError>): void };

/** The writing side of a spool. */
export class LaneWriter {
  readonly #state: LaneState;
  readonly #told: () => void;
  #file: FileHandle | undefined;
  #queue: Waiting[] = [];
  #writing: Promise<void> | undefined;

  /** `told` is called whenever lines were kept. */
  constructor(state: LaneState, told: () => void) {
    this.#state = state;
    this.#told = told;
  }

  /** Opens the last segment, made if there is none. */
  async openLast(): Promise<void> {
    const last = this.#state.segments.at(-1);
    if (last === undefined || last.isClosed) await this.#makeNext();
    else this.#file = await open(linesPath(this.#state.folder, last.number), 'r+');
  }

  /** Puts lines on disk; an error means that none of them is, and that the source has to keep them. */
  keepLines(kept: Kept): Promise<Result<void, AgentError>> {
    const { room } = this.#state;
    if (kept.lines.length === 0 || kept.lines.length > MOST_LINES_BYTES)
      throw new RangeError(`a record of ${kept.lines.length} bytes`);
    if (!room.reserve(kept.lines.length)) {
      const detail = `${room.used} of ${room.most} bytes wait for the hub`;
      return Promise.resolve(err({ code: 'SHIP_SPOOL_FULL', detail }));
    }
    return new Promise((done) => {
      this.#queue.push({ kept, done });
      this.#writing ??= this.#writeAll();
    });
  }

  /** Ends what is being written, and closes the file. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file?.close();
    this.#file = undefined;
  }

  async #writeAll(): Promise<void> {
    while (this.#queue.length > 0) {
      const together = this.#queue;
      this.#queue = [];
      const result = await this.#writeTogether(together.map(({ kept }) => kept));
      for (const { kept, done } of together) {
        if (result.isErr()) this.#state.room.giveBack(kept.lines.length, 1);
        done(result);
      }
      if (result.isOk()) this.#told();
    }
    this.#writing = undefined;
  }

  async #writeTogether(together: readonly Kept[]): Promise<Result<void, AgentError>> {
    const state = this.#state;
    const at = state.now();
    try {
      const segment = await this.#segmentFor(at);
      const file = this.#file as FileHandle;
      const bytes = Buffer.concat(together.map((kept) => encodeRecord(headOf(kept, at), kept.lines)));
      try {
        for (let done = 0; done < bytes.length; )
          done += (await file.write(bytes, done, bytes.length - done, segment.end + done)).bytesWritten;
        await file.datasync();
      } catch (cause) {
        // What a failed sync left is unknown: it is cut off, and the next lines go into a new segment.
        segment.isClosed = true;
        await file.truncate(segment.end).catch(() => undefined);
        throw cause;
      }
      segment.end += bytes.length;
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === undefined) throw cause;
      return err({ code: 'SHIP_DISK_FULL', detail: `${state.folder}: ${code}` });
    }
    for (const { source, place, lines, count } of together) {
      if (place !== undefined) state.places.set(source, place);
      state.lines += count;
      state.bytes += lines.length;
    }
    state.oldest ??= at;
    return ok();
  }

  /** The segment that lines of now go into. */
  async #segmentFor(at: number): Promise<Segment> {
    const last = this.#state.segments.at(-1) as Segment;
    const isOld = at - last.madeAt >= SEGMENT_MS && this.#state.bytes + last.settledTo > 0;
    if (!last.isClosed && !isOld && last.end < SEGMENT_BYTES) return last;
    await this.#makeNext();
    return this.#state.segments.at(-1) as Segment;
  }

  async #makeNext(): Promise<void> {
    const { segments, folder, now, sequence, places } = this.#state;
    const number = (segments.at(-1)?.number ?? 0) + 1;
    const head = { at: now(), lines: 0, sequence, places: Object.fromEntries(places) } as const;
    const end = await makeSegment(folder, number, head);
    const file = await open(linesPath(folder, number), 'r+');
    await this.#file?.close();
    this.#file = file;
    segments.push({ number, madeAt: head.at, end, settledTo: end, sentAt: 0, isClosed: false });
  }
}

function headOf({ source, place, count }: Kept, at: number): RecordHead {
  return { at, lines: count, source, ...(place === undefined ? {} : { place }) };
}
