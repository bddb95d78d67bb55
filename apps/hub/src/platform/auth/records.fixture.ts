/** The records of sign-in on a real PostgreSQL, with a clock and a trail that tests can look at. */
import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { startRecords } from '../../features/watch/watch.fixture.ts';
import type { Tables } from '../postgres/tables.ts';
import type { Act, Origin, People, Sessions, Trail } from './auth-types.ts';
import { createPeople, type PeopleOptions } from './people.ts';
import type { Actor, Grant, Role } from './rights.ts';
import { createSessions } from './sessions.ts';
import { emptyTrail } from './trail.fixture.ts';
import { createTrail } from './trail.ts';

/** Noon of a quiet day. */
export const NOON = Date.UTC(2026, 9, 14, 17);

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** Whoever holds the data folder. */
export const MACHINE: Actor = { kind: 'machine', alone: false };

/** An office's browser. */
export const OFFICE: Origin = {
  address: '192.0.2.17',
  agent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0',
  site: 'localhost',
  origin: 'http://localhost:8118',
};

/** Records, and what the tests turn at. */
export type TestPeople = {
  readonly db: Kysely<Tables>;
  readonly sessions: Sessions;
  readonly people: People;
  readonly options: PeopleOptions;
  /** What was said to the trail, oldest first. */
  readonly acts: Act[];
  /** What the clock says, ms. */
  time: number;
  /** The trail refuses to be written. */
  trailBroken: boolean;
  empty(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts them. */
export async function startPeople(): Promise<TestPeople> {
  const { db, stop } = await startRecords();
  const acts: Act[] = [];
  const chain = createTrail(() => test.time);
  const trail: Trail = {
    async add(tx, act) {
      if (test.trailBroken) throw new Error('the trail is broken');
      await chain.add(tx, act);
      acts.push(act);
    },
  };
  const now = (): number => test.time;
  const common = { db, trail, now, random: randomBytes };
  const sessions = createSessions(common);
  const options: PeopleOptions = { ...common, sessions };
  const test: TestPeople = {
    db,
    sessions,
    options,
    people: createPeople(options),
    acts,
    time: NOON,
    trailBroken: false,
    empty: async () => {
      await sql`TRUNCATE people, grants, passkeys, codes, recovery_codes, recoveries, identities, sessions, keys CASCADE`.execute(
        db,
      );
      await emptyTrail(db);
      acts.length = 0;
      test.trailBroken = false;
      // Later than before, or sessions would take it for a clock that was set back.
      test.time += 24 * HOUR;
    },
    stop,
  };
  return test;
}

/** Somebody who is active, with a passkey unless none is wanted; gives their number. */
export async function addPerson(
  { db, time }: TestPeople,
  id: string,
  roles: readonly (readonly [Role, string, (number | null)?])[],
  passkey = true,
): Promise<string> {
  const at = new Date(time);
  await db
    .insertInto('people')
    .values({ id, name: `${id} Example`, state: 'active', created_at: at })
    .execute();
  for (const [role, place, until = null] of roles) {
    const until_at = until === null ? null : new Date(until);
    await db
      .insertInto('grants')
      .values({ person: id, role, place, from_at: at, until_at, given_by: 'machine' })
      .execute();
  }
  if (passkey) {
    const public_key = Buffer.alloc(77);
    await db
      .insertInto('passkeys')
      .values({
        id: `passkey-of-${id}`,
        person: id,
        site: 'localhost',
        public_key,
        counter: 0,
        transports: [],
        backed_up: false,
        name: 'laptop',
        added_at: at,
      })
      .execute();
  }
  return id;
}

/** A person as somebody who is signed in. */
export function personActor(person: string, roles: readonly (readonly [Role, string])[]): Actor {
  const grants: readonly Grant[] = roles.map(([role, place]) => ({ role, place, from: 0, until: null }));
  return { kind: 'person', person, name: `${person} Example`, grants, session: '1', steppedUp: null };
}
