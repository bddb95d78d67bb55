/**
 * Protected voters (address confidentiality). Their changes never go by office: they stand in batches of the state, which are
 * filled up with changes of records that stand for nobody, so that neither the number nor the moment tells much. One who moves
 * gets a new handle: the old one is closed in one batch, and the new one opened in a later one, some nights after.
 */
import type { Fold } from '@bellwether/rolls';
import { hexOf } from '@bellwether/rolls';
import type { Change, SheetChange } from './rolls-files.ts';

/** Most nights between closing the old handle and opening the new one: each of one to five is as likely. */
export const MOST_NIGHTS_BETWEEN = 5;

/** What stands before the handle in the record number of padding; no vendor's number has a control character. */
const PADDING = '\u0001padding ';

const DAY = 86_400_000;

/** `protected.json`: protected voters between two handles, with the day from which the new one may be opened. */
export type Between = {
  readonly schema: 'bellwether/between@1';
  readonly records: Readonly<Record<string, string>>;
};

/** Whether a change is padding. */
export function isPadding({ recordId }: Pick<Change, 'recordId'>): boolean {
  return recordId.startsWith(PADDING);
}

/** What of the changes of protected voters goes on the sheet of a day, and who is between two handles after it. */
export function guardedChanges(
  changes: readonly Change[],
  between: Between['records'],
  day: string,
  chance: (below: number) => number,
): { readonly now: readonly Change[]; readonly between: Between['records'] } {
  const now: Change[] = [];
  const after: Record<string, string> = {};
  for (const change of changes) {
    const { recordId } = change;
    const waits = between[recordId];
    if (change.kind === 'changed' && change.fields.some((field) => field.includes('.address.'))) {
      now.push({ ...change, kind: 'removed', after: null, fields: [] });
      after[recordId] = dayAfter(day, 1 + chance(MOST_NIGHTS_BETWEEN));
    } else if (change.kind === 'new' && waits !== undefined && waits > day) {
      after[recordId] = waits;
    } else {
      now.push(change);
      // Until its batch is signed: nothing of that day stands behind it.
      if (change.kind === 'new' && waits !== undefined) after[recordId] = waits;
    }
  }
  return { now, between: after };
}

/**
 * Padding for so many changes: records that stand for nobody get a new leaf, each the next version. Null where there is not
 * enough of it. Chosen by chance, so that no record is changed more often than others.
 */
export function paddingFor(
  fold: Fold,
  padding: readonly Uint8Array[],
  count: number,
  random: (bytes: number) => Uint8Array,
  chance: (below: number) => number,
): readonly SheetChange[] | null {
  const left = padding.filter((handle) => fold.versionOf(handle) > 0);
  if (left.length < count) return null;
  const chosen: SheetChange[] = [];
  for (let i = 0; i < count; i++) {
    const [handle] = left.splice(chance(left.length), 1);
    chosen.push(paddingChange(fold, handle!, random(32)));
  }
  return chosen;
}

function paddingChange(fold: Fold, handle: Uint8Array, leaf: Uint8Array): SheetChange {
  return {
    recordId: `${PADDING}${hexOf(handle)}`,
    office: 'state',
    kind: 'changed',
    class: 'other',
    handle: hexOf(handle),
    fields: [],
    before: null,
    after: null,
    isProtected: true,
    transaction: null,
    fault: null,
    version: fold.versionOf(handle) + 1,
    oldLeaf: hexOf(fold.state.leafAt(fold.state.find(handle))),
    newLeaf: hexOf(leaf),
    odd: [],
  };
}

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00Z`) + days * DAY).toISOString().slice(0, 10);
}
