/** `GET /api/v1/me`: who asks and what they may do; whoever is nobody learns how to sign in. */
import { MeAnswer } from '@bellwether/api';
import type { Auth } from '../../platform/auth/auth-types.ts';
import { type Actor, can, isInForce, reachOf, STEP_UP_LIFE, VERBS } from '../../platform/auth/rights.ts';
import { WHOLE_LIFE } from '../../platform/auth/session-ends.ts';
import { problems, type Routes } from '../../platform/http/app.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';

/** What the route stands on. */
export type MeDependencies = {
  readonly auth: Pick<Auth, 'sessions' | 'people' | 'recovery' | 'directories' | 'isAlone'>;
  /** What this hub is called; null before it was told. */
  readonly stateName: () => Promise<string | null>;
  /** Where others reach it; null while they do not. */
  readonly address: () => string | null;
  /** Its offices. */
  readonly offices: () => Promise<{ leaId: string; name: string }[]>;
  /** ms since 1970. */
  readonly now: () => number;
};

type PersonActor = Extract<Actor, { kind: 'person' }>;

/** Adds it. */
export function meRoutes(dependencies: MeDependencies): Routes {
  const { auth, stateName, address, offices, now } = dependencies;
  return (app) => {
    app.get(
      '/me',
      {
        config: { right: 'anybody' },
        schema: {
          summary: 'Who asks, what they may do, and how to sign in',
          tags: ['people'],
          response: { 200: MeAnswer, ...problems(HTTP_ERRORS.HTTP_DATABASE_AWAY) },
        },
      },
      async ({ actor }, reply): Promise<MeAnswer> => {
        void reply.header('cache-control', 'no-store');
        const time = now();
        const isPerson = actor?.kind === 'person';
        return {
          who: actor?.kind === 'person' || actor?.kind === 'machine' ? actor.kind : 'nobody',
          person: isPerson ? await personOf(dependencies, actor, time) : null,
          rights: actor === null ? {} : rightsOf(actor, time),
          steppedUpUntil: isPerson ? steppedUpUntil(actor, time) : null,
          until: isPerson ? await endOf(dependencies, actor) : null,
          needsSetUp: auth.isAlone(),
          state: await stateName(),
          address: address(),
          offices: actor === null ? [] : await offices(),
          directories: auth.directories.list.map(({ name, title }) => ({ name, title })),
          recoveriesWaiting: isPerson ? await waitingFor(dependencies, actor, time) : 0,
        };
      },
    );
  };
}

/** By verb: everywhere, or where. */
function rightsOf(actor: Actor, now: number): MeAnswer['rights'] {
  const rights: MeAnswer['rights'] = {};
  for (const verb of VERBS) {
    const reach = reachOf(actor, verb, now);
    if (reach === 'all') rights[verb] = 'all';
    else if (reach.size > 0) rights[verb] = [...reach].sort();
  }
  return rights;
}

/** Their roles that hold, with who gave them. */
async function personOf(
  { auth }: MeDependencies,
  { person, name }: PersonActor,
  now: number,
): Promise<MeAnswer['person']> {
  const found = await auth.people.find(person);
  const inForce = (found?.grants ?? []).filter((grant) => isInForce(grant, now));
  const grants = inForce.map(({ id, role, place, from, until, givenBy, why }) => ({
    id,
    role,
    place,
    from: new Date(from).toISOString(),
    until: momentOf(until),
    givenBy,
    why,
  }));
  return { id: person, name, grants };
}

function steppedUpUntil({ steppedUp }: PersonActor, now: number): string | null {
  if (steppedUp === null || now - steppedUp >= STEP_UP_LIFE) return null;
  return momentOf(steppedUp + STEP_UP_LIFE);
}

async function endOf({ auth }: MeDependencies, { person, session }: PersonActor): Promise<string | null> {
  const own = (await auth.sessions.listOf(person)).find((row) => row.session === session);
  return own === undefined ? null : momentOf(own.created + WHOLE_LIFE);
}

/** Others than themselves: nobody decides about their own. */
async function waitingFor({ auth }: MeDependencies, actor: PersonActor, now: number): Promise<number> {
  if (!can(actor, 'people.recover', 'state', now)) return 0;
  return (await auth.recovery.waiting()).filter(({ person }) => person !== actor.person).length;
}

function momentOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
