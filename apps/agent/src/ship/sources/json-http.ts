/** Windows events by HTTP: what NXLog's om_http and Winlogbeat's output.elasticsearch have in common. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ok, type Result } from '@bellwether/basics';
import type { AgentError } from '../../errors.ts';
import type { Feed } from '../feed.ts';
import { MOST_LINES_BYTES } from '../record.ts';
import { type HostPort, type Listening, listenAt } from './listening.ts';

/** A content, as it comes and unpacked: some 2,000 events; Winlogbeat sends 1,600 at most, and less when it is told 413. */
const MOST_CONTENT = 6 * 1024 * 1024;

/** Contents in memory at the same time; others are told to come again. */
const MOST_AT_ONCE = 2;

/** A request is read and answered by then, ms; a domain controller and its collector are in one building. */
const REQUEST_MS = 60_000;

/** What a request is answered. */
export type Answer = { readonly status: number; readonly body?: unknown; readonly isHead?: boolean };

/** Answers a request whose content was read. */
export type Answering = (method: string, path: string, content: Buffer) => Promise<Answer>;

const unpack = promisify(gunzip);

/** Listens; fails where the address cannot be had. `headers` go with each answer. */
export async function listenJsonHttp(
  address: HostPort,
  headers: Readonly<Record<string, string>>,
  answering: Answering,
): Promise<Result<Listening, AgentError>> {
  let busy = 0;
  const server: Server = createServer({ requestTimeout: REQUEST_MS }, (request, response) => {
    if (busy >= MOST_AT_ONCE) {
      write(response, headers, { status: 429, body: { error: 'busy, come again' } });
      return;
    }
    busy += 1;
    void answerOne(request, answering)
      .then((answer) => write(response, headers, answer))
      .finally(() => {
        busy -= 1;
      });
  });
  const bound = await listenAt(server, address);
  if (bound.isErr()) return bound;
  return ok({
    port: bound.value,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      setTimeout(() => server.closeAllConnections(), 2_000).unref();
      await closed;
    },
  });
}

/**
 * Keeps whole JSON objects as lines, each without line ends inside; false when the end came first, and then some may
 * be kept: the sender sends all of them again.
 */
export async function keepObjects(objects: readonly Buffer[], source: string, feed: Feed): Promise<boolean> {
  let from = 0;
  while (from < objects.length) {
    let to = from;
    let bytes = 0;
    while (to < objects.length && bytes + (objects[to] as Buffer).length + 1 <= MOST_LINES_BYTES) {
      bytes += (objects[to] as Buffer).length + 1;
      to += 1;
    }
    const lines = Buffer.concat(objects.slice(from, to).flatMap((object) => [object, Buffer.from('\n')]));
    if (!(await feed.keep({ source, lines, count: to - from }))) return false;
    from = to;
  }
  return true;
}

/** Whether an object fits into a record. */
export function isKeepable(object: Buffer): boolean {
  return object.length < MOST_LINES_BYTES;
}

async function answerOne(request: IncomingMessage, answering: Answering): Promise<Answer> {
  const { method = 'GET', url = '/' } = request;
  const content = await contentOf(request);
  if (content === 'too-large') return { status: 413, body: { error: 'too large', status: 413 } };
  if (content === undefined) return { status: 400, body: { error: 'the content is damaged', status: 400 } };
  const answer = await answering(method, url.split('?')[0] as string, content);
  return method === 'HEAD' ? { ...answer, isHead: true } : answer;
}

/** The content, unpacked; undefined where it is cut off or damaged. */
async function contentOf(request: IncomingMessage): Promise<Buffer | 'too-large' | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MOST_CONTENT) return 'too-large';
      chunks.push(chunk);
    }
    const content = Buffer.concat(chunks);
    if (request.headers['content-encoding'] !== 'gzip' || length === 0) return content;
    return await unpack(content, { maxOutputLength: MOST_CONTENT });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : undefined;
  }
}

function write(response: ServerResponse, headers: Readonly<Record<string, string>>, answer: Answer): void {
  const body = answer.body === undefined ? '' : JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    ...headers,
    'content-type': 'application/json; charset=UTF-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(answer.isHead === true ? undefined : body);
}
