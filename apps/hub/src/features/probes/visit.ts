/**
 * One visit of a known-good visitor over the real path: name, route, firewall, TLS, web server, door. Bounded in time and size. What
 * became of it is told by the header and status of the door's own pages (apps/agent/src/gate/door-server.ts); what others refuse
 * or break is told apart from that.
 */
import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { isIPv6 } from 'node:net';
import { setTimeout as pauseFor } from 'node:timers/promises';
import type { Persona } from './personas.ts';

/** Time for one page, ms: who waits longer for a page has been kept waiting, whoever is to blame. */
const PAGE_TIME = 20_000;

/** Bytes of a page that are read: no page of an office is larger, and its first bytes say all that counts here. */
const MOST_PAGE = 1_048_576;

/** Header by which pages of the door are known. */
const DOOR_HEADER = 'bellwether-door';

/** What became of a visit. `failed`: the service answered with an error of its own. */
export type ProbeOutcome = 'reached' | 'slowed' | 'asked' | 'refused' | 'failed' | 'no-answer';

/** A visit that is over. */
export type Visit = {
  readonly outcome: ProbeOutcome;
  /** Whether the door of voters' services said so itself. */
  readonly isDoor: boolean;
  readonly status: number | null;
  /** What went wrong with the connection; empty if it did not. */
  readonly detail: string;
  /** ms, with the pauses. */
  readonly took: number;
};

/** Where a visit goes, and how. */
export type VisitWish = {
  readonly url: string;
  readonly persona: Persona;
  /** Address of this machine to come from. */
  readonly from?: string | undefined;
  /** ms for one page; the constant above if nothing is said. */
  readonly pageTime?: number;
  /** Ends it: what is under way then counts as nothing, and undefined is given. */
  readonly end: AbortSignal;
};

/** Looks at the persona's pages one after another, until one is not served. Undefined if it was ended. */
export async function visitAs(wish: VisitWish): Promise<Visit | undefined> {
  const { persona, end } = wish;
  const began = performance.now();
  let page = await pageOf(wish);
  for (let i = 1; i < persona.pages && page.outcome === 'reached'; i++) {
    await pauseFor(persona.pause, undefined, { signal: end }).catch(() => {});
    if (end.aborted) break;
    page = await pageOf(wish);
  }
  return end.aborted ? undefined : { ...page, took: Math.round(performance.now() - began) };
}

type Page = Omit<Visit, 'took'>;

function pageOf({ url, persona, from, pageTime = PAGE_TIME, end }: VisitWish): Promise<Page> {
  const place = new URL(url);
  const signal = AbortSignal.any([end, AbortSignal.timeout(pageTime)]);
  return new Promise((resolve) => {
    const lost = (error: Error): void =>
      resolve({ outcome: 'no-answer', isDoor: false, status: null, detail: error.message.slice(0, 200) });
    const request = (place.protocol === 'https:' ? overHttps : overHttp)(place, {
      headers: persona.headers,
      // Each page is a connection of its own: the firewall sees connections.
      agent: false,
      signal,
      ...(from === undefined ? {} : { localAddress: from, family: isIPv6(from) ? 6 : 4 }),
    });
    request.on('error', lost);
    request.on('response', (reply) => {
      let size = 0;
      const done = (): void => resolve(judged(reply));
      reply.on('data', (piece: Buffer) => {
        size += piece.length;
        if (size <= MOST_PAGE) return;
        done();
        request.destroy();
      });
      reply.on('end', done);
      reply.on('error', lost);
    });
    request.end();
  });
}

function judged({ statusCode: status = 0, headers }: IncomingMessage): Page {
  const door = headers[DOOR_HEADER];
  const is = (outcome: ProbeOutcome, isDoor = false): Page => ({ outcome, isDoor, status, detail: '' });
  if (door === 'slow') return is('slowed', true);
  if (door === 'ask') return is('asked', true);
  if (door === 'refuse') return is('refused', true);
  if (status < 400) return is('reached');
  // Not our page: a web server or a network for content in front of it has refused on its own account.
  return is([401, 403, 429, 451].includes(status) ? 'refused' : 'failed');
}
