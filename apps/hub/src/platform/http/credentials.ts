/**
 * Who asks, as a request shows it: in this order the header `Authorization` (the token of the machine, or the key of a
 * sensor), the cookie of a session, and, until there is an administrator, the cookie that came for the token.
 */
import { err, ok, type Result } from '@bellwether/basics';
import type { FastifyRequest } from 'fastify';
import type { Attempt, Auth } from '../auth/auth-types.ts';
import { type AuthError, authError } from '../auth/errors.ts';
import { KEY_PREFIX } from '../auth/keys.ts';
import type { Actor } from '../auth/rights.ts';
import { sessionSecretOf } from './cookies.ts';
import { type HttpError, httpError } from './errors.ts';
import { isLoopback } from './names.ts';
import { COOKIE, TokenCheck } from './token.ts';

/** One secret, of at most so many characters as anything that is looked up. */
const BEARER = /^Bearer +(\S{1,512})$/i;

/** Why nobody is let in. */
export type Refusal = AuthError | HttpError;

/** Tells who asks. */
export class Credentials {
  readonly #check: TokenCheck;
  readonly #auth: Auth;

  constructor(token: string, auth: Auth) {
    this.#check = new TokenCheck(token);
    this.#auth = auth;
  }

  /** Value of the cookie of who came with the token. */
  get cookie(): string {
    return this.#check.session;
  }

  /**
   * Who it is, or why nobody. `unattended`: it does not count as use of a session. Throws where a session cannot be looked
   * up because the database is away.
   */
  async whoAsks(request: FastifyRequest, unattended: boolean): Promise<Result<Actor, Refusal>> {
    const { authorization } = request.headers;
    return authorization === undefined
      ? await this.#byCookie(request, unattended)
      : await this.#byHeader(request, authorization);
  }

  /** Whether this text is the token, from this machine; a wrong one counts, and is answered with the error. */
  checkToken(text: string, request: FastifyRequest): Result<void, Refusal> {
    // The right one is let in whatever came before, or anybody could lock the office out.
    if (!isLoopback(request))
      return this.#turnedAway('token', request, 'it opens nothing from another machine');
    if (this.#check.isToken(text)) return ok();
    return this.#turnedAway('token', request, 'it may be that of another data folder');
  }

  async #byHeader(request: FastifyRequest, authorization: string): Promise<Result<Actor, Refusal>> {
    const secret = BEARER.exec(authorization)?.[1];
    if (secret === undefined)
      return this.#turnedAway('token', request, 'the header Authorization holds none');
    if (secret.startsWith(KEY_PREFIX)) {
      const sensor = await this.#auth.keys.actorOf(secret);
      if (sensor !== undefined) return ok(sensor);
      return this.#turnedAway('key', request, 'this key was withdrawn, or is that of another hub');
    }
    return this.checkToken(secret, request).map(() => this.#machine());
  }

  async #byCookie(request: FastifyRequest, unattended: boolean): Promise<Result<Actor, Refusal>> {
    const isAlone = this.#auth.isAlone();
    const secret = sessionSecretOf(request);
    const cookie = request.cookies[COOKIE];
    if (secret !== undefined) {
      const person = await this.#auth.sessions.actorOf(secret, request.from, unattended);
      // A browser may keep the cookie of an earlier hub on this machine, and must not be kept out of the set-up by it.
      if (person.isOk() || !isAlone || cookie === undefined) return person;
    }
    if (!isAlone) return err(authError('AUTH_SIGNED_OUT', 'no sign-in came along'));
    if (cookie === undefined) {
      return err(httpError('HTTP_TOKEN_MISSING', 'neither a cookie nor a token came along'));
    }
    // An old cookie is no attempt at guessing: browsers send it with every picture.
    if (isLoopback(request) && this.#check.isSession(cookie)) return ok(this.#machine());
    return err(httpError('HTTP_TOKEN_WRONG', 'the cookie is that of another hub, or of an earlier token'));
  }

  #machine(): Actor {
    return { kind: 'machine', alone: this.#auth.isAlone() };
  }

  #turnedAway(attempt: Attempt, request: FastifyRequest, detail: string): Result<never, Refusal> {
    const isHeard = this.#auth.limits.allow(attempt, request.from);
    return err(isHeard ? httpError('HTTP_TOKEN_WRONG', detail) : httpError('HTTP_TOKEN_TOO_OFTEN', ''));
  }
}

/** Whether a cookie that may stand for somebody came along. */
export function hasCookie(request: FastifyRequest): boolean {
  return sessionSecretOf(request) !== undefined || request.cookies[COOKIE] !== undefined;
}
