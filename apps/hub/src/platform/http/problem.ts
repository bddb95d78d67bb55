/** How every failure is answered: a `Problem` with code, message, the particulars and what to do. */
import type { Problem } from '@bellwether/api';
import type { ErrorEntry } from '@bellwether/basics';
import type { FastifyReply } from 'fastify';
import { AUTH_ERRORS, type AuthError } from '../auth/errors.ts';
import { HTTP_ERRORS, type HttpError } from './errors.ts';

/** Longest detail: it may quote what was sent. */
const LONGEST_DETAIL = 500;

/** Seconds after which somebody who tried too often may try again. */
const RETRY_AFTER = '60';

/** A problem, from its entry in a catalogue and the particulars of the case. */
export function problemOf({ code, message, help }: ErrorEntry, detail?: string): Problem {
  return { code, message, ...(detail ? { detail: detail.slice(0, LONGEST_DETAIL) } : {}), help };
}

/** Answers with a problem. `return` what it gives: the request is over. */
export function sendProblem(reply: FastifyReply, entry: ErrorEntry, detail?: string): FastifyReply {
  return reply
    .code(entry.status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(problemOf(entry, detail));
}

/** Answers with a problem of this server. */
export function sendHttpError(reply: FastifyReply, { code, detail }: HttpError): FastifyReply {
  return sendProblem(reply, HTTP_ERRORS[code], detail);
}

/** Answers with a problem of who asks or what they may do. RFC 9110: 401 names a way to show who one is. */
export function sendAuthError(reply: FastifyReply, { code, detail }: AuthError | HttpError): FastifyReply {
  const entry = entryOf(code);
  if (entry.status === 401) void reply.header('www-authenticate', 'Bearer realm="bellwether"');
  if (entry.status === 429) void reply.header('retry-after', RETRY_AFTER);
  return sendProblem(reply, entry, detail);
}

/** What the catalogue says of an error of the server or of signing in. */
export function entryOf(code: AuthError['code'] | HttpError['code']): ErrorEntry {
  return code in AUTH_ERRORS
    ? AUTH_ERRORS[code as AuthError['code']]
    : HTTP_ERRORS[code as HttpError['code']];
}
