/**
 * The cheapest client that can be written: requests stand in memory before the clock starts, and of the answers no more
 * than status and length is read. One core is shared with what is measured, so each microsecond here would count there.
 */
import { connect, type Socket } from 'node:net';
import type { Batch } from './batches.ts';

/** Where batches go. */
export type Target = {
  readonly port: number;
  readonly path: string;
  readonly token: string;
  /** Name of the client in the header of the batch. */
  readonly client: string;
};

/** Sends all batches over so many connections, each the next when its last was answered; gives the seconds. */
export async function sendBatches(
  target: Target,
  batches: readonly Batch[],
  connections: number,
  onAcknowledged: (batch: Batch) => void = () => {},
): Promise<number> {
  const heads = batches.map(({ bytes }, sequence) => headOf(target, bytes.length, sequence));
  const sockets = await Promise.all(Array.from({ length: connections }, () => connected(target.port)));
  let next = 0;
  const began = process.hrtime.bigint();
  await Promise.all(
    sockets.map(async (socket) => {
      const answers = new Answers(socket);
      for (let mine = next++; mine < batches.length; mine = next++) {
        socket.cork();
        socket.write(heads[mine]!);
        socket.write(batches[mine]!.bytes);
        socket.uncork();
        const answer = await answers.next();
        if (!answer.startsWith('HTTP/1.1 200')) throw new Error(`batch ${mine} was answered: ${answer}`);
        onAcknowledged(batches[mine]!);
      }
    }),
  );
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  for (const socket of sockets) socket.destroy();
  return seconds;
}

/** A connection that is open. */
export function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}

function headOf({ port, path, token, client }: Target, length: number, sequence: number): Buffer {
  return Buffer.from(
    [
      `POST ${path} HTTP/1.1`,
      `Host: localhost:${port}`,
      `Authorization: Bearer ${token}`,
      'Content-Type: text/plain',
      `Content-Length: ${length}`,
      `Bellwether-Batch: ${client}/${sequence}`,
      '\r\n',
    ].join('\r\n'),
  );
}

/** Answers of one connection, one after the other. */
class Answers {
  #text = '';
  #wanted: ((answer: string) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;

  constructor(socket: Socket) {
    socket.on('data', (bytes: Buffer) => {
      this.#text += bytes.toString('latin1');
      this.#look();
    });
    socket.on('close', () => this.#failed?.(new Error(`the connection was closed: ${this.#text}`)));
  }

  next(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#wanted = resolve;
      this.#failed = reject;
      this.#look();
    });
  }

  #look(): void {
    const head = this.#text.indexOf('\r\n\r\n');
    if (head < 0 || this.#wanted === undefined) return;
    const [, length] = /^content-length: (\d+)\r$/im.exec(this.#text.slice(0, head + 2)) ?? [];
    const end = head + 4 + Number(length ?? 0);
    if (this.#text.length < end) return;
    const answer = this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    const wanted = this.#wanted;
    this.#wanted = undefined;
    wanted(answer);
  }
}
