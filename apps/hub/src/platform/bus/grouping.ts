/**
 * Makes groups of calls, for whatever a journal is kept in.
 *
 * All calls that wait become one group: one write, then all are answered, in order. While one group is on its way the
 * next one gathers, so a slow disk makes large groups and not a long queue of small ones.
 */
import { setImmediate } from 'node:timers/promises';
import { err, ok, type Result } from '@bellwether/basics';
import { journalError } from './errors.ts';
import { type Call, encodeCalls, prepareCall } from './group.ts';
import type { Journal, JournalError, NewRecord } from './journal-types.ts';

/** The most that is written at once: what a disk writes in some 30 ms, so that nobody waits long for the lines of others. */
const GROUP_BYTES = 8 * 1024 * 1024;

/** Where groups are written to, one at a time. */
export interface GroupWriter {
  /** For people: which journal it is. */
  readonly place: string;
  /** 16 bytes, and what the sums of records begin with. */
  readonly journalId: Buffer;
  readonly seed: number;
  /** First offset that is still there, and the end of what is kept safely. */
  readonly begin: number;
  readonly durable: number;
  /** Bytes that the next group should have at most. */
  readonly space: number;
  /** Why nothing new can be taken at present, before anything of it is written. */
  readonly trouble: JournalError | undefined;
  /** Makes ready for a write of this size; says why nothing can be written any more. */
  prepare(size: number, arrival: number): Promise<JournalError | undefined>;
  /** Resolves when the bytes are safe. If it throws, none of them counts. `arrival` of the last record, ms. */
  write(pieces: readonly Buffer[], arrival: number): Promise<void>;
  /** What was thrown by `prepare` and `write`, for people. */
  explain(cause: unknown): JournalError;
  /** Removes what ends at or before the offset, as far as it can be removed. Throws if that fails. */
  remove(before: number): Promise<void>;
  close(arrival: number): Promise<void>;
}

/** Keeps room for what must always pass. */
export interface Room {
  /** Which of the calls may be written. */
  admit(calls: readonly Call[]): Promise<{ admitted: readonly Call[]; refused: readonly Call[] }>;
  /** Takes note of what was written. */
  used(bytes: number): void;
}

/** The writer of a journal, whatever it is kept in. */
export class GroupingJournal implements Journal {
  readonly journalId: string;
  readonly #writer: GroupWriter;
  readonly #room: Room;
  readonly #unlock: () => Promise<void>;
  readonly #now: () => number;
  readonly #listeners: ((durable: number) => void)[] = [];
  /** Of the last record. */
  #arrival: number;
  #calls: Call[] = [];
  #waiting = 0;
  #releaseBefore = 0;
  #running: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  /** `arrival` of the last record, ms; `unlock` gives the journal back when it is closed. */
  constructor(
    writer: GroupWriter,
    room: Room,
    unlock: () => Promise<void>,
    arrival: number,
    now: () => number,
  ) {
    this.#writer = writer;
    this.#room = room;
    this.#unlock = unlock;
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
      const unwritable =
        this.#closing === undefined
          ? this.#writer.trouble
          : journalError('JOURNAL_UNWRITABLE', `${this.#writer.place}: the journal was closed`);
      if (unwritable !== undefined) {
        answer(err(unwritable));
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
      const arrival = calls.at(-1)!.arrival;
      await this.#writer.write(encodeCalls(calls, this.durable, this.#writer.seed), arrival);
    } catch (cause) {
      return this.#refuse(calls ?? this.#take(), this.#writer.explain(cause));
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

  /** The calls that there is room for; the others are answered. */
  async #admitted(calls: readonly Call[]): Promise<readonly Call[]> {
    const { admitted, refused } = await this.#room.admit(calls);
    this.#refuse(
      refused,
      journalError('JOURNAL_DISK_FULL', `${this.#writer.place}: only the reserve is left`),
    );
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
    await this.#unlock();
  }
}
