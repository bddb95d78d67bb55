/**
 * Reads the journal from a stream: messages are fetched ahead by their numbers, a few at a time, and handed out as
 * records. Nothing is kept at the server for a reader, so any number of them may read, and one that was away goes on.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '@bellwether/basics';
import { JournalDamage, journalError } from '../errors.ts';
import type { JournalError, JournalReader, JournalRecord } from '../journal-types.ts';
import { claimedLength, MARK, RECORD_HEADER, readRecord, seedOf } from '../record.ts';
import { connectStream, type StreamConnection, type StreamPlace } from './connection.ts';
import { lookAtStream, messageOf } from './ends.ts';
import { type GroupMessage, readMessage } from './message.ts';

/** Messages that are asked for at a time. */
const FETCHED_AT_ONCE = 8;

/** Bytes that may wait to be handed out: some messages of the largest kind. */
const MOST_AHEAD = 8 * 1024 * 1024;

/** Pause before it is tried again when the server does not answer, or has not what it is said to have, ms. */
const RETRY_PAUSE = 100;

/** Opens a reader at an offset: 0, or where a record ended. JOURNAL_DAMAGED if the stream has not what comes there. */
export async function openStreamReader(
  place: StreamPlace,
  offset: number,
): Promise<Result<JournalReader, JournalError>> {
  const connected = await connectStream(place);
  if (connected.isErr()) return connected;
  const connection = connected.value;
  const failedToRead = async (error: JournalError): Promise<Result<never, JournalError>> => {
    await connection.nats.close();
    return err(error);
  };
  try {
    const looked = await lookAtStream(connection);
    if (looked.isErr()) return await failedToRead(looked.error);
    const ends = looked.value;
    if (ends === undefined || offset > ends.durable || offset < ends.begin) {
      const has = ends === undefined ? 'is not there' : `has ${ends.begin} to ${ends.durable}`;
      const detail = `the stream ${place.stream} ${has}, and not offset ${offset}`;
      return await failedToRead(journalError('JOURNAL_DAMAGED', detail));
    }
    const next = await messageOf(connection, ends, offset);
    if (next === undefined) {
      return await failedToRead(journalError('JOURNAL_DAMAGED', `the stream ${place.stream} has gaps`));
    }
    return ok(new StreamReader(connection, ends.journalId, next, offset));
  } catch (cause) {
    return failedToRead(journalError('JOURNAL_UNREACHABLE', `${place.servers}: ${(cause as Error).message}`));
  }
}

/** A group whose messages are all there, and where its first byte is. */
type Group = { readonly start: number; readonly bytes: Buffer };

class StreamReader implements JournalReader {
  readonly journalId: string;
  readonly #connection: StreamConnection;
  readonly #seed: number;
  /** Number of the message that is asked for next. */
  #next: number;
  /** Where the next group must begin; undefined before the first. */
  #expected: number | undefined;
  /** Messages of a group that has not ended yet. */
  #open: GroupMessage[] = [];
  #groups: Group[] = [];
  #ahead = 0;
  /** Place in the first of the groups. */
  #at = 0;
  #offset: number;
  #fetching: Promise<void> | undefined;
  #damage: JournalDamage | undefined;
  #isClosed = false;

  constructor(connection: StreamConnection, journalId: Buffer, next: number, offset: number) {
    this.#connection = connection;
    this.journalId = journalId.toString('hex');
    this.#seed = seedOf(journalId);
    this.#next = next;
    this.#offset = offset;
  }

  get offset(): number {
    return this.#offset;
  }

