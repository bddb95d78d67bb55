/**
 * What of a spool is sent next. A batch is noted, synced, before it leaves: whenever it is sent again, it is the same
 * records under the same number. It lies in one segment, and one batch is on its way at a time, so lines keep their order.
 */
import { type FileHandle, open } from 'node:fs/promises';
import type { LaneState, Segment } from './lane-state.ts';
import { MOST_LINES_BYTES, type RecordHead } from './record.ts';
import { FOR_OWNER, linesPath, notesPath, readBetween, recordsIn, removeSegment } from './segment-files.ts';
import { type Cut, noteText, type Settled } from './sent-notes.ts';

/** Lines of one batch, bytes: worth a request and its sync at the hub, and packed in a few milliseconds. */
export const BATCH_BYTES = 256 * 1024;

/** A batch that has to be sent. */
export type Due = { readonly cut: Cut; readonly lines: Buffer; readonly packed: Buffer };

/** What a batch is made with. */
export type CuttingOptions = {
  readonly pack: (lines: Buffer) => Promise<Buffer>;
  /** For how long what was sent is kept, ms, and how much of it, bytes. */
  readonly sentMs: number;
  readonly sentBytes: number;
  readonly tell: (text: string) => void;
};

/** A batch that was noted, and is not settled. */
export type Pending = { readonly segment: Segment; readonly cut: Cut };

/** The sending side of a spool. */
export class LaneReader {
  readonly #state: LaneState;
  readonly #options: CuttingOptions;
  #pending: Pending | undefined;
  #notes: { readonly number: number; readonly file: FileHandle } | undefined;

  /** `pending`: what was sent and not settled when the last process ended. */
  constructor(state: LaneState, options: CuttingOptions, pending: Pending | undefined) {
    this.#state = state;
    this.#options = options;
    this.#pending = pending;
  }

  /** The next batch, noted on disk; the same as before if that was not settled. Undefined where nothing waits. */
  async nextBatch(): Promise<Due | undefined> {
    for (;;) {
      if (this.#pending === undefined) {
        const made = await this.#cutNext();
        if (made === 'damaged') continue;
        return made;
      }
      const { segment, cut } = this.#pending;
      const lines = await this.#linesOf(segment, cut);
      if (lines !== undefined) return { cut, lines, packed: await this.#options.pack(lines) };
      this.#tellDamage(segment, cut.lines);
      await this.settle('damaged');
    }
  }

  /** Notes what became of the batch, and goes on behind it. */
  async settle(outcome: Settled['outcome'], why?: string): Promise<void> {
    const pending = this.#pending;
    if (pending === undefined) throw new Error('nothing was sent');
    const { segment, cut } = pending;
    const state = this.#state;
    const at = state.now();
    const note = { sequence: cut.sequence, settled: at, outcome, ...(why === undefined ? {} : { why }) };
    // Not synced: who forgets it sends again, and the hub says that it has it.
    await (await this.#notesOf(segment)).write(noteText(note));
    this.#pending = undefined;
    state.room.giveBack(cut.bytes, cut.records);
    state.lines -= cut.lines;
    state.bytes -= cut.bytes;
    segment.settledTo = cut.to;
    segment.sentAt = at;
    await this.lookAtOldest();
  }

  /** Finds when the oldest line came that is not settled. */
  async lookAtOldest(): Promise<void> {
    const segment = this.#unsettled();
    this.#state.oldest = segment === undefined ? undefined : await this.#atOf(segment);
  }

  /** Removes what was sent long ago, or is more than is kept. */
  async forgetOld(): Promise<void> {
    const { segments, folder, now } = this.#state;
    const { sentMs, sentBytes } = this.#options;
    let sent = segments.reduce((sum, { settledTo }) => sum + settledTo, 0);
    // The notes of the last one that was sent of hold the last sequence.
    for (
      let last = segments.findLastIndex(({ sentAt }) => sentAt > 0);
      last > 0 && (segments[0] as Segment).settledTo >= (segments[0] as Segment).end;
      last -= 1
    ) {
      const first = segments[0] as Segment;
      if (first.sentAt > now() - sentMs && sent <= sentBytes) return;
      if (this.#notes?.number === first.number) await this.close();
      await removeSegment(folder, first.number);
      sent -= first.settledTo;
      segments.shift();
    }
  }

  /** Closes the notes. */
  async close(): Promise<void> {
    await this.#notes?.file.close();
    this.#notes = undefined;
  }

  async #cutNext(): Promise<Due | 'damaged' | undefined> {
    const state = this.#state;
    const segment = this.#unsettled();
    if (segment === undefined) return undefined;
    const from = segment.settledTo;
    const end = Math.min(segment.end, from + BATCH_BYTES + MOST_LINES_BYTES);
    const records = recordsIn(await readBetween(state.folder, segment.number, from, end));
    let bytes = 0;
    const taken = records.filter(({ body }, i) => {
      bytes += body.length;
      return i === 0 || bytes <= BATCH_BYTES;
    });
    const last = taken.at(-1);
    if (last === undefined) {
      this.#giveUp(segment);
      return 'damaged';
    }
    const lines = Buffer.concat(taken.map(({ body }) => body));
    const packed = await this.#options.pack(lines);
    const cut: Cut = {
      sequence: state.sequence,
      at: state.now(),
      from,
      to: from + last.end,
      records: taken.length,
      lines: taken.reduce((sum, { head }) => sum + head.lines, 0),
      bytes: lines.length,
      packed: packed.length,
    };
    const notes = await this.#notesOf(segment);
    await notes.write(noteText(cut));
    await notes.datasync();
    state.sequence += 1;
    this.#pending = { segment, cut };
    return { cut, lines, packed };
  }

  /** The rest of a segment cannot be read back. How many lines it was nobody knows but by what was counted before. */
  #giveUp(segment: Segment): void {
    const state = this.#state;
    this.#tellDamage(segment, undefined);
    const others = state.segments.some((other) => other !== segment && other.settledTo < other.end);
    segment.settledTo = segment.end;
    if (others) return;
    state.room.giveBack(state.bytes, 0);
    state.lines = 0;
    state.bytes = 0;
    state.oldest = undefined;
  }

  async #linesOf(segment: Segment, cut: Cut): Promise<Buffer | undefined> {
    const records = recordsIn(await readBetween(this.#state.folder, segment.number, cut.from, cut.to));
    if (records.at(-1)?.end !== cut.to - cut.from) return undefined;
    return Buffer.concat(records.map(({ body }) => body));
  }

  #tellDamage({ number }: Segment, lines: number | undefined): void {
    const path = linesPath(this.#state.folder, number);
    const what =
      lines === undefined ? 'lines that nobody can count any more are lost' : `${lines} lines are lost`;
    this.#options.tell(`${path} is damaged: ${what}. Check the disk of this computer.`);
  }

  #unsettled(): Segment | undefined {
    return this.#state.segments.find(({ settledTo, end }) => settledTo < end);
  }

  async #atOf({ number, settledTo, end }: Segment): Promise<number | undefined> {
    const bytes = await readBetween(
      this.#state.folder,
      number,
      settledTo,
      Math.min(end, settledTo + MOST_LINES_BYTES * 2),
    );
    return (recordsIn(bytes)[0]?.head as RecordHead | undefined)?.at;
  }

  async #notesOf({ number }: Segment): Promise<FileHandle> {
    if (this.#notes?.number === number) return this.#notes.file;
    await this.close();
    const file = await open(notesPath(this.#state.folder, number), 'a', FOR_OWNER);
    this.#notes = { number, file };
    return file;
  }
}
