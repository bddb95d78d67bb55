/**
 * The answer to `http-01` (RFC 8555, 8.3): a listener of its own, which is open only while a directory asks, and answers one
 * path with one text. Nothing of the hub is behind it, so it may listen where plain HTTP of the hub never does.
 */
import { createServer } from 'node:http';
import { ok, type Result } from '@bellwether/basics';
import { type AcmeFailure, acmeFailed } from './acme-failure.ts';

/** A listener that answers. */
export type ChallengeListener = {
  readonly port: number;
  /** From now on this token is answered with this text. */
  answer(token: string, text: string): void;
  close(): Promise<void>;
};

/** Port on which the question comes, whatever leads it elsewhere (8.3). */
export const CHALLENGE_PORT = 80;

/** Where the answer has to be (8.3). */
const PLACE = '/.well-known/acme-challenge/';

/** A directory asks from several places at once, some ten; everybody else may ask as well. */
const MOST_CONNECTIONS = 128;

/** A question is one small packet. ms, bytes. */
const MOST_TIME = 5_000;
const MOST_HEADERS = 8 * 1024;

/** Opens it. */
export function listenForChallenge(
  host: string,
  port: number,
): Promise<Result<ChallengeListener, AcmeFailure>> {
  const answers = new Map<string, string>();
  const options = {
    maxHeaderSize: MOST_HEADERS,
    headersTimeout: MOST_TIME,
    requestTimeout: MOST_TIME,
    connectionsCheckingInterval: MOST_TIME / 5,
    keepAlive: false,
  };
  const server = createServer(options, (request, response) => {
    const { method, url = '' } = request;
    const token = url.startsWith(PLACE) ? url.slice(PLACE.length) : '';
    const text = method === 'GET' ? answers.get(token) : undefined;
    response.shouldKeepAlive = false;
    response.writeHead(text === undefined ? 404 : 200, { 'content-type': 'application/octet-stream' });
    response.end(text);
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.setTimeout(MOST_TIME);
  server.on('clientError', (_, socket) => socket.destroy());
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code ?? error.message;
      resolve(
        acmeFailed(`the port for the directory's question cannot be had: ${host} port ${port}: ${reason}`),
      );
    });
    server.listen({ host, port }, () => {
      resolve(
        ok({
          port: (server.address() as { port: number }).port,
          answer: (token, text) => void answers.set(token, text),
          close: () =>
            new Promise<void>((closed) => {
              server.close(() => closed());
              server.closeAllConnections();
            }),
        }),
      );
    });
  });
}
