/** What all ways in have in common: where they listen, that it is this machine only, and how they are closed. */
import type { Server } from 'node:net';
import { err, ok, type Result } from '@bellwether/basics';
import type { SensorName } from '../../../flow/intake-types.ts';
import type { SocketsError } from './errors.ts';
import type { Limits } from './limits.ts';

/** Whose lines a listener's are. */
export type Destination = SensorName & {
  /** A format and an IANA zone, where the lines need not tell. */
  readonly format?: string;
  readonly zone?: string;
};

/** One listener, as it is configured. */
export type ListenerConfig = {
  /** A loopback address. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Whose the lines are of hosts that `hosts` does not list; without it, they are refused. */
  readonly sensor?: Destination;
  /** By HOSTNAME in the syslog header, in any case of letters. */
  readonly hosts?: Readonly<Record<string, Destination>>;
  readonly limits?: Partial<Limits>;
};

/** An open way in. */
export type Listener = {
  /** `host:port`, or the path of a file. */
  readonly address: string;
  readonly port: number;
  /** What came in since the start. */
  readonly counts: Counts;
  /** Takes nothing more, lets finish what was handed over, and tells the peers. */
  close(): Promise<void>;
};

/** What a listener took. */
export type Counts = {
  messages: number;
  bytes: number;
  /** Messages with line ends inside: each became a space, so that a message stays a line. */
  flattened: number;
};

/** Where a listener tells what an operator should know; a pino logger is one. */
export type SocketsLog = {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
};

/** Addresses that only this machine reaches. `localhost` is none: what it means is up to a file. */
export function isLoopback(host: string): boolean {
  return host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/** The refusal of an address that others reach, and of a listener without a sensor. */
export function checkConfig({ host, sensor, hosts }: ListenerConfig): Result<void, SocketsError> {
  if (!isLoopback(host)) {
    return err({
      code: 'SOCKETS_ADDRESS_REFUSED',
      detail: `${host} can be reached by other machines, and sign-in and TLS are not set up yet`,
    });
  }
  if (sensor === undefined && Object.keys(hosts ?? {}).length === 0) {
    return err({ code: 'SOCKETS_SENSOR_MISSING', detail: `the listener on ${host} names no sensor` });
  }
  return ok();
}

/** What the system said when an address could not be opened. */
export function addressError(error: unknown, host: string, port: number): SocketsError {
  const { code = 'no reason given' } = error as NodeJS.ErrnoException;
  return {
    code: code === 'EADDRINUSE' ? 'SOCKETS_ADDRESS_TAKEN' : 'SOCKETS_ADDRESS_UNUSABLE',
    detail: `${host}:${port}: ${code}`,
  };
}

/** Opens a server of streams; gives its port. */
export function bindServer(
  server: Server,
  { host, port }: ListenerConfig,
): Promise<Result<number, SocketsError>> {
  return new Promise((resolve) => {
    const failed = (error: unknown) => resolve(err(addressError(error, host, port)));
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.off('error', failed);
      const address = server.address();
      resolve(ok(typeof address === 'object' && address !== null ? address.port : port));
    });
  });
}
