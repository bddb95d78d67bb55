/** Who has a role where: seen, and invited. */
import {
  type GrantRow,
  InvitePerson,
  PeopleAnswer,
  PeopleQuery,
  type PersonRow,
  PhoneCode,
} from '@bellwether/api';
import type { People, Person } from '../../platform/auth/auth-types.ts';
import { AUTH_ERRORS } from '../../platform/auth/errors.ts';
import { can, type Reach } from '../../platform/auth/rights.ts';
import { closed, type HttpApp, problems, type Routes } from '../../platform/http/app.ts';
import { sendAuthError, sendHttpError } from '../../platform/http/problem.ts';
import { askerOf, phoneCode, SIGNED_IN_PROBLEMS } from './answers.ts';
import { CHANGING, NO_SUCH_TIME, wishOf } from './changing.ts';
import type { PeopleDependencies } from './dependencies.ts';
import { offeredRoles, seenFrom } from './people-rights.ts';
import { recoveryRow } from './routes-recoveries.ts';

/** Makes them. */
export function peopleListRoutes(dependencies: PeopleDependencies): Routes {
  return (app) => {
    listRoute(app, dependencies);
    inviteRoute(app, dependencies);
  };
}

function listRoute(app: HttpApp, { auth, now }: PeopleDependencies): void {
  app.get(
    '/people',
    {
      config: {
        right: { verb: 'people.read', of: 'reach', asked: ({ query }) => (query as PeopleQuery).place },
      },
      schema: {
        summary: 'Who has a role at the places in reach, and which roles the asker may give',
        tags: ['people'],
        querystring: closed(PeopleQuery),
        response: { 200: PeopleAnswer, ...problems(...SIGNED_IN_PROBLEMS) },
      },
    },
    async (request) => {
      const { reach } = request;
      const actor = askerOf(request);
      const decides = can(actor, 'people.recover', 'state', now());
      return {
        people: (await seenPeople(auth.people, reach)).map(personRow),
        recoveries: (decides ? await auth.recovery.waiting() : [])
          .filter(({ person }) => actor.kind !== 'person' || person !== actor.person)
          .map(recoveryRow),
        mayGive: [...offeredRoles(actor, reach, now())],
      };
    },
  );
}

/** By name; of a reach that is not everything, each once and with the roles there. */
async function seenPeople(people: People, reach: Reach): Promise<readonly Person[]> {
  const seen = new Map<string, Person>();
  for (const place of reach === 'all' ? (['all'] as const) : reach) {
    for (const person of await people.list(place)) {
      const there = seenFrom(person, reach);
      if (there !== undefined) seen.set(person.id, there);
    }
  }
  return [...seen.values()].sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

function inviteRoute(app: HttpApp, { auth }: PeopleDependencies): void {
  app.post(
    '/people',
    {
      config: { right: { verb: 'people.invite', of: ({ body }) => (body as InvitePerson).place } },
      schema: {
        summary: 'Invite somebody: the answer is the code to be read to them',
        description: 'The code is shown once, works once, and for fifteen minutes.',
        tags: ['people'],
        body: closed(InvitePerson),
        response: {
          200: PhoneCode,
          ...problems(...CHANGING, AUTH_ERRORS.AUTH_GRANT_INVALID, AUTH_ERRORS.AUTH_TEXT_INVALID),
        },
      },
    },
    async (request, reply) => {
      const { body, from } = request;
      const actor = askerOf(request);
      const wish = wishOf(body);
      if (wish === undefined) return sendHttpError(reply, NO_SUCH_TIME);
      const { name, phone = null, why = null } = body;
      const invited = await auth.people.invite(actor, { ...wish, name, phone, why }, from.address);
      if (invited.isErr()) return sendAuthError(reply, invited.error);
      void reply.header('cache-control', 'no-store');
      return phoneCode(invited.value.person, invited.value);
    },
  );
}

function personRow({ grants, lastSeen, codeUntil, ...person }: Person): PersonRow {
  return {
    ...person,
    grants: grants.map(
      ({ from, until, ...grant }): GrantRow => ({
        ...grant,
        from: new Date(from).toISOString(),
        until: momentOf(until),
      }),
    ),
    lastSeen: momentOf(lastSeen),
    codeUntil: momentOf(codeUntil),
  };
}

function momentOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
