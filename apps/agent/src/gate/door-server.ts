/**
 * The door of voters' services, beside a web server of the office (nginx: `auth_request`; deploy/nginx/voters-door.conf). The
 * web server asks for each request, and serves our page where the answer is no:
 *
 *     GET  /door      204 open; 401 with `bellwether-door: slow N | ask N | refuse N` (N: seconds)
 *     GET  /page      the page for that header
 *     POST /answer    the button: a pass as a cookie, and back to where the person came from
 *
 * Who the client is, `bellwether-client` says, which the web server sets. Where the door does not answer, the web server has to let
 * everybody in: better a busy service than a closed one.
 */
import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Cidr, parseCidr } from '@bellwether/basics';
import {
  appealCode,
  type DoorAnswer,
  isAnswered,
  isPass,
  PASS_LIFE,
  passFor,
  QUESTION_WAIT,
  questionFor,
  sourceKey,
  VotersDoor,
} from '@bellwether/blocks';
import { DOOR_POLICY, doorHtml } from './door-pages.ts';

/** What the door stands on. */
export type DoorOptions = {
  /** Whether something is held against a source now. */
  readonly isJudged: (source: Cidr) => boolean;
  /** Whether it is spared at voters' services. */
  readonly isSpared: (source: Cidr) => boolean;
  /** 32 random bytes: passes of an earlier start are no good after it. */
  readonly secret: Uint8Array;
  /** Ways back that are named where somebody is turned away. */
  readonly appeal: string | null;
  readonly phone: string | null;
  /** ms since 1970. */
  readonly now: () => number;
};

/** How often each answer was given since the start: what the hub is told. */
export type DoorCounts = {
  readonly open: number;
  readonly slow: number;
  readonly ask: number;
  readonly refuse: number;
  readonly passed: number;
};

/** The cookie of a pass. */
const COOKIE = 'bellwether_pass';

/** Longest content of an answer: a question, and where it leads back to. */
const MOST_BODY = 8 * 1024;

/** Longest place that is led back to: longer ones lead to the start page. */
const MOST_BACK = 2048;

/** Time for the whole of a request, ms: both ends are on one machine. */
const REQUEST_TIME = 10_000;

/** A door, which its owner lets listen on loopback or on a Unix socket, and closes. */
export function votersDoorServer(options: DoorOptions): { readonly server: Server; counts(): DoorCounts } {
  const door = new Doorkeeper(options);
  const server = createServer(
    { requestTimeout: REQUEST_TIME, headersTimeout: REQUEST_TIME },
    (request, reply) => {
      void door.answer(request, reply);
    },
  );
  return { server, counts: () => ({ ...door.counts }) };
}

class Doorkeeper {
  readonly counts = { open: 0, slow: 0, ask: 0, refuse: 0, passed: 0 };
  readonly #options: DoorOptions;
  readonly #door = new VotersDoor();
  readonly #mac: (text: string) => string;

  constructor(options: DoorOptions) {
    this.#options = options;
    this.#mac = (text) => createHmac('sha256', options.secret).update(text).digest('base64url');
  }

  async answer(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const path = request.url?.split('?')[0];
    if (path === '/door') return this.#knock(request, reply);
    if (path === '/page') return this.#page(request, reply);
    if (path === '/answer' && request.method === 'POST') return this.#passed(request, reply);
    reply.writeHead(404).end();
  }

