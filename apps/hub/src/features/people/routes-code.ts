/** The first sign-in on a device: a code from the phone or from a printed page, then a passkey. */
import { CodeAnswer, CodeEntry, Enrolled, NewPasskey } from '@bellwether/api';
import { err, type Result } from '@bellwether/basics';
import type { Auth, CodePurpose, Origin } from '../../platform/auth/auth-types.ts';
import { readTypedCode } from '../../platform/auth/code-text.ts';
import { AUTH_ERRORS, type AuthError } from '../../platform/auth/errors.ts';
import { selfOf } from '../../platform/auth/passkey-records.ts';
import { plainText } from '../../platform/auth/plain-text.ts';
import { closed, type HttpApp, problems, type Routes } from '../../platform/http/app.ts';
import { clearTicket, setTicket, ticketOf } from '../../platform/http/cookies.ts';
import { sendAuthError } from '../../platform/http/problem.ts';
import { beginSession, CEREMONY_OVER, CEREMONY_PROBLEMS, OPEN_PROBLEMS, TOO_OFTEN } from './answers.ts';
import type { PeopleDependencies } from './dependencies.ts';
import type { Enrolments } from './enrolments.ts';
import { officeNames } from './store-names.ts';

/** Makes them. */
export function codeRoutes(dependencies: PeopleDependencies, enrolments: Enrolments): Routes {
  return (app) => {
    entryRoute(app, dependencies, enrolments);
    passkeyRoute(app, dependencies, enrolments);
  };
}

function entryRoute(app: HttpApp, { db, auth, stateName }: PeopleDependencies, enrolments: Enrolments): void {
  app.post(
    '/sign-in/code',
    {
      config: { right: 'anybody' },
      schema: {
        summary:
          'Type a code: it is used up, and answered with whom it is for and the question for a new passkey',
        tags: ['sign-in'],
        body: closed(CodeEntry),
        response: {
          200: CodeAnswer,
          ...problems(
            ...OPEN_PROBLEMS,
            AUTH_ERRORS.AUTH_CODE_WRONG,
            AUTH_ERRORS.AUTH_CODE_MISTYPED,
            AUTH_ERRORS.AUTH_RECOVERY_WAITS,
            AUTH_ERRORS.AUTH_TOO_OFTEN,
          ),
        },
      },
    },
    async (request, reply) => {
      const { from, body } = request;
      const taken = await tryCode(auth, body.code, from);
      if (taken.isErr()) return sendAuthError(reply, taken.error);
      const { person, purpose } = taken.value;
      const ceremony = await auth.passkeys.enrolOptions(person, from);
      enrolments.note(ceremony, { person, purpose, by: 'code' }, from);
      setTicket(reply, 'enrol', ceremony.ticket);
      const found = await auth.people.find(person);
      const names = await officeNames(db, await stateName());
      return {
        name: found?.name ?? '',
        purpose,
        grants: (found?.grants ?? []).map(({ role, place }) => ({ role, place, office: names(place) })),
        options: ceremony.options as CodeAnswer['options'],
      };
    },
  );
}

/** Whose code this is. A slip of the hand costs no attempt: it is told from a guess by itself. */
async function tryCode(
  { limits, people, recovery }: Auth,
  text: string,
  from: Origin,
): Promise<Result<{ person: string; purpose: CodePurpose }, AuthError>> {
  const { kind } = readTypedCode(text);
  const attempt = kind === 'phone' ? 'code' : 'printed-code';
  const isGuess = kind === 'phone' || kind === 'printed';
  if (isGuess && !limits.allow(attempt, from)) return err(TOO_OFTEN);
  if (kind === 'phone') {
    const taken = await people.takeCode(text, from);
    if (taken.isOk()) limits.forgive(attempt, from);
    return taken;
  }
  const taken = await recovery.takePrintedCode(text, from);
  const wasRight = taken.isOk() || taken.error.code === 'AUTH_RECOVERY_WAITS';
  if (isGuess && wasRight) limits.forgive(attempt, from);
  // Who needs a printed code has lost their devices: those are to open nothing any more.
  return taken.map(({ person }) => ({ person, purpose: 'recover' }));
}

function passkeyRoute(app: HttpApp, dependencies: PeopleDependencies, enrolments: Enrolments): void {
  const { auth } = dependencies;
  app.post(
    '/sign-in/code/passkey',
    {
      config: { right: 'anybody' },
      schema: {
        summary: 'Keep the new passkey, and sign in with it; with printed codes for who has none',
        tags: ['sign-in'],
        body: closed(NewPasskey),
        response: {
          200: Enrolled,
          ...problems(
            ...OPEN_PROBLEMS,
            ...CEREMONY_PROBLEMS,
            AUTH_ERRORS.AUTH_PERSON_STATE,
            AUTH_ERRORS.AUTH_TEXT_INVALID,
            AUTH_ERRORS.AUTH_TOO_MANY_PASSKEYS,
          ),
        },
      },
    },
    async (request, reply) => {
      const { from, body } = request;
      const name = plainText('name', body.name);
      if (name.isErr()) return sendAuthError(reply, name.error);
      const ticket = ticketOf(request, 'enrol');
      clearTicket(reply, 'enrol');
      const enrolment = ticket === undefined ? undefined : enrolments.take(ticket, 'code', from);
      if (ticket === undefined || enrolment === undefined) return sendAuthError(reply, CEREMONY_OVER);
      const { purpose } = enrolment;
      const kept = await auth.passkeys.checkEnrol(ticket, body.credential, name.value, purpose, from);
      if (kept.isErr()) return sendAuthError(reply, kept.error);
      // The first administrator, perhaps.
      await auth.lookAgain();
      const { person, passkey } = kept.value;
      const until = await beginSession(dependencies, request, reply, { person, how: 'passkey', passkey });
      const owner = (await auth.people.find(person))?.name ?? '';
      const left = await auth.recovery.codesLeft(person);
      const codes =
        left > 0 ? null : await auth.recovery.makeCodes(person, selfOf(person, owner), from.address);
      return { name: owner, until, recoveryCodes: codes === null ? null : [...codes] };
    },
  );
}
