/** What a route under /api/v1 says of itself to the door: which verb it is, and of which place. None can be added without. */
import type { FastifyRequest } from 'fastify';
import type { Origin } from '../auth/auth-types.ts';
import type { Actor, Place, Reach, Verb } from '../auth/rights.ts';

/** The right that a route asks for. */
export type RouteRight =
  /** Of one place, which the request names: refused before the handler runs. */
  | { readonly verb: Verb; readonly of: (request: FastifyRequest) => Place }
  /**
   * Of whatever lies in reach: the handler takes nothing that is not in `request.reach`. `asked`: the place that the
   * question narrows to, if it names one: refused where it is out of reach, and then all that is in reach.
   */
  | {
      readonly verb: Verb;
      readonly of: 'reach';
      readonly asked?: (request: FastifyRequest) => Place | undefined;
    }
  /** Everybody who is signed in, about themselves. */
  | 'signed-in'
  /** Whoever asks: the way in itself. */
  | 'anybody';

declare module 'fastify' {
  interface FastifyContextConfig {
    right?: RouteRight;
    /** Asked by a page that nobody touches: it does not count as use of the session. */
    unattended?: true;
  }
  interface FastifyRequest {
    /** Who asks; null where the route is for anybody and nobody is signed in. Set by the door. */
    actor: Actor | null;
    /** Where it came from. Set by the door. */
    from: Origin;
    /** Where they may do what the route is, narrowed to the place that the request names. Set by the door; never empty. */
    reach: Reach;
    /** The same, looked up anew while an answer goes on; empty once they may not, or are signed out. Does not count as use. */
    reachNow: () => Promise<Reach>;
  }
}
