/** Syslog over TCP (RFC 6587) and over TLS (RFC 5425), with headers of RFC 5424 or 3164. */
import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { ok, type Result } from '@bellwether/basics';
import type { Intake } from '../../../flow/intake-types.ts';
import { Connection } from './connection.ts';
import { Connections } from './connections.ts';
import type { SocketsError } from './errors.ts';
import { Gathering, OnRefusal } from './gathering.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { bindServer, checkConfig, type Listener, type ListenerConfig, type SocketsLog } from './listener.ts';
import { Refusals } from './refusals.ts';
import { sensorOfHost } from './sensor-of-host.ts';
import { SyslogSession } from './syslog-session.ts';
import { loadTls, renewTls, type TlsFiles } from './tls-config.ts';

/** A listener of syslog in streams; with `tls`, it speaks nothing else. */
export type SyslogStreamConfig = ListenerConfig & {
  readonly tls?: TlsFiles;
  /** How often the files of the certificate are looked at, ms. */
  readonly renewEvery?: number;
};

/** A handshake must be over by then, ms: a few round trips, on any link. */
const HANDSHAKE_TIME = 10_000;

/** Listens for syslog over TCP or TLS. Fails where the address cannot be had, or the certificate not be used. */
export async function startSyslogStream(
  config: SyslogStreamConfig,
  intake: Intake,
  log: SocketsLog,
): Promise<Result<Listener, SocketsError>> {
  const checked = checkConfig(config);
  if (checked.isErr()) return checked;
  const transport = config.tls === undefined ? 'syslog-tcp' : 'syslog-tls';
  const limits = { ...DEFAULT_LIMITS, ...config.limits };
  const refusals = new Refusals(intake, transport, log);
  const gathering = new Gathering(intake, transport, limits, refusals, OnRefusal.retry);
  const around = { limits, gathering, refusals };
  const sensorOf = sensorOfHost(config);
  const loaded = config.tls === undefined ? undefined : await loadTls(config.tls);
  if (loaded?.isErr()) return loaded;

  const connections = new Connections(limits, refusals);
  const hear = (socket: Socket, peer: string) => {
    let session: SyslogSession | undefined;
    const connection = new Connection(socket, peer, around, (self) => {
      session = new SyslogSession(self, around, sensorOf);
      return session;
    });
    connections.keep(socket, { connection, endInOrder: () => session?.endInOrder() });
  };

  let stopRenewing = () => {};
  let server = createServer({ allowHalfOpen: true, keepAlive: true }, (socket) => {
    if (connections.admit(socket)) hear(socket, socket.remoteAddress ?? '');
  });
  if (config.tls !== undefined && loaded?.isOk()) {
    const secure = createTlsServer({
      ...loaded.value,
      allowHalfOpen: true,
      handshakeTimeout: Math.min(HANDSHAKE_TIME, limits.firstMessageTime),
      requestCert: config.tls.clientCa !== undefined,
      rejectUnauthorized: config.tls.clientCa !== undefined,
    });
    // Before the handshake, which costs us more than the peer.
    secure.prependListener('connection', (socket: Socket) => {
      connections.admit(socket);
    });
    secure.on('secureConnection', (socket) => hear(socket, socket.remoteAddress ?? ''));
    secure.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
      const slow = error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT';
      refusals.whole(slow ? 'slow' : 'malformed', 0, socket.remoteAddress ?? '');
      socket.destroy();
    });
    stopRenewing = renewTls(secure, config.tls, log, config.renewEvery);
    server = secure;
  }
  const bound = await bindServer(server, config);
  if (bound.isErr()) {
    stopRenewing();
    await connections.endAll();
    return bound;
  }
  log.info({ port: bound.value, host: config.host, transport }, 'listening for syslog');
  return ok({
    address: `${config.host}:${bound.value}`,
    port: bound.value,
    counts: gathering.counts,
    close: async () => {
      stopRenewing();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await connections.endAll();
      await gathering.drain();
      await closed;
    },
  });
}
