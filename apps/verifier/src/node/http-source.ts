/** A log over HTTP: bounded, with an end, and without being led elsewhere. */
import { ok } from '@bellwether/basics';
import { type LogSource, logAway } from '../checking/log-source.ts';

/** How long one question may take, in ms: a bundle is 30 KB, and a line may be slow. */
const TIMEOUT_MS = 30_000;

/** The log at an address, `https://hub.example.gov/log/` for one. `stop` ends what is under way. */
export function httpSource(address: string, stop: AbortSignal): LogSource {
  const base = `${address.replace(/\/+$/, '')}/`;
  return {
    async readPath(path, most) {
      const over = new AbortController();
      const abort = (): void => over.abort();
      const timer = setTimeout(abort, TIMEOUT_MS);
      stop.addEventListener('abort', abort);
      try {
        const response = await fetch(new URL(path, base), { redirect: 'error', signal: over.signal });
        if (response.status !== 200) {
          await response.body?.cancel().catch(() => {});
          return response.status === 404 ? ok(null) : logAway(`${path} is answered with ${response.status}`);
        }
        const pieces: Uint8Array[] = [];
        let size = 0;
        for await (const piece of response.body ?? []) {
          size += piece.length;
          // Leaving the loop ends the transfer.
          if (size > most) return logAway(`${path} is longer than ${most} bytes`);
          pieces.push(piece);
        }
        return ok(Uint8Array.from(Buffer.concat(pieces)));
      } catch (error) {
        // `fetch` says "fetch failed", and what failed in the cause.
        const { message, cause } = error as Error;
        return logAway(
          `${path}: ${cause instanceof Error && cause.message !== '' ? cause.message : message}`,
        );
      } finally {
        clearTimeout(timer);
        stop.removeEventListener('abort', abort);
      }
    },
  };
}
