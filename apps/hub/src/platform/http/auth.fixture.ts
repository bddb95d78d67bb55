/** Sign-in without a database, for tests of what stands behind it: who is signed in is said, and what was asked is kept. */
import { err, ok } from '@bellwether/basics';
import type { Auth, Origin, PersonActor } from '../auth/auth-types.ts';
import { authError } from '../auth/errors.ts';
import type { Actor, Grant, Place, Role, Verb } from '../auth/rights.ts';

/** Wrong tokens that the fake hears within a minute. */
export const WRONG_TOKENS = 3;

/** Sign-in as a test says it is. */
export type FakeAuth = {
  readonly auth: Auth;
  /** No administrator yet. */
  alone: boolean;
  /** Who has which cookie. */
  readonly sessions: Map<string, PersonActor>;
  /** Programs, by key. */
  readonly keys: Map<string, Extract<Actor, { kind: 'sensor' | 'bouncer' }>>;
  /** Each look that was noted. */
  readonly looks: { readonly who: string; readonly verb: Verb; readonly places: readonly Place[] }[];
  /** Each question about a session. */
  readonly asked: { readonly secret: string; readonly origin: Origin; readonly unattended: boolean }[];
  /** What any question to the database throws. */
  away: Error | undefined;
};

/** Makes it: nobody is signed in, and the machine is alone. `now`: ms. */
export function fakeAuth(now: () => number): FakeAuth {
  let minute = 0;
  let attempts = 0;
  const fake: FakeAuth = {
    alone: true,
    sessions: new Map(),
    keys: new Map(),
    looks: [],
    asked: [],
    away: undefined,
    auth: {
      isAlone: () => fake.alone,
      lookAgain: async () => {},
      limits: {
        allow: () => {
          if (minute !== Math.floor(now() / 60_000)) attempts = 0;
          minute = Math.floor(now() / 60_000);
          attempts++;
          return attempts <= WRONG_TOKENS;
        },
        forgive: () => {},
      },
      sessions: {
        actorOf: async (secret: string, origin: Origin, unattended: boolean) => {
          fake.asked.push({ secret, origin, unattended });
          if (fake.away !== undefined) throw fake.away;
          const actor = fake.sessions.get(secret);
          return actor === undefined ? err(authError('AUTH_SESSION_ENDED', '')) : ok(actor);
        },
      },
      keys: {
        actorOf: async (secret: string) => fake.keys.get(secret),
        standing: async (id: string) => [...fake.keys.values()].find(({ key }) => key === id),
      },
      visits: {
        note: async (actor: Actor, verb: Verb, places: readonly Place[]) => {
          if (fake.away !== undefined) throw fake.away;
          fake.looks.push({ who: actor.kind === 'person' ? actor.person : actor.kind, verb, places });
        },
        flush: async () => {},
      },
      trail: { add: async () => {} },
    } as Partial<Record<keyof Auth, unknown>> as Auth,
  };
  return fake;
}

/** Somebody with one role at one place, in force for as long as anybody asks. */
export function somebody(role: Role, place: Place, more: Partial<PersonActor> = {}): PersonActor {
  const grant: Grant = { role, place, from: 0, until: null };
  const name = `A ${role}`;
  return {
    kind: 'person',
    person: `${role}-${place}`,
    name,
    grants: [grant],
    session: '1',
    steppedUp: null,
    ...more,
  };
}