  next(durable: number): JournalRecord | undefined {
    while (this.#offset < durable) {
      const group = this.#groups[0];
      if (group === undefined && this.#damage !== undefined) throw this.#damage;
      if (group === undefined || group.start + this.#at >= durable) return undefined;
      const record = this.#recordIn(group);
      if (this.#at >= group.bytes.length) {
        this.#groups.shift();
        this.#ahead -= group.bytes.length;
        this.#at = 0;
        this.#fetchSoon();
      }
      if (record !== undefined) return record;
    }
    return undefined;
  }

  async arrived(durable: number): Promise<void> {
    while (this.#offset < durable && this.#groups.length === 0 && !this.#isClosed) {
      if (this.#damage !== undefined) throw this.#damage;
      this.#fetching ??= this.#fetch();
      await this.#fetching;
      this.#fetching = undefined;
      if (this.#groups.length === 0 && this.#damage === undefined) await sleep(RETRY_PAUSE);
    }
  }

  close(): void {
    this.#isClosed = true;
    void this.#connection.nats.close();
  }

  /** The record at the place; undefined if it is one that readers are not shown, or one before where reading begins. */
  #recordIn({ start, bytes }: Group): JournalRecord | undefined {
    const offset = start + this.#at;
    const there = bytes.subarray(this.#at);
    const length = there.length < RECORD_HEADER ? undefined : claimedLength(there, offset);
    if (length === undefined || length > there.length) throw this.#broken('the record was changed', offset);
    const record = readRecord(there.subarray(0, length), this.#seed);
    if (record === undefined) throw this.#broken('the record was changed', offset);
    this.#at += length;
    if (offset < this.#offset) {
      if (record.end > this.#offset) throw this.#broken('no record begins here', this.#offset);
      return undefined;
    }
    this.#offset = record.end;
    const { kind, end, arrival, head, payload } = record;
    if (kind === MARK) return undefined;
    return { kind, offset, end, arrival, head: JSON.parse(head.toString('utf8')), payload };
  }

  #fetchSoon(): void {
    if (this.#fetching !== undefined || this.#isClosed || this.#ahead > MOST_AHEAD / 2) return;
    // What it cannot fetch now, `arrived` fetches later.
    this.#fetching = this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
  }

  /** Asks for what comes next, until enough waits or there is no more. Never throws. */
  async #fetch(): Promise<void> {
    const { manage, names } = this.#connection;
    while (this.#ahead < MOST_AHEAD && !this.#isClosed && this.#damage === undefined) {
      const asked = Array.from({ length: FETCHED_AT_ONCE }, (_, k) =>
        manage.direct.getMessage(names.stream, { seq: this.#next + k }).catch(() => undefined),
      );
      for (const answer of asked) {
        const stored = await answer;
        // Not there, or the server does not answer; what was asked for behind it is asked for again.
        if (stored === null) await this.#isMissing();
        if (stored === null || stored === undefined) return;
        this.#take(readMessage(stored.data));
        this.#next += 1;
        if (this.#damage !== undefined) return;
      }
    }
  }

  /** Notes damage if the message was there and is not any more. */
  async #isMissing(): Promise<void> {
    const { manage, names } = this.#connection;
    const info = await manage.streams.info(names.stream).catch(() => undefined);
    if (info !== undefined && info.state.first_seq > this.#next && info.state.last_seq > 0) {
      this.#broken('What comes here was released', this.#expected ?? this.#offset);
    }
  }

  #take(message: GroupMessage | undefined): void {
    if (message === undefined) {
      this.#broken('a message was changed', this.#expected ?? this.#offset);
      return;
    }
    // A writer that was killed in the middle of a group: whoever came after it began where it had.
    if (message.offset === message.group) this.#open = [];
    const last = this.#open.at(-1);
    const goesOn = last === undefined ? message.group : last.offset + last.bytes.length;
    if (message.offset !== goesOn || (this.#expected ?? message.group) !== message.group) {
      this.#broken('messages are missing', this.#expected ?? this.#offset);
      return;
    }
    this.#open.push(message);
    if (message.more) return;
    const bytes = this.#open.length === 1 ? message.bytes : Buffer.concat(this.#open.map((one) => one.bytes));
    this.#open = [];
    this.#groups.push({ start: message.group, bytes });
    this.#expected = message.group + bytes.length;
    this.#ahead += bytes.length;
  }

  #broken(what: string, offset: number): JournalDamage {
    this.#damage = new JournalDamage(`The stream ${this.#connection.names.stream}: ${what}`, offset);
    return this.#damage;
  }
}
