/**
 * The HTTP of a witness that can be reached: C2SP tlog-witness v1.0.0.
 *
 *     POST /add-checkpoint                            body and answers as in `answerAddCheckpoint`
 *     GET  /<hex SHA-256 of the origin>/checkpoint    what was cosigned last
 *
 * No TLS and no secrets: everything that comes and goes is signed. Whoever sends is nobody until a log's signature was checked.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cosigner } from './cosigner.ts';

/** Bytes of a body: the largest that `answerAddCheckpoint` reads, 2 MiB of note and 4 KiB before it. */
const MAX_BODY_BYTES = 2_101_248;

/** Bodies that are read or wait to be answered at once: each may hold 2 MB, and a hub sends one. */
const MAX_WAITING = 8;

/** Connections at once: who holds more has no good in mind. */
const MAX_CONNECTIONS = 64;

/** How long a head and a whole request may take to come, in ms. */
const HEAD_MS = 10_000;
const REQUEST_MS = 30_000;

const PLAIN = 'text/plain; charset=utf-8';

/** Where it listens: a host and a port, 0 for any. */
export type ListenAddress = { readonly host: string; readonly port: number };

/** Serves a cosigner; gives the server and its address. Rejects where the port is taken. */
export function serveWitness(
  cosigner: Cosigner,
  { host, port }: ListenAddress,
): Promise<{ readonly server: Server; readonly address: string }> {
  let waiting = 0;
  const server = createServer(
    { headersTimeout: HEAD_MS, requestTimeout: REQUEST_MS, keepAliveTimeout: HEAD_MS, maxHeaderSize: 8_192 },
    (request, response) => {
      response.on('error', () => {});
      const done = handle(request, response);
      done.catch(() => response.destroy());
    },
  );
  server.maxConnections = MAX_CONNECTIONS;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url } = request;
    if (method === 'POST' && url === '/add-checkpoint') {
      if (waiting >= MAX_WAITING)
        return send(response, 503, 'too many at once: try again in a moment\n', PLAIN, true);
      waiting++;
      try {
        const body = await bodyOf(request);
        if (body === undefined) return send(response, 413, 'longer than any request\n', PLAIN, true);
        const answer = await cosigner.answerRequest(body);
        return send(response, answer.status, answer.body, answer.contentType);
      } finally {
        waiting--;
      }
    }
    if (method !== 'GET' && method !== 'HEAD')
      return send(response, 405, 'no such method here\n', PLAIN, true);
    const [, hash] = /^\/([0-9a-f]{64})\/checkpoint$/.exec(url ?? '') ?? [];
    const seen =
      hash === undefined
        ? undefined
        : [...cosigner.memory.seen.values()].find((one) => originHash(one.origin) === hash);
    return seen === undefined
      ? send(response, 404, 'not known here\n', PLAIN)
      : send(response, 200, seen.note, PLAIN);
  }

  return new Promise((opened, failed) => {
    server.once('error', failed);
    server.listen(port, host, () => {
      const bound = server.address() as AddressInfo;
      const name = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
      opened({ server, address: `http://${name}:${bound.port}` });
    });
  });
}

/** How a log is called in addresses. */
export function originHash(origin: string): string {
  return createHash('sha256').update(origin).digest('hex');
}

/** The body; undefined where it is too long. */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    pieces.push(piece);
  }
  return Uint8Array.from(Buffer.concat(pieces));
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  contentType: string,
  close = false,
): void {
  response.writeHead(status, {
    'content-type': contentType,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(close ? { connection: 'close' } : {}),
  });
  response.end(body);
}
