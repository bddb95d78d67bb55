/**
 * A hub of several processes over NATS: which parts this one has, and how it gets its turn. One process writes the
 * journal and one judges at a time; others of the same role stand by, and take over when that one is gone.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { answerAsks, IntakeElsewhere } from '../flow/elsewhere.ts';
import type { HubIntake, Transport } from '../flow/intake-types.ts';
import type { FollowedJournal, Journal, JournalError, StreamPlace } from '../platform/bus/index.ts';
import { connectStream, USUAL_STREAM } from '../platform/bus/stream/connection.ts';
import { followStream } from '../platform/bus/stream/follower.ts';
import { waitForLease } from '../platform/bus/stream/lease.ts';
import { openStreamJournal } from '../platform/bus/stream/stream-journal.ts';
import type { UpError } from './errors.ts';

export { USUAL_STREAM };

/** What a process does: takes in lines, judges and shows, or both. */
export type Role = 'all' | 'intake' | 'judge';

/** How often a process that stands by looks whether the journal is free, ms. */
const ASK_AGAIN = 500;

/** How a process joins. */
export type SpreadOptions = {
  readonly place: StreamPlace;
  readonly role: Role;
  /** Servers that each keep the whole stream, where it is made now. */
  readonly copies: number;
  readonly log: { info(fields: object, text: string): void };
  /** Somebody wants this process to end while it stands by. */
  readonly isOver: () => boolean;
  /** Another process has taken over, or something broke: this one has to end. */
  readonly onFatal: (error: Error) => void;
};

/** The part of a process in a hub of several. */
export type Spread = {
  readonly place: StreamPlace;
  readonly role: Role;
  /** Opens the journal to write it; waits until nobody else does. */
  writeJournal(): Promise<Result<Journal, JournalError>>;
  /** Opens the journal to read it. */
  followJournal(): Promise<Result<FollowedJournal, JournalError>>;
  /** The door of a process that takes in no lines. */
  elsewhere(
    journal: FollowedJournal,
    kept: number,
    now: () => number,
    onRefused: (transport: Transport, reason: string, lines: number) => void,
  ): HubIntake;
  /** From now on, other processes may ask this one's intake. */
  answer(intake: HubIntake): void;
  /** Gives back what it holds. */
  end(): Promise<void>;
};

/** Joins the hub; a process that judges waits for its turn. UP_STOPPED if it was to end before that. */
export async function joinSpread(options: SpreadOptions): Promise<Result<Spread, UpError>> {
  const { place, role, copies, log, isOver } = options;
  const connected = await connectStream(place);
  if (connected.isErr()) return connected;
  const connection = connected.value;
  let isEnding = false;
  const onLost = (detail: string): void => {
    if (!isEnding) options.onFatal(new Error(`another process has taken over: ${detail}`));
  };
  const onWaiting = (holder: string): void => log.info({ role, holder }, 'stands by');
  const stopped = { code: 'UP_STOPPED', detail: `it stood by as ${role}` };
  const lease =
    role === 'intake' ? null : await waitForLease(connection, 'judge', { onLost, onWaiting, isOver });
  if (lease === undefined) {
    await connection.nats.close();
    return err(stopped);
  }
  return ok({
    place,
    role,
    writeJournal: async () => {
      for (let isFirst = true; ; isFirst = false) {
        const opened = await openStreamJournal(place, { onLost, copies });
        if (opened.isOk() || opened.error.code !== 'JOURNAL_LOCKED' || isOver()) return opened;
        if (isFirst) onWaiting(opened.error.detail);
        await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN));
      }
    },
    followJournal: () => followStream(place),
    elsewhere: (journal, kept, now, onRefused) =>
      new IntakeElsewhere(connection, journal, kept, now, onRefused),
    answer: (intake) => void answerAsks(connection, intake),
    end: async () => {
      isEnding = true;
      await lease?.giveBack();
      await connection.nats.close();
    },
  });
}
