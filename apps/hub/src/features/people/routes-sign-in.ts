/** Signing in with a passkey, signing out, and showing the passkey once more before what cannot be undone. */
import { CeremonyAnswer, CeremonyOptions, SignedIn } from '@bellwether/api';
import { closed, type HttpApp, problems, type Routes } from '../../platform/http/app.ts';
import { clearSession, clearTicket, setTicket, ticketOf } from '../../platform/http/cookies.ts';
import { sendAuthError } from '../../platform/http/problem.ts';
import {
  beginSession,
  CEREMONY_OVER,
  CEREMONY_PROBLEMS,
  DONE,
  Done,
  OPEN_PROBLEMS,
  personOf,
  SIGNED_IN_PROBLEMS,
  TOO_OFTEN,
} from './answers.ts';
import type { PeopleDependencies } from './dependencies.ts';

/** Makes them. */
export function signInRoutes(dependencies: PeopleDependencies): Routes {
  return (app) => {
    passkeyRoutes(app, dependencies);
    signOutRoutes(app, dependencies);
    stepUpRoutes(app, dependencies);
  };
}

function passkeyRoutes(app: HttpApp, dependencies: PeopleDependencies): void {
  const { auth } = dependencies;
  app.post(
    '/sign-in/passkey/options',
    {
      config: { right: 'anybody' },
      schema: {
        summary: 'The question for a passkey: nobody says who they are, the passkey does',
        tags: ['sign-in'],
        response: { 200: CeremonyOptions, ...problems(...OPEN_PROBLEMS) },
      },
    },
    async (request, reply) => {
      const { options, ticket } = await auth.passkeys.signInOptions(request.from);
      setTicket(reply, 'sign-in', ticket);
      return { options: options as CeremonyOptions['options'] };
    },
  );

  app.post(
    '/sign-in/passkey',
    {
      config: { right: 'anybody' },
      schema: {
        summary: 'Sign in with the passkey',
        tags: ['sign-in'],
        body: closed(CeremonyAnswer),
        response: { 200: SignedIn, ...problems(...OPEN_PROBLEMS, ...CEREMONY_PROBLEMS) },
      },
    },
    async (request, reply) => {
      const { from, body } = request;
      const ticket = ticketOf(request, 'sign-in');
      clearTicket(reply, 'sign-in');
      if (ticket === undefined) return sendAuthError(reply, CEREMONY_OVER);
      if (!auth.limits.allow('passkey', from)) return sendAuthError(reply, TOO_OFTEN);
      const checked = await auth.passkeys.checkSignIn(ticket, body.credential, from);
      if (checked.isErr()) return sendAuthError(reply, checked.error);
      auth.limits.forgive('passkey', from);
      const { person, passkey } = checked.value;
      const until = await beginSession(dependencies, request, reply, { person, how: 'passkey', passkey });
      return { name: (await auth.people.find(person))?.name ?? '', until };
    },
  );
}

function signOutRoutes(app: HttpApp, { auth }: PeopleDependencies): void {
  app.post(
    '/sign-out',
    {
      // Also for who is signed out already: the cookie goes in any case.
      config: { right: 'anybody' },
      schema: {
        summary: 'Sign out in this browser',
        tags: ['sign-in'],
        response: { 200: Done, ...problems(...OPEN_PROBLEMS) },
      },
    },
    async ({ actor }, reply) => {
      if (actor?.kind === 'person') await auth.sessions.end(actor.session, 'signed out', actor);
      clearSession(reply);
      return DONE;
    },
  );

  app.post(
    '/sign-out/everywhere',
    {
      config: { right: 'signed-in' },
      schema: {
        summary: 'Sign out on every device',
        tags: ['sign-in'],
        response: { 200: Done, ...problems(...SIGNED_IN_PROBLEMS) },
      },
    },
    async (request, reply) => {
      const by = personOf(request);
      await auth.sessions.endAllOf(by.person, 'signed out everywhere', undefined, by);
      clearSession(reply);
      return DONE;
    },
  );
}

function stepUpRoutes(app: HttpApp, { auth }: PeopleDependencies): void {
  app.post(
    '/step-up/options',
    {
      config: { right: 'signed-in' },
      schema: {
        summary: 'The question for a passkey of who is signed in',
        tags: ['sign-in'],
        response: { 200: CeremonyOptions, ...problems(...SIGNED_IN_PROBLEMS) },
      },
    },
    async (request, reply) => {
      const { options, ticket } = await auth.passkeys.stepUpOptions(personOf(request).person, request.from);
      setTicket(reply, 'step-up', ticket);
      return { options: options as CeremonyOptions['options'] };
    },
  );

  app.post(
    '/step-up',
    {
      config: { right: 'signed-in' },
      schema: {
        summary:
          'Show the passkey once more: for five minutes what opens doors or cannot be undone may be done',
        tags: ['sign-in'],
        body: closed(CeremonyAnswer),
        response: { 200: Done, ...problems(...SIGNED_IN_PROBLEMS, ...CEREMONY_PROBLEMS) },
      },
    },
    async (request, reply) => {
      const { from, body } = request;
      const { person, session } = personOf(request);
      const ticket = ticketOf(request, 'step-up');
      clearTicket(reply, 'step-up');
      if (ticket === undefined) return sendAuthError(reply, CEREMONY_OVER);
      if (!auth.limits.allow('passkey', from, person)) return sendAuthError(reply, TOO_OFTEN);
      const checked = await auth.passkeys.checkStepUp(person, ticket, body.credential, from);
      if (checked.isErr()) return sendAuthError(reply, checked.error);
      auth.limits.forgive('passkey', from, person);
      await auth.sessions.stepUp(session);
      return DONE;
    },
  );
}
