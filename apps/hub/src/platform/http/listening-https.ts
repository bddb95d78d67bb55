/**
 * Where the hub listens with TLS: at the address that the configuration names, once there is an administrator. Versions
 * and suites follow RFC 9325 (BCP 195): TLS 1.3 if the other end has it, else 1.2 with forward secrecy and AEAD.
 */
import { createServer as createSecureServer, type Server, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { err, ok, type Result } from '@bellwether/basics';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { CertificateSource, ServingCertificate } from '../tls/tls-types.ts';
import { loopbackHosts, mayBind } from './addresses.ts';
import { bindAll, closeServer, keepBounds, type Listening, nodeOptions, tellSometimes } from './binding.ts';
import type { HttpError } from './errors.ts';
import { answerBrokenRequest } from './failures.ts';
import { HTTP_LIMITS, type HttpLimits } from './limits.ts';

/** Where to listen. */
export type HttpsAddress = {
  /** An address; 127.0.0.1 and ::1 if nothing is said. */
  readonly host?: string | undefined;
  /** 0: any free one. */
  readonly port: number;
  /** Whether an administrator has a passkey: before, no other machine is let in. */
  readonly hasAdministrator: boolean;
};

/** Bounds of HTTP, and of what comes before it. */
export type HttpsLimits = HttpLimits & {
  /** Time for a handshake, ms. */
  readonly handshakeTime: number;
};

/** A handshake is three packets over the slowest line: who needs longer only takes a place. ms. */
const HANDSHAKE_TIME = 10_000;

/** Suites with AEAD alone, those of TLS 1.2 with a fresh key for each connection (RFC 9325, 4.2). */
const SUITES = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
].join(':');

/** Groups that every browser of these years has. */
const GROUPS = 'X25519:P-256:P-384';

/** What is asked of every handshake, whatever certificate is shown in it. */
const TERMS = {
  minVersion: 'TLSv1.2',
  ciphers: SUITES,
  ecdhCurve: GROUPS,
  honorCipherOrder: true,
} as const satisfies ServerOptions;

/** Opens the server. It serves what the source has now, and from each change on the new one; open connections go on. */
export async function openHttps(
  app: FastifyInstance,
  { host, port, hasAdministrator }: HttpsAddress,
  certificates: CertificateSource,
  log: Logger,
  chosen: Partial<HttpsLimits> = {},
): Promise<Result<Listening, HttpError>> {
  const refused = mayBind(host, hasAdministrator);
  if (refused !== undefined) return err(refused);
  const limits: HttpsLimits = { ...HTTP_LIMITS, handshakeTime: HANDSHAKE_TIME, ...chosen };
  await app.ready();
  const unfinished = new Map<Server, Set<Socket>>();
  const makeServer = () => {
    const server = createSecureServer(
      {
        ...nodeOptions(limits),
        ...contextOf(certificates.current),
        handshakeTimeout: limits.handshakeTime,
        ALPNProtocols: ['http/1.1'],
      },
      (request, response) => app.routing(request, response),
    );
    keepBounds(server, limits, log);
    endBrokenConnections(server, log);
    unfinished.set(server, followSockets(server));
    return server;
  };
  const bound = await bindAll(makeServer, loopbackHosts(host) ?? [host!], host, port);
  if (bound.isErr()) return bound;
  const servers = bound.value.servers as readonly Server[];
  certificates.onChange((certificate) => {
    for (const server of servers) server.setSecureContext(contextOf(certificate));
    log.info({ until: new Date(certificate.notAfter).toISOString() }, 'HTTPS has a new certificate');
  });
  if (certificates.current === null)
    log.warn('HTTPS has no certificate yet, and lets nobody in until it has');
  const close = async (): Promise<void> => {
    const closing = servers.map((server) => endServer(server, unfinished.get(server)!, limits.closeTime));
    await app.close();
    await Promise.all(closing);
  };
  return ok({ port: bound.value.port, addresses: bound.value.addresses, close });
}

/** Versions and suites with the certificate: a context that is exchanged takes nothing over from the one before it. */
function contextOf(certificate: ServingCertificate | null): ServerOptions {
  return certificate === null ? TERMS : { ...TERMS, cert: certificate.cert, key: certificate.key };
}

/** What fails before TLS stands is ended without a word: no answer could be read. Behind it, HTTP answers as everywhere. */
function endBrokenConnections(server: Server, log: Logger): void {
  const secured = new WeakSet<Duplex>();
  server.on('secureConnection', (socket) => void secured.add(socket));
  const tell = tellSometimes((failed) => log.info({ failed }, 'handshakes of TLS failed'));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (secured.has(socket)) return answerBrokenRequest(error, socket as Socket);
    tell();
    socket.destroy();
  });
}

/** The sockets under a server, as long as they are open: those without TLS yet are in no list of HTTP. */
function followSockets(server: Server): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

async function endServer(server: Server, sockets: ReadonlySet<Socket>, patience: number): Promise<void> {
  const force = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, patience);
  await closeServer(server, patience);
  clearTimeout(force);
}
