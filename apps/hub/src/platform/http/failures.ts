/**
 * What becomes of a request that fails: an expected failure gets its entry in the catalogue, a defect gets HTTP_UNEXPECTED
 * without particulars, and ends the process after the answer (it starts again, in a state that is known).
 */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ErrorEntry } from '@bellwether/basics';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { pathOf } from '../log.ts';
import { HTTP_ERRORS, type HttpErrorCode, httpError } from './errors.ts';
import { problemOf, sendHttpError } from './problem.ts';
import { securityHeaders } from './security-headers.ts';

/** What fastify refuses by itself, and under which entry we answer it. */
const REFUSED_BY_FASTIFY: Readonly<Record<string, HttpErrorCode>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'HTTP_MEDIA_TYPE',
  FST_ERR_CTP_BODY_TOO_LARGE: 'HTTP_BODY_TOO_LARGE',
  FST_ERR_MAX_PARAM_LENGTH: 'HTTP_NOT_FOUND',
};

/** Classes of SQLSTATE (PostgreSQL, appendix A) that say that the server is away or not ready, not that we asked wrongly. */
const AWAY_CLASSES = /^(?:08|53|57P|58)/;

/** What connecting says where nobody answers. */
const NOBODY_THERE = new Set(['ECONNREFUSED', 'ENOENT', 'ETIMEDOUT']);

/** What a connection says whose other end was killed: while it is read, or while a question is written (over a Unix socket). */
const CUT_OFF = new Set(['ECONNRESET', 'EPIPE']);

/** What pg says without a code. */
const AWAY_WORDS =
  /^Connection terminated|^timeout exceeded when trying to connect|^Client has encountered a connection error/;

/** Whether a query failed because the database could not be reached. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code !== undefined && CUT_OFF.has(code)) return true;
  if (code !== undefined && NOBODY_THERE.has(code)) return syscall === 'connect';
  if (code !== undefined && /^[0-9A-Z]{5}$/.test(code)) return AWAY_CLASSES.test(code);
  return AWAY_WORDS.test(error.message);
}

/**
 * Whether a transaction was taken back for the sake of another one (class 40 of SQLSTATE): two waited for each other, or did
 * not see each other. Nothing of it was kept, and the same question again will be answered.
 */
export function isTakenBack(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code !== undefined && /^40[0-9A-Z]{3}$/.test(code);
}

/** Makes the handler of what routes throw and what fastify refuses. */
export function failureHandler(log: Logger, onFatal: (error: Error) => void) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    const refused = refusalOf(error);
    if (refused !== undefined) {
      void sendHttpError(reply, refused);
      return;
    }
    if (isDatabaseAway(error)) {
      log.warn({ reason: error.message }, 'a question could not be answered: the database is away');
      void sendHttpError(reply.header('retry-after', '2'), httpError('HTTP_DATABASE_AWAY', ''));
      return;
    }
    if (isTakenBack(error)) {
      log.warn({ reason: error.message }, 'a change was taken back because of another one');
      void sendHttpError(reply.header('retry-after', '1'), httpError('HTTP_BUSY', 'nothing was changed'));
      return;
    }
    log.error({ err: error, method: request.method, path: pathOf(request.url) }, 'a defect: the hub stops');
    // After the answer, or with the connection, whatever comes first: the client shall know.
    reply.raw.once('close', () => onFatal(error));
    void sendHttpError(reply, httpError('HTTP_UNEXPECTED', ''));
  };
}

function refusalOf(error: FastifyError) {
  const known = REFUSED_BY_FASTIFY[error.code];
  if (known !== undefined) return httpError(known, '');
  if (error.validation !== undefined) return httpError('HTTP_REQUEST_INVALID', mistakes(error));
  const { statusCode = 500 } = error;
  if (statusCode >= 400 && statusCode < 500) return httpError('HTTP_REQUEST_INVALID', error.message);
  return undefined;
}

/** `querystring.limit must be <= 1000`, each mistake once. */
function mistakes({ validation = [], validationContext = 'params' }: FastifyError): string {
  const told = validation.map(({ instancePath, message = 'is not valid', params }) => {
    const field = [validationContext, ...instancePath.split('/').slice(1)].join('.');
    const { additionalProperty } = params as { additionalProperty?: unknown };
    return typeof additionalProperty === 'string'
      ? `${field}.${additionalProperty} is not known`
      : `${field} ${message}`;
  });
  return [...new Set(told)].join('; ');
}

/** Answers what is no HTTP at all, comes too slowly or has too long a head: here there is no request yet. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify(problemOf(entryOfBroken(error.code)));
  const entry = entryOfBroken(error.code);
  const headers = {
    ...securityHeaders((socket as Partial<TLSSocket>).encrypted === true),
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${entry.status} ${STATUS_CODES[entry.status]}\r\n${head.join('')}\r\n${body}`);
}

function entryOfBroken(code: string | undefined): ErrorEntry {
  if (code === 'HPE_HEADER_OVERFLOW') return HTTP_ERRORS.HTTP_HEADERS_TOO_LARGE;
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return HTTP_ERRORS.HTTP_TOO_SLOW;
  return HTTP_ERRORS.HTTP_REQUEST_INVALID;
}
