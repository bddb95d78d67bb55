/** A command asks a hub over HTTP: with patience for one that is busy, and a sentence where it does not help. */
import { setTimeout as waitFor } from 'node:timers/promises';
import type { Problem } from '@bellwether/api';

/** Wait before the next try where the hub names none, ms. */
const NEXT_TRY = 1_000;

/** Longest answer of a hub, ms: a write to a slow disk takes a second, and what hangs should be said. */
const LONGEST_ANSWER = 60_000;

/** Where a hub is, ending in a slash, and the token that it asks for. */
export type HubAddress = { readonly url: string; readonly token: string };

/** A hub that cannot be reached, or that does not take what it is sent: expected, and said in one sentence. */
export class HubRefusal extends Error {
  /** Code of the problem that was answered; null: something else went wrong. */
  readonly code: string | null;

  constructor(message: string, code: string | null = null) {
    super(message);
    this.code = code;
  }
}

/** What is asked. `tries`: how often, where the hub is too busy or does not answer. */
export type Asked = {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: Uint8Array<ArrayBuffer> | string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly tries: number;
};

/** Asks until there is an answer that waiting does not change; null where it has no body. Throws `HubRefusal`. */
export async function askOfHub(
  { url, token }: HubAddress,
  { method, path, body, headers = {}, tries }: Asked,
): Promise<unknown> {
  for (let tried = 1; ; tried++) {
    let response: Response;
    try {
      response = await fetch(`${url}${path}`, {
        method,
        ...(body === undefined ? {} : { body }),
        headers: { ...headers, authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(LONGEST_ANSWER),
      });
    } catch (error) {
      if (tried >= tries) throw new HubRefusal(`${url} cannot be reached: ${reasonOf(error)}`);
      await waitFor(NEXT_TRY);
      continue;
    }
    const text = await response.text();
    if (response.ok) return text === '' ? null : JSON.parse(text);
    const busy = response.status === 429 || response.status === 503;
    if (!busy || tried >= tries) {
      const { code, said } = problemIn(text);
      throw new HubRefusal(`${method} ${path} was answered with ${response.status}: ${said}`, code);
    }
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    await waitFor(Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : NEXT_TRY);
  }
}

/** What a failed `fetch` says: the cause, where there is one. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** The sentence in a problem, or the beginning of whatever was answered instead. */
function problemIn(text: string): { readonly code: string | null; readonly said: string } {
  try {
    const { code, message, detail } = JSON.parse(text) as Partial<Problem>;
    const particulars = detail === undefined ? '' : ` (${detail})`;
    if (message !== undefined) return { code: code ?? null, said: `${message}${particulars} [${code}]` };
  } catch {
    // No JSON: something else than a hub answered.
  }
  return { code: null, said: text.slice(0, 200) };
}
