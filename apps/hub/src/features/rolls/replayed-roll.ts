/**
 * The fold of the log as it is on this disk: the genesis state from its tiles, and every entry since. The holder of the roll
 * computes it when it opens, by the same rules as anybody who verifies, and folds each entry before it goes into the log: what
 * the fold refuses never gets there.
 */
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { decodeBase64, formatEntries } from '@bellwether/evidence';
import {
  beginFold,
  type Fold,
  type FoldEvent,
  type FoldTools,
  MAX_STATE_FILE,
  parseEntry,
  type RollsError,
  readState,
} from '@bellwether/rolls';
import type { EvidenceLog } from '../../platform/evidence/log-types.ts';
import { type RollError, rollRefused } from './errors.ts';
import { readBounded } from './roll-files.ts';

/** Takes what the fold tells of entries, in their order. */
export type FoldListener = (event: FoldEvent) => void;

/** Replays the log from the genesis entry at `genesis` to its end. */
export async function replayRoll(
  tools: FoldTools,
  log: EvidenceLog,
  publicFolder: string,
  genesis: bigint,
  listener: FoldListener,
): Promise<Result<Fold, RollError>> {
  const first = await log.entry(genesis);
  if (first.isErr()) return rollRefused('ROLL_DAMAGED', first.error.detail);
  const entry = first.value === null ? undefined : parseEntry(first.value);
  if (entry === undefined || entry.isErr() || entry.value === 'other' || !('type' in entry.value)) {
    return rollRefused('ROLL_DAMAGED', `entry ${genesis} of the log is no genesis`);
  }
  if (entry.value.type !== 'genesis') {
    return rollRefused('ROLL_DAMAGED', `entry ${genesis} of the log is no genesis`);
  }
  const { bucketBits, leaves } = entry.value;
  const root = decodeBase64(entry.value.root)!;
  const fetch = stateFetch(publicFolder);
  const state = await readState(tools.hasher, root, bucketBits, leaves, fetch);
  if (state.isErr()) return rollRefused('ROLL_DAMAGED', state.error.detail);
  const begun = beginFold(tools, genesis, first.value!, state.value);
  if (begun.isErr()) return rollRefused('ROLL_DAMAGED', begun.error.detail);
  const fold = begun.value;
  listener({ index: genesis, entry: entry.value });
  for await (const { first: at, entries } of log.bundles(genesis + 1n, log.size)) {
    const folded = await fold.foldEntries(at, formatEntries(entries), entries.length);
    if (folded.isErr()) return rollRefused('ROLL_DAMAGED', folded.error.detail);
    for (const event of folded.value) listener(event);
  }
  const settled = await fold.settleSignatures();
  return settled.isErr() ? rollRefused('ROLL_DAMAGED', settled.error.detail) : ok(fold);
}

/** Reads state tiles from the public folder; those of the genesis lie in a folder of their own, where nothing is pruned. */
function stateFetch(folder: string): (name: string) => Promise<Result<Uint8Array, RollsError>> {
  return async (name) => {
    const path = join(folder, 'genesis', name);
    const bytes =
      (await readBounded(path, MAX_STATE_FILE)) ?? (await readBounded(join(folder, name), MAX_STATE_FILE));
    if (bytes !== null) return ok(Uint8Array.from(bytes));
    return err({ code: 'ROLLS_STATE_DIFFERS', detail: `${path} is missing` });
  };
}
