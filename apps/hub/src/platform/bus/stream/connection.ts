/**
 * A connection to NATS, and the names that a journal has there. Names begin with the journal's own, so that several
 * states may share a server:
 *
 *     NAME                stream of the journal, subject NAME.journal
 *     NAME-leases         stream of leases, subjects NAME.lease.ROLE
 *     NAME.durable        told after each group: where the journal ends now
 *     NAME.ask            asked of the writer
 */

import { err, ok, type Result } from '@bellwether/basics';
import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, credsAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { journalError } from '../errors.ts';
import type { JournalError } from '../journal-types.ts';

/** A server that says nothing for so long to one question is asked again, ms. */
export const ANSWER_LIMIT = 2_000;

/** How long the first connection may take, ms: the server may be starting with us. */
const CONNECT_LIMIT = 5_000;

/** Pause between tries to connect anew, ms. */
const RECONNECT_PAUSE = 250;

/** Name of the journal where nobody says another. */
export const USUAL_STREAM = 'bellwether';

/** What a name may be: NATS takes no dots or blanks in names of streams. */
const STREAM_NAME = /^[A-Za-z0-9_-]{1,32}$/;

/** A journal in NATS. Plain data: it is handed to threads. */
export type StreamPlace = {
  /** `nats://HOST:PORT` or `tls://HOST:PORT`; several with commas. */
  readonly servers: string;
  /** Name of the journal. */
  readonly stream: string;
  /** Credentials as `nsc` writes them (a key and a signed name), if the server asks for any. */
  readonly credentials?: string;
};

/** Open. */
export type StreamConnection = {
  readonly nats: NatsConnection;
  readonly publish: JetStreamClient;
  readonly manage: JetStreamManager;
  readonly place: StreamPlace;
  readonly names: StreamNames;
};

/** Subjects and streams of one journal. */
export type StreamNames = {
  readonly stream: string;
  readonly journal: string;
  readonly leases: string;
  readonly durable: string;
  readonly ask: string;
  lease(role: string): string;
};

/** The names of a journal. */
export function namesOf(stream: string): StreamNames {
  return {
    stream,
    journal: `${stream}.journal`,
    leases: `${stream}-leases`,
    durable: `${stream}.durable`,
    ask: `${stream}.ask`,
    lease: (role) => `${stream}.lease.${role}`,
  };
}

/** Connects; JOURNAL_UNREACHABLE if no server answers or it has no JetStream. It connects anew by itself for ever. */
export async function connectStream(place: StreamPlace): Promise<Result<StreamConnection, JournalError>> {
  if (!STREAM_NAME.test(place.stream)) {
    return err(journalError('JOURNAL_UNREACHABLE', `${place.stream} is no name of a journal in NATS`));
  }
  const servers = place.servers.split(',');
  let nats: NatsConnection | undefined;
  try {
    nats = await connect({
      servers,
      name: `bellwether ${process.pid}`,
      timeout: CONNECT_LIMIT,
      maxReconnectAttempts: -1,
      reconnectTimeWait: RECONNECT_PAUSE,
      ...(servers.some((server) => server.startsWith('tls://')) ? { tls: {} } : {}),
      ...(place.credentials === undefined
        ? {}
        : { authenticator: credsAuthenticator(Buffer.from(place.credentials)) }),
    });
    const manage = await jetstreamManager(nats, { timeout: ANSWER_LIMIT });
    const publish = jetstream(nats, { timeout: ANSWER_LIMIT });
    return ok({ nats, publish, manage, place, names: namesOf(place.stream) });
  } catch (cause) {
    await nats?.close().catch(() => {});
    return err(journalError('JOURNAL_UNREACHABLE', `${place.servers}: ${(cause as Error).message}`));
  }
}
