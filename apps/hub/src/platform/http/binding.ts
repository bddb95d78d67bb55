/** What listening for HTTP and for HTTPS have in common: bounds, taking a port, and ending in order. */
import type { Server, ServerOptions } from 'node:http';
import type { Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { err, ok, type Result } from '@bellwether/basics';
import type { Logger } from 'pino';
import { type HttpError, httpError } from './errors.ts';
import type { HttpLimits } from './limits.ts';

/** A server of either kind. */
export type AnyServer = Server | SecureServer;

/** A server that listens. */
export type Listening = {
  readonly port: number;
  /** `127.0.0.1`, and `::1` where the machine has it; of HTTPS the one that was asked for. */
  readonly addresses: readonly string[];
  /** Takes no more requests, lets finish those that are being answered, and ends. */
  close(): Promise<void>;
};

/** How often dropped connections are logged, ms: a flood would fill the log. */
const TELL_EVERY = 60_000;

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

/** Bounds of connections that say nothing, and of their number. */
export function keepBounds(server: AnyServer, limits: HttpLimits, log: Logger): void {
  server.maxConnections = limits.connections;
  server.setTimeout(limits.idleTime);
  const tell = tellSometimes((dropped) =>
    log.warn({ dropped, most: limits.connections }, 'connections were turned away: too many are open'),
  );
  server.on('drop', tell);
}

/** Makes from what happens often something that is told once a minute, with how often it happened since. */
export function tellSometimes(tell: (count: number) => void): () => void {
  let count = 0;
  let told = 0;
  return () => {
    count++;
    if (performance.now() - told < TELL_EVERY && told > 0) return;
    told = performance.now();
    tell(count);
    count = 0;
  };
}

/** Servers of one port, at several addresses. */
export type Bound = {
  readonly port: number;
  readonly addresses: readonly string[];
  readonly servers: readonly AnyServer[];
};

/** Listens at each of `hosts` on one port (0: any free one), where the machine has the address; `host` is what was asked for by name. */
export async function bindAll(
  makeServer: () => AnyServer,
  hosts: readonly string[],
  host: string | undefined,
  port: number,
): Promise<Result<Bound, HttpError>> {
  const servers: AnyServer[] = [];
  const addresses: string[] = [];
  let bound = port;
  for (const address of hosts) {
    const server = makeServer();
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
  return ok({ port: bound, addresses, servers });
}

/** A machine without IPv6 has no ::1, and nobody asked for it by name. */
function mayLack(address: string, host: string | undefined, { code }: HttpError): boolean {
  return address === '::1' && host !== '::1' && code === 'HTTP_ADDRESS_UNUSABLE';
}

function bindAt(server: AnyServer, host: string, port: number): Promise<Result<number, HttpError>> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code === 'EADDRINUSE' ? 'HTTP_ADDRESS_TAKEN' : 'HTTP_ADDRESS_UNUSABLE';
      resolve(err(httpError(code, `${host} port ${port}: ${error.code ?? error.message}`)));
    });
    server.listen({ host, port }, () => resolve(ok((server.address() as AddressInfo).port)));
  });
}

/** What is idle ends at once, what is being answered within `patience` ms. */
export function closeServer(server: AnyServer, patience: number): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), patience);
    server.close(() => {
      clearTimeout(force);
      resolve();
    });
    server.closeIdleConnections();
  });
}
