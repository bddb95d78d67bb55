/**
 * Who is let in: asked under our own name (a page elsewhere whose name was made to point at 127.0.0.1 is not), with the
 * token or the cookie that stands for it, and, where something is changed by cookie, from a page of ours.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type HttpError, httpError } from './errors.ts';
import { sendHttpError } from './problem.ts';
import { COOKIE, TokenCheck } from './token.ts';

const MINUTE = 60_000;

/** Names of this machine, with any port: a tunnel may end on another one. */
const OWN_NAME = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/** Methods that change nothing. */
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD']);

/** How somebody showed who they are. */
export type Credentials = 'token' | 'cookie';

/** The door. */
export class Access {
  readonly #check: TokenCheck;
  readonly #wrongTokens: number;
  readonly #now: () => number;
  #minute = 0;
  #wrongInMinute = 0;

  /** `wrongTokens`: how many in a minute are answered one by one. `now`: ms. */
  constructor(token: string, wrongTokens: number, now: () => number) {
    this.#check = new TokenCheck(token);
    this.#wrongTokens = wrongTokens;
    this.#now = now;
  }

  /** Value of the cookie of who is signed in. */
  get session(): string {
    return this.#check.session;
  }

  /** Whether this text is the token; a wrong one counts. */
  isToken(text: string): boolean {
    if (this.#check.isToken(text)) return true;
    const minute = Math.floor(this.#now() / MINUTE);
    if (minute !== this.#minute) this.#wrongInMinute = 0;
    this.#minute = minute;
    this.#wrongInMinute++;
    return false;
  }

  /** What to answer to a wrong token. The right one is let in whatever came before, or anybody could lock the office out. */
  wrongToken(): HttpError {
    if (this.#wrongInMinute <= this.#wrongTokens) {
      return httpError('HTTP_TOKEN_WRONG', 'it may be that of another data folder');
    }
    return httpError('HTTP_TOKEN_TOO_OFTEN', `more than ${this.#wrongTokens} within a minute`);
  }

  /** How this request shows who it comes from, or why it is not let in. */
  credentialsOf(request: FastifyRequest): Credentials | HttpError {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      return token !== undefined && this.isToken(token) ? 'token' : this.wrongToken();
    }
    const cookie = request.cookies[COOKIE];
    if (cookie === undefined)
      return httpError('HTTP_TOKEN_MISSING', 'neither a cookie nor a token came along');
    // An old cookie is no attempt at guessing: browsers send it with every picture.
    return this.#check.isSession(cookie)
      ? 'cookie'
      : httpError('HTTP_TOKEN_WRONG', 'the cookie is that of another hub, or of an earlier token');
  }
}

/** Refuses what is asked under a name that is not ours. */
export function refuseForeignHost(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  const { host } = request.headers;
  if (host !== undefined && OWN_NAME.test(host)) return undefined;
  return sendHttpError(reply, httpError('HTTP_HOST_REFUSED', `Host: ${host ?? '(none)'}`));
}

/** Lets in who has the token or its cookie, and answers everybody else with a problem. */
export function requireCredentials(
  access: Access,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply | undefined {
  const credentials = access.credentialsOf(request);
  if (typeof credentials === 'object') {
    if (credentials.code === 'HTTP_TOKEN_TOO_OFTEN') void reply.header('retry-after', '60');
    return sendHttpError(reply.header('www-authenticate', 'Bearer realm="bellwether"'), credentials);
  }
  if (credentials === 'cookie' && !isFromOurPages(request)) {
    const from = request.headers.origin ?? request.headers['sec-fetch-site'] ?? 'a page that does not say';
    return sendHttpError(reply, httpError('HTTP_CROSS_SITE', `it came from ${from}`));
  }
  return undefined;
}

/** Browsers send the cookie along whatever page asks on this machine (ports are one site); these headers no page can forge. */
function isFromOurPages({ method, headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  if (READING.has(method)) return site === undefined || site === 'same-origin' || site === 'none';
  if (site !== undefined) return site === 'same-origin';
  return headers.origin !== undefined && headers.origin === `http://${headers.host}`;
}

/** No text of ours holds the character NUL, and PostgreSQL cannot keep one: refused before anybody has to. */
export function refuseNul(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
  // Lines of sensors are bytes, and may hold whatever they hold.
  const isJson = request.headers['content-type']?.startsWith('application/json') === true;
  const fields = isJson && typeof request.body === 'object' ? Object.values(request.body ?? {}) : [];
  const inBody = fields.some((value) => typeof value === 'string' && value.includes('\0'));
  if (!inBody && !request.url.includes('%00')) return undefined;
  return sendHttpError(reply, httpError('HTTP_REQUEST_INVALID', 'it holds the character NUL'));
}
