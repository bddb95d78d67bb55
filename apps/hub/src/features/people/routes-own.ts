/** A person's own passkeys, sessions and printed codes. What lets somebody in for longer needs the passkey once more. */
import { createHash } from 'node:crypto';
import { CeremonyOptions, NewPasskey, OwnAnswer, type OwnSession, RecoveryCodes } from '@bellwether/api';
import { Type } from 'typebox';
import type { SessionRow } from '../../platform/auth/auth-types.ts';
import { AUTH_ERRORS } from '../../platform/auth/errors.ts';
import { plainText } from '../../platform/auth/plain-text.ts';
import { closed, type HttpApp, problems, type Routes } from '../../platform/http/app.ts';
import { clearSession, clearTicket, setTicket, ticketOf } from '../../platform/http/cookies.ts';
import { sendAuthError } from '../../platform/http/problem.ts';
import {
  CEREMONY_OVER,
  CEREMONY_PROBLEMS,
  DONE,
  Done,
  personOf,
  SIGNED_IN_PROBLEMS,
  stepUpFirst,
} from './answers.ts';
import type { PeopleDependencies } from './dependencies.ts';
import type { Enrolments } from './enrolments.ts';

const STEPPED_UP_PROBLEMS = [...SIGNED_IN_PROBLEMS, AUTH_ERRORS.AUTH_STEP_UP];

/** Makes them. */
export function ownRoutes(dependencies: PeopleDependencies, enrolments: Enrolments): Routes {
  return (app) => {
    overviewRoute(app, dependencies);
    addingRoutes(app, dependencies, enrolments);
    endingRoutes(app, dependencies);
    printedRoute(app, dependencies);
  };
}

function overviewRoute(app: HttpApp, { auth }: PeopleDependencies): void {
  app.get(
    '/own',
    {
      config: { right: 'signed-in' },
      schema: {
        summary: 'The passkeys and sessions of who asks',
        tags: ['own'],
        response: { 200: OwnAnswer, ...problems(...SIGNED_IN_PROBLEMS) },
      },
    },
    async (request) => {
      const { person, session } = personOf(request);
      const [passkeys, sessions, recoveryCodesLeft] = await Promise.all([
        auth.passkeys.listOf(person),
        auth.sessions.listOf(person),
        auth.recovery.codesLeft(person),
      ]);
      return {
        passkeys: passkeys.map(({ id, added, used, ...passkey }) => ({
          ...passkey,
          id: shortOf(id),
          added: new Date(added).toISOString(),
          used: used === null ? null : new Date(used).toISOString(),
        })),
        sessions: sessions.map((one) => sessionRow(one, session)),
        recoveryCodesLeft,
      };
    },
  );
}

/** What a passkey is called in addresses: devices make ids of up to 1364 characters. 128 bits of their SHA-256. */
function shortOf(id: string): string {
  return createHash('sha256').update(id).digest().subarray(0, 16).toString('base64url');
}

function sessionRow({ session, how, created, seen, network, agent }: SessionRow, here: string): OwnSession {
  return {
    session,
    how,
    begun: new Date(created).toISOString(),
    seen: new Date(seen).toISOString(),
    network,
    browser: agent,
    here: session === here,
  };
}

