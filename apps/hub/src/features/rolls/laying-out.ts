/**
 * From a capture to sheets. A capture holds everything in which the live database differs from the signed state, so laying
 * out is comparing it with the sheets that are open:
 *
 *     on an open sheet as it is now            stays there
 *     on an open sheet, but changed further    moves to the newest sheet, with both differences
 *     on no sheet                              goes to today's sheet of its office
 *     on an open sheet, and no difference any more     is taken off
 *     refused or expired as it is now          stays unauthorised, and is not asked again
 *
 * A change that nothing stands behind is on no sheet. One of a feed goes to that feed's key. Protected voters: protected.ts.
 */
import { canonicalText } from './completing.ts';
import { type OddContext, oddReasons } from './odd-changes.ts';
import { isPadding } from './protected.ts';
import type { Change, Sheet, SheetChange } from './rolls-files.ts';

/** What a capture becomes. */
export type LaidOut = {
  /** By office: changes of sheets that stay open, by the key of the sheet, and those for a new sheet or today's. */
  readonly kept: ReadonlyMap<string, readonly SheetChange[]>;
  readonly fresh: ReadonlyMap<string, readonly Change[]>;
  /** By office and feed. */
  readonly fed: ReadonlyMap<string, readonly Change[]>;
  readonly guarded: readonly Change[];
  /** Nothing stands behind these, or they were refused, or have expired. */
  readonly unauthorised: readonly Change[];
};

/** Key of a sheet: its file below `sheets/`. */
export function sheetKey({ office, day, sequence }: Pick<Sheet, 'office' | 'day' | 'sequence'>): string {
  return `${office}/${day}.${sequence}`;
}

/** Sorts the changes of a capture. `sheets`: open ones, and those in which something was refused or has expired. */
export function sortChanges(
  changes: readonly Change[],
  sheets: readonly Sheet[],
  feeds: readonly string[],
  between: Readonly<Record<string, string>>,
): LaidOut {
  const open = new Map<string, { readonly key: string; readonly change: SheetChange }>();
  const closed = new Set<string>();
  for (const sheet of sheets) {
    const refused = new Set(sheet.refused);
    for (const change of sheet.changes) {
      const isOut = refused.has(change.recordId);
      if (isOut || sheet.state === 'refused' || sheet.state === 'expired') closed.add(changeKey(change));
      // What is refused on an open sheet stays on it, so that whoever refused it sees it.
      if (sheet.state === 'awaiting') open.set(change.recordId, { key: sheetKey(sheet), change });
    }
  }
  const kept = new Map<string, SheetChange[]>();
  const fresh = new Map<string, Change[]>();
  const fed = new Map<string, Change[]>();
  const guarded: Change[] = [];
  const unauthorised: Change[] = [];
  for (const change of changes) {
    const source = change.transaction?.source;
    const known = open.get(change.recordId);
    // Whose old handle was closed is opened again by no transaction of that day.
    if (change.isProtected && between[change.recordId] !== undefined) guarded.push(change);
    else if (change.fault !== null) unauthorised.push(change);
    else if (known !== undefined && changeKey(known.change) === changeKey(change))
      push(kept, known.key, known.change);
    else if (closed.has(changeKey(change))) unauthorised.push(change);
    else if (change.isProtected) guarded.push(change);
    else if (source !== undefined && feeds.includes(source))
      push(fed, `${change.office} feed:${source}`, change);
    else push(fresh, change.office, change);
  }
  return { kept, fresh, fed, guarded, unauthorised };
}

/** The changes of one sheet, ready to be signed, odd ones first. */
export function sheetChanges(
  completed: ReadonlyMap<string, SheetChange>,
  changes: readonly Change[],
  context: OddContext,
): readonly SheetChange[] {
  const reasons = oddReasons(changes, context);
  return changes
    .map(({ recordId }) => ({ ...completed.get(recordId)!, odd: reasons.get(recordId) ?? [] }))
    .sort((a, b) => Number(b.odd.length > 0) - Number(a.odd.length > 0));
}

/** What a change is, but for where it stands: two with the same key are the same change of the same record. */
function changeKey({ recordId, kind, after, transaction }: Change): string {
  return JSON.stringify([
    recordId,
    kind,
    after === null ? null : canonicalText(after),
    transaction?.id ?? null,
  ]);
}

/** How many by class, as the clerk is told; padding is none. */
export function classesOf(changes: readonly Pick<Change, 'class' | 'recordId'>[]): Sheet['classes'] {
  const classes: Partial<Record<Change['class'], number>> = {};
  for (const change of changes) {
    if (!isPadding(change)) classes[change.class] = (classes[change.class] ?? 0) + 1;
  }
  return classes;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [value]);
  else there.push(value);
}
