/**
 * Names under which the hub is asked. A browser sends its cookies by name, and a page elsewhere can make any name of its
 * own lead to us, so a request counts only under a name of ours: those of this machine without TLS, the configured one
 * with it.
 */
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { FastifyRequest } from 'fastify';
import type { Origin } from '../auth/auth-types.ts';

/** HTTPS as the configuration names it. */
export type HttpsName = { readonly name: string; readonly port: number };

/** Names of this machine, with any port: a tunnel may end on another one. */
const OWN_NAME = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/** Addresses of this machine, also as IPv6 writes IPv4. */
const LOOPBACK = /^(?:::1|(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/;

/** Names of browsers are some 120 characters; more is kept by nobody. */
const LONGEST_AGENT = 200;

/** Whether the connection is one of HTTPS. */
export function isTls({ socket }: Pick<FastifyRequest, 'socket'>): boolean {
  return (socket as Partial<TLSSocket>).encrypted === true;
}

/** Whether the other end is on this machine. */
export function isLoopback({ socket }: Pick<FastifyRequest, 'socket'>): boolean {
  return LOOPBACK.test(socket.remoteAddress ?? '');
}

/** Whether the name in the header `Host` is ours on such a connection. */
export function isOurName(host: string | undefined, tls: boolean, https: HttpsName | null): boolean {
  if (host === undefined) return false;
  if (!tls) return OWN_NAME.test(host);
  // Any port: the one that people use may be passed on to ours.
  const name = /^([^:]+)(?::\d{1,5})?$/.exec(host)?.[1];
  return https !== null && name?.toLowerCase() === https.name.toLowerCase();
}

/**
 * Whether a request names its host once: in one header, and not in its first line as well, where it would count instead
 * (RFC 9112, sections 3.2 and 3.2.2). Whoever passes requests on to us may have gone by the other one.
 */
export function namesOneHost({ rawHeaders, url }: Pick<IncomingMessage, 'rawHeaders' | 'url'>): boolean {
  const names = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host');
  return names.length === 1 && url?.startsWith('/') === true;
}

/** Where a request came from; its name was found to be ours before. */
export function originOf(request: FastifyRequest, https: HttpsName | null): Origin {
  const tls = isTls(request);
  const host = (request.headers.host ?? '').toLowerCase();
  return {
    address: request.socket.remoteAddress ?? '',
    agent: (request.headers['user-agent'] ?? '').slice(0, LONGEST_AGENT),
    site: tls && https !== null ? https.name.toLowerCase() : 'localhost',
    origin: tls ? `https://${host.replace(/:443$/, '')}` : `http://${host.replace(/:80$/, '')}`,
  };
}

/**
 * Whether a request comes from a page of ours, or from no page at all if it only reads. Browsers send cookies along
 * whatever page asks on this machine (ports are one site, W3C Fetch Metadata); these headers no page can forge.
 */
export function isFromOurPages({ method, headers, from }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (isReading(method)) return site === undefined || site === 'same-origin' || site === 'none';
  if (site !== undefined) return site === 'same-origin';
  return headers.origin !== undefined && headers.origin === from.origin;
}

/** Whether a method changes nothing. */
export function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}
