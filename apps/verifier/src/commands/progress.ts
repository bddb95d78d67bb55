/** How far a replay is: one line on a terminal, written over; nothing where no person looks. */
import type { WriteStream } from 'node:tty';
import type { ReplayWatch } from '../checking/genesis-state.ts';

/** Ms between two lines: what an eye can follow. */
const EVERY_MS = 100;

/** Shows it on a stream. */
export function progressOn(stream: NodeJS.WriteStream & Partial<WriteStream>): {
  readonly show: ReplayWatch['onProgress'];
  readonly clear: () => void;
} {
  if (stream.isTTY !== true) return { show: () => {}, clear: () => {} };
  let last = 0;
  return {
    show(what, done, all) {
      const now = performance.now();
      if (now - last < EVERY_MS) return;
      last = now;
      const percent = all === 0 ? 100 : Math.floor((100 * done) / all);
      const words = what === 'state' ? 'reading the first list' : 'replaying the log';
      stream.write(`\r\x1b[K${words}: ${percent} %   (Ctrl-C stops)`);
    },
    clear: () => void stream.write('\r\x1b[K'),
  };
}
