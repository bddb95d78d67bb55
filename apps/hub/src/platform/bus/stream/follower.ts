/**
 * A journal in a stream, for a process that reads it and does not write. It hears from the writer where the journal ends,
 * and looks for itself now and then, since what is said while nobody is connected is heard by nobody.
 */
import { err, ok, type Result } from '@bellwether/basics';
import { journalError } from '../errors.ts';
import type { FollowedJournal, JournalError } from '../journal-types.ts';
import { connectStream, type StreamConnection, type StreamPlace } from './connection.ts';
import { lookAtStream, type StreamEnds } from './ends.ts';
import { removeBefore } from './stream-writer.ts';

/** How often it looks for itself, ms: it reads one message, and is only needed when word was lost. */
const LOOK_EVERY = 2_000;

/** Follows the journal; JOURNAL_UNREACHABLE if there is none yet. */
export async function followStream(place: StreamPlace): Promise<Result<FollowedJournal, JournalError>> {
  const connected = await connectStream(place);
  if (connected.isErr()) return connected;
  const connection = connected.value;
  const looked = await lookAtStream(connection).catch((cause: Error) =>
    err(journalError('JOURNAL_UNREACHABLE', cause.message)),
  );
  if (looked.isOk() && looked.value !== undefined) return ok(new Follower(connection, looked.value));
  await connection.nats.close();
  if (looked.isErr()) return looked;
  const detail = `there is no journal ${place.stream} at ${place.servers} yet: start an intake first`;
  return err(journalError('JOURNAL_UNREACHABLE', detail));
}

class Follower implements FollowedJournal {
  readonly journalId: string;
  readonly #connection: StreamConnection;
  readonly #listeners: ((durable: number) => void)[] = [];
  readonly #timer: NodeJS.Timeout;
  #ends: StreamEnds;
  #durable: number;
  #heard = false;
  #removing: Promise<unknown> = Promise.resolve();

  constructor(connection: StreamConnection, ends: StreamEnds) {
    this.#connection = connection;
    this.#ends = ends;
    this.#durable = ends.durable;
    this.journalId = ends.journalId.toString('hex');
    connection.nats.subscribe(connection.names.durable, {
      callback: (error, message) => {
        if (error !== null) return;
        this.#heard = true;
        this.#reach(Number(message.string()));
      },
    });
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY);
  }

  get begin(): number {
    return this.#ends.begin;
  }

  get durable(): number {
    return this.#durable;
  }

  get bytes(): number {
    return this.durable - this.begin;
  }

  onDurable(listener: (durable: number) => void): void {
    this.#listeners.push(listener);
  }

  release(before: number): void {
    if (before <= this.begin) return;
    this.#removing = this.#removing
      .then(() => lookAtStream(this.#connection))
      .then(async (looked) => {
        if (looked.isErr() || looked.value === undefined) return;
        const left = await removeBefore(this.#connection, looked.value, before);
        this.#ends = { ...this.#ends, ...left };
      })
      // What cannot be removed now is tried again with the next release.
      .catch(() => {});
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#removing;
    await this.#connection.nats.close();
  }

  async #look(): Promise<void> {
    const heard = this.#heard;
    this.#heard = false;
    if (heard) return;
    const looked = await lookAtStream(this.#connection).catch(() => undefined);
    if (looked?.isOk() && looked.value !== undefined) this.#reach(looked.value.durable);
  }

  #reach(durable: number): void {
    if (!(durable > this.#durable)) return;
    this.#durable = durable;
    for (const listener of this.#listeners) listener(durable);
  }
}
