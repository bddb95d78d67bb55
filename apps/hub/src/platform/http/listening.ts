/**
 * Where the hub listens: on this machine only, at 127.0.0.1 and ::1 alike, because `localhost` may mean either. Any other
 * address is refused until TLS and sign-in are set up.
 */
import { createServer as createNodeServer, type Server, type ServerOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { err, ok, type Result } from '@bellwether/basics';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { type HttpError, httpError } from './errors.ts';
import { answerBrokenRequest } from './failures.ts';
import { HTTP_LIMITS, type HttpLimits } from './limits.ts';

/** Where to listen. */
export type HttpAddress = {
  /** 127.0.0.1, ::1 or localhost; both addresses if nothing is said. */
  readonly host?: string;
  /** 0: any free one. */
  readonly port: number;
};

/** A server that listens. */
export type Listening = {
  readonly port: number;
  /** `127.0.0.1`, and `::1` where the machine has it. */
  readonly addresses: readonly string[];
  /** Takes no more requests, lets finish those that are being answered, and ends. */
  close(): Promise<void>;
};

/** How often dropped connections are logged, ms: a flood would fill the log. */
const TELL_DROPS = 60_000;

/** Bounds that Node itself keeps. */
export function nodeOptions(limits: HttpLimits): ServerOptions {
  return {
    maxHeaderSize: limits.headers,
    headersTimeout: limits.headersTime,
    requestTimeout: limits.requestTime,
    connectionsCheckingInterval: limits.checkTime,
    keepAliveTimeout: limits.keepAlive,
    noDelay: true,
  };
}

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
  const servers: Server[] = [];
  const addresses: string[] = [];
  let bound = port;
  for (const address of hosts) {
    const server = createNodeServer(nodeOptions(limits), (request, response) =>
      app.routing(request, response),
    );
    keepBounds(server, limits, log);
    const opened = await bindAt(server, address, bound);
    if (opened.isOk()) {
      bound = opened.value;
      servers.push(server);
      addresses.push(address);
    } else if (!mayLack(address, host, opened.error)) {
      await Promise.all(servers.map((one) => closeServer(one, 0)));
      return opened;
    }
  }
  const close = async (): Promise<void> => {
    const closing = servers.map((server) => closeServer(server, limits.closeTime));
    await app.close();
    await Promise.all(closing);
  };
  return ok({ port: bound, addresses, close });
}

/** The addresses that are meant; undefined if others than this machine reach one of them. */
function loopbackHosts(host: string | undefined): readonly string[] | undefined {
  if (host === undefined || host === 'localhost') return ['127.0.0.1', '::1'];
  if (host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)) return [host];
  return undefined;
}

/** A machine without IPv6 has no ::1, and nobody asked for it by name. */
function mayLack(address: string, host: string | undefined, { code }: HttpError): boolean {
  return address === '::1' && host !== '::1' && code === 'HTTP_ADDRESS_UNUSABLE';
}

function keepBounds(server: Server, limits: HttpLimits, log: Logger): void {
  server.maxConnections = limits.connections;
  server.setTimeout(limits.idleTime);
  server.on('clientError', answerBrokenRequest);
  let dropped = 0;
  let told = 0;
  server.on('drop', () => {
    dropped++;
    if (performance.now() - told < TELL_DROPS && told > 0) return;
    told = performance.now();
    log.warn({ dropped, most: limits.connections }, 'connections were turned away: too many are open');
    dropped = 0;
  });
}

function bindAt(server: Server, host: string, port: number): Promise<Result<number, HttpError>> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code === 'EADDRINUSE' ? 'HTTP_ADDRESS_TAKEN' : 'HTTP_ADDRESS_UNUSABLE';
      resolve(err(httpError(code, `${host} port ${port}: ${error.code ?? error.message}`)));
    });
    server.listen({ host, port }, () => resolve(ok((server.address() as AddressInfo).port)));
  });
}

/** What is idle ends at once, what is being answered within `patience` ms. */
function closeServer(server: Server, patience: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), patience);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}
