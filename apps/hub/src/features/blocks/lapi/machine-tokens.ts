/**
 * Tokens of CrowdSec agents that are signed in: JSON Web Tokens (RFC 7519) with HMAC SHA-256 (RFC 7515, `HS256`) under a secret
 * of this process. A hub that starts anew forgets them, and agents sign in again by themselves. One kind of head is read
 * and no other, so that nobody chooses how a token is checked (RFC 8725, section 3.1).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RandomBytes } from '../../../platform/auth/secrets.ts';

/** An hour, ms, as CrowdSec's own have: agents ask for a new one when it is over. */
export const TOKEN_LIFE = 3_600_000;

/** Longest token that is looked at: ours have some three hundred characters. */
const LONGEST = 1_024;

const HEAD = Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url');

/** An agent that is signed in: what it calls itself, and the number of the key that it signed in with. */
export type Machine = { readonly id: string; readonly key: string };

/** A token with its end, ms since 1970. */
export type MachineToken = { readonly token: string; readonly until: number };

/** Makes and checks them. */
export class MachineTokens {
  readonly #secret: Uint8Array;
  readonly #now: () => number;

  /** `now`: ms since 1970. */
  constructor(random: RandomBytes, now: () => number) {
    this.#secret = random(32);
    this.#now = now;
  }

  /** A new one. */
  tokenFor({ id, key }: Machine): MachineToken {
    const until = this.#now() + TOKEN_LIFE;
    const claims = { id, key, exp: Math.floor(until / 1000) };
    const text = `${HEAD}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    return { token: `${text}.${this.#mac(text).toString('base64url')}`, until };
  }

  /** Whose it is; undefined for one that is not ours, or is over. */
  machineOf(token: string): Machine | undefined {
    if (token.length > LONGEST) return undefined;
    const [head, body, mac, ...more] = token.split('.');
    if (head !== HEAD || body === undefined || mac === undefined || more.length > 0) return undefined;
    const given = Buffer.from(mac, 'base64url');
    const right = this.#mac(`${head}.${body}`);
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
    // It is ours: what is in it was written above.
    const { id, key, exp } = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Machine & {
      readonly exp: number;
    };
    return exp * 1000 > this.#now() ? { id, key } : undefined;
  }

  #mac(text: string): Buffer {
    return createHmac('sha256', this.#secret).update(text).digest();
  }
}