  #knock(request: IncomingMessage, reply: ServerResponse): void {
    const source = sourceOf(request);
    const answer = source === undefined ? OPEN : this.#decide(source, request);
    this.counts[answer.kind]++;
    if (answer.kind === 'open') reply.writeHead(204).end();
    else reply.writeHead(401, { 'bellwether-door': `${answer.kind} ${secondsOf(answer)}` }).end();
  }

  #decide(source: Cidr, request: IncomingMessage): DoorAnswer {
    const { isJudged, isSpared, now } = this.#options;
    const key = sourceKey(source);
    if (!isJudged(source) || isSpared(source)) {
      this.#door.forget(key);
      return OPEN;
    }
    return this.#door.knock(key, isPass(cookieOf(request), key, now(), this.#mac), now());
  }

  #page(request: IncomingMessage, reply: ServerResponse): void {
    const said = /^(slow|ask|refuse) (\d{1,6})$/.exec(headerOf(request, 'bellwether-door'));
    const kind = (said?.[1] ?? 'slow') as 'slow' | 'ask' | 'refuse';
    this.#send(
      request,
      reply,
      kind,
      Number(said?.[2] ?? 1),
      backOf(headerOf(request, 'bellwether-uri')),
      null,
    );
  }

  /** `question`: one that was answered too early, which goes on to age. */
  #send(
    request: IncomingMessage,
    reply: ServerResponse,
    kind: 'slow' | 'ask' | 'refuse',
    seconds: number,
    back: string,
    question: string | null,
  ): void {
    const { appeal, phone, now } = this.#options;
    const source = sourceOf(request);
    const html = doorHtml({
      page: kind,
      seconds,
      question: question ?? (source === undefined ? '' : questionFor(sourceKey(source), now(), this.#mac)),
      back,
      isEarly: question !== null,
      code: source === undefined ? '' : appealCode(source),
      appeal,
      phone,
      accepts: headerOf(request, 'accept-language'),
    });
    reply.writeHead(kind === 'refuse' ? 403 : 429, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': DOOR_POLICY,
      'cache-control': 'no-store',
      // By it the state's own visitors know our pages from those of others.
      'bellwether-door': kind,
      'referrer-policy': 'no-referrer',
      'retry-after': String(seconds),
      'x-content-type-options': 'nosniff',
    });
    reply.end(html);
  }

  async #passed(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    const { now } = this.#options;
    const body = await bodyOf(request);
    const source = sourceOf(request);
    if (body === undefined || source === undefined) {
      reply.writeHead(400).end();
      return;
    }
    const fields = new URLSearchParams(body);
    const back = backOf(fields.get('back') ?? '');
    const question = (fields.get('question') ?? '').slice(0, 100);
    const key = sourceKey(source);
    if (!isAnswered(question, key, now(), this.#mac)) {
      // Too early, too late, or another's: asked again. Who was early may press the same button again.
      const isEarly = isAnswered(question, key, now() + QUESTION_WAIT * 1_000, this.#mac);
      this.#send(request, reply, 'ask', QUESTION_WAIT, back, isEarly ? question : null);
      return;
    }
    if (!this.#door.pass(key, now())) {
      const answer = this.#door.knock(key, false, now());
      this.#send(request, reply, 'refuse', secondsOf(answer), back, null);
      return;
    }
    this.counts.passed++;
    reply.writeHead(303, {
      location: back,
      'cache-control': 'no-store',
      'set-cookie': `${COOKIE}=${passFor(key, now(), this.#mac)}; Path=/; Max-Age=${PASS_LIFE / 1_000}; HttpOnly; SameSite=Lax${isSecure(request) ? '; Secure' : ''}`,
    });
    reply.end();
  }
}

const OPEN: DoorAnswer = { kind: 'open' };

function secondsOf(answer: DoorAnswer): number {
  return answer.kind === 'slow' || answer.kind === 'refuse' ? answer.after : QUESTION_WAIT;
}

/** The client, as the web server names it: an address, or the /64 of an IPv6 one; undefined if it names none. */
function sourceOf(request: IncomingMessage): Cidr | undefined {
  const text = headerOf(request, 'bellwether-client').replace(/^::ffff:(?=\d+\.)/, '');
  if (text.includes('/')) return undefined;
  return parseCidr(text).unwrapOr(undefined);
}

function isSecure(request: IncomingMessage): boolean {
  return headerOf(request, 'bellwether-scheme') === 'https';
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

function cookieOf(request: IncomingMessage): string {
  const found = new RegExp(`(?:^|; *)${COOKIE}=([^;]{1,64})(?:;|$)`).exec(
    headerOf(request, 'cookie').slice(0, 8_192),
  );
  return found?.[1] ?? '';
}

/** A place of this server: nobody is led elsewhere by a form that was changed. */
function backOf(text: string): string {
  return text.length <= MOST_BACK && /^\/(?![/\\])[\x21-\x7e]*$/.test(text) ? text : '/';
}

/** The content of a form; undefined where there is too much of it, or it ends in the middle. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of request as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > MOST_BODY) return undefined;
      parts.push(part);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(parts).toString('utf8');
}
