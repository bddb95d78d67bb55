/** Asking the hub over HTTP: bounded, with an end, and without being led elsewhere. What it says is believed only when signed. */
import { err, ok, type Result } from '@bellwether/basics';
import type { AgentError } from '../errors.ts';

/** How long one question may take, in ms: a checkpoint or a tile is a few KB, and a county's line may be slow. */
const TIMEOUT_MS = 20_000;

/** How long openings may take, in ms: the largest office has half a gigabyte, over a county's line. */
const OPENINGS_MS = 3_600_000;

/** Longest answer to something that is sent: a sentence, or a size. */
const MAX_ANSWER_BYTES = 4_096;

/** A hub. */
export type HubClient = {
  /** The bytes at a path below `/log/`; null where there is nothing. */
  fetchBytes(path: string, maxBytes: number): Promise<Result<Uint8Array | null, AgentError>>;
  /** Sends a note; gives the status and the answer. */
  postNote(
    path: string,
    note: string,
  ): Promise<Result<{ readonly status: number; readonly body: string }, AgentError>>;
  /** Sends a request for openings; `take` gets the answer piece by piece, and ends it by false. */
  askOpenings(note: string, take: (piece: Uint8Array) => boolean): Promise<Result<void, AgentError>>;
};

/** The hub at an address, `https://hub.example.gov` for one. `stop` ends what is under way. */
export function hubClient(address: string, stop: AbortSignal): HubClient {
  const base = `${address.replace(/\/+$/, '')}/log/`;

  /** Asks, and reads the answer within the same time. Not `AbortSignal.any`: it would keep a bit of each question for ever. */
  async function askHub<T>(
    path: string,
    init: RequestInit,
    answerOf: (response: Response) => Promise<Result<T, AgentError>>,
    within = TIMEOUT_MS,
  ): Promise<Result<T, AgentError>> {
    const over = new AbortController();
    const abort = (): void => over.abort();
    const timer = setTimeout(
      () => over.abort(new Error(`no answer within ${within / 1000} seconds`)),
      within,
    );
    stop.addEventListener('abort', abort);
    try {
      return await answerOf(
        await fetch(new URL(path, base), { ...init, redirect: 'error', signal: over.signal }),
      );
    } catch (cause) {
      return away(`${path}: ${reasonOf(cause)}`);
    } finally {
      clearTimeout(timer);
      stop.removeEventListener('abort', abort);
    }
  }

  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return {
    fetchBytes(path, maxBytes) {
      return askHub<Uint8Array | null>(path, {}, async (response) => {
        if (response.status === 200) return await bodyOf(response, path, maxBytes);
        await response.body?.cancel().catch(() => {});
        return response.status === 404 ? ok(null) : away(`${path} is answered with ${response.status}`);
      });
    },
    askOpenings(note, take) {
      const init = { method: 'POST', body: note, headers };
      const answerOf = async (response: Response): Promise<Result<void, AgentError>> => {
        if (response.status !== 200) {
          const told = (await bodyOf(response, 'openings', MAX_ANSWER_BYTES)).map((bytes) =>
            Buffer.from(bytes).toString('utf8').trim(),
          );
          return told.isErr() ? told : away(`openings: ${response.status} ${told.value}`);
        }
        // Leaving the loop ends the transfer.
        for await (const piece of response.body ?? []) if (!take(piece)) return ok();
        return ok();
      };
      return askHub<void>('openings', init, answerOf, OPENINGS_MS);
    },
    postNote(path, note) {
      return askHub(path, { method: 'POST', body: note, headers }, async (response) => {
        const body = await bodyOf(response, path, MAX_ANSWER_BYTES);
        return body.map((bytes) => ({
          status: response.status,
          body: Buffer.from(bytes).toString('utf8').trim(),
        }));
      });
    },
  };
}

/** The body. Throws where the connection ends within it. */
async function bodyOf(
  response: Response,
  path: string,
  maxBytes: number,
): Promise<Result<Uint8Array, AgentError>> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.length;
    // Leaving the loop ends the transfer.
    if (bytes > maxBytes) return away(`${path} is longer than ${maxBytes} bytes`);
    pieces.push(piece);
  }
  return ok(Uint8Array.from(Buffer.concat(pieces)));
}

/** `fetch` says "fetch failed", and what failed in the cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message || message : message;
}

function away(detail: string): Result<never, AgentError> {
  return err({ code: 'WITNESS_HUB_AWAY', detail });
}
