/** Who has a role where: seen, invited, given and taken. */
import {
  CodeWish,
  GiveRole,
  type GrantRow,
  InvitePerson,
  PeopleAnswer,
  PeopleQuery,
  type PersonRow,
  PhoneCode,
  Reason,
} from '@bellwether/api';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { People, Person } from '../../platform/auth/auth-types.ts';
import { AUTH_ERRORS, authError } from '../../platform/auth/errors.ts';
import { type Actor, can, type Reach, type Role } from '../../platform/auth/rights.ts';
import { closed, type HttpApp, problems, type Routes } from '../../platform/http/app.ts';
import { sendAuthError, sendHttpError } from '../../platform/http/problem.ts';
import type { RouteRight } from '../../platform/http/right.ts';
import { DONE, Done, SIGNED_IN_PROBLEMS } from './answers.ts';
import type { PeopleDependencies } from './dependencies.ts';
import { changeablePerson, endableGrant, offeredRoles, seenFrom, visiblePerson } from './people-rights.ts';
import { recoveryRow } from './routes-recoveries.ts';

const CHANGING = [
  ...SIGNED_IN_PROBLEMS,
  AUTH_ERRORS.AUTH_STEP_UP,
  AUTH_ERRORS.AUTH_PERSON_UNKNOWN,
  AUTH_ERRORS.AUTH_PERSON_STATE,
];

const CHANGES: RouteRight = { verb: 'people.change', of: 'reach' };

const PersonParams = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$' }) });
const GrantParams = Type.Object({
  id: PersonParams.properties.id,
  grant: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
});