function addingRoutes(app: HttpApp, { auth, now }: PeopleDependencies, enrolments: Enrolments): void {
  app.post(
    '/own/passkeys/options',
    {
      config: { right: 'signed-in' },
      schema: {
        summary: 'The question for another passkey of one’s own',
        tags: ['own'],
        response: { 200: CeremonyOptions, ...problems(...STEPPED_UP_PROBLEMS) },
      },
    },
    async (request, reply) => {
      const { from } = request;
      const actor = personOf(request);
      const first = stepUpFirst(actor, now());
      if (first !== undefined) return sendAuthError(reply, first);
      const ceremony = await auth.passkeys.enrolOptions(actor.person, from);
      enrolments.note(ceremony, { person: actor.person, purpose: 'passkey', by: 'own' }, from);
      setTicket(reply, 'enrol', ceremony.ticket);
      return { options: ceremony.options as CeremonyOptions['options'] };
    },
  );

  app.post(
    '/own/passkeys',
    {
      config: { right: 'signed-in' },
      schema: {
        summary: 'Keep another passkey of one’s own',
        tags: ['own'],
        body: closed(NewPasskey),
        response: {
          200: Done,
          ...problems(
            ...STEPPED_UP_PROBLEMS,
            ...CEREMONY_PROBLEMS,
            AUTH_ERRORS.AUTH_TEXT_INVALID,
            AUTH_ERRORS.AUTH_TOO_MANY_PASSKEYS,
          ),
        },
      },
    },
    async (request, reply) => {
      const { from, body } = request;
      const actor = personOf(request);
      const first = stepUpFirst(actor, now());
      if (first !== undefined) return sendAuthError(reply, first);
      const name = plainText('name', body.name);
      if (name.isErr()) return sendAuthError(reply, name.error);
      const ticket = ticketOf(request, 'enrol');
      clearTicket(reply, 'enrol');
      const enrolment = ticket === undefined ? undefined : enrolments.take(ticket, 'own', from);
      if (ticket === undefined || enrolment?.person !== actor.person)
        return sendAuthError(reply, CEREMONY_OVER);
      const kept = await auth.passkeys.checkEnrol(ticket, body.credential, name.value, 'passkey', from);
      if (kept.isErr()) return sendAuthError(reply, kept.error);
      // Who came in by a directory may hold the role of an administrator, and have their first passkey only now.
      await auth.lookAgain();
      return DONE;
    },
  );
}

function endingRoutes(app: HttpApp, { auth, now }: PeopleDependencies): void {
  app.post(
    '/own/passkeys/:id/removal',
    {
      config: { right: 'signed-in' },
      schema: {
        summary: 'Remove a passkey of one’s own, and end the sessions that it began elsewhere',
        tags: ['own'],
        params: Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }) }),
        response: {
          200: Done,
          ...problems(
            ...STEPPED_UP_PROBLEMS,
            AUTH_ERRORS.AUTH_PASSKEY_UNKNOWN,
            AUTH_ERRORS.AUTH_LAST_PASSKEY,
          ),
        },
      },
    },
    async (request, reply) => {
      const actor = personOf(request);
      const first = stepUpFirst(actor, now());
      if (first !== undefined) return sendAuthError(reply, first);
      const own = await auth.passkeys.listOf(actor.person);
      const id = own.find((one) => shortOf(one.id) === request.params.id)?.id ?? '';
      const removed = await auth.passkeys.removePasskey(actor, id, request.from.address);
      return removed.isErr() ? sendAuthError(reply, removed.error) : DONE;
    },
  );

  app.post(
    '/own/sessions/:session/end',
    {
      config: { right: 'signed-in' },
      schema: {
        summary: 'End a session of one’s own; one that is over stays so',
        tags: ['own'],
        params: Type.Object({ session: Type.String({ pattern: '^\\d{1,16}$' }) }),
        response: { 200: Done, ...problems(...SIGNED_IN_PROBLEMS) },
      },
    },
    async (request, reply) => {
      const actor = personOf(request);
      const { session } = request.params;
      const own = await auth.sessions.listOf(actor.person);
      if (own.some((one) => one.session === session)) {
        await auth.sessions.end(session, 'ended by its owner', actor);
      }
      if (session === actor.session) clearSession(reply);
      return DONE;
    },
  );
}

function printedRoute(app: HttpApp, { auth, now }: PeopleDependencies): void {
  app.post(
    '/own/recovery-codes',
    {
      config: { right: 'signed-in' },
      schema: {
        summary: 'New codes to be printed; the old ones work no longer',
        description: 'The answer is the only time that they are shown.',
        tags: ['own'],
        response: { 200: RecoveryCodes, ...problems(...STEPPED_UP_PROBLEMS) },
      },
    },
    async (request, reply) => {
      const actor = personOf(request);
      const first = stepUpFirst(actor, now());
      if (first !== undefined) return sendAuthError(reply, first);
      void reply.header('cache-control', 'no-store');
      const codes = await auth.recovery.makeCodes(actor.person, actor, request.from.address);
      return { recoveryCodes: [...codes] };
    },
  );
}
