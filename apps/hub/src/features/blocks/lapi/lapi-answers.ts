/**
 * How the local API of CrowdSec says no: `{"message": "..."}`. Its clients show the sentence to whoever set them up, or log it.
 */
import type { FastifyReply } from 'fastify';
import type { BouncerRefusal } from './bouncer-door.ts';

/** Seconds after which somebody with wrong keys may try again. */
const RETRY_AFTER = '60';

/** Says no. `return` what it gives. */
export function sendMessage(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).header('cache-control', 'no-store').send({ message });
}

/** Says no to who is no bouncer. The first words are CrowdSec's own: clients look for them. */
export function sendNoBouncer(reply: FastifyReply, refusal: BouncerRefusal): FastifyReply {
  if (refusal === 'no-bouncer') return sendMessage(reply, 403, 'access forbidden');
  if (refusal === 'certificate-over') {
    return sendMessage(reply, 403, 'access forbidden: this certificate does not hold now');
  }
  return sendMessage(
    reply.header('retry-after', RETRY_AFTER),
    429,
    'wrong keys came too often, wait a minute',
  );
}