/** Makes them. */
export function peopleListRoutes(dependencies: PeopleDependencies): Routes {
  return (app) => {
    listRoute(app, dependencies);
    inviteRoute(app, dependencies);
    codeRoutes(app, dependencies);
    grantRoutes(app, dependencies);
    removalRoute(app, dependencies);
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

function codeRoutes(app: HttpApp, { auth, now }: PeopleDependencies): void {
  app.post(
    '/people/:id/code',
    {
      config: { right: CHANGES },
      schema: {
        summary: 'A new code for somebody: to come in, for another device, or after all were lost',
        tags: ['people'],
        params: PersonParams,
        body: closed(CodeWish),
        response: { 200: PhoneCode, ...problems(...CHANGING) },
      },
    },
    async (request, reply) => {
      const { from, reach, params, body } = request;
      const actor = askerOf(request);
      const person = await changeablePerson(auth.people, { actor, reach, now: now() }, params.id);
      if (person.isErr()) return sendAuthError(reply, person.error);
      // It takes away the devices that there are: a second pair of eyes at the state.
      if (body.purpose === 'recover' && !can(actor, 'people.recover', 'state', now())) {
        return sendAuthError(reply, authError('AUTH_NOT_YOURS', 'The state office does this.'));
      }
      const made = await auth.people.newCode(actor, params.id, body.purpose, from.address);
      if (made.isErr()) return sendAuthError(reply, made.error);
      void reply.header('cache-control', 'no-store');
      return phoneCode(params.id, made.value);
    },
  );

  app.post(
    '/people/:id/code/withdrawal',
    {
      config: { right: CHANGES },
      schema: {
        summary: 'Withdraw the code of somebody that was not used yet',
        tags: ['people'],
        params: PersonParams,
        response: { 200: Done, ...problems(...CHANGING) },
      },
    },
    async (request, reply) => {
      const { from, reach, params } = request;
      const actor = askerOf(request);
      const person = await changeablePerson(auth.people, { actor, reach, now: now() }, params.id);
      if (person.isErr()) return sendAuthError(reply, person.error);
      await auth.people.withdrawCodes(actor, params.id, from.address);
      return DONE;
    },
  );
}

function grantRoutes(app: HttpApp, { auth, now }: PeopleDependencies): void {
  app.post(
    '/people/:id/grants',
    {
      config: { right: CHANGES },
      schema: {
        summary: 'Give somebody a role at a place',
        tags: ['people'],
        params: PersonParams,
        body: closed(GiveRole),
        response: {
          200: Done,
          ...problems(...CHANGING, AUTH_ERRORS.AUTH_GRANT_INVALID, AUTH_ERRORS.AUTH_TEXT_INVALID),
        },
      },
    },
    async (request, reply) => {
      const { from, reach, params, body } = request;
      const actor = askerOf(request);
      const person = await visiblePerson(auth.people, { actor, reach }, params.id);
      if (person.isErr()) return sendAuthError(reply, person.error);
      const wish = wishOf(body);
      if (wish === undefined) return sendHttpError(reply, NO_SUCH_TIME);
      const given = await auth.people.giveRole(actor, params.id, wish, body.why, from.address);
      return given.isErr() ? sendAuthError(reply, given.error) : DONE;
    },
  );

  app.post(
    '/people/:id/grants/:grant/end',
    {
      config: { right: CHANGES },
      schema: {
        summary: 'Take a role away',
        tags: ['people'],
        params: GrantParams,
        body: closed(Reason),
        response: {
          200: Done,
          ...problems(...CHANGING, AUTH_ERRORS.AUTH_LAST_ADMINISTRATOR, AUTH_ERRORS.AUTH_TEXT_INVALID),
        },
      },
    },
    async (request, reply) => {
      const { from, reach, params, body } = request;
      const actor = askerOf(request);
      const person = await visiblePerson(auth.people, { actor, reach }, params.id);
      if (person.isErr()) return sendAuthError(reply, person.error);
      const grant = endableGrant(person.value, { actor, reach, now: now() }, params.grant);
      if (grant.isErr()) return sendAuthError(reply, grant.error);
      const ended = await auth.people.endGrant(actor, params.grant, body.why, from.address);
      if (ended.isErr()) return sendAuthError(reply, ended.error);
      await auth.lookAgain();
      return DONE;
    },
  );
}

function removalRoute(app: HttpApp, { auth, now }: PeopleDependencies): void {
  app.post(
    '/people/:id/removal',
    {
      config: { right: CHANGES },
      schema: {
        summary: 'Remove somebody: they are out at once, with all their devices and codes',
        tags: ['people'],
        params: PersonParams,
        body: closed(Reason),
        response: {
          200: Done,
          ...problems(...CHANGING, AUTH_ERRORS.AUTH_LAST_ADMINISTRATOR, AUTH_ERRORS.AUTH_TEXT_INVALID),
        },
      },
    },
    async (request, reply) => {
      const { from, reach, params, body } = request;
      const actor = askerOf(request);
      const person = await changeablePerson(auth.people, { actor, reach, now: now() }, params.id);
      if (person.isErr()) return sendAuthError(reply, person.error);
      const removed = await auth.people.removePerson(actor, params.id, body.why, from.address);
      if (removed.isErr()) return sendAuthError(reply, removed.error);
      await auth.lookAgain();
      return DONE;
    },
  );
}

/** Who asks; the door has let them in. */
function askerOf({ actor }: FastifyRequest): Actor {
  if (actor === null) throw new Error('the door let nobody in');
  return actor;
}

/** The standard of times knows a second 60, the clocks of computers do not. */
const NO_SUCH_TIME = { code: 'HTTP_REQUEST_INVALID', detail: 'there is no such time' } as const;

type Wish = { readonly role: Role; readonly place: string; readonly until: number | null };

/** A role as it was asked for; undefined where its end is no time. A role that is none can be given nowhere. */
function wishOf({ role, place, until }: Pick<GiveRole, 'role' | 'place' | 'until'>): Wish | undefined {
  const end = until === undefined ? null : Date.parse(until);
  return Number.isNaN(end) ? undefined : { role: role as Role, place, until: end };
}

function phoneCode(
  person: string,
  { code, until }: { readonly code: string; readonly until: number },
): PhoneCode {
  return { person, code, until: new Date(until).toISOString() };
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
