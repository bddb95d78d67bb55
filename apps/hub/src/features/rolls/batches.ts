/**
 * A batch made of the changes of a sheet: its items, their root, the claim that is signed, and the entries of the log. Items
 * stand in the order of their handles, which are random: so the log tells nothing of the order in which clerks worked.
 */
import { concat, encodeBase64, type Hasher } from '@bellwether/evidence';
import {
  type BatchEntry,
  batchClaim,
  claimBytes,
  type Fold,
  formatEntry,
  formatItem,
  type ItemCounts,
  itemsRoot,
  placeOf,
  secondOfficeNeeded,
} from '@bellwether/rolls';
import type { Sheet, SheetChange, SignedBatch } from './rolls-files.ts';

/** Changes that would be signed: all but those that were refused, by handle. */
export function signedChanges(
  changes: readonly SheetChange[],
  refused: readonly string[],
): readonly SheetChange[] {
  const out = new Set(refused);
  return changes
    .filter(({ recordId }) => !out.has(recordId))
    .sort((a, b) => (a.handle < b.handle ? -1 : Number(a.handle > b.handle)));
}

/** Items of a batch, one behind the other. */
export function itemsOf(batch: number, changes: readonly SheetChange[]): Uint8Array {
  return concat(...changes.map((change) => itemOf(batch, change)));
}

/** How many of each kind. */
export function countsOf(changes: readonly SheetChange[]): ItemCounts {
  const counts = { new: 0, changed: 0, removed: 0 };
  for (const { kind } of changes) counts[kind]++;
  return counts;
}

/** The entry of a sheet as it would be signed now, without signatures. */
export function batchOf(
  fold: Fold,
  hasher: Hasher,
  { office, source, day, batch, changes, refused }: Sheet,
): Omit<BatchEntry, 'signatures'> {
  const signed = signedChanges(changes, refused);
  return {
    type: 'batch',
    batch,
    office,
    source,
    day,
    sequence: fold.lastSequence(office, source) + 1,
    counts: countsOf(signed),
    root: encodeBase64(itemsRoot(hasher, itemsOf(batch, signed))),
  };
}

/** The bytes that a signer of the sheet signs. */
export function sheetClaim(fold: Fold, entry: Omit<BatchEntry, 'signatures'>): Uint8Array {
  return claimBytes(batchClaim(fold.genesis.origin, entry));
}

/** Why a second office has to sign; null if it need not. */
export function secondFor(fold: Fold, entry: Omit<BatchEntry, 'signatures'>): 'mass' | 'quiet' | null {
  return secondOfficeNeeded(fold.policy, entry, fold.recordsOf(entry.office), fold.lastSeal?.day ?? '');
}

/** Places that have to sign, for people: the own one, and whether another comes beside it. */
export function ownPlace(entry: Pick<BatchEntry, 'office' | 'source'>): string {
  return placeOf(entry);
}

/** What the log gets, in its order. */
export function entriesOf({ entry, changes }: SignedBatch): readonly Uint8Array[] {
  return [formatEntry(entry), ...changes.map((change) => itemOf(entry.batch, change))];
}

function itemOf(batch: number, { kind, version, handle, oldLeaf, newLeaf }: SheetChange): Uint8Array {
  return formatItem({
    batch,
    kind,
    version,
    handle: bytesOfHex(handle),
    oldLeaf: bytesOfHex(oldLeaf),
    newLeaf: bytesOfHex(newLeaf),
  });
}

/** Bytes of hex. */
export function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
