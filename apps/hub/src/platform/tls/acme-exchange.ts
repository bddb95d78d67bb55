/**
 * One question to an ACME directory and its answer, over HTTPS alone (RFC 8555, 6.1): bounded in size and time, no
 * redirects, with the headers that the protocol needs.
 */
import { Agent, request } from 'node:https';
import { rootCertificates } from 'node:tls';
import { ok, type Result } from '@bellwether/basics';
import { type AcmeFailure, acmeFailed } from './acme-failure.ts';

/** An answer, whatever its status. */
export type AcmeAnswer = {
  readonly status: number;
  readonly nonce: string | undefined;
  readonly location: string | undefined;
  /** How long to wait, ms. */
  readonly retryAfter: number | undefined;
  readonly body: string;
};

/** A question. */
export type AcmeQuestion = {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: string;
  readonly body?: string;
  readonly accept?: string;
};

/** Where questions go out. */
export type AcmeLine = {
  readonly agent: Agent;
  readonly now: () => number;
  /** Ends what is being asked. */
  readonly signal: AbortSignal;
};

/** Longest answer, bytes: a chain of ten certificates, and far more than any other object of the protocol. */
const MOST_BYTES = 256 * 1024;

/** A directory that says nothing for so long will not say more, ms. */
const ANSWER_TIME = 30_000;

/** What a nonce may be made of (RFC 8555, 6.5.1), and longer than any. */
const NONCE = /^[A-Za-z0-9_-]{1,512}$/;

/** Longest address that we follow. */
const MOST_URL = 2048;

/** Asks of who runs a directory to know who asks (RFC 8555, 6.1). */
const AGENT_NAME = 'bellwether-hub (ACME; Node)';

/** Connections to a directory: its certificate is checked with the authorities that Node knows, and with `ca` (PEM). */
export function directoryAgent(ca: string | undefined): Agent {
  return new Agent({
    keepAlive: true,
    maxSockets: 1,
    minVersion: 'TLSv1.2',
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
  });
}

/** Asks once. Fails when nothing comes back that could be read; a refusal is an answer. */
export function exchange(
  line: AcmeLine,
  { method, url, body, accept = 'application/json' }: AcmeQuestion,
): Promise<Result<AcmeAnswer, AcmeFailure>> {
  if (url.length > MOST_URL || !URL.canParse(url) || new URL(url).protocol !== 'https:') {
    return Promise.resolve(acmeFailed('the directory named an address that is not HTTPS'));
  }
  const { host } = new URL(url);
  return new Promise((resolve) => {
    const lost = (reason: string) => resolve(acmeFailed(`${host} ${reason}`));
    const asked = request(url, {
      method,
      agent: line.agent,
      signal: AbortSignal.any([line.signal, AbortSignal.timeout(ANSWER_TIME)]),
      headers: {
        accept,
        'user-agent': AGENT_NAME,
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/jose+json', 'content-length': Buffer.byteLength(body) }),
      },
    });
    asked.once('response', (response) => {
      const pieces: Buffer[] = [];
      let size = 0;
      response.on('data', (piece: Buffer) => {
        size += piece.length;
        if (size > MOST_BYTES) asked.destroy(new Error('sent more than any answer'));
        else pieces.push(piece);
      });
      response.once('error', (error) => lost(reasonOf(error)));
      response.once('end', () => {
        const { 'replay-nonce': nonce, location, 'retry-after': after } = response.headers;
        resolve(
          ok({
            status: response.statusCode ?? 0,
            nonce: typeof nonce === 'string' && NONCE.test(nonce) ? nonce : undefined,
            location: location === undefined ? undefined : absolute(location, url),
            retryAfter: after === undefined ? undefined : waitOf(after, line.now()),
            body: Buffer.concat(pieces).toString('utf8'),
          }),
        );
      });
    });
    asked.once('error', (error) => lost(reasonOf(error)));
    asked.end(body);
  });
}

/** `Retry-After` as ms (RFC 9110, 10.2.3): seconds, or a date. */
export function waitOf(text: string, now: number): number | undefined {
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.max(0, time - now);
}

function absolute(location: string, base: string): string | undefined {
  return URL.canParse(location, base) ? new URL(location, base).href : undefined;
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'did not answer in time';
  return `did not answer: ${error.code ?? error.message}`.slice(0, 200);
}
