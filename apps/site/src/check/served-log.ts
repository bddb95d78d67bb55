/** A log at an address, read with the browser's own fetch: bounded, and led nowhere else. */
import { ok } from '@bellwether/basics';
import { type LogSource, logAway } from '@bellwether/verifier/checking';

/** How long one question may take, in ms: a poll book of a large precinct on a slow telephone. */
const TIMEOUT_MS = 60_000;

/** The log below `address`, which ends with a slash. */
export function servedLog(address: URL): LogSource {
  return {
    async readPath(path, most) {
      try {
        const response = await fetch(new URL(path, address), {
          redirect: 'error',
          credentials: 'omit',
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
        if (response.status === 404) return ok(null);
        if (response.status !== 200) return logAway(`${path} is answered with ${response.status}`);
        const bytes = await boundedBody(response, most);
        return bytes === null ? logAway(`${path} is longer than ${most} bytes`) : ok(bytes);
      } catch (error) {
        return logAway(`${path}: ${(error as Error).message}`);
      }
    },
  };
}

async function boundedBody(response: Response, most: number): Promise<Uint8Array | null> {
  const reader = response.body?.getReader();
  if (reader === undefined) return new Uint8Array(0);
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    size += piece.value.length;
    if (size > most) {
      await reader.cancel();
      return null;
    }
    pieces.push(piece.value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
