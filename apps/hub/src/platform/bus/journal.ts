/**
 * The journal's one writer.
 *
 * All calls that wait become one group: one write, one fdatasync, then all are answered, in order. While one group is
 * on its way to the disk the next one gathers, so a slow disk makes large groups and not a long queue of fsyncs.
 */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { err, ok, type Result } from '@bellwether/basics';
import { type Lock, lockFolder } from '../lock.ts';
import { DiskRoom } from './disk-room.ts';
import { fromSystem, journalError } from './errors.ts';
import { type Call, encodeCalls, prepareCall } from './group.ts';
import type { Journal, JournalError, NewRecord } from './journal-types.ts';
import { openSegments } from './opening.ts';
import { SegmentWriter } from './segment-writer.ts';
import { syncFolder } from './segments.ts';

/** A segment is what is removed at once: small beside the space that a hub needs anyway, and opening reads one in
 * a tenth of a second. */
const SEGMENT_BYTES = 64 * 1024 * 1024;

/** The most that one fsync is for: what a disk writes in some 30 ms, so that nobody waits long for the lines of others. */
const GROUP_BYTES = 8 * 1024 * 1024;

/** How a journal is opened. */
export type JournalOptions = {
  /** Bytes that stay free on the disk, for the database: below, lines are refused before anything is written. */
  readonly reserve?: number;
  /** Bytes of a segment; smaller in tests. */
  readonly segmentBytes?: number;
  /** Ms since 1970. */
  readonly now?: () => number;
};

/**
 * Opens the journal in a folder, which is made if it is not there, for this process alone. What a crash left half
 * written is cut off. JOURNAL_LOCKED names the process that has it; JOURNAL_DAMAGED and JOURNAL_NEWER the file.
 */
export async function openJournal(
  folder: string,
  options: JournalOptions = {},
): Promise<Result<Journal, JournalError>> {
  const now = options.now ?? Date.now;
  let lock: Lock | undefined;
  try {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (made !== undefined) await syncFolder(dirname(made));
    const locked = await lockFolder(folder);
    if (locked.isErr()) return err(journalError('JOURNAL_LOCKED', `${folder}: process ${locked.error.pid}`));
    lock = locked.value;
    const opened = await openSegments(folder, now());
    if (opened.isErr()) {
      await lock.unlock();
      return opened;
    }
    const writer = await SegmentWriter.open(folder, opened.value, options.segmentBytes ?? SEGMENT_BYTES);
    const room = new DiskRoom(folder, options.reserve ?? 0);
    return ok(new GroupingJournal(folder, writer, room, lock, opened.value.arrival, now));
  } catch (cause) {
    await lock?.unlock();
    return err(fromSystem(cause, folder));
  }
}

class GroupingJournal implements Journal {
  readonly journalId: string;
  readonly #folder: string;
  readonly #writer: SegmentWriter;
  readonly #room: DiskRoom;
  readonly #lock: Lock;
  readonly #now: () => number;
  readonly #listeners: ((durable: number) => void)[] = [];
  /** Of the last record. */
  #arrival: number;
  #calls: Call[] = [];
  #waiting = 0;
  #releaseBefore = 0;
  #running: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    folder: string,
    writer: SegmentWriter,
    room: DiskRoom,
    lock: Lock,
    arrival: number,
    now: () => number,
  ) {
    this.#folder = folder;
    this.#writer = writer;
    this.#room = room;
    this.#lock = lock;
    this.#arrival = arrival;
    this.#now = now;
    this.journalId = writer.journalId.toString('hex');
  }

  get begin(): number {
    return this.#writer.begin;
  }

  get durable(): number {
    return this.#writer.durable;
  }

  get bytes(): number {
    return this.durable - this.begin;
  }

  get waiting(): number {
    return this.#waiting;
  }

  record(records: readonly NewRecord[]): Promise<Result<number, JournalError>> {
    return new Promise((answer) => {
      // A clock that is set back must not make records go back.
      this.#arrival = Math.max(this.#arrival, Math.floor(this.#now()));
      const call = prepareCall(records, this.#arrival, answer);
      if (this.#closing !== undefined) {
        answer(err(journalError('JOURNAL_UNWRITABLE', `${this.#folder}: the journal was closed`)));
        return;
      }
      this.#calls.push(call);
      this.#waiting += call.size;
      this.#wake();
    });
  }

  onDurable(listener: (durable: number) => void): void {
    this.#listeners.push(listener);
  }

  release(before: number): void {
    this.#releaseBefore = Math.max(this.#releaseBefore, before);
    if (this.#closing === undefined) this.#wake();
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  #wake(): void {
    this.#running ??= this.#run();
  }

  async #run(): Promise<void> {
    do {
      // Whoever was just answered hands in more before the next group is made.
      await setImmediate();
      if (this.#calls.length > 0) await this.#writeGroup();
      // What cannot be removed now is tried again with the next release.
      await this.#writer.remove(this.#releaseBefore).catch(() => {});
    } while (this.#calls.length > 0);
    this.#running = undefined;
  }

  async #writeGroup(): Promise<void> {
    let calls: readonly Call[] | undefined;
    try {
      const first = this.#calls[0]!;
      const unwritable = await this.#writer.prepare(first.size, first.arrival);
      if (unwritable !== undefined) return this.#refuse(this.#take(), unwritable);
      calls = this.#take();
      calls = await this.#admitted(calls);
      if (calls.length === 0) return;
      await this.#writer.write(encodeCalls(calls, this.durable, this.#writer.seed));
    } catch (cause) {
      return this.#refuse(calls ?? this.#take(), fromSystem(cause, this.#folder));
    }
    this.#acknowledge(calls);
  }

  /** The calls of the next group: those that wait, as far as they fit into it and into the segment. */
  #take(): readonly Call[] {
    const most = Math.min(GROUP_BYTES, this.#writer.space);
    let bytes = 0;
    let count = 0;
    while (count < this.#calls.length && (count === 0 || bytes + this.#calls[count]!.size <= most)) {
      bytes += this.#calls[count]!.size;
      count += 1;
    }
    return this.#calls.splice(0, count);
  }

  /** The calls that the disk has room for; the others are answered. */
  async #admitted(calls: readonly Call[]): Promise<readonly Call[]> {
    const { admitted, refused } = await this.#room.admit(calls);
    const detail = `${this.#folder}: only the reserve for the database is left`;
    this.#refuse(refused, journalError('JOURNAL_DISK_FULL', detail));
    return admitted;
  }

  #acknowledge(calls: readonly Call[]): void {
    const bytes = calls.reduce((sum, { size }) => sum + size, 0);
    this.#room.used(bytes);
    this.#waiting -= bytes;
    for (const listener of this.#listeners) listener(this.durable);
    let end = this.durable - bytes;
    for (const call of calls) {
      end += call.size;
      call.answer(ok(end));
    }
  }

  #refuse(calls: readonly Call[], error: JournalError): void {
    for (const call of calls) {
      this.#waiting -= call.size;
      call.answer(err(error));
    }
  }

  async #end(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
    await this.#writer.close(this.#arrival);
    await this.#lock.unlock();
  }
}
