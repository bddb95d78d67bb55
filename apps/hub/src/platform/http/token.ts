/**
 * The token of the desk: 256 random bits, made once, in the file `token` of the data folder (0600), 43 characters of
 * base64url. Who has it is signed in. A browser gets it in the address that `bellwether up` prints, once, and from then
 * on carries a cookie whose value is derived from it (HMAC-SHA-256), so that a copied cookie is not the token.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { err, ok, type Result } from '@bellwether/basics';
import { type HttpError, httpError } from './errors.ts';

/** Name of the cookie. */
export const COOKIE = 'bellwether';

/** 256 bits cannot be guessed, however often somebody tries. */
const TOKEN_BYTES = 32;

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** What the session value is an HMAC of: another value here signs every browser out. */
const SESSION = 'bellwether desk session, 1';

/** The token in this file; made if there is no file. */
export function readOrMakeToken(path: string): Result<string, HttpError> {
  try {
    const made = makeToken(path);
    if (made !== undefined) return ok(made);
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
    const token = readFileSync(path, 'utf8').slice(0, 256).trim();
    if (TOKEN.test(token)) return ok(token);
    return err(httpError('HTTP_TOKEN_UNREADABLE', `${path} holds no token`));
  } catch (error) {
    return err(httpError('HTTP_TOKEN_UNREADABLE', `${path}: ${(error as Error).message}`));
  }
}

/** A new token, unless the file is there. */
function makeToken(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
  try {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    writeSync(file, `${token}\n`);
    fsyncSync(file);
    return token;
  } finally {
    closeSync(file);
  }
}

/** Tells the token, and the session that stands for it, from anything else, in a time that does not tell how near it was. */
export class TokenCheck {
  /** Value of the cookie. */
  readonly session: string;
  readonly #token: Buffer;
  readonly #sessionDigest: Buffer;

  constructor(token: string) {
    this.session = createHmac('sha256', token).update(SESSION).digest('base64url');
    this.#token = digest(token);
    this.#sessionDigest = digest(this.session);
  }

  isToken(text: string): boolean {
    return timingSafeEqual(digest(text), this.#token);
  }

  isSession(text: string): boolean {
    return timingSafeEqual(digest(text), this.#sessionDigest);
  }
}

/** Of equal length whatever was sent, so that the comparison may be used at all. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
