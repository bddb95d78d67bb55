/** All followed files of a sensor: paths as they are written in the settings, and what patterns in them match. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Feed } from '../feed.ts';
import { Pause } from '../pause.ts';
import { MOST_LINES_BYTES } from '../record.ts';
import { FOLLOW_TIMES, FollowedFile, type FollowTimes } from './followed-file.ts';
import { isRotatedName } from './rotations.ts';

/** Files that one pattern may match: a web server with a file for each site, and a bound on open files. */
const MOST_FILES = 256;

/** Something that is read until it is closed. */
export type Source = {
  /** Reads nothing more; resolves when what was handed over is on disk or given up. */
  close(): Promise<void>;
};

/** Begins to follow; files that are not there yet are waited for. */
export function followFiles(
  patterns: readonly string[],
  feed: Feed,
  times: Partial<FollowTimes> = {},
): Source {
  const all = { ...FOLLOW_TIMES, ...times };
  const pause = new Pause();
  const running = follow(patterns, feed, all, pause);
  return {
    close: async () => {
      pause.end();
      await running;
    },
  };
}

/** Whether a name fits a pattern of `*` (any characters) and `?` (one). In time linear in both, whatever the pattern. */
export function fitsPattern(name: string, pattern: string): boolean {
  let at = 0;
  let p = 0;
  let star = -1;
  let resume = 0;
  while (at < name.length) {
    if (p < pattern.length && (pattern[p] === '?' || pattern[p] === name[at]) && pattern[p] !== '*') {
      at += 1;
      p += 1;
    } else if (pattern[p] === '*') {
      star = p;
      resume = at;
      p += 1;
    } else if (star >= 0) {
      p = star + 1;
      resume += 1;
      at = resume;
    } else return false;
  }
  while (pattern[p] === '*') p += 1;
  return p === pattern.length;
}

async function follow(
  patterns: readonly string[],
  feed: Feed,
  times: FollowTimes,
  pause: Pause,
): Promise<void> {
  const buffer = Buffer.allocUnsafeSlow(MOST_LINES_BYTES);
  const files = new Map<string, FollowedFile>();
  let isTooMany = false;
  while (!pause.isOver) {
    for (const path of await matches(patterns)) {
      if (files.has(path)) continue;
      if (files.size >= MOST_FILES) {
        if (!isTooMany) feed.tell(`more than ${MOST_FILES} files match; ${path} is not read`);
        isTooMany = true;
        break;
      }
      files.set(path, new FollowedFile(path, feed, times, buffer));
    }
    let moved = false;
    for (const file of files.values()) {
      if (!pause.isOver && (await file.step())) moved = true;
    }
    if (!moved) await pause.wait(times.poll);
  }
  for (const file of files.values()) await file.close();
}

/** The paths to follow: written out, or matching. */
async function matches(patterns: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const name = basename(pattern);
    if (!/[*?]/.test(name)) {
      found.add(pattern);
      continue;
    }
    const folder = dirname(pattern);
    const names = (await readdir(folder).catch(() => [])).sort();
    for (const other of names)
      if (fitsPattern(other, name) && !isRotatedName(other)) found.add(join(folder, other));
  }
  return [...found];
}
