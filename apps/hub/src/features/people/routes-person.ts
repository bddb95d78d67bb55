/** One person: a new code, roles given and taken, and their removal. */
import { CodeWish, GiveRole, PhoneCode, Reason } from '@bellwether/api';
import { AUTH_ERRORS, authError } from '../../platform/auth/errors.ts';
import { can } from '../../platform/auth/rights.ts';
import { closed, type HttpApp, problems, type Routes } from '../../platform/http/app.ts';
import { sendAuthError, sendHttpError } from '../../platform/http/problem.ts';
import { askerOf, DONE, Done, phoneCode } from './answers.ts';
import {
  aboutPerson,
  CHANGES,
  CHANGING,
  GrantParams,
  NO_SUCH_TIME,
  PersonParams,
  wishOf,
} from './changing.ts';
import type { PeopleDependencies } from './dependencies.ts';

/** Makes them. */
export function personRoutes(dependencies: PeopleDependencies): Routes {
  return (app) => {
    codeRoutes(app, dependencies);
    grantRoutes(app, dependencies);
    removalRoute(app, dependencies);
  };
}

function codeRoutes(app: HttpApp, dependencies: PeopleDependencies): void {
  const { auth, now } = dependencies;
  app.post(
    '/people/:id/code',
    {
      config: { right: CHANGES },
      preHandler: aboutPerson(dependencies, 'change'),
      schema: {
        summary: 'A new code for somebody: to come in, for another device, or after all were lost',
        tags: ['people'],
        params: PersonParams,
        body: closed(CodeWish),
        response: { 200: PhoneCode, ...problems(...CHANGING) },
      },
    },
    async (request, reply) => {
      const { from, params, body } = request;
      const actor = askerOf(request);
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
      preHandler: aboutPerson(dependencies, 'change'),
      schema: {
        summary: 'Withdraw the code of somebody that was not used yet',
        tags: ['people'],
        params: PersonParams,
        response: { 200: Done, ...problems(...CHANGING) },
      },
    },
    async (request) => {
      const { from, params } = request;
      const actor = askerOf(request);
      await auth.people.withdrawCodes(actor, params.id, from.address);
      return DONE;
    },
  );
}

function grantRoutes(app: HttpApp, dependencies: PeopleDependencies): void {
  const { auth } = dependencies;
  app.post(
    '/people/:id/grants',
    {
      config: { right: CHANGES },
      preHandler: aboutPerson(dependencies, 'give'),
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
      const { from, params, body } = request;
      const actor = askerOf(request);
      const wish = wishOf(body);
      if (wish === undefined) return sendHttpError(reply, NO_SUCH_TIME);
      const given = await auth.people.giveRole(actor, params.id, wish, body.why, from.address);
      if (given.isErr()) return sendAuthError(reply, given.error);
      // Somebody with a passkey may have become the first administrator.
      await auth.lookAgain();
      return DONE;
    },
  );

  app.post(
    '/people/:id/grants/:grant/end',
    {
      config: { right: CHANGES },
      preHandler: aboutPerson(dependencies, 'end-grant'),
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
      const { from, params, body } = request;
      const actor = askerOf(request);
      const ended = await auth.people.endGrant(actor, params.grant, body.why, from.address);
      return ended.isErr() ? sendAuthError(reply, ended.error) : DONE;
    },
  );
}

function removalRoute(app: HttpApp, dependencies: PeopleDependencies): void {
  const { auth } = dependencies;
  app.post(
    '/people/:id/removal',
    {
      config: { right: CHANGES },
      preHandler: aboutPerson(dependencies, 'change'),
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
      const { from, params, body } = request;
      const actor = askerOf(request);
      const removed = await auth.people.removePerson(actor, params.id, body.why, from.address);
      return removed.isErr() ? sendAuthError(reply, removed.error) : DONE;
    },
  );
}
