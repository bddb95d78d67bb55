/** Asking the hub over HTTP: bounded, with an end, and without being led elsewhere. What it says is believed only when signed. */
import { err, ok, type Result } from '@bellwether/basics';
import type { AgentError } from '../errors.ts';

/** How long one question may take, in ms: a checkpoint or a tile is a few KB, and a county's line may be slow. */
const TIMEOUT_MS = 20_000;

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
};

/** The hub at an address, `https://hub.example.gov` for one. `stop` ends what is under way. */
export function hubClient(address: string, stop: AbortSignal): HubClient {
  const base = `${address.replace(/\/+$/, '')}/log/`;

  async function askHub(path: string, init: RequestInit): Promise<Result<Response, AgentError>> {
    try {
      const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)]);
      return ok(await fetch(new URL(path, base), { ...init, redirect: 'error', signal }));
    } catch (cause) {
      return away(`${path}: ${reasonOf(cause)}`);
    }
  }

  return {
    async fetchBytes(path, maxBytes) {
      const response = await askHub(path, {});
      if (response.isErr()) return response;
      const { status } = response.value;
      if (status !== 200) {
        await response.value.body?.cancel().catch(() => {});
        return status === 404 ? ok(null) : away(`${path} is answered with ${status}`);
      }
      return await bodyOf(response.value, path, maxBytes);
    },
    async postNote(path, note) {
      const headers = { 'content-type': 'text/plain; charset=utf-8' };
      const response = await askHub(path, { method: 'POST', body: note, headers });
      if (response.isErr()) return response;
      const body = await bodyOf(response.value, path, MAX_ANSWER_BYTES);
      return body.map((bytes) => ({
        status: response.value.status,
        body: Buffer.from(bytes).toString('utf8').trim(),
      }));
    },
  };
}

async function bodyOf(
  response: Response,
  path: string,
  maxBytes: number,
): Promise<Result<Uint8Array, AgentError>> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of response.body ?? []) {
      bytes += piece.length;
      // Leaving the loop ends the transfer.
      if (bytes > maxBytes) return away(`${path} is longer than ${maxBytes} bytes`);
      pieces.push(piece);
    }
  } catch (cause) {
    return away(`${path}: ${reasonOf(cause)}`);
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
