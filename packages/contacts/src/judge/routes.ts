/**
 * What each web route usually answers, learned from requests without attack content: so that an answer to an attack
 * can be told from the route's everyday. One memory per shard: it sees the visitors of its shard, in the total order.
 */
import { UNKNOWN_U32 } from '../contact.ts';
import type { StateIo } from './state.ts';

/** Routes remembered by one shard. A site has hundreds; a scanner invents millions, which share what is left. */
const MAX_ROUTES = 8_192;
/** Clean answers needed before a route has a history. */
const HISTORY = 20;
/** An answer is slow if it takes five seconds, and four times longer than the route ever took: a blind injection sleeps. */
const SLOW_MS = 5_000;
const SLOW_FACTOR = 4;

type Route = { clean: number; errors: number; slowest: number };

export class Routes {
  /** Answers on routes that found no room. */
  refused = 0;
  readonly #limit: number;
  readonly #routes = new Map<number, Route>();

  constructor(limit: number = MAX_ROUTES) {
    this.#limit = limit;
  }

  /** Notes an answer to a request without attack content. */
  learn(target: number, status: number, millis: number): void {
    let route = this.#routes.get(target);
    if (route === undefined) {
      if (this.#routes.size >= this.#limit) {
        this.refused++;
        return;
      }
      route = { clean: 0, errors: 0, slowest: 0 };
      this.#routes.set(target, route);
    }
    route.clean++;
    if (status >= 500) route.errors++;
    if (millis !== UNKNOWN_U32 && millis > route.slowest) route.slowest = millis;
  }

  /** All routes. */
  state(io: StateIo): void {
    this.refused = io.number('refused', this.refused);
    io.map('routes', this.#routes, MAX_ROUTES, (target, route) => [
      io.number('target', target ?? 0),
      {
        clean: io.number('clean', route?.clean ?? 0),
        errors: io.number('errors', route?.errors ?? 0),
        slowest: io.number('slowest', route?.slowest ?? 0),
      },
    ]);
  }

  /** Whether a failure of the server on this route is news. */
  errorIsNews(target: number): boolean {
    const route = this.#routes.get(target);
    return route !== undefined && route.clean >= HISTORY && route.errors === 0;
  }

  /** Whether an answer took longer than the route ever takes. */
  slowIsNews(target: number, millis: number): boolean {
    if (millis === UNKNOWN_U32 || millis < SLOW_MS) return false;
    const route = this.#routes.get(target);
    return route !== undefined && route.clean >= HISTORY && millis >= SLOW_FACTOR * route.slowest;
  }
}
