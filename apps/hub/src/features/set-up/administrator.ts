/** The first administrator: whoever holds the token, alone with the machine, makes the first passkey. */
import { CeremonyOptions, Enrolled, NewPasskey, SetUpAdministrator } from '@bellwether/api';
import { err, ok, type Result } from '@bellwether/basics';
import type { FastifyRequest } from 'fastify';
import { AUTH_ERRORS, type AuthError, authError } from '../../platform/auth/errors.ts';
import { closed, type HttpApp, problems } from '../../platform/http/app.ts';
import { clearTicket, setSession, setTicket, ticketOf } from '../../platform/http/cookies.ts';
import { sendAuthError } from '../../platform/http/problem.ts';
import { CONFIGURES, SET_UP_COMMON, sendSetUpError } from './answers.ts';
import type { SetUpDependencies } from './dependencies.ts';
import { SET_UP_ERRORS, setUpError } from './errors.ts';
import { factOf, setFact } from './store.ts';

/** A session lasts twelve hours at most; ms. */
const LONGEST_SESSION = 43_200_000;

/** Adds them. */
export function administratorRoutes(app: HttpApp, dependencies: SetUpDependencies): void {
  const { auth, now } = dependencies;
  app.post(
    '/set-up/administrator/options',
    {
      config: { right: CONFIGURES },
      schema: {
        summary: 'The question for the passkey of the first administrator',
        tags: ['set-up'],
        body: closed(SetUpAdministrator),
        response: {
          200: CeremonyOptions,
          ...problems(...SET_UP_COMMON, SET_UP_ERRORS.SET_UP_ADMINISTRATOR_EXISTS),
        },
      },
    },
    async (request, reply) => {
      if (!auth.isAlone()) return sendSetUpError(reply, EXISTS);
      const person = await personToBe(dependencies, request.body.name.normalize('NFC').trim(), request);
      if (person.isErr()) return sendAuthError(reply, person.error);
      const { options, ticket } = await auth.passkeys.enrolOptions(person.value, request.from);
      setTicket(reply, 'enrol', ticket);
      return { options: options as CeremonyOptions['options'] };
    },
  );

  app.post(
    '/set-up/administrator',
    {
      config: { right: CONFIGURES },
      schema: {
        summary:
          'The first passkey: from here on the token of the machine opens nothing but the way in for lines',
        tags: ['set-up'],
        body: closed(NewPasskey),
        response: {
          200: Enrolled,
          ...problems(
            ...SET_UP_COMMON,
            SET_UP_ERRORS.SET_UP_ADMINISTRATOR_EXISTS,
            AUTH_ERRORS.AUTH_CEREMONY_OVER,
            AUTH_ERRORS.AUTH_PASSKEY_REFUSED,
          ),
        },
      },
    },
    async (request, reply) => {
      const { body, from } = request;
      if (!auth.isAlone()) return sendSetUpError(reply, EXISTS);
      const ticket = ticketOf(request, 'enrol');
      if (ticket === undefined) {
        return sendAuthError(reply, authError('AUTH_CEREMONY_OVER', 'no ticket came along'));
      }
      const enrolled = await auth.passkeys.checkEnrol(ticket, body.credential, body.name, 'enrol', from);
      if (enrolled.isErr()) return sendAuthError(reply, enrolled.error);
      const { person, passkey } = enrolled.value;
      await auth.lookAgain();
      const { secret } = await auth.sessions.begin(person, 'passkey', passkey, from, true);
      clearTicket(reply, 'enrol');
      setSession(reply, secret);
      const recoveryCodes = await auth.recovery.makeCodes(
        person,
        { kind: 'machine', alone: true },
        from.address,
      );
      const found = await auth.people.find(person);
      return {
        name: found?.name ?? '',
        until: new Date(now() + LONGEST_SESSION).toISOString(),
        recoveryCodes: [...recoveryCodes],
      };
    },
  );
}

const EXISTS = setUpError('SET_UP_ADMINISTRATOR_EXISTS', 'somebody has set it up already');

/**
 * The person who is going to be the first administrator. Who left the page and comes back is the same person; under
 * another name somebody else, and the one before is removed.
 */
async function personToBe(
  { db, auth }: SetUpDependencies,
  name: string,
  { actor, from }: FastifyRequest,
): Promise<Result<string, AuthError>> {
  const machine = actor!;
  const begun = await factOf(db, 'first-administrator');
  if (begun !== undefined) {
    const person = await auth.people.find(begun.person);
    if (person?.state === 'invited') {
      if (begun.name === name) return ok(begun.person);
      const removed = await auth.people.removePerson(
        machine,
        begun.person,
        'another name was given',
        from.address,
      );
      if (removed.isErr()) return removed;
    }
  }
  const invited = await auth.people.invite(
    machine,
    { name, phone: null, role: 'administrator', place: 'state', until: null, why: 'first administrator' },
    from.address,
  );
  if (invited.isErr()) return err(invited.error);
  const { person } = invited.value;
  // Nobody reads this code to anybody: the question goes to the browser that asks.
  await auth.people.withdrawCodes(machine, person, from.address);
  await setFact(db, 'first-administrator', { person, name });
  return ok(person);
}
