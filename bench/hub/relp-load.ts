/**
 * A simple RELP client (https://www.rsyslog.com/doc/relp.html): opens, keeps a window of messages unanswered, counts the
 * answers. All frames stand in memory before the clock starts.
 */
import type { Socket } from 'node:net';
import { connected } from './http-load.ts';

/** librelp's window where nobody says anything. */
export const RSYSLOG_WINDOW = 128;

/** Severity and facility of the kernel's warnings, which a sender puts before a line. */
const PRIORITY = '<4>';

const LINE_FEED = 10;
const OFFERS = 'relp_version=0\nrelp_software=bench\ncommands=syslog';

/** Frames of one connection: one behind the other, and where each ends. */
type Frames = { readonly bytes: Buffer; readonly ends: Uint32Array };

/** Sends the lines over so many connections; gives the seconds until the last was answered. */
export async function sendByRelp(
  port: number,
  lines: readonly Buffer[],
  window: number,
  connections: number,
): Promise<number> {
  const share = Math.ceil(lines.length / connections);
  const framed = Array.from({ length: connections }, (_, i) =>
    framesOf(lines.slice(i * share, (i + 1) * share)),
  );
  const sockets = await Promise.all(framed.map(() => opened(port)));
  const began = process.hrtime.bigint();
  await Promise.all(sockets.map((socket, i) => sendFrames(socket, framed[i]!, window)));
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  for (const socket of sockets) socket.destroy();
  return seconds;
}

/** Transaction 1 opens. */
async function opened(port: number): Promise<Socket> {
  const socket = await connected(port);
  socket.write(`1 open ${OFFERS.length} ${OFFERS}\n`);
  const answer = await new Promise<string>((resolve) => {
    socket.once('data', (bytes: Buffer) => resolve(bytes.toString('latin1')));
  });
  if (!/^1 rsp \d+ 200 OK/.test(answer)) throw new Error(`open was answered: ${answer}`);
  return socket;
}

function framesOf(lines: readonly Buffer[]): Frames {
  const pieces: Buffer[] = [];
  const ends = new Uint32Array(lines.length);
  let at = 0;
  lines.forEach((line, i) => {
    const head = Buffer.from(`${i + 2} syslog ${PRIORITY.length + line.length} ${PRIORITY}`);
    pieces.push(head, line, Buffer.of(LINE_FEED));
    at += head.length + line.length + 1;
    ends[i] = at;
  });
  return { bytes: Buffer.concat(pieces), ends };
}

function sendFrames(socket: Socket, { bytes, ends }: Frames, window: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let sent = 0;
    let answered = 0;
    const send = (): void => {
      const until = Math.min(ends.length, answered + window);
      if (until === sent) return;
      socket.write(bytes.subarray(sent === 0 ? 0 : ends[sent - 1], ends[until - 1]));
      sent = until;
    };
    socket.on('data', (answers: Buffer) => {
      if (answers.includes(' 500 ') || answers.includes('serverclose')) {
        reject(new Error(`not every message was taken: ${answers.toString('latin1').slice(0, 200)}`));
      }
      for (let at = answers.indexOf(LINE_FEED); at >= 0; at = answers.indexOf(LINE_FEED, at + 1)) answered++;
      if (answered === ends.length) resolve();
      else send();
    });
    socket.once('close', () => reject(new Error('the connection was closed')));
    send();
  });
}
