/** The milter as a server: Postfix (`smtpd_milters`) or Sendmail connects for each of its own connections. */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { MilterPackets, milterAnswer, milterCommand } from '@bellwether/mail';
import { MilterConversation, type MilterGround } from './conversation.ts';

/** Where it listens: `unix:/run/bellwether/milter`, or a port of an address. */
export type MilterAddress = { readonly path: string } | { readonly host: string; readonly port: number };

/** Connections at once: Postfix has 100 processes for incoming mail by default. */
const MOST_CONNECTIONS = 200;

/** A peer that says nothing is left, ms: Postfix waits five minutes for a client. */
const SILENCE = 600_000;

/** While a message is judged the server is told that we are at it, ms: it gives up after half a minute without a sign. */
const SIGN = 10_000;

/** A milter that runs. */
export type RunningMilter = {
  /** Where it really listens. */
  readonly port: number;
  close(): Promise<void>;
};

/** Starts it; rejects where the place is taken. `told`: why a connection was ended that a mail server did not end. */
export async function startMilter(
  ground: MilterGround,
  address: MilterAddress,
  told: (why: string) => void,
): Promise<RunningMilter> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    if (sockets.size >= MOST_CONNECTIONS) {
      told('there were too many connections at once');
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, ground, told);
  });
  if ('path' in address) rmSync(address.path, { force: true });
  server.listen(address);
  await once(server, 'listening');
  return { port: portOf(server), close: () => closed(server, sockets) };
}

function serve(socket: Socket, ground: MilterGround, told: (why: string) => void): void {
  const packets = new MilterPackets();
  const conversation = new MilterConversation(ground);
  let turn = Promise.resolve();
  // An answer is several small packets, and a mail server waits for the last of them.
  socket.setNoDelay(true);
  socket.setTimeout(SILENCE, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    // One after the other: a server may send the next message before it has read the answer to the last.
    for (const packet of packets.take(bytes)) {
      socket.pause();
      turn = turn.then(() => answer(milterCommand(packet)));
    }
    if (packets.broken !== null) {
      told(packets.broken);
      socket.destroy();
    }
    turn = turn.then(() => void socket.resume());
  });

  async function answer(command: ReturnType<typeof milterCommand>): Promise<void> {
    if (socket.destroyed) return;
    const sign = setInterval(() => socket.write(milterAnswer({ kind: 'progress' })), SIGN);
    try {
      const answers = await conversation.answers(command);
      if (answers === null) {
        if (command.kind !== 'quit')
          told(command.kind === 'nonsense' ? command.why : 'the mail server offers too little');
        socket.end();
        return;
      }
      for (const one of answers) socket.write(milterAnswer(one));
    } finally {
      clearInterval(sign);
    }
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Messages that are being judged are not answered: their server tries again. */
async function closed(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const isClosed = once(server, 'close');
  server.close();
  for (const socket of sockets) socket.destroy();
  await isClosed;
}
