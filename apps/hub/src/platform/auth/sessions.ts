/**
 * Sessions. The cookie holds 256 random bits, the database their SHA-256 (OWASP ASVS 4.0.3, chapter 3). Each request looks
 * its session up, with the person and their roles, so that who is removed is out at once.
 *
 * A session whose marks lie in the future is ended, for nobody can tell its age; and if this process saw the clock go
 * back, all are: everybody signs in once more, and no session lives longer than it may.
 */
import { err, ok, type Result } from '@bellwether/basics';
import type { Kysely } from 'kysely';
import type { Tables } from '../postgres/tables.ts';
import type { How, NewSession, Origin, PersonActor, SessionRow, Sessions } from './auth-types.ts';
import { type AuthError, authError } from './errors.ts';
import { networkOf } from './network.ts';
import { commonPlace, grantFrom, grantsInForce } from './people-reading.ts';
import { isInForce } from './rights.ts';
import { hashOf, looksLikeSecret, newSecret, type RandomBytes } from './secrets.ts';
import { watchClock } from './session-clock.ts';
import {
  endAll,
  endEverybody,
  endOne,
  numberOf,
  reasonToEnd,
  type SessionRecords,
  whyEnded,
} from './session-ends.ts';

/** A minute, ms: as often as use is written down, so that reading is not writing. Idle time ends so much early at most. */
export const SEEN_EVERY = 60_000;

/** What a browser calls itself is kept so far. */
const LONGEST_AGENT = 200;

/** More open sessions than a person has devices: the list of one's own is read by a person. */
const MOST_LISTED = 100;

/** What sessions need. `now`: ms since 1970. */
export type SessionsOptions = SessionRecords & {
  readonly now: () => number;
  readonly random: RandomBytes;
};

/** Sessions over these records. */
export function createSessions(options: SessionsOptions): Sessions {
  const { db, trail, now } = options;
  const clock = watchClock(now, (time) => endEverybody(options, time));
  return {
    async begin(person, how, passkey, origin, steppedUp) {
      return beginAt(options, { person, how, passkey, origin, steppedUp, time: await clock() });
    },
    async actorOf(secret, origin, unattended) {
      if (!looksLikeSecret(secret)) return err(authError('AUTH_SIGNED_OUT', 'There is no sign-in.'));
      return actorAt(options, { secret, origin, unattended, time: await clock() });
    },
    async stillStands(session) {
      const time = await clock();
      const found = await standing(db)
        .select(['sessions.created_at', 'sessions.seen_at'])
        .where('sessions.number', '=', numberOf(session))
        .executeTakeFirst();
      return found !== undefined && reasonToEnd(found, time) === undefined;
    },
    async stepUp(session) {
      const time = await clock();
      await db
        .updateTable('sessions')
        .set({ stepped_up_at: new Date(time) })
        .where('number', '=', numberOf(session))
        .where('ended_at', 'is', null)
        .execute();
    },
    async end(session, why, by) {
      const time = await clock();
      await endOne(options, { session, why, by: by ?? 'hub', time, origin: undefined });
    },
    async endAllOf(person, why, tx, by) {
      const time = await clock();
      if (tx !== undefined) return endAll(tx, person, why, time);
      return db.transaction().execute(async (change) => {
        const ended = await endAll(change, person, why, time);
        const place = commonPlace(await grantsInForce(change, person, time));
        const about = `person:${person}`;
        const after = { ended };
        await trail.add(change, { who: by ?? 'hub', act: 'session.end-all', place, about, why, after });
        return ended;
      });
    },
    async listOf(person) {
      const time = await clock();
      const rows = await standing(db)
        .select(['number', 'how', 'sessions.created_at', 'seen_at', 'network', 'agent'])
        .where('person', '=', person)
        .orderBy('seen_at', 'desc')
        .limit(MOST_LISTED)
        .execute();
      return rows
        .filter((row) => reasonToEnd(row, time) === undefined)
        .map(
          ({ number, how, created_at, seen_at, network, agent }): SessionRow => ({
            session: String(number),
            how,
            created: created_at.getTime(),
            seen: seen_at.getTime(),
            network,
            agent,
          }),
        );
    },
  };
}

