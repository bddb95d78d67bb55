/**
 * Who does a work that only one may do: a message under a subject of its own, which the server forgets when nobody says
 * it anew. It is there to choose one of several, and to let another take over; what may never be done twice is guarded
 * by its own numbers (those of the stream, and of the steps in the database).
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { err, ok, type Result } from '@bellwether/basics';
import { JetStreamApiError } from '@nats-io/jetstream';
import type { StreamConnection } from './connection.ts';
import { STREAM_NAME_IN_USE } from './ends.ts';

/** A lease that nobody renews ends after so long, ms: what a killed process costs. */
export const LEASE_LIFE = 5_000;

/** How often it is renewed, ms: two may be lost. */
const RENEW_EVERY = LEASE_LIFE / 4;

/** How often it is tried again while somebody else has it, ms. */
const ASK_AGAIN = 500;

const NANOSECONDS = 1_000_000;

/** A work that only one process does. */
export type LeaseRole = 'writer' | 'judge';

/** A lease that is held. */
export type Lease = {
  /** Gives it back, so that nobody has to wait for its end. */
  giveBack(): Promise<void>;
};

/** Takes a lease, or says who has it. `onLost`: somebody else has it now. Throws what the connection throws. */
export async function takeLease(
  connection: StreamConnection,
  role: LeaseRole,
  onLost: (detail: string) => void,
): Promise<Result<Lease, string>> {
  await addLeases(connection);
  const subject = connection.names.lease(role);
  const me = `process ${process.pid} on ${hostname()} (${randomBytes(4).toString('hex')})`;
  const first = await renewed(connection, subject, me, 0);
  if (first === undefined) return err((await holder(connection, subject)) ?? 'another process');
  let last = first;
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= renew().finally(() => {
      running = undefined;
    });
  }, RENEW_EVERY);
  const renew = async (): Promise<void> => {
    try {
      // Nobody renewed it while the server was away, and nobody else took it: it may be taken anew.
      const next =
        (await renewed(connection, subject, me, last)) ?? (await renewed(connection, subject, me, 0));
      if (next !== undefined) {
        last = next;
        return;
      }
      // Our own message, of which we did not hear.
      const there = await connection.manage.direct.getMessage(connection.names.leases, {
        last_by_subj: subject,
      });
      if (there?.string() === me) last = there.seq;
      else {
        clearInterval(timer);
        onLost(`the lease of the ${role} is held by ${there?.string() ?? 'nobody we know'}`);
      }
    } catch {
      // The server does not answer: nobody else hears from it either. It is tried again.
    }
  };
  return ok({
    giveBack: async () => {
      clearInterval(timer);
      await running;
      const { manage, names } = connection;
      if ((await holder(connection, subject).catch(() => undefined)) !== me) return;
      await manage.streams.purge(names.leases, { filter: subject }).catch(() => {});
    },
  });
}

/** Waits until the lease is free, and takes it. `onWaiting` is told once who has it. Undefined if `isOver` before. */
export async function waitForLease(
  connection: StreamConnection,
  role: LeaseRole,
  {
    onLost,
    onWaiting,
    isOver,
  }: {
    readonly onLost: (detail: string) => void;
    readonly onWaiting: (holder: string) => void;
    readonly isOver: () => boolean;
  },
): Promise<Lease | undefined> {
  for (let isFirst = true; !isOver(); isFirst = false) {
    const taken = await takeLease(connection, role, onLost).catch((cause: Error) => err(cause.message));
    if (taken.isOk()) return taken.value;
    if (isFirst) onWaiting(taken.error);
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN));
  }
  return undefined;
}

/** Number of the message that holds it now; undefined if somebody else does. */
async function renewed(
  { publish }: StreamConnection,
  subject: string,
  me: string,
  before: number,
): Promise<number | undefined> {
  try {
    return (await publish.publish(subject, me, { expect: { lastSubjectSequence: before } })).seq;
  } catch (cause) {
    if (cause instanceof JetStreamApiError) return undefined;
    throw cause;
  }
}

async function holder({ manage, names }: StreamConnection, subject: string): Promise<string | undefined> {
  return (await manage.direct.getMessage(names.leases, { last_by_subj: subject }))?.string();
}

async function addLeases({ manage, names }: StreamConnection): Promise<void> {
  try {
    await manage.streams.add({
      name: names.leases,
      subjects: [names.lease('*')],
      description: 'Bellwether: who writes, who judges',
      max_age: LEASE_LIFE * NANOSECONDS,
      duplicate_window: LEASE_LIFE * NANOSECONDS,
      max_msgs_per_subject: 1,
      allow_direct: true,
    });
  } catch (cause) {
    if (!(cause instanceof JetStreamApiError && cause.code === STREAM_NAME_IN_USE)) throw cause;
  }
}
