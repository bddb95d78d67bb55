/** For tests: a client that says what it is told to, and a line to a server that can be cut in the middle of a message. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A client. `say` gives the whole answer, with LF between lines; empty: the server hung up. */
export type Talker = {
  say(text: string): Promise<string>;
  readonly socket: Socket;
};

/** Connects, and waits for the greeting. */
export async function talkTo(port: number, host = '127.0.0.1', localAddress = host): Promise<Talker> {
  const socket = connect({ port, host, localAddress });
  let said = '';
  let heard = () => {};
  socket.on('data', (bytes) => {
    said += bytes.toString('latin1');
    heard();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => heard());
  const answer = async (): Promise<string> => {
    for (;;) {
      const end = /^\d{3} [^\n]*\n/m.exec(said);
      if (end !== null) {
        const whole = said.slice(0, end.index + end[0].length);
        said = said.slice(whole.length);
        return whole.replaceAll('\r\n', '\n').trim();
      }
      if (socket.destroyed) return '';
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  };
  await answer();
  return {
    socket,
    say: async (text) => {
      socket.write(`${text}\r\n`, 'latin1');
      return await answer();
    },
  };
}

/** Sends a message from an address of outside; gives the last answer, which is the first that says no. */
export async function sendTo(
  port: number,
  message: string,
  {
    hello = 'EHLO mail.sender.example',
    before = [] as string[],
    to = ['clerk@office.example'],
    leaveWhen = (): boolean => false,
  } = {},
): Promise<string> {
  const talker = await talkTo(port);
  const lines = [
    ...before,
    hello,
    'MAIL FROM:<pat@sender.example>',
    ...to.map((address) => `RCPT TO:<${address}>`),
    'DATA',
    `${message.replaceAll(/^\./gm, '..')}\r\n.`,
  ];
  const leaving = setInterval(() => {
    if (leaveWhen()) talker.socket.end();
  }, 10);
  talker.socket.on('close', () => clearInterval(leaving));
  let answer = '';
  for (const line of lines) {
    answer = await talker.say(line);
    if (!/^[23]/.test(answer)) break;
  }
  talker.socket.destroy();
  return answer;
}

/** A line to a port of this computer that is cut once a word has gone through. */
export type CutLine = { readonly port: number; cutAt: string | null; cutAll(): void; close(): Promise<void> };

export async function cutLine(target: number): Promise<CutLine> {
  const nears = new Set<Socket>();
  const line = {
    port: 0,
    cutAt: null as string | null,
    cutAll: () => {
      for (const near of nears) near.end();
    },
    close: async () => {},
  };
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    nears.add(near);
    near.on('close', () => nears.delete(near));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    far.on('data', (bytes) => void near.write(bytes));
    near.on('data', (bytes) => {
      const at = line.cutAt === null ? -1 : bytes.indexOf(line.cutAt);
      far.write(at < 0 ? bytes : bytes.subarray(0, at));
      if (at >= 0) {
        near.destroy();
        far.destroySoon();
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  line.port = typeof address === 'object' && address !== null ? address.port : 0;
  line.close = async () => {
    server.close();
    await once(server, 'close');
  };
  return line;
}
