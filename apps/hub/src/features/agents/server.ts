/**
 * The server for agents, beside that for people: no cookies, no pages, and a certificate instead of a sign-in. What it answers has
 * the shapes and the failures of the API.
 */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Origin } from '../../platform/auth/auth-types.ts';
import type { HttpApp } from '../../platform/http/app.ts';
import { httpError } from '../../platform/http/errors.ts';
import { failureHandler } from '../../platform/http/failures.ts';
import { originOf } from '../../platform/http/names.ts';
import { refuseNul } from '../../platform/http/nul.ts';
import { sendHttpError } from '../../platform/http/problem.ts';
import { securityHeaders } from '../../platform/http/security-headers.ts';
import { pathOf } from '../../platform/log.ts';
import type { AgentBook } from './agent-book.ts';
import { type AgentSockets, hangAgentDoor } from './agent-door.ts';
import { type AgentRoutesDependencies, enrolRoute, ownAgentRoutes } from './routes-agent.ts';

/** What it is made from. */
export type AgentServerOptions = AgentRoutesDependencies & {
  readonly book: AgentBook;
  readonly sockets: AgentSockets;
  readonly log: Logger;
  readonly onFatal: (error: Error) => void;
  /** Routes of other rooms, behind the door. */
  readonly routes: readonly ((app: HttpApp) => void)[];
  /** Routes of programs of others that show a certificate too: with a door of their own. */
  readonly programRoutes: readonly ((app: HttpApp) => void)[];
};

/** Largest body as JSON: a report with all of its exceptions, each with the longest detail. */
const MOST_JSON = 2 * 1024 * 1024;

/** Makes it; nothing listens yet. */
export function createAgentServer(options: AgentServerOptions): FastifyInstance {
  const { book, sockets, log, onFatal, routes, programRoutes } = options;
  const app = Fastify({
    logger: false,
    bodyLimit: MOST_JSON,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    ajv: {
      customOptions: { removeAdditional: false, useDefaults: false, coerceTypes: true, allErrors: false },
    },
  });
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler(failureHandler(log, onFatal));
  app.setNotFoundHandler((request, reply) =>
    sendHttpError(reply, httpError('HTTP_NOT_FOUND', `${request.method} ${pathOf(request.url)}`)),
  );
  app.decorateRequest('from', null as unknown as Origin);
  app.decorateRequest('agent', null);
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(securityHeaders(true));
    request.from = originOf(request, null);
  });
  app.addHook('preValidation', async (request, reply) => refuseNul(request, reply));
  void app.register((way, _options, done) => {
    const typed = way.withTypeProvider<TypeBoxTypeProvider>();
    enrolRoute(typed, options);
    done();
  }, PREFIX);
  void app.register((way, _options, done) => {
    hangAgentDoor(way, book, sockets);
    const typed = way.withTypeProvider<TypeBoxTypeProvider>();
    ownAgentRoutes(typed, options);
    for (const add of routes) add(typed);
    done();
  }, PREFIX);
  void app.register((way, _options, done) => {
    const typed = way.withTypeProvider<TypeBoxTypeProvider>();
    for (const add of programRoutes) add(typed);
    done();
  });
  return app;
}

const PREFIX = { prefix: '/agent/v1' } as const;
