/** What the routes of the set-up have in common: who may use them, and how they say no. */
import type { ErrorEntry } from '@bellwether/basics';
import type { FastifyReply } from 'fastify';
import { AUTH_ERRORS } from '../../platform/auth/errors.ts';
import { HTTP_ERRORS } from '../../platform/http/errors.ts';
import { sendProblem } from '../../platform/http/problem.ts';
import type { RouteRight } from '../../platform/http/right.ts';
import { SET_UP_ERRORS, type SetUpError } from './errors.ts';

/** Whoever sets up configures the state: an administrator, or the machine while it is alone. */
export const CONFIGURES: RouteRight = { verb: 'state.configure', of: () => 'state' };

/** Errors that every route of these has. */
export const SET_UP_COMMON: readonly ErrorEntry[] = [
  HTTP_ERRORS.HTTP_REQUEST_INVALID,
  HTTP_ERRORS.HTTP_TOKEN_MISSING,
  HTTP_ERRORS.HTTP_DATABASE_AWAY,
  AUTH_ERRORS.AUTH_SIGNED_OUT,
  AUTH_ERRORS.AUTH_NOT_YOURS,
  AUTH_ERRORS.AUTH_STEP_UP,
];

/** Answers with a problem of the set-up. */
export function sendSetUpError(reply: FastifyReply, { code, detail }: SetUpError): FastifyReply {
  return sendProblem(reply, SET_UP_ERRORS[code], detail);
}
