/**
 * Where the hub listens without TLS: on this machine only, at 127.0.0.1 and ::1 alike, because `localhost` may mean
 * either. What comes from other machines comes over HTTPS (listening-https.ts).
 */
import { createServer as createNodeServer } from 'node:http';
import { err, ok, type Result } from '@bellwether/basics';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { loopbackHosts } from './addresses.ts';
import { bindAll, closeServer, keepBounds, type Listening, nodeOptions } from './binding.ts';
import { type HttpError, httpError } from './errors.ts';
import { answerBrokenRequest } from './failures.ts';
import { HTTP_LIMITS, type HttpLimits } from './limits.ts';

export type { Listening } from './binding.ts';

/** Where to listen. */
export type HttpAddress = {
  /** 127.0.0.1, ::1 or localhost; both addresses if nothing is said. */
  readonly host?: string;
  /** 0: any free one. */
  readonly port: number;
};

/** Opens the server. */
export async function openHttp(
  app: FastifyInstance,
  { host, port }: HttpAddress,
  log: Logger,
  chosen: Partial<HttpLimits> = {},
): Promise<Result<Listening, HttpError>> {
  const hosts = loopbackHosts(host);
  if (hosts === undefined) {
    return err(httpError('HTTP_ADDRESS_REFUSED', `${host} can be reached by other machines`));
  }
  const limits: HttpLimits = { ...HTTP_LIMITS, ...chosen };
  await app.ready();
  const makeServer = () => {
    const server = createNodeServer(nodeOptions(limits), (request, response) =>
      app.routing(request, response),
    );
    keepBounds(server, limits, log);
    return server.on('clientError', answerBrokenRequest);
  };
  const bound = await bindAll(makeServer, hosts, host, port);
  if (bound.isErr()) return bound;
  const { servers, addresses } = bound.value;
  const close = async (): Promise<void> => {
    const closing = servers.map((server) => closeServer(server, limits.closeTime));
    await app.close();
    await Promise.all(closing);
  };
  return ok({ port: bound.value.port, addresses, close });
}
