/** For tests: a line to a mail server that breaks when a certain command goes over it, before the server hears it or after it obeyed. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Where the line breaks next. `before`: the server never hears the command. `after`: it obeys, and nobody hears its answer.
 * `stall`: it does not break, and nothing goes over it any more.
 */
export type Cut = { readonly command: string; readonly when: 'before' | 'after' | 'stall' };

/** A line. */
export type CutLine = {
  readonly port: number;
  /** The next break; null: none. After it has broken, connections go through again. */
  next(cut: Cut | null): void;
  /** Breaks so far. */
  breaks(): number;
  /** Connections that were open at once, at most. */
  most(): number;
  close(): Promise<void>;
};

/** Turns of the event loop: data and the end behind it are read in two of them. */
const TURNS = 4;

/** A line to a port of this machine. */
export async function cutLine(to: number): Promise<CutLine> {
  const sockets = new Set<Socket>();
  let cut: Cut | null = null;
  let breaks = 0;
  let open = 0;
  let most = 0;

  /** Whoever left before has been seen leaving some turns after somebody else said something. */
  const counted = async (): Promise<void> => {
    for (let turn = 0; turn < TURNS; turn++) await nextTurn();
    most = Math.max(most, open);
  };

  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    let isOpen = true;
    open++;
    const left = (): void => {
      if (isOpen) open--;
      isOpen = false;
    };
    let isStalled = false;
    let awaited: string | null = null;
    const end = (): void => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', end).on('close', end);
    }
    near.once('end', left).once('error', left).once('close', left);
    near.once('data', () => void counted());
    near.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      if (cut !== null && awaited === null && text.includes(cut.command)) {
        const { when } = cut;
        cut = null;
        breaks++;
        if (when === 'before') return end();
        if (when === 'stall') isStalled = true;
        awaited = text.split(' ')[0] ?? '';
      }
      if (!isStalled) far.write(bytes);
    });
    far.on('data', (bytes) => {
      if (awaited === null) near.write(bytes);
      else if (new RegExp(`(^|\\n)${awaited} `).test(bytes.toString('latin1'))) end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    next(value) {
      cut = value;
    },
    breaks: () => breaks,
    most: () => most,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
