/** No text of ours holds the character NUL, and PostgreSQL cannot keep one: refused before anybody has to. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { httpError } from './errors.ts';
import { sendHttpError } from './problem.ts';

/** Refuses a request whose address or JSON holds one. */
export function refuseNul(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  // Lines of sensors are bytes, and may hold whatever they hold.
  const isJson = request.headers['content-type']?.startsWith('application/json') === true;
  const fields = isJson && typeof request.body === 'object' ? Object.values(request.body ?? {}) : [];
  const inBody = fields.some((value) => typeof value === 'string' && value.includes('\0'));
  if (!inBody && !request.url.includes('%00')) return undefined;
  return sendHttpError(reply, httpError('HTTP_REQUEST_INVALID', 'it holds the character NUL'));
}
