/**
 * The door, in front of everything under /api/v1: who asks, from which page, whether they may, and whose data they saw.
 * What it lets in has `request.actor` and `request.reach`; no handler asks for credentials again.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Auth } from '../auth/auth-types.ts';
import { authError } from '../auth/errors.ts';
import { needsStepUp, type Place, type Reach, reachOf, type Verb } from '../auth/rights.ts';
import { type Credentials, hasCookie } from './credentials.ts';
import { httpError } from './errors.ts';
import { type HttpsName, isFromOurPages, isOurName, isReading, isTls, namesOneHost } from './names.ts';
import { sendAuthError, sendHttpError } from './problem.ts';
import type { RouteRight } from './right.ts';

/** Header with which a page says that nobody touched it. */
export const UNATTENDED = 'bellwether-unattended';

/** Reading these is looking at what belongs to an office: it is told who did. */
const LOOKS: ReadonlySet<Verb> = new Set<Verb>([
  'account.read',
  'contacts.read',
  'contacts.export',
  'sources.read',
  'incidents.read',
  'decisions.read',
  'surface.read',
  'people.read',
  'keys.read',
  'agents.read',
  'trail.read',
  'trail.export',
]);

/** What the door stands on. */
export type DoorDependencies = {
  readonly auth: Pick<Auth, 'visits'>;
  readonly credentials: Credentials;
  /** ms since 1970. */
  readonly now: () => number;
};

const NOWHERE: Reach = new Set();

/** Refuses what is asked under a name that is not ours. */
export function refuseForeignHost(
  request: FastifyRequest,
  reply: FastifyReply,
  https: HttpsName | null,
): FastifyReply | undefined {
  const { host } = request.headers;
  if (namesOneHost(request.raw) && isOurName(host, isTls(request), https)) return undefined;
  return sendHttpError(reply, httpError('HTTP_HOST_REFUSED', `Host: ${host ?? '(none)'}`));
}

/** Puts the door in front of the routes that are added to `app` from now on. Throws at once where one declares no right. */
export function hangDoor(app: FastifyInstance, { auth, credentials, now }: DoorDependencies): void {
  app.addHook('onRoute', ({ config, method, url }) => {
    if (config?.right === undefined) throw new Error(`${String(method)} ${url} declares no right`);
  });

  app.decorateRequest('actor', null);
  app.decorateRequest('reach', null as never);
  app.addHook('onRequest', async (request, reply) => {
    request.reach = NOWHERE;
    const { right, unattended } = request.routeOptions.config;
    const isQuiet = unattended === true || request.headers[UNATTENDED] === '1';
    if (right === 'anybody') return await letAnybodyIn(credentials, request, reply, isQuiet);
    const byCookie = request.headers.authorization === undefined && hasCookie(request);
    if (byCookie && !isFromOurPages(request)) return refuseOtherPage(request, reply);
    const actor = await credentials.whoAsks(request, isQuiet);
    if (actor.isErr()) return sendAuthError(reply, actor.error);
    request.actor = actor.value;
    if (right === undefined || right === 'signed-in') {
      if (actor.value.kind === 'person') return undefined;
      return sendAuthError(reply, authError('AUTH_SIGNED_OUT', 'this is about the person who asks'));
    }
    request.reach = reachOf(actor.value, right.verb, now());
    // Before anything of the content is read.
    return isEmpty(request.reach) ? refuseDeed(reply, right.verb) : undefined;
  });

  // Only now is the question checked, and may be asked for the place that it names.
  app.addHook('preHandler', async (request, reply) => {
    const { right } = request.routeOptions.config;
    if (right === undefined || typeof right === 'string' || request.actor === null) return undefined;
    const place = placeAsked(right, request);
    if (place !== undefined) {
      if (!contains(request.reach, place)) return refuseDeed(reply, right.verb, place);
      request.reach = new Set([place]);
    }
    if (needsStepUp(request.actor, right.verb, now())) {
      return sendAuthError(reply, authError('AUTH_STEP_UP', right.verb));
    }
    return undefined;
  });

  app.addHook('onSend', async (request, reply, payload) => {
    if (reply.statusCode >= 400) return payload;
    try {
      await noteLook(auth, request);
    } catch (error) {
      // Nobody will read what was to be sent.
      (payload as { destroy?: () => void } | null)?.destroy?.();
      throw error;
    }
    return payload;
  });

  app.decorateRequest('reachNow', async function reachNow(this: FastifyRequest): Promise<Reach> {
    const { right } = this.routeOptions.config;
    const actor = await credentials.whoAsks(this, true);
    if (actor.isErr() || right === undefined || typeof right === 'string') return NOWHERE;
    return reachOf(actor.value, right.verb, now());
  });
}

/** Whether a place lies in reach. */
export function contains(reach: Reach, place: Place): boolean {
  return reach === 'all' || reach.has(place);
}

/** The ways in: who asks is told to the handler, if it is somebody; what changes anything has to come from a page of ours. */
async function letAnybodyIn(
  credentials: Credentials,
  request: FastifyRequest,
  reply: FastifyReply,
  isQuiet: boolean,
): Promise<FastifyReply | undefined> {
  const byHeader = request.headers.authorization !== undefined;
  if (!byHeader && !isFromOurPages(request)) {
    // A directory leads back to us from its own page: it is read as if nobody were signed in.
    return isReading(request.method) ? undefined : refuseOtherPage(request, reply);
  }
  const actor = await credentials.whoAsks(request, isQuiet);
  if (actor.isOk()) request.actor = actor.value;
  else if (byHeader) return sendAuthError(reply, actor.error);
  return undefined;
}

/** Writes down whose data a person is about to see. */
async function noteLook({ visits }: Pick<Auth, 'visits'>, request: FastifyRequest): Promise<void> {
  const { right } = request.routeOptions.config;
  const { actor, reach, method } = request;
  if (right === undefined || typeof right === 'string' || actor?.kind !== 'person') return;
  if (!isReading(method) || !LOOKS.has(right.verb)) return;
  await visits.note(actor, right.verb, reach === 'all' ? ['*'] : [...reach]);
}

function placeAsked(right: Exclude<RouteRight, string>, request: FastifyRequest): Place | undefined {
  return right.of === 'reach' ? right.asked?.(request) : right.of(request);
}

function isEmpty(reach: Reach): boolean {
  return reach !== 'all' && reach.size === 0;
}

function refuseDeed(reply: FastifyReply, verb: Verb, place?: Place): FastifyReply {
  const detail = place === undefined ? verb : `${verb} at ${place}`;
  return sendAuthError(reply, authError('AUTH_NOT_YOURS', detail));
}

function refuseOtherPage(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const from = request.headers.origin ?? request.headers['sec-fetch-site'] ?? 'a page that does not say';
  return sendHttpError(reply, httpError('HTTP_CROSS_SITE', `it came from ${from}`));
}
