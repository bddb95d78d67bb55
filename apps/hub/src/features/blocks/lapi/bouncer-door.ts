/**
 * Who asks as a bouncer. CrowdSec's clients send their key in `X-Api-Key`; firewalls that fetch a list can send a name with a
 * password only (RFC 7617), and then the password is the key. Keys are looked up by their hash, as everywhere in the hub. Who shows a
 * certificate instead is known by bouncer-certificates.ts.
 */
import { err, ok, type Result } from '@bellwether/basics';
import type { FastifyRequest } from 'fastify';
import type { Auth } from '../../../platform/auth/auth-types.ts';
import type { ProgramActor } from '../../../platform/auth/key-memory.ts';
import { can } from '../../../platform/auth/rights.ts';

/** A bouncer. */
export type BouncerActor = Extract<ProgramActor, { kind: 'bouncer' }>;

/** Why nobody is let in: no key of a bouncer, wrong ones came too often from there, or a certificate that does not hold now. */
export type BouncerRefusal = 'no-bouncer' | 'too-often' | 'certificate-over';

/** Longest header that is looked at: a key has 47 characters, with a name and in base64 some two hundred. */
const LONGEST = 512;

/** Finds out who asks. Throws where the database is away and whoever it is was never seen. */
export type BouncerDoor = (request: FastifyRequest) => Promise<Result<BouncerActor, BouncerRefusal>>;

/** The door for those who send a key. `auth`: the keys, and how often wrong ones may come. `now`: ms since 1970. */
export function keyDoor(auth: Pick<Auth, 'keys' | 'limits'>, now: () => number): BouncerDoor {
  return async (request) => {
    const secret = secretOf(request);
    const actor = secret === undefined ? undefined : await auth.keys.actorOf(secret);
    if (isBouncer(actor, now())) return ok(actor);
    return err(auth.limits.allow('key', request.from) ? 'no-bouncer' : 'too-often');
  };
}

/** Whether this is a bouncer that may read blocks. */
export function isBouncer(actor: ProgramActor | undefined, now: number): actor is BouncerActor {
  return actor?.kind === 'bouncer' && can(actor, 'blocks.read', actor.place, now);
}

function secretOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['x-api-key'];
  if (typeof key === 'string') return key.length <= LONGEST ? key : undefined;
  const { authorization } = headers;
  if (authorization === undefined || authorization.length > LONGEST) return undefined;
  const [, scheme, given] = /^(Bearer|Basic) +(\S+)$/i.exec(authorization) ?? [];
  if (given === undefined) return undefined;
  if (scheme!.toLowerCase() === 'bearer') return given;
  const pair = Buffer.from(given, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? undefined : pair.slice(colon + 1);
}
