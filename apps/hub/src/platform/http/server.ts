/**
 * The hub's HTTP server: fastify with our own door, bounds, headers and failures. Rooms add their routes; listening is
 * in listening.ts. In the order in which a request meets them: bounds of the socket, security headers, its Host, the
 * door (under /api/v1), the schema of its route, the right at the place it names, the route.
 */
import fastifyCookie from '@fastify/cookie';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Auth, Origin } from '../auth/auth-types.ts';
import { pathOf } from '../log.ts';
import type { Routes } from './app.ts';
import { Credentials } from './credentials.ts';
import { hangDoor, refuseForeignHost } from './door.ts';
import { httpError } from './errors.ts';
import { failureHandler } from './failures.ts';
import { type Health, healthRoutes } from './health.ts';
import { HTTP_LIMITS, type HttpLimits } from './limits.ts';
import { type HttpsName, isTls, originOf } from './names.ts';
import { refuseNul } from './nul.ts';
import { collectOpenApi, openApiRoute } from './openapi.ts';
import { deskPages, sendPage } from './pages.ts';
import { sendHttpError } from './problem.ts';
import { securityHeaders } from './security-headers.ts';

/** What the server is made from. */
export type HttpDependencies = Health & {
  /** Of the machine. */
  readonly token: string;
  readonly auth: Auth;
  /** Name and port of HTTPS; null while there is none. */
  readonly https: HttpsName | null;
  readonly log: Logger;
  /** Folder of the built desk. */
  readonly desk: string;
  /** Of the program. */
  readonly version: string;
  /** ms since 1970. */
  readonly now: () => number;
  /** Routes of the rooms, under /api/v1. */
  readonly routes: readonly Routes[];
  /** What is public by nature and has a place of its own: no door stands before it. */
  readonly publicRoutes?: readonly Routes[];
  /** Called when a request met with a defect, after it was answered: the process has to end. */
  readonly onFatal: (error: Error) => void;
  readonly limits?: Partial<HttpLimits>;
};

/** Longest parameter in a path: an IPv6 address, a name of a sensor. */
const LONGEST_PARAMETER = 128;

/** Makes the server; nothing listens yet. */
export function createServer(dependencies: HttpDependencies): FastifyInstance {
  const { token, auth, https, log, desk, version, now, routes, onFatal } = dependencies;
  const limits: HttpLimits = { ...HTTP_LIMITS, ...dependencies.limits };
  const credentials = new Credentials(token, auth);
  const app = Fastify({
    logger: false,
    bodyLimit: limits.json,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    exposeHeadRoutes: false,
    return503OnClosing: false,
    // What is not listed is refused, and nothing is filled in or thrown away unseen.
    ajv: {
      customOptions: { removeAdditional: false, useDefaults: false, coerceTypes: true, allErrors: false },
    },
  });
  // Answers are ours, so nothing is to be cut out of them; the schemas are what tests hold them to.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler(failureHandler(log, onFatal));
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request.url);
    const wantsPage = request.headers.accept?.includes('text/html') && !path.startsWith('/api/');
    const error = httpError('HTTP_NOT_FOUND', `${request.method} ${path}`);
    return wantsPage ? sendPage(reply, error) : sendHttpError(reply, error);
  });

  app.decorateRequest('from', null as unknown as Origin);
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(securityHeaders(isTls(request)));
    request.from = originOf(request, https);
    return refuseForeignHost(request, reply, https);
  });
  app.addHook('onResponse', async (request, reply) => {
    const { statusCode, elapsedTime } = reply;
    const entry = {
      method: request.method,
      path: pathOf(request.url),
      status: statusCode,
      ms: Math.round(elapsedTime),
    };
    if (statusCode >= 400) log.info(entry, 'answered');
    else log.debug(entry, 'answered');
  });
  void app.register(fastifyCookie);
  collectOpenApi(app, version);
  void app.register((outside, _options, done) => {
    healthRoutes(outside.withTypeProvider<TypeBoxTypeProvider>(), dependencies);
    openApiRoute(outside);
    done();
  });
  void app.register(
    (inside, _options, done) => {
      hangDoor(inside, { auth, credentials, now });
      inside.addHook('preValidation', async (request, reply) => refuseNul(request, reply));
      try {
        for (const add of routes) add(inside.withTypeProvider<TypeBoxTypeProvider>());
        done();
      } catch (error) {
        // Told to whoever waits for the server.
        done(error as Error);
      }
    },
    { prefix: '/api/v1' },
  );
  for (const add of dependencies.publicRoutes ?? []) {
    void app.register((open, _options, done) => {
      add(open.withTypeProvider<TypeBoxTypeProvider>());
      done();
    });
  }
  void app.register((pages, _options, done) => {
    deskPages(pages, { credentials, auth, desk });
    done();
  });
  return app;
}
