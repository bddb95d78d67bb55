/**
 * Writes groups to the stream, and knows of each whether it is there.
 *
 * Every message says which number the one before it has. So a message that is published again (its answer was lost) is
 * refused or known, and of two writers one is: whoever finds a message behind his own that he did not write has lost the
 * journal for ever, whatever he holds a lease of. While a server is away, one group waits and nothing new is taken.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { JetStreamApiError } from '@nats-io/jetstream';
import { journalError } from '../errors.ts';
import type { GroupWriter } from '../grouping.ts';
import type { JournalError } from '../journal-types.ts';
import { MARK, RECORD_HEADER, seedOf, writeRecord } from '../record.ts';
import type { StreamConnection } from './connection.ts';
import { lookAtStream, messageOf, type StreamEnds } from './ends.ts';
import { groupMessages, MESSAGE_HEAD } from './message.ts';

/** Bytes of the journal in one message: under the megabyte that servers take at most, and room for the headers. */
export const MESSAGE_BYTES = 768 * 1024;

/** Bytes of a message that are none of the journal, at most: its head, NATS' headers. */
const AROUND = 1_024;

/** Pause before it is tried again, ms, doubled each time up to the longest. */
const RETRY_FIRST = 50;
const RETRY_LONGEST = 1_000;

/** So long a group may wait for the server before nothing new is taken, ms: a server that starts again is back by then. */
const PATIENCE = 3_000;

/** Of the API of JetStream: the message was not stored, because there is no room. */
export const NO_ROOM: ReadonlySet<number> = new Set([10_077, 10_047, 10_023]);

/** The group was refused, and nothing of it counts. */
class GroupRefused extends Error {
  readonly reason: JournalError;

  constructor(reason: JournalError) {
    super(reason.detail);
    this.reason = reason;
  }
}

/** The end of the stream, one group at a time. */
export class StreamWriter implements GroupWriter {
  readonly place: string;
  readonly journalId: Buffer;
  readonly seed: number;
  readonly space: number;
  begin: number;
  durable: number;
  readonly #connection: StreamConnection;
  readonly #now: () => number;
  readonly #onLost: (detail: string) => void;
  /** Tells our messages from those of others. */
  readonly #nonce = randomBytes(9).toString('base64url');
  #first: number;
  /** Number of the last message. */
  #last: number;
  #arrival: number;
  #broken: JournalError | undefined;
  /** Since when the group on its way waits, and why; ms. */
  #waiting: { readonly since: number; why: string } | undefined;
  #isClosing = false;

  /** Goes on where the stream ends; `onLost`: somebody else writes it. */
  constructor(
    connection: StreamConnection,
    ends: StreamEnds,
    now: () => number,
    onLost: (detail: string) => void,
  ) {
    const { place, nats } = connection;
    this.#connection = connection;
    this.#now = now;
    this.#onLost = onLost;
    this.place = `the stream ${place.stream} at ${place.servers}`;
    this.journalId = ends.journalId;
    this.seed = seedOf(ends.journalId);
    this.space = Math.min(MESSAGE_BYTES, (nats.info?.max_payload ?? MESSAGE_BYTES) - AROUND);
    this.begin = ends.begin;
    this.durable = ends.durable;
    this.#first = ends.first;
    this.#last = ends.last;
    this.#arrival = ends.arrival;
  }

