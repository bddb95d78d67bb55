/** What a change needs to become an item: the handle, the version after it, the leaf before and the leaf after. */
import { ok, type Result } from '@bellwether/basics';
import type { Hasher } from '@bellwether/evidence';
import {
  canonicalFields,
  commitment,
  type Fold,
  GROUPS,
  HANDLE_SIZE,
  hexOf,
  NO_LEAF,
  opening,
  type RollFields,
  recordLeaf,
} from '@bellwether/rolls';
import { bytesOfHex } from './batches.ts';
import { type RollError, rollRefused } from './errors.ts';
import type { VoterKeys } from './roll-ports.ts';
import type { Change, SheetChange } from './rolls-files.ts';

/** What completing takes. */
export type Completing = {
  readonly fold: Fold;
  readonly hasher: Hasher;
  readonly keys: VoterKeys;
  /** Handle of a record in the state; undefined: it has none. */
  readonly handleOf: (recordId: string) => Uint8Array | undefined;
  /** Bytes that nobody can guess: a handle, a voter's key. */
  readonly random: (bytes: number) => Uint8Array;
};

/** Completes changes. New records get a handle and a key, which is in the vault when this resolves. */
export async function completeChanges(
  completing: Completing,
  changes: readonly Change[],
  again: ReadonlyMap<string, string>,
): Promise<Result<readonly SheetChange[], RollError>> {
  const { fold, random, keys } = completing;
  const handles: Uint8Array[] = [];
  const made: { readonly handles: Uint8Array[]; readonly keys: Uint8Array[] } = { handles: [], keys: [] };
  for (const change of changes) {
    const known = completing.handleOf(change.recordId);
    const given = again.get(change.recordId);
    if (change.kind !== 'new' && (known === undefined || fold.versionOf(known) === 0)) {
      return rollRefused('ROLL_DAMAGED', `record ${change.recordId} is ${change.kind} and not in the state`);
    }
    const handle =
      change.kind === 'new' ? (given === undefined ? random(HANDLE_SIZE) : bytesOfHex(given)) : known!;
    handles.push(handle);
    if (change.kind === 'new' && given === undefined) {
      made.handles.push(handle);
      made.keys.push(random(HANDLE_SIZE));
    }
  }
  if (made.handles.length > 0) {
    const added = await keys.addKeys(made.handles, made.keys);
    if (added.isErr()) return added;
  }
  const held = await keys.keysFor(handles);
  if (held.isErr()) return held;
  const done: SheetChange[] = [];
  for (const [at, change] of changes.entries()) {
    const key = held.value[at];
    if (key == null && change.kind !== 'removed') {
      return rollRefused('ROLL_DAMAGED', `the vault has no key for record ${change.recordId}`);
    }
    done.push(completed(completing, change, handles[at]!, key ?? null));
  }
  return ok(done);
}

/** The canonical fields as text: equal for equal fields. */
export function canonicalText(fields: RollFields): string {
  return GROUPS.map((group) => Buffer.from(canonicalFields(fields, group)).toString('base64')).join('.');
}

/** The leaf of a version of a record. */
export function leafOf(hasher: Hasher, key: Uint8Array, version: number, fields: RollFields): Uint8Array {
  const [open, identity, administrative] = GROUPS.map((group) =>
    commitment(hasher, opening(hasher, key, version, group), group, version, canonicalFields(fields, group)),
  );
  return recordLeaf(hasher, version, [open!, identity!, administrative!]);
}

function completed(
  { fold, hasher }: Completing,
  change: Change,
  handle: Uint8Array,
  key: Uint8Array | null,
): SheetChange {
  const version = change.kind === 'new' ? 1 : fold.versionOf(handle) + 1;
  const oldLeaf = change.kind === 'new' ? NO_LEAF : fold.state.leafAt(fold.state.find(handle));
  const newLeaf = change.after === null ? NO_LEAF : leafOf(hasher, key!, version, change.after);
  return {
    ...change,
    handle: hexOf(handle),
    version,
    oldLeaf: hexOf(oldLeaf),
    newLeaf: hexOf(newLeaf),
    odd: [],
  };
}
