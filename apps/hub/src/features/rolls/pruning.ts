/**
 * Files of old states. Each night writes what it changed, some forty megabytes in a large state; what only old states need is removed
 * after `STATES_KEPT_DAYS`. The genesis lies apart and is kept for ever: from it and the log anybody makes every state again.
 */
import { readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { decodeBase64, type Hasher } from '@bellwether/evidence';
import { type FetchState, namesOfState, type RollsError } from '@bellwether/rolls';
import type { Holding } from './holding.ts';
import { nightFile } from './night-views.ts';

/**
 * Days for which the state of every night can be asked for, as `/log/` tells: a receipt is checked against the newest, and auditors ask
 * within days.
 */
export const STATES_KEPT_DAYS = 35;

const DAY = 86_400_000;

/** A file of a state, by its name. Extracts lie in a folder of their own. */
const STATE_FILE = /^[0-9a-f]{64}$/;

/** A state that was sealed. */
export type SealedState = {
  /** Base64. */
  readonly root: string;
  readonly bucketBits: number;
  /** When it was sealed, ISO 8601. */
  readonly at: string;
};

/**
 * Removes what no kept state needs; how many files. `states`: all that were sealed, the newest of which is always kept. A file that is
 * younger than the kept days is left alone, so that a night which is being written loses nothing.
 */
export async function pruneStates(
  folder: string,
  states: readonly SealedState[],
  hasher: Hasher,
  now: number,
): Promise<Result<number, RollsError>> {
  const first = now - STATES_KEPT_DAYS * DAY;
  const old = await oldFiles(folder, first);
  // Most nights there is nothing to do: then no tile is read.
  if (old.length === 0 || states.length === 0) return ok(0);
  const needed = new Set<string>();
  const visit = (name: string): boolean => !needed.has(name) && needed.add(name).has(name);
  for (const [i, { root, bucketBits, at }] of states.entries()) {
    if (i < states.length - 1 && Date.parse(at) < first) continue;
    const named = await namesOfState(hasher, decodeBase64(root)!, bucketBits, fileIn(folder), visit);
    // A file is missing or damaged: nothing is removed, which could be the only other copy of something.
    if (named.isErr()) return named;
  }
  const unneeded = old.filter((name) => !needed.has(name));
  for (const name of unneeded) await unlink(join(folder, name));
  return ok(unneeded.length);
}

/** The sealed states that are kept, oldest first; none where a night among them cannot be read. */
export async function keptStates(
  paths: Holding['paths'],
  epoch: number,
  now: number,
): Promise<readonly SealedState[]> {
  const first = now - STATES_KEPT_DAYS * DAY;
  const kept: SealedState[] = [];
  for (let night = epoch; night > 0; night--) {
    const file = await nightFile({ paths }, night);
    if (file === null) return [];
    kept.unshift(file);
    if (Date.parse(file.at) < first) break;
  }
  return kept;
}

async function oldFiles(folder: string, first: number): Promise<readonly string[]> {
  const old: string[] = [];
  for (const name of await readdir(folder)) {
    if (STATE_FILE.test(name) && (await stat(join(folder, name))).mtimeMs < first) old.push(name);
  }
  return old;
}

function fileIn(folder: string): FetchState {
  return async (name) => {
    for (const path of [join(folder, name), join(folder, 'genesis', name)]) {
      const bytes = await readFile(path).catch(() => null);
      if (bytes !== null) return ok(bytes);
    }
    return err({ code: 'ROLLS_STATE_DIFFERS', detail: `the file ${name} of a state is not there` });
  };
}
