/** Where the stream begins and ends, and which message holds an offset. */

import { err, ok, type Result } from '@bellwether/basics';
import { JetStreamApiError } from '@nats-io/jetstream';
import { journalError } from '../errors.ts';
import type { JournalError } from '../journal-types.ts';
import type { StreamConnection } from './connection.ts';
import { type GroupMessage, readMessage } from './message.ts';

/** Of the API of JetStream: there is no such stream; a stream of this name is there, and another. */
export const STREAM_NOT_FOUND = 10_059;
export const STREAM_NAME_IN_USE = 10_058;

/** What the description of a stream of ours says: the version of the format, and the journal's id. */
const DESCRIPTION = /^Bellwether journal (\d{1,6}) ([0-9a-f]{32})$/;

/** The version that we write, and the newest that we read. */
const VERSION = 1;

/** What a new stream is described as. */
export function describeJournal(journalId: Buffer): string {
  return `Bellwether journal ${VERSION} ${journalId.toString('hex')}`;
}

/** A journal in the server. */
export type StreamEnds = {
  readonly journalId: Buffer;
  /** Numbers of the first and the last message; `last` is `first - 1` while there is none. */
  readonly first: number;
  readonly last: number;
  /** First offset, and the end of the last whole group. */
  readonly begin: number;
  readonly durable: number;
  /** Of the last record, ms; 0 if there is none. */
  readonly arrival: number;
  /** As the server counts them, and how many it takes at most; -1 if it does not say. */
  readonly bytes: number;
  readonly mostBytes: number;
};

/** Looks. Undefined if there is no such stream. Throws what the connection throws. */
export async function lookAtStream(
  connection: StreamConnection,
): Promise<Result<StreamEnds | undefined, JournalError>> {
  const { manage, names } = connection;
  const info = await manage.streams.info(names.stream).catch((cause: unknown) => {
    if (cause instanceof JetStreamApiError && cause.code === STREAM_NOT_FOUND) return undefined;
    throw cause;
  });
  if (info === undefined) return ok(undefined);
  const described = DESCRIPTION.exec(info.config.description ?? '');
  if (described === null)
    return err(journalError('JOURNAL_DAMAGED', `the stream ${names.stream} is none of ours`));
  if (Number(described[1]) > VERSION) {
    return err(journalError('JOURNAL_NEWER', `format ${described[1]}; this program reads up to ${VERSION}`));
  }
  const journalId = Buffer.from(described[2]!, 'hex');
  const { first_seq: first, last_seq: last, messages, bytes } = info.state;
  const sizes = { bytes, mostBytes: info.config.max_bytes };
  if (last === 0) return ok({ journalId, first: 1, last: 0, begin: 0, durable: 0, arrival: 0, ...sizes });
  const [head, tail] = [await messageAt(connection, first), await messageAt(connection, last)];
  if (messages === 0 || head === undefined || tail === undefined) {
    return err(
      journalError('JOURNAL_DAMAGED', `messages of the stream ${names.stream} are missing or changed`),
    );
  }
  const durable = tail.more ? tail.group : tail.offset + tail.bytes.length;
  return ok({ journalId, first, last, begin: head.group, durable, arrival: tail.arrival, ...sizes });
}

/** A message by its number; undefined if it is not there, or not as it was written. */
export async function messageAt(
  { manage, names }: StreamConnection,
  seq: number,
): Promise<GroupMessage | undefined> {
  const stored = await manage.direct.getMessage(names.stream, { seq });
  return stored === null ? undefined : readMessage(stored.data);
}

/**
 * Number of the first message of the group that holds the byte at `offset`, or of the one that is to hold it.
 * Undefined if a message that should be there is not.
 */
export async function messageOf(
  connection: StreamConnection,
  { first, last }: Pick<StreamEnds, 'first' | 'last'>,
  offset: number,
): Promise<number | undefined> {
  // The last message whose group begins at or before the offset, and then the first one of that group.
  const isBefore = async (seq: number, than: (group: number) => boolean): Promise<boolean | undefined> => {
    const message = await messageAt(connection, seq);
    return message === undefined ? undefined : than(message.group);
  };
  const lastWhere = async (than: (group: number) => boolean): Promise<number | undefined> => {
    let low = first - 1;
    let high = last;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      const before = await isBefore(middle, than);
      if (before === undefined) return undefined;
      if (before) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  const found = await lastWhere((group) => group <= offset);
  if (found === undefined) return undefined;
  if (found < first) return first;
  const message = await messageAt(connection, found);
  if (message === undefined) return undefined;
  const before = await lastWhere((group) => group < message.group);
  return before === undefined ? undefined : before + 1;
}