  get trouble(): JournalError | undefined {
    if (this.#broken !== undefined) return this.#broken;
    if (this.#waiting === undefined || this.#now() - this.#waiting.since < PATIENCE) return undefined;
    return journalError('JOURNAL_UNWRITABLE', `${this.place}: ${this.#waiting.why}`);
  }

  async prepare(): Promise<JournalError | undefined> {
    return this.#broken;
  }

  /**
   * Writes a mark: from here on no message of an earlier writer can come in between, since it would name the wrong number.
   * Gives whether this one came first.
   */
  async bar(now: number): Promise<boolean> {
    const mark = { kind: MARK, last: true, offset: this.durable, durable: this.durable } as const;
    const bytes = Buffer.alloc(RECORD_HEADER);
    const none = Buffer.alloc(0);
    const arrival = Math.max(this.#arrival, now);
    writeRecord(bytes, { ...mark, arrival }, none, none, this.seed);
    try {
      await this.write([bytes], arrival);
      return true;
    } catch (cause) {
      if (this.#broken?.code === 'JOURNAL_LOCKED') return false;
      throw cause;
    }
  }

  async write(pieces: readonly Buffer[], arrival: number): Promise<void> {
    const messages = groupMessages(pieces, this.durable, arrival, this.space);
    for (const message of messages) await this.#publish(message);
    this.durable += messages.reduce((sum, { length }) => sum + length - MESSAGE_HEAD, 0);
    this.#arrival = arrival;
    const { nats, names } = this.#connection;
    nats.publish(names.durable, String(this.durable));
  }

  explain(cause: unknown): JournalError {
    if (cause instanceof GroupRefused) return cause.reason;
    return journalError('JOURNAL_UNWRITABLE', `${this.place}: ${(cause as Error).message}`);
  }

  async remove(before: number): Promise<void> {
    if (before <= this.begin) return;
    const ends = await removeBefore(this.#connection, { first: this.#first, last: this.#last }, before);
    this.#first = ends.first;
    this.begin = ends.begin;
  }

  async close(): Promise<void> {
    this.#isClosing = true;
  }

  /** Resolves when the message is in the stream; throws when it is not, and never will be. */
  async #publish(message: Buffer): Promise<void> {
    const { publish, names } = this.#connection;
    const lastSequence = this.#last;
    const msgID = `${this.#nonce}-${lastSequence}`;
    this.#waiting = { since: this.#now(), why: '' };
    try {
      for (let pause = RETRY_FIRST; ; pause = Math.min(2 * pause, RETRY_LONGEST)) {
        try {
          const { seq } = await publish.publish(names.journal, message, { msgID, expect: { lastSequence } });
          this.#last = seq;
          return;
        } catch (cause) {
          this.#waiting.why = (cause as Error).message;
          if (cause instanceof JetStreamApiError && NO_ROOM.has(cause.code)) {
            throw new GroupRefused(journalError('JOURNAL_DISK_FULL', `${this.place}: ${cause.message}`));
          }
        }
        if (await this.#isThere(lastSequence, msgID)) return;
        if (this.#isClosing && this.#now() - this.#waiting.since > PATIENCE) {
          throw new Error('it was closed while the server was away');
        }
        await sleep(pause);
      }
    } finally {
      this.#waiting = undefined;
    }
  }

  /** Whether our message is the one behind `before`; throws if another one is. False where nobody can tell. */
  async #isThere(before: number, msgID: string): Promise<boolean> {
    const { manage, names } = this.#connection;
    let next: string | undefined;
    try {
      const stored = await manage.direct.getMessage(names.stream, { seq: before + 1 });
      if (stored === null) {
        const { state } = await manage.streams.info(names.stream);
        if (state.last_seq <= before) return false;
      }
      next = stored?.header.get('Nats-Msg-Id');
    } catch {
      return false;
    }
    if (next === msgID) {
      this.#last = before + 1;
      return true;
    }
    this.#broken = journalError('JOURNAL_LOCKED', `${this.place}: another process has gone on with it`);
    this.#onLost(this.#broken.detail);
    throw new GroupRefused(this.#broken);
  }
}

/**
 * Removes whole groups that end at or before the offset, never the last; gives what is the first now. Throws what the
 * connection throws.
 */
export async function removeBefore(
  connection: StreamConnection,
  within: Pick<StreamEnds, 'first' | 'last'>,
  before: number,
): Promise<Pick<StreamEnds, 'first' | 'begin'>> {
  const { manage, names } = connection;
  const seq = await messageOf(connection, within, before);
  if (seq !== undefined && seq > within.first) await manage.streams.purge(names.stream, { seq });
  const left = await lookAtStream(connection);
  if (left.isErr() || left.value === undefined) throw new Error('the stream cannot be looked at');
  return left.value;
}
