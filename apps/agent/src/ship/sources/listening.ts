/** Addresses to listen on, and what the system says of them. */
import type { Server } from 'node:net';
import { err, ok, type Result } from '@bellwether/basics';
import type { AgentError } from '../../errors.ts';
import type { Source } from './following.ts';

/** A part of the spool that others send to: the port is of interest where the settings said 0. */
export type Listening = Source & { readonly port: number };

/** An address of this computer and a port. */
export type HostPort = { readonly host: string; readonly port: number };

/** Longest host: a name of DNS. */
const MOST_HOST = 253;

/** Reads `127.0.0.1:514`, `[::1]:514`; undefined for what is none. */
export function readHostPort(text: string): HostPort | undefined {
  const colon = text.lastIndexOf(':');
  const digits = text.slice(colon + 1);
  const bare = text.slice(0, colon);
  const isBracketed = bare.startsWith('[') && bare.endsWith(']');
  const host = isBracketed ? bare.slice(1, -1) : bare;
  if (colon < 1 || !/^\d{1,5}$/.test(digits) || Number(digits) > 65_535) return undefined;
  if (host === '' || host.length > MOST_HOST || (!isBracketed && host.includes(':'))) return undefined;
  return { host, port: Number(digits) };
}

/** What the system said when an address could not be opened. */
export function unusableAddress({ host, port }: HostPort, cause: unknown): AgentError {
  const { code = 'no reason given' } = cause as NodeJS.ErrnoException;
  return { code: 'SHIP_ADDRESS_UNUSABLE', detail: `${host}:${port}: ${code}` };
}

/** Opens a server of streams; gives its port. */
export function listenAt(server: Server, address: HostPort): Promise<Result<number, AgentError>> {
  return new Promise((resolve) => {
    const failed = (cause: unknown) => resolve(err(unusableAddress(address, cause)));
    server.once('error', failed);
    server.listen({ host: address.host, port: address.port }, () => {
      server.off('error', failed);
      const bound = server.address();
      resolve(ok(typeof bound === 'object' && bound !== null ? bound.port : address.port));
    });
  });
}
