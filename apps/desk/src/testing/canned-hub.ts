/** Serves the built desk and canned answers on this machine, under the policy for content that the hub sends. */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { MeAnswer, TodayAnswer } from '@bellwether/api';
import { type Canned, cannedAnswer } from './canned.ts';
import { DAY } from './day.ts';
import { ADMINISTRATOR } from './me.ts';

/** What the hub says of files that have their digest in their name. */
const FOR_EVER = 'public, max-age=31536000, immutable';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
};

/** The policy as it stands in the hub's source: a copy would grow old. */
function contentPolicy(root: string): string {
  const source = readFileSync(join(root, 'apps/hub/src/platform/http/security-headers.ts'), 'utf8');
  const rules = [...source.matchAll(/^ {2}"([^"]+)",$/gm)].map(([, rule]) => rule);
  if (!rules.includes("script-src 'self'"))
    throw new Error('the policy of the hub was not found in its source');
  // Whatever the policy says of policies for Trusted Types, the desk needs none.
  return [...rules.filter((rule) => rule?.startsWith('trusted-types') !== true), "trusted-types 'none'"].join(
    '; ',
  );
}

/** What a page sent. */
export type Told = { readonly method: string; readonly path: string; readonly body: unknown };

export class CannedHub {
  /** What *Today* shows; may be exchanged. */
  today: TodayAnswer = DAY;
  /** Who sits at the desk; may be exchanged. */
  me: MeAnswer = ADMINISTRATOR;
  /** Answers of a test, by method and path below /api/v1: `POST people`. They win over all others. */
  readonly replies = new Map<string, Canned | ((body: unknown) => Canned)>();
  /** Everything that was posted or put, in order. */
  readonly told: Told[] = [];
  readonly #built: string;
  readonly #policy: string;
  readonly #live = new Set<ServerResponse>();
  readonly #server: Server;

  constructor(built: string, root: string) {
    this.#built = built;
    this.#policy = contentPolicy(root);
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** Listens on a free port. `built` is the folder of the built desk, `root` that of the repository. */
  static async start(built: string, root: string): Promise<CannedHub> {
    const hub = new CannedHub(built, root);
    await new Promise<void>((resolve) => hub.#server.listen(0, '127.0.0.1', resolve));
    return hub;
  }

  get origin(): string {
    // Passkeys work for a name only, and for this one without TLS.
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Pages that listen to live events. */
  get listeners(): number {
    return this.#live.size;
  }

  /** Tells every page that the account changed. */
  tellChange(): void {
    const data = JSON.stringify({ asOf: DAY.asOf, topics: ['account'], added: {} });
    for (const response of this.#live) response.write(`event: changed\ndata: ${data}\n\n`);
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin);
    response.setHeader('content-security-policy', this.#policy);
    if (url.pathname === '/api/v1/live') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 1000\n\n');
      this.#live.add(response);
      response.on('close', () => void this.#live.delete(response));
      return;
    }
    if (url.pathname.startsWith('/api/')) {
      const { status, body } = request.method === 'GET' ? this.#read(url) : await this.#hear(request, url);
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      return;
    }
    const type = TYPES[extname(url.pathname)];
    const file = join(this.#built, type === undefined ? 'index.html' : url.pathname);
    // As the hub has it: what has its digest in its name is kept by the browser.
    response.setHeader('cache-control', url.pathname.startsWith('/assets/') ? FOR_EVER : 'no-cache');
    response.writeHead(200, { 'content-type': type ?? 'text/html; charset=utf-8' }).end(readFileSync(file));
  }

  #read(url: URL): Canned {
    const reply = this.#replyTo('GET', url.pathname, undefined);
    if (reply !== undefined) return reply;
    if (url.pathname === '/api/v1/me') return { status: 200, body: this.me };
    return url.pathname === '/api/v1/today' ? { status: 200, body: this.today } : cannedAnswer(url);
  }

  #replyTo(method: string, pathname: string, body: unknown): Canned | undefined {
    const reply = this.replies.get(`${method} ${pathname.replace('/api/v1/', '')}`);
    return typeof reply === 'function' ? reply(body) : reply;
  }

  /** Takes anything, but never a new surface: what its mistakes look like is what a test wants to see. */
  async #hear(request: IncomingMessage, { pathname }: URL): Promise<Canned> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const method = request.method ?? '';
    const body: unknown = JSON.parse(Buffer.concat(parts).toString() || 'null');
    this.told.push({ method, path: pathname, body });
    const reply = this.#replyTo(method, pathname, body);
    if (reply !== undefined) return reply;
    if (pathname !== '/api/v1/surface') return { status: 200, body: {} };
    return { status: 422, body: { problems: [{ line: 4, message: 'a list is missing' }] } };
  }
}
