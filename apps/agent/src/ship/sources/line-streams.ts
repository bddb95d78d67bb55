/**
 * Lines over TCP: syslog (RFC 6587: octet counting or line ends, told by the first byte) and JSON lines of NXLog's om_tcp,
 * which begin with a brace and so are read by line ends. The sender waits while the disk does; nobody is told that we have a line.
 */
import { createServer, type Socket } from 'node:net';
import { ok, type Result, SyslogFraming, Unfinished } from '@bellwether/basics';
import type { AgentError } from '../../errors.ts';
import type { Feed } from '../feed.ts';
import { Gatherer } from './gatherer.ts';
import { type HostPort, type Listening, listenAt } from './listening.ts';

/** One message: twice the longest line that the hub reads. */
const MOST_MESSAGE = 128 * 1024;

/** Connections of one listener: an office has a few devices, each with a few; unfinished messages of all are 8 MiB at most. */
const MOST_CONNECTIONS = 64;

/** A connection that says nothing for so long, ms, is dead: a day, because a quiet device loses a line when it is closed. */
const IDLE_MS = 24 * 3_600_000;

/** A message that was begun has to end by then, ms. */
const MESSAGE_MS = 30_000;

/** Listens; fails where the address cannot be had. */
export async function listenLines(
  kind: 'syslog-tcp' | 'nxlog-tcp',
  address: HostPort,
  feed: Feed,
): Promise<Result<Listening, AgentError>> {
  const source = `${kind}:${address.host}:${address.port}`;
  const gatherer = new Gatherer(feed, source);
  const sockets = new Set<Socket>();
  const server = createServer({ keepAlive: true }, (socket) => {
    if (sockets.size >= MOST_CONNECTIONS) {
      feed.lost(source, 'more connections than are let in', undefined);
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    hear(socket, source, gatherer, feed);
  });
  const bound = await listenAt(server, address);
  if (bound.isErr()) return bound;
  return ok({
    port: bound.value,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
      await gatherer.drain();
    },
  });
}

/** Reads one connection to its end. */
function hear(socket: Socket, source: string, gatherer: Gatherer, feed: Feed): void {
  const sender = socket.remoteAddress ?? '';
  const put = (bytes: Buffer, from: number, to: number) => {
    if (to > from && !gatherer.put(bytes, from, to, sender, true))
      feed.lost(source, 'more came than could be kept', 1);
  };
  const tooLong = () => feed.lost(source, 'longer than a line may be', 1);
  const framing = new SyslogFraming<Buffer>(MOST_MESSAGE, put, tooLong);
  const unfinished = new Unfinished(framing, Buffer.allocUnsafe);
  const waitForRoom = () => {
    if (!gatherer.isFullFor(sender)) {
      socket.resume();
      return;
    }
    socket.pause();
    gatherer.whenRoom(waitForRoom);
  };
  // A sender that we make wait is not slow.
  socket.setTimeout(IDLE_MS, () => socket.isPaused() || socket.destroy());
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    if (!unfinished.push(chunk)) {
      feed.lost(source, 'what came is no syslog', undefined);
      unfinished.forget();
      socket.destroy();
      return;
    }
    socket.setTimeout(unfinished.length > 0 ? MESSAGE_MS : IDLE_MS);
    waitForRoom();
  });
  socket.on('close', () => {
    // The last line of a peer may have no line end; half a counted message is no message.
    const { bytes, length } = unfinished;
    if (framing.counted === false) put(bytes, 0, length);
    else if (length > 0) feed.lost(source, 'a message that was cut off', 1);
  });
}
