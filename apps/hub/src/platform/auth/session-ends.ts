/** How sessions end: by the clock, by somebody, or all at once; and what their owner is told. */
import type { Kysely, Transaction } from 'kysely';
import type { Tables } from '../postgres/tables.ts';
import type { Trail } from './auth-types.ts';
import { type AuthError, type AuthErrorCode, authError } from './errors.ts';
import { commonPlace, grantsInForce } from './people-reading.ts';
import type { Actor } from './rights.ts';
import { CLOCK_SLACK } from './session-clock.ts';

/** Half an hour, ms: a desk that is left for lunch is closed. */
export const IDLE_LIFE = 1_800_000;

/** Twelve hours, ms: an election day's longest shift signs in once. */
export const WHOLE_LIFE = 43_200_000;

/** Reasons of the hub's own for ending a session, and what its owner is told. For all others: AUTH_SESSION_ENDED. */
const TOLD: Readonly<Record<string, readonly [AuthErrorCode, string]>> = {
  idle: ['AUTH_SESSION_IDLE', 'Nothing was done for half an hour.'],
  over: ['AUTH_SESSION_OVER', 'It was twelve hours old.'],
  elsewhere: ['AUTH_SESSION_ELSEWHERE', 'It was used from another network.'],
  clock: ['AUTH_SESSION_ENDED', 'The clock of the hub was set back.'],
};

/** The records of sessions, and the trail of their ends. */
export type SessionRecords = { readonly db: Kysely<Tables>; readonly trail: Trail };

/** Why a session that was not ended has to be, by the clock alone. */
export function reasonToEnd(
  { created_at, seen_at }: { readonly created_at: Date; readonly seen_at: Date },
  time: number,
): string | undefined {
  if (time < Math.max(seen_at.getTime(), created_at.getTime()) - CLOCK_SLACK) return 'clock';
  if (time - created_at.getTime() >= WHOLE_LIFE) return 'over';
  return time - seen_at.getTime() >= IDLE_LIFE ? 'idle' : undefined;
}

/** What the owner of a session that has ended is told. */
export function whyEnded(why: string | null): AuthError {
  const [code, detail] = TOLD[why ?? ''] ?? [
    'AUTH_SESSION_ENDED',
    'It was ended by its owner or by the state office.',
  ];
  return authError(code, detail);
}

/** Which session ends, why, and who ends it; `time` in ms since 1970. */
export type Ending = {
  readonly session: string;
  readonly why: string;
  readonly by: Actor | 'hub';
  readonly time: number;
  readonly origin: string | undefined;
};

/** Ends one, if it has not ended yet. That it grew old is no act of anybody's and stands in no trail. */
export async function endOne(
  { db, trail }: SessionRecords,
  { session, why, by, time, origin }: Ending,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const ended = await tx
      .updateTable('sessions')
      .set({ ended_at: new Date(time), ended_why: why })
      .where('number', '=', numberOf(session))
      .where('ended_at', 'is', null)
      .returning(['person', 'network'])
      .executeTakeFirst();
    if (ended === undefined || why === 'idle' || why === 'over') return;
    const place = commonPlace(await grantsInForce(tx, ended.person, time));
    await trail.add(tx, {
      who: by,
      act: 'session.end',
      place,
      about: `session:${session}`,
      why,
      before: { person: ended.person, network: ended.network },
      origin,
    });
  });
}

/** Ends all sessions of a person; gives how many there were. The trail is the caller's. */
export async function endAll(
  tx: Transaction<Tables>,
  person: string,
  why: string,
  time: number,
): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('sessions')
    .set({ ended_at: new Date(time), ended_why: why })
    .where('person', '=', person)
    .where('ended_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

/** Ends every session there is: the clock was set back, and nobody can tell their age. */
export async function endEverybody({ db, trail }: SessionRecords, time: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('sessions')
      .set({ ended_at: new Date(time), ended_why: 'clock' })
      .where('ended_at', 'is', null)
      .executeTakeFirstOrThrow();
    const after = { ended: Number(numUpdatedRows) };
    const why = 'the clock of the hub was set back';
    await trail.add(tx, {
      who: 'hub',
      act: 'session.end-all',
      place: 'state',
      about: 'sessions',
      why,
      after,
    });
  });
}

/** The number behind a session's name; one that nobody has (they begin at 1) where it is none. */
export function numberOf(session: string): number {
  return /^[1-9]\d{0,14}$/.test(session) ? Number(session) : 0;
}
