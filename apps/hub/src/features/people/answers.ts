/** What the routes of people have in common: how they say no, who asks, how a code is told, and how a session begins. */
import type { PhoneCode } from '@bellwether/api';
import type { ErrorEntry } from '@bellwether/basics';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Auth, How, NewCode, PersonActor } from '../../platform/auth/auth-types.ts';
import { AUTH_ERRORS, type AuthError, authError } from '../../platform/auth/errors.ts';
import { type Actor, STEP_UP_LIFE } from '../../platform/auth/rights.ts';
import { WHOLE_LIFE } from '../../platform/auth/session-ends.ts';
import { DOOR_PROBLEMS } from '../../platform/http/app.ts';
import { setSession } from '../../platform/http/cookies.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';

/** Errors of routes that anybody may ask. */
export const OPEN_PROBLEMS: readonly ErrorEntry[] = [
  HTTP_ERRORS.HTTP_REQUEST_INVALID,
  HTTP_ERRORS.HTTP_CROSS_SITE,
  HTTP_ERRORS.HTTP_DATABASE_AWAY,
];

/** Errors of routes for who is signed in. */
export const SIGNED_IN_PROBLEMS: readonly ErrorEntry[] = [
  HTTP_ERRORS.HTTP_REQUEST_INVALID,
  HTTP_ERRORS.HTTP_DATABASE_AWAY,
  ...DOOR_PROBLEMS,
];

/** Errors of ceremonies. */
export const CEREMONY_PROBLEMS: readonly ErrorEntry[] = [
  AUTH_ERRORS.AUTH_CEREMONY_OVER,
  AUTH_ERRORS.AUTH_PASSKEY_REFUSED,
  AUTH_ERRORS.AUTH_TOO_OFTEN,
];

/** The answer of an act that has nothing to tell. */
export const Done = Type.Object({});
export const DONE = {};

/** No ticket came along, or one that is over. */
export const CEREMONY_OVER: AuthError = authError('AUTH_CEREMONY_OVER', '');

export const TOO_OFTEN: AuthError = authError('AUTH_TOO_OFTEN', '');

/** Who asks; the door has let them in. */
export function askerOf({ actor }: FastifyRequest): Actor {
  if (actor === null) throw new Error('the door let nobody in');
  return actor;
}

/** Who asks, where the door lets only people in: routes about oneself. */
export function personOf({ actor }: FastifyRequest): PersonActor {
  if (actor?.kind !== 'person') throw new Error('the door let somebody in who is no person');
  return actor;
}

/** Why somebody has to show their passkey first; undefined: they did, within `STEP_UP_LIFE`. For acts about oneself, which have no verb. */
export function stepUpFirst({ steppedUp }: PersonActor, now: number): AuthError | undefined {
  const isFresh = steppedUp !== null && now - steppedUp < STEP_UP_LIFE;
  return isFresh ? undefined : authError('AUTH_STEP_UP', '');
}

/** A code as it is told to whoever reads it over the phone. */
export function phoneCode(person: string, { code, until }: NewCode): PhoneCode {
  return { person, code, until: new Date(until).toISOString() };
}

/** Signs somebody in: a session with a new secret. One that came along is over, whoever planted it. Gives its end, ISO 8601. */
export async function beginSession(
  { auth, now }: { readonly auth: Pick<Auth, 'sessions'>; readonly now: () => number },
  request: FastifyRequest,
  reply: FastifyReply,
  signedIn: { readonly person: string; readonly how: How; readonly passkey: string | null },
): Promise<string> {
  const { actor, from } = request;
  const { person, how, passkey } = signedIn;
  if (actor?.kind === 'person') await auth.sessions.end(actor.session, 'signed in anew', actor);
  // A directory shows nobody's passkey: what needs one asks for it.
  const { secret } = await auth.sessions.begin(person, how, passkey, from, passkey !== null);
  setSession(reply, secret);
  void reply.header('cache-control', 'no-store');
  return new Date(now() + WHOLE_LIFE).toISOString();
}
