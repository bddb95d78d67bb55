/** What a route under /api/v1 says of itself to the door: which verb it is, and of which place. None can be added without. */
import type { FastifyRequest } from 'fastify';
import type { Origin } from '../auth/auth-types.ts';
import type { Actor, Place, Verb } from '../auth/rights.ts';

/** The right that a route asks for. */
export type RouteRight =
  /** Of one place, which the request names: refused before the handler runs. */
  | { readonly verb: Verb; readonly of: (request: FastifyRequest) => Place }
  /** Of whatever lies in reach: the handler takes nothing that is not in `reachOf(request.actor, verb, now)`, and refuses an empty one. */
  | { readonly verb: Verb; readonly of: 'reach' }
  /** Everybody who is signed in, about themselves. */
  | 'signed-in'
  /** Whoever asks: the way in itself. */
  | 'anybody';

declare module 'fastify' {
  interface FastifyContextConfig {
    right?: RouteRight;
  }
  interface FastifyRequest {
    /** Who asks; null where the route is for anybody and nobody is signed in. Set by the door. */
    actor: Actor | null;
    /** Where it came from. Set by the door. */
    from: Origin;
  }
}
