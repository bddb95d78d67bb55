/**
 * Where agents reach the hub: TLS 1.3 alone, with a certificate of the hub's own CA, and theirs are of the same. A certificate is
 * asked for and not needed, since a computer that enrols has none; the door asks again. Sessions are never resumed, so that
 * each connection shows its certificate anew.
 */
import { constants } from 'node:crypto';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { err, ok, type Result } from '@bellwether/basics';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { loopbackHosts, mayBind } from '../../platform/http/addresses.ts';
import {
  bindAll,
  closeServer,
  keepBounds,
  type Listening,
  nodeOptions,
  tellSometimes,
} from '../../platform/http/binding.ts';
import type { HttpError } from '../../platform/http/errors.ts';
import { HTTP_LIMITS } from '../../platform/http/limits.ts';
import type { TlsError } from '../../platform/tls/errors.ts';
import type { OwnCa } from '../../platform/tls/own-ca.ts';

/** Where to listen, and under which name. */
export type AgentsAddress = {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** DNS name in the hub's certificate. */
  readonly name: string;
  readonly hasAdministrator: boolean;
};

/** A handshake is three packets over the slowest line. ms. */
const HANDSHAKE_TIME = 10_000;

/** How often the certificate is looked at, ms. It lives for ninety days, and is made anew after sixty. */
const LOOK_EVERY = 3_600_000;

/** Two thirds of the life: what goes wrong has a month to be mended. */
const LIFE_BEFORE_RENEWAL = 2 / 3;

/** Opens the server for agents. */
export async function openAgentsListener(
  app: FastifyInstance,
  ca: OwnCa,
  { host, port, name, hasAdministrator }: AgentsAddress,
  now: () => number,
  log: Logger,
): Promise<Result<Listening, HttpError | TlsError>> {
  const refused = mayBind(host, hasAdministrator);
  if (refused !== undefined) return err(refused);
  const issued = await ca.issueServer(name);
  if (issued.isErr()) return issued;
  await app.ready();
  let pair = issued.value;
  const context = (): ServerOptions => ({ ...TERMS, ca: ca.certificate, cert: pair.cert, key: pair.key });
  const open = new Set<Socket>();
  const bound = await bindAll(
    () => {
      const server = createServer({ ...nodeOptions(HTTP_LIMITS), ...context() }, (request, response) =>
        app.routing(request, response),
      );
      keepBounds(server, HTTP_LIMITS, log);
      const tell = tellSometimes((failed) => log.info({ failed }, 'handshakes of agents failed'));
      server.on('tlsClientError', tell);
      server.on('connection', (socket: Socket) => {
        open.add(socket);
        socket.once('close', () => open.delete(socket));
      });
      return server;
    },
    loopbackHosts(host) ?? [host],
    host,
    port,
  );
  if (bound.isErr()) return bound;
  const servers = bound.value.servers as readonly Server[];
  const renew = async (): Promise<void> => {
    if (now() < pair.notBefore + (pair.notAfter - pair.notBefore) * LIFE_BEFORE_RENEWAL) return;
    const next = await ca.issueServer(name);
    if (next.isErr()) return log.warn({ reason: next.error.detail }, 'the certificate for agents');
    pair = next.value;
    for (const server of servers) server.setSecureContext(context());
  };
  const timer = setInterval(() => void renew(), LOOK_EVERY).unref();
  const close = async (): Promise<void> => {
    clearInterval(timer);
    const closing = servers.map((server) => closeServer(server, HTTP_LIMITS.closeTime));
    // Streams never end by themselves, and agents come back.
    for (const socket of open) socket.destroy();
    await app.close();
    await Promise.all(closing);
  };
  return ok({ port: bound.value.port, addresses: bound.value.addresses, close });
}

/** TLS 1.3 and nothing below it: both ends are ours. */
const TERMS = {
  minVersion: 'TLSv1.3',
  requestCert: true,
  // Who has none may enrol; everything else the door refuses, with words that a person can act on.
  rejectUnauthorized: false,
  secureOptions: constants.SSL_OP_NO_TICKET,
  ALPNProtocols: ['http/1.1'],
  handshakeTimeout: HANDSHAKE_TIME,
} as const satisfies ServerOptions;
