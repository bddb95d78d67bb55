/**
 * Questions that wait for an answer: the challenge of a passkey, the state of a directory's sign-in. A ticket goes to the
 * browser in a cookie and brings back what it stands for, once, within five minutes, at the site that gave it. Kept in
 * memory: a hub that starts again asks again.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Origin } from './auth-types.ts';
import { networkOf } from './network.ts';

/** Five minutes, ms: time to find the security key in the drawer. */
export const TICKET_LIFE = 300_000;

/** Open tickets: everybody of 116 offices at once, and as many again; 8 MB at most. */
export const MOST_TICKETS = 16_384;

/** Open tickets of one network (IPv4 /24, IPv6 /48): a whole office signs in behind one address, and nobody can push out the others. */
export const MOST_OF_NETWORK = 256;

/** 256 bits cannot be guessed. */
const TICKET_BYTES = 32;

type Kept<T> = {
  readonly content: T;
  readonly site: string;
  readonly network: string;
  readonly until: number;
};

/** Tickets for contents of one kind. When there are too many, the oldest ones (of the same network first) work no longer. */
export class Tickets<T> {
  readonly #now: () => number;
  readonly #most: number;
  readonly #mostOfNetwork: number;
  /** By SHA-256 of the ticket, oldest first. */
  readonly #kept = new Map<string, Kept<T>>();
  readonly #ofNetwork = new Map<string, number>();

  /** `now`: ms since 1970. */
  constructor(now: () => number, most = MOST_TICKETS, mostOfNetwork = MOST_OF_NETWORK) {
    this.#now = now;
    this.#most = most;
    this.#mostOfNetwork = mostOfNetwork;
  }

  /** How many are open, those that ran out and were not met since included. */
  get size(): number {
    return this.#kept.size;
  }

  /** A new ticket that stands for this. */
  issue(content: T, origin: Origin): string {
    const ticket = randomBytes(TICKET_BYTES).toString('base64url');
    this.keepUnder(ticket, content, origin);
    return ticket;
  }

  /** Lets a ticket that somebody else issued stand for this, too. */
  keepUnder(ticket: string, content: T, { site, address }: Origin): void {
    const network = networkOf(address);
    this.#makeRoom(network);
    const key = keyOf(ticket);
    this.#drop(key);
    this.#kept.set(key, { content, site, network, until: this.#now() + TICKET_LIFE });
    this.#ofNetwork.set(network, (this.#ofNetwork.get(network) ?? 0) + 1);
  }

  /** What it stands for; undefined if it was taken before, is too old, is of another site, or was never issued. */
  take(ticket: string, { site }: Origin): T | undefined {
    const key = keyOf(ticket);
    const kept = this.#kept.get(key);
    if (kept === undefined) return undefined;
    // Whoever shows it has had their one try, also at the wrong site.
    this.#drop(key);
    return kept.site === site && this.#now() < kept.until ? kept.content : undefined;
  }

  #makeRoom(network: string): void {
    const now = this.#now();
    for (const [key, { until }] of this.#kept) {
      if (now < until) break;
      this.#drop(key);
    }
    if ((this.#ofNetwork.get(network) ?? 0) >= this.#mostOfNetwork) {
      for (const [key, kept] of this.#kept) {
        if (kept.network !== network) continue;
        this.#drop(key);
        break;
      }
    }
    const [oldest] = this.#kept.keys();
    if (this.#kept.size >= this.#most && oldest !== undefined) this.#drop(oldest);
  }

  #drop(key: string): void {
    const kept = this.#kept.get(key);
    if (kept === undefined) return;
    this.#kept.delete(key);
    const left = (this.#ofNetwork.get(kept.network) ?? 1) - 1;
    if (left > 0) this.#ofNetwork.set(kept.network, left);
    else this.#ofNetwork.delete(kept.network);
  }
}

/** Looked up by hash: how long it takes tells nothing of the tickets there are. */
function keyOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64');
}
