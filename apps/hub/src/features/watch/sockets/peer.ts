/** The other end of a connection, for tests: collects what it is told. */
import { connect, type Socket } from 'node:net';
import { until } from './fake-intake.ts';

/** A raw client. */
export type Peer = {
  readonly socket: Socket;
  readonly heard: () => string;
  readonly closed: () => boolean;
  send(bytes: Buffer | string): void;
  gone(): Promise<void>;
};

/** Connects to a listener of this machine. */
export async function connectTo(port: number): Promise<Peer> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: false, noDelay: true });
  const chunks: Buffer[] = [];
  let closed = false;
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  socket.on('close', () => {
    closed = true;
  });
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return {
    socket,
    heard: () => Buffer.concat(chunks).toString('latin1'),
    closed: () => closed,
    send: (bytes) => {
      socket.write(bytes);
    },
    gone: () => until(() => closed),
  };
}

/** A frame of RELP. */
export function relpFrame(txnr: number, command: string, data: string): string {
  return data === ''
    ? `${txnr} ${command} 0\n`
    : `${txnr} ${command} ${Buffer.byteLength(data, 'latin1')} ${data}\n`;
}

/** How every client begins. */
export const RELP_OPEN = relpFrame(
  1,
  'open',
  'relp_version=1\nrelp_software=test,1,https://example.org\ncommands=syslog',
);
