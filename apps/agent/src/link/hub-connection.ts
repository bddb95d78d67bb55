/**
 * Asking the hub: TLS 1.3 with the agent's certificate, and nobody is believed but a certificate of the CA that was compared at
 * enrolment. Answers are bounded and have an end; redirects are not followed.
 */
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { err, ok, type Result } from '@bellwether/basics';
import type { AgentError } from '../errors.ts';

/** How long one question may take, ms: a batch of lines over the slowest line of an office. */
const TIMEOUT = 60_000;

/** Longest answer that is read: a certificate with its CA has 2 KB. */
const MOST_ANSWER = 262_144;

/** Connections at the same time: a stream, a report, and a few sensors. */
const CONNECTIONS = 8;

/** Where the hub is, and with what it is asked. */
export type HubAddress = {
  readonly host: string;
  readonly port: number;
  readonly authority: string;
  /** Left out before there is one. */
  readonly own?: { readonly certificate: string; readonly key: string };
};

/** What the hub answered. */
export type Answer = {
  readonly status: number;
  /** JSON that was read; undefined where it is none. */
  readonly value: unknown;
  /** Code of a problem, `AGENT_REVOKED` for one; undefined if it names none. */
  readonly code: string | undefined;
  /** ms after which it is worth trying again, if the hub says so. */
  readonly retryAfter: number | undefined;
};

/** What is asked. */
export type Question = {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
};

/** Connections to one hub. */
export class HubConnection {
  readonly #address: HubAddress;
  readonly #agent: Agent;

  constructor(address: HubAddress) {
    this.#address = address;
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: CONNECTIONS,
      // Each connection shows its certificate anew.
      maxCachedSessions: 0,
      ca: address.authority,
      minVersion: 'TLSv1.3',
      ...(address.own === undefined ? {} : { cert: address.own.certificate, key: address.own.key }),
    });
  }

  /** Asks, and reads the whole answer. */
  async askHub(question: Question): Promise<Result<Answer, AgentError>> {
    const over = AbortSignal.timeout(TIMEOUT);
    try {
      const response = await this.#send(question, over);
      const text = await textOf(response);
      return ok({ status: response.statusCode ?? 0, ...readAnswer(response, text) });
    } catch (cause) {
      return err(linkErrorOf(cause as Error));
    }
  }

  /** Asks, and gives the answer as it comes. `signal` of the question ends it. */
  async openStream(question: Question): Promise<Result<IncomingMessage, AgentError>> {
    try {
      return ok(await this.#send(question, undefined));
    } catch (cause) {
      return err(linkErrorOf(cause as Error));
    }
  }

  /** Ends what is open. */
  close(): void {
    this.#agent.destroy();
  }

  #send(question: Question, over: AbortSignal | undefined): Promise<IncomingMessage> {
    const { method, path, body = '', headers = {}, signal } = question;
    const { host, port } = this.#address;
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          host,
          port,
          method,
          path: `/agent/v1/${path}`,
          agent: this.#agent,
          headers: {
            ...headers,
            ...(method === 'POST' ? { 'content-length': Buffer.byteLength(body) } : {}),
          },
        },
        resolve,
      );
      const end = (): void => void asked.destroy(new Error('it took too long, or was ended'));
      for (const one of [over, signal]) {
        if (one?.aborted === true) end();
        one?.addEventListener('abort', end);
        asked.once('close', () => one?.removeEventListener('abort', end));
      }
      // A hub that lets nobody connect is noticed although no answer has begun.
      asked.setTimeout(TIMEOUT, end);
      asked.on('error', reject);
      asked.end(body);
    });
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > MOST_ANSWER) throw new Error('the answer is too long');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function readAnswer({ headers }: IncomingMessage, text: string): Omit<Answer, 'status'> {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { value: undefined, code: undefined, retryAfter };
  }
  const code = (value as { code?: unknown } | null)?.code;
  return { value, code: typeof code === 'string' ? code.slice(0, 64) : undefined, retryAfter };
}

/** What a connection that failed means for whoever has to act. */
export function linkErrorOf(cause: Error & { readonly code?: string }): AgentError {
  const { code = '', message } = cause;
  const detail = code === '' ? message : `${code}: ${message}`;
  if (code === 'CERT_NOT_YET_VALID' || code === 'CERT_HAS_EXPIRED')
    return { code: 'LINK_CLOCK', detail: `the clock here says ${new Date().toISOString()}` };
  const isOther = code.startsWith('ERR_TLS_CERT') || /CERT|VERIFY|SELF_SIGNED|ISSUER/.test(code);
  return { code: isOther ? 'LINK_HUB_FALSE' : 'LINK_AWAY', detail };
}

/** What an answer that is no success means. */
export function refusalIn({ status, code, value }: Answer): AgentError {
  const { message = '', help = '' } = (value ?? {}) as { message?: unknown; help?: unknown };
  const detail = `${code ?? status}: ${String(message).slice(0, 300)} ${String(help).slice(0, 300)}`.trim();
  if (code === 'AGENT_REVOKED') return { code: 'LINK_REVOKED', detail };
  if (code === 'AGENT_CERTIFICATE_OVER') return { code: 'LINK_CERTIFICATE_OVER', detail };
  return { code: 'LINK_REFUSED', detail };
}
