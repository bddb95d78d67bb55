/** The first state of a roll, from its files: every record's handle and leaf, and nothing personal. */
import { err, ok, type Result } from '@bellwether/basics';
import { decodeBase64, type Hasher } from '@bellwether/evidence';
import { type GenesisEntry, hexOf, MAX_STATE_FILE, type PrefixTree, readState } from '@bellwether/rolls';
import type { VerifyError } from '../errors.ts';
import { logAway } from './log-source.ts';
import type { AheadSource } from './read-ahead.ts';

/**
 * Leaves that a genesis may tell: three times the registrations of the largest state. What is beyond would ask for more memory than
 * people's computers have.
 */
const MOST_LEAVES = 70_000_000;

/** Bytes of a place of a tile, of which a tile has a power of two. */
const PLACE = 33;

/** How replay is watched and ended. */
export type ReplayWatch = {
  /** What is read at the moment: files of the first state by records, or entries; `done` of `all`. */
  readonly onProgress: (what: 'state' | 'entries', done: number, all: number) => void;
  /** Lets the program look up from its work; true: stop. Asked now and then. */
  readonly isStopped: () => Promise<boolean>;
};

/** Files between two looks up: some milliseconds of work. */
const FILES_BETWEEN = 256;

/** Reads the state of a genesis and compares its root. */
export async function readGenesisState(
  hasher: Hasher,
  source: AheadSource,
  { root, bucketBits, leaves }: GenesisEntry,
  { onProgress, isStopped }: ReplayWatch,
): Promise<Result<PrefixTree, VerifyError>> {
  if (leaves > MOST_LEAVES)
    return logAway(`the first state has ${leaves} records, and ${MOST_LEAVES} are the most`);
  let failed: Result<never, VerifyError> | null = null;
  let files = 0;
  let records = 0;
  const state = await readState(hasher, decodeBase64(root)!, bucketBits, leaves, async (name) => {
    if (++files % FILES_BETWEEN === 0) {
      onProgress('state', records, leaves);
      if (await isStopped()) failed = err({ code: 'VERIFY_STOPPED', detail: 'within the first state' });
    }
    if (failed === null) {
      const read = await source.readPath(`state/${name}`, MAX_STATE_FILE);
      if (read.isOk() && read.value !== null) {
        const below = placesOf(read.value);
        if (below === null) records += read.value.length / 64;
        else source.expectNext(below, MAX_STATE_FILE);
        return ok(read.value);
      }
      failed = read.isErr() ? read : logAway(`state/${name} is not there`);
    }
    return err({ code: 'ROLLS_STATE_DIFFERS', detail: name });
  });
  return failed ?? state;
}

/** Names of the files below a tile, in the order in which they are read; null for a bucket. */
function placesOf(file: Uint8Array): readonly string[] | null {
  const places = file.length / PLACE;
  if (!Number.isInteger(Math.log2(places))) return null;
  const names: string[] = [];
  for (let at = 0; at < file.length; at += PLACE) {
    const kind = file[at]!;
    if (kind > 2) return null;
    if (kind > 0) names.push(`state/${hexOf(file.subarray(at + 1, at + PLACE))}`);
  }
  return names;
}
