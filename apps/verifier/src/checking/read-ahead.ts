/** Reading ahead of what is needed next: over a network, the time until an answer comes is what replay would spend waiting. */
import type { Result } from '@bellwether/basics';
import type { VerifyError } from '../errors.ts';
import type { LogSource } from './log-source.ts';

/** A source that is told what will be read next. What is expected has to be read, in that order or nearly so. */
export type AheadSource = LogSource & {
  /** These come next, before whatever was expected so far. */
  expectNext(paths: readonly string[], most: number): void;
  /** These come behind whatever was expected so far. */
  expectLater(paths: readonly string[], most: number): void;
};

/** Reads up to `atOnce` files before they are asked for. 0 reads none ahead. */
export function readingAhead(source: LogSource, atOnce: number): AheadSource {
  const waiting: { readonly path: string; readonly most: number }[] = [];
  const running = new Map<string, Promise<Result<Uint8Array | null, VerifyError>>>();

  function startMore(): void {
    while (running.size < atOnce) {
      const next = waiting.pop();
      if (next === undefined) return;
      if (!running.has(next.path)) running.set(next.path, source.readPath(next.path, next.most));
    }
  }

  return {
    expectNext(paths, most) {
      if (atOnce === 0) return;
      // The last of the list is the next: taking from an end costs nothing.
      for (let at = paths.length - 1; at >= 0; at--) waiting.push({ path: paths[at]!, most });
      startMore();
    },
    expectLater(paths, most) {
      if (atOnce === 0) return;
      waiting.unshift(...paths.map((path) => ({ path, most })).reverse());
      startMore();
    },
    async readPath(path, most) {
      const ahead = running.get(path);
      if (ahead === undefined) {
        const expected = waiting.findLastIndex((one) => one.path === path);
        if (expected >= 0) waiting.splice(expected, 1);
        return source.readPath(path, most);
      }
      const read = await ahead;
      running.delete(path);
      startMore();
      return read;
    },
  };
}
