/**
 * Following files, as `tail -F` does, with the difference that nothing is read twice or left out over a restart: each
 * arrival carries the file and the offset behind its lines, and both are on disk together.
 */
import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Intake } from '../../../flow/intake-types.ts';
import { DEFAULT_TIMES, FollowedFile, type FollowTimes } from './followed-file.ts';
import type { Destination, SocketsLog } from './listener.ts';
import { Refusals } from './refusals.ts';

/** Files to follow. */
export type FollowConfig = {
  readonly files: readonly ({ readonly path: string } & Destination)[];
  readonly times?: Partial<FollowTimes>;
};

/** Files that are being followed. */
export type Follower = {
  /** Reads nothing more; resolves when what was handed over has an outcome. */
  close(): Promise<void>;
};

/** Begins to follow; files that are not there yet are waited for. */
export function startFollowing(config: FollowConfig, intake: Intake, log: SocketsLog): Follower {
  const times = { ...DEFAULT_TIMES, ...config.times };
  const refusals = new Refusals(intake, 'file', log);
  const followed = config.files.map(({ path, ...destination }) => {
    const file = new FollowedFile(path, destination, times, intake, refusals, log);
    const watcher = hintsOf(path, () => file.hint());
    return { file, watcher, running: file.run() };
  });
  return {
    close: async () => {
      for (const { file, watcher } of followed) {
        watcher?.close();
        file.stop();
      }
      await Promise.all(followed.map(({ running }) => running));
    },
  };
}

/** Asks the system to tell of changes: a hint that saves waiting. Where there is none, looking at times is enough. */
function hintsOf(path: string, hint: () => void): FSWatcher | undefined {
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
      if (name === null || name === basename(path)) hint();
    });
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}
