/** How every failure is answered: a `Problem` with code, message, the particulars and what to do. */
import type { Problem } from '@bellwether/api';
import type { ErrorEntry } from '@bellwether/basics';
import type { FastifyReply } from 'fastify';
import { HTTP_ERRORS, type HttpError } from './errors.ts';

/** Longest detail: it may quote what was sent. */
const LONGEST_DETAIL = 500;

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
