/** No text of ours holds the character NUL, and PostgreSQL cannot keep one: refused before anybody has to. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { httpError } from './errors.ts';
import { sendHttpError } from './problem.ts';

/** Refuses a request whose address or JSON holds one. Lines of sensors are bytes, and may hold whatever they hold. */
export function refuseNul(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  if (!request.url.includes('%00') && !holdsNul(request.body)) return undefined;
  return sendHttpError(reply, httpError('HTTP_REQUEST_INVALID', 'it holds the character NUL'));
}

/** Whether any text in JSON that was read holds one, however deep: others choose the depth, so it is walked without recursion. */
function holdsNul(body: unknown): boolean {
  const waiting = [body];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value === 'string' && value.includes('\0')) return true;
    if (!isOfJson(value)) continue;
    for (const [name, one] of Object.entries(value)) waiting.push(name, one);
  }
  return false;
}

/** An array or an object as JSON makes them; no bytes and no stream. */
function isOfJson(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}
