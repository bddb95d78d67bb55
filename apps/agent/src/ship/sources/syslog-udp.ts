/**
 * Syslog over UDP, RFC 5426: one datagram, one message. Nothing holds a sender back: what finds no room, here or in the
 * kernel, is counted, and told to the hub as lost.
 */
import { createSocket } from 'node:dgram';
import { setTimeout as after } from 'node:timers/promises';
import { err, ok, type Result } from '@bellwether/basics';
import type { AgentError } from '../../errors.ts';
import type { Feed } from '../feed.ts';
import { Gatherer } from './gatherer.ts';
import { type HostPort, type Listening, unusableAddress } from './listening.ts';
import { droppedAt } from './udp-drops.ts';

/** Datagrams that the kernel keeps while we are busy, bytes: a second of a flood, where the system gives so much. */
const RECEIVE_BUFFER = 4 * 1024 * 1024;

/** How often the kernel is asked what it dropped, ms. */
const LOOK_MS = 10_000;

/** On closing, what the kernel still has is read until nothing came for so long, or so long in all, ms. */
const QUIET_MS = 20;
const READ_OUT_MS = 1_000;

const LINE_END = 0x0a;

/** Listens; fails where the address cannot be had. */
export async function listenSyslogUdp(address: HostPort, feed: Feed): Promise<Result<Listening, AgentError>> {
  const { host, port } = address;
  const source = `syslog-udp:${host}:${port}`;
  const gatherer = new Gatherer(feed, source);
  let received = 0;
  const socket = createSocket(
    { type: host.includes(':') ? 'udp6' : 'udp4' },
    (message, { address: from }) => {
      received += 1;
      let to = message.length;
      while (to > 0 && message[to - 1] === LINE_END) to -= 1;
      if (to > 0 && !gatherer.put(message, 0, to, from)) feed.lost(source, 'more came than could be kept', 1);
    },
  );
  const bound = await new Promise<Result<number, AgentError>>((resolve) => {
    const failed = (cause: Error) => resolve(err(unusableAddress(address, cause)));
    socket.once('error', failed);
    socket.bind(port, host, () => {
      socket.off('error', failed);
      resolve(ok(socket.address().port));
    });
  });
  if (bound.isErr()) {
    socket.close();
    return bound;
  }
  socket.on('error', (error) => feed.tell(`${source}: a datagram could not be received: ${error.message}`));
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER);
  } catch {
    // The kernel's own size stays.
  }
  let before = 0;
  const askKernel = async () => {
    const dropped = await droppedAt(bound.value);
    if (dropped > before) feed.lost(source, 'more came than the system could keep', dropped - before);
    before = dropped;
  };
  const timer = setInterval(() => void askKernel(), LOOK_MS);
  timer.unref();
  return ok({
    port: bound.value,
    close: async () => {
      clearInterval(timer);
      // What the kernel has is read first: closing would throw it away uncounted.
      const until = performance.now() + READ_OUT_MS;
      for (let before = -1; before < received && performance.now() < until; ) {
        before = received;
        await after(QUIET_MS);
      }
      await askKernel();
      await new Promise<void>((resolve) => socket.close(() => resolve()));
      await gatherer.drain();
    },
  });
}
