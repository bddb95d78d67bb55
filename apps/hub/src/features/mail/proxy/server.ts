/** The proxy as a server: a mail server (Postfix `smtpd_proxy_filter`) or a gateway connects, and the next hop is behind it. */
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { ProxyGround } from './ground.ts';
import type { Place } from './next-hop.ts';
import { serveMailClient } from './session.ts';
import type { Room } from './wire.ts';

/** Connections at once: Postfix has 100 processes for incoming mail by default. */
const MOST_CONNECTIONS = 200;

/** A client that says nothing is left, ms (RFC 5321, 4.5.3.2.7: five minutes at least). */
const SILENCE = 300_000;

/** No connection lives longer, ms: a client that sends a byte a minute would keep its place for ever. */
const LIFETIME = 3_600_000;

/** Bytes of all messages at once that are on their way: ten of the largest. */
const MOST_BYTES = 536_870_912;

/** A proxy that runs. */
export type RunningProxy = {
  /** Where it really listens. */
  readonly port: number;
  close(): Promise<void>;
};

/** Starts it; rejects where the place is taken. `told`: why a connection was ended that a client did not end. */
export async function startMailProxy(
  ground: ProxyGround,
  address: Place,
  told: (why: string) => void,
): Promise<RunningProxy> {
  const sockets = new Set<Socket>();
  const room: Room = { left: MOST_BYTES };
  const server = createServer((socket) => {
    if (sockets.size >= MOST_CONNECTIONS) {
      told('there were too many connections at once');
      socket.on('error', () => socket.destroy());
      socket.end('421 4.7.0 Too many connections at once. Try again later.\r\n');
      return;
    }
    sockets.add(socket);
    const lifetime = setTimeout(() => socket.destroy(), LIFETIME);
    socket.once('close', () => {
      clearTimeout(lifetime);
      sockets.delete(socket);
    });
    // Answers are short lines, and the next one is waited for.
    socket.setNoDelay(true);
    socket.setTimeout(SILENCE, () => socket.destroy());
    void serveMailClient(socket, ground, room, told);
  });
  server.listen(address);
  await once(server, 'listening');
  return { port: portOf(server), close: () => closed(server, sockets) };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** What was not handed on yet was not acknowledged: who sent it tries again. */
async function closed(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const isClosed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await isClosed;
}