type Beginning = {
  readonly person: string;
  readonly how: How;
  readonly passkey: string | null;
  readonly origin: Origin;
  readonly steppedUp: boolean;
  readonly time: number;
};

async function beginAt(
  { db, trail, random }: SessionsOptions,
  { person, how, passkey, origin, steppedUp, time }: Beginning,
): Promise<NewSession> {
  const secret = newSecret(random);
  const at = new Date(time);
  const network = networkOf(origin.address);
  // The database takes no NUL, and what cannot be seen would hide in a list.
  const agent = origin.agent.slice(0, LONGEST_AGENT).replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, ' ');
  return db.transaction().execute(async (tx) => {
    const { number } = await tx
      .insertInto('sessions')
      .values({
        hash: hashOf(secret),
        person,
        how,
        passkey,
        created_at: at,
        seen_at: at,
        stepped_up_at: steppedUp ? at : null,
        network,
        agent,
      })
      .returning('number')
      .executeTakeFirstOrThrow();
    const { name } = await tx
      .selectFrom('people')
      .select('name')
      .where('id', '=', person)
      .executeTakeFirstOrThrow();
    const grants = await grantsInForce(tx, person, time);
    const session = String(number);
    await trail.add(tx, {
      who: { kind: 'person', person, name, grants, session, steppedUp: null },
      act: 'session.begin',
      place: commonPlace(grants),
      about: `session:${session}`,
      after: { how, network, agent },
      origin: origin.address,
    });
    return { secret, session };
  });
}

type Asked = {
  readonly secret: string;
  readonly origin: Origin;
  readonly unattended: boolean;
  readonly time: number;
};

async function actorAt(
  options: SessionsOptions,
  { secret, origin, unattended, time }: Asked,
): Promise<Result<PersonActor, AuthError>> {
  const rows = await options.db
    .selectFrom('sessions')
    .innerJoin('people', 'people.id', 'sessions.person')
    // The roles come along, for a second question would cost each request its way to the database again.
    .leftJoin('grants', (join) =>
      join.onRef('grants.person', '=', 'sessions.person').on('grants.ended_at', 'is', null),
    )
    .select(['sessions.number', 'sessions.person', 'people.name', 'people.state'])
    .select(['sessions.created_at', 'seen_at', 'stepped_up_at', 'network'])
    .select(['sessions.ended_at', 'ended_why', 'role', 'place', 'from_at', 'until_at'])
    .where('sessions.hash', '=', hashOf(secret))
    .orderBy('grants.id')
    .execute();
  const found = rows[0];
  if (found === undefined) return err(authError('AUTH_SIGNED_OUT', 'There is no such sign-in.'));
  if (found.ended_at !== null) return err(whyEnded(found.ended_why));
  if (found.state !== 'active') return err(whyEnded('removed'));
  const session = String(found.number);
  const why =
    reasonToEnd(found, time) ?? (found.network === networkOf(origin.address) ? undefined : 'elsewhere');
  if (why !== undefined) {
    await endOne(options, { session, why, by: 'hub', time, origin: origin.address });
    return err(whyEnded(why));
  }
  if (!unattended && time - found.seen_at.getTime() >= SEEN_EVERY) await see(options.db, found.number, time);
  return ok({
    kind: 'person',
    person: found.person,
    name: found.name,
    grants: rows.flatMap((row) => grantFrom(row)).filter((grant) => isInForce(grant, time)),
    session,
    steppedUp: found.stepped_up_at?.getTime() ?? null,
  });
}

/** Sessions that were not ended, of people who have access. */
function standing(db: Kysely<Tables>) {
  return db
    .selectFrom('sessions')
    .innerJoin('people', 'people.id', 'sessions.person')
    .where('sessions.ended_at', 'is', null)
    .where('people.state', '=', 'active');
}

async function see(db: Kysely<Tables>, number: number, time: number): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ seen_at: new Date(time) })
    .where('number', '=', number)
    .where('seen_at', '<', new Date(time))
    .where('ended_at', 'is', null)
    .execute();
}
