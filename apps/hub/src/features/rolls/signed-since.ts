/**
 * What was signed after a capture was taken. A capture tells how the live database differed from the state of its moment; of a record
 * that was signed since, it says nothing any more, and the next capture tells whether the record still differs. So only what starts from the
 * state as it is now is laid out.
 */
import { ok, type Result } from '@bellwether/basics';
import type { Capture } from './capture-files.ts';
import { leafOf } from './completing.ts';
import type { RollError } from './errors.ts';
import { type Holding, handleOf } from './holding.ts';
import type { Change } from './rolls-files.ts';

/** Changes of a capture that start from what is signed now. Nothing is read where nothing was signed since. */
export async function stillDifferent(
  holding: Holding,
  { head, changes }: Capture,
): Promise<Result<readonly Change[], RollError>> {
  const to = BigInt(head.to);
  const isSince = [...holding.batches.values()].some((index) => index >= to);
  if (!isSince) return ok(changes);
  const handles = changes.map(({ recordId }) => handleOf(holding, recordId));
  const known = handles.filter((handle) => handle !== undefined);
  const held = await holding.keys.keysFor(known);
  if (held.isErr()) return held;
  const keys = held.value.values();
  return ok(
    changes.filter((change, at) => {
      const handle = handles[at];
      const key = handle === undefined ? null : (keys.next().value ?? null);
      // What may not be signed is no question of before and after.
      return change.fault !== null || startsFromState(holding, change, handle, key);
    }),
  );
}

function startsFromState(
  { fold, tools }: Holding,
  change: Change,
  handle: Uint8Array | undefined,
  key: Uint8Array | null,
): boolean {
  if (handle === undefined) return change.kind === 'new';
  if (change.kind === 'new' || key === null || change.before === null) return false;
  const leaf = leafOf(tools.hasher, key, fold.versionOf(handle), change.before);
  return Buffer.compare(leaf, fold.state.leafAt(fold.state.find(handle))) === 0;
}
