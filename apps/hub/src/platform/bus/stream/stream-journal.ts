/**
 * The journal in a stream of NATS JetStream, for the one process that writes it: each group is one message, and is
 * acknowledged when the server says that it has stored it.
 */
import { randomBytes } from 'node:crypto';
import { err, ok, type Result } from '@bellwether/basics';
import { JetStreamApiError } from '@nats-io/jetstream';
import { journalError } from '../errors.ts';
import { GroupingJournal } from '../grouping.ts';
import type { Journal, JournalError } from '../journal-types.ts';
import { connectStream, type StreamConnection, type StreamPlace } from './connection.ts';
import { describeJournal, lookAtStream, STREAM_NAME_IN_USE, type StreamEnds } from './ends.ts';
import { type Lease, takeLease } from './lease.ts';
import { StreamRoom, TICKS_RESERVE } from './stream-room.ts';
import { NO_ROOM, StreamWriter } from './stream-writer.ts';

/** Bytes that a stream takes at most: twice what may wait to be judged, and what stays behind that. */
const STREAM_BYTES = 5 * 1024 * 1024 * 1024;

/** How long the server knows a message by its id, ns: longer than anybody tries without looking whether it is there. */
const KNOWN_FOR = 120e9;

/** Writers that open at the same moment: one of them is first. */
const MAX_TRIES = 20;

/** How a journal in a stream is opened. */
export type StreamJournalOptions = {
  /** Somebody else has gone on with the journal: this process may not write any more, and has to end. */
  readonly onLost: (detail: string) => void;
  /** Bytes that a stream takes which is made now, and how many of them are for ticks alone; smaller in tests. */
  readonly mostBytes?: number;
  readonly reserve?: number;
  /** Servers of a cluster that each have the whole stream: 1 or 3. */
  readonly copies?: number;
  /** Ms since 1970. */
  readonly now?: () => number;
};

/**
 * Opens it, and makes it if it is not there. JOURNAL_LOCKED says who writes it; JOURNAL_UNREACHABLE, JOURNAL_DAMAGED and
 * JOURNAL_NEWER what the server answered.
 */
export async function openStreamJournal(
  place: StreamPlace,
  options: StreamJournalOptions,
): Promise<Result<Journal, JournalError>> {
  const connected = await connectStream(place);
  if (connected.isErr()) return connected;
  const connection = connected.value;
  let lease: Lease | undefined;
  const end = async (): Promise<void> => {
    await lease?.giveBack();
    await connection.nats.close();
  };
  try {
    const taken = await takeLease(connection, 'writer', options.onLost);
    if (taken.isErr()) {
      await end();
      return err(journalError('JOURNAL_LOCKED', `the stream ${place.stream}: ${taken.error}`));
    }
    lease = taken.value;
    const opened = await openWriter(connection, options);
    if (opened.isErr()) {
      await end();
      return opened;
    }
    const { writer, ends } = opened.value;
    const room = new StreamRoom(connection, ends.mostBytes, ends.bytes, options.reserve ?? TICKS_RESERVE);
    return ok(new GroupingJournal(writer, room, end, ends.arrival, options.now ?? Date.now));
  } catch (cause) {
    await end().catch(() => {});
    const isFull = cause instanceof JetStreamApiError && NO_ROOM.has(cause.code);
    const code = isFull ? 'JOURNAL_DISK_FULL' : 'JOURNAL_UNREACHABLE';
    return err(journalError(code, `${place.servers}: ${(cause as Error).message}`));
  }
}

/** A writer behind whose beginning no message of an earlier one can come. */
async function openWriter(
  connection: StreamConnection,
  options: StreamJournalOptions,
): Promise<Result<{ readonly writer: StreamWriter; readonly ends: StreamEnds }, JournalError>> {
  const { now = Date.now } = options;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const looked = await lookAtStream(connection);
    if (looked.isErr()) return looked;
    if (looked.value === undefined) {
      await addStream(connection, options);
      continue;
    }
    const ends = looked.value;
    let isBarred = false;
    const writer = new StreamWriter(connection, ends, now, (detail) => {
      if (isBarred) options.onLost(detail);
    });
    isBarred = await writer.bar(now());
    if (isBarred) return ok({ writer, ends });
  }
  return err(journalError('JOURNAL_LOCKED', `others write the stream ${connection.names.stream}`));
}

async function addStream(
  { manage, names }: StreamConnection,
  { mostBytes = STREAM_BYTES, copies = 1 }: StreamJournalOptions,
): Promise<void> {
  try {
    await manage.streams.add({
      name: names.stream,
      subjects: [names.journal],
      description: describeJournal(randomBytes(16)),
      discard: 'new',
      max_bytes: mostBytes,
      num_replicas: copies,
      duplicate_window: KNOWN_FOR,
      allow_direct: true,
      // What was acknowledged goes by being released, and in no other way.
      deny_delete: true,
    });
  } catch (cause) {
    // Somebody else made it at the same moment.
    if (!(cause instanceof JetStreamApiError && cause.code === STREAM_NAME_IN_USE)) throw cause;
  }
}
