/** Sheets as the API tells them. Padding of protected voters is counted and not shown. */
import type { ChangeClassName, SheetAnswer, SheetSummary } from '@bellwether/api';
import { GROUPS } from '@bellwether/rolls';
import type { ToldTest } from './planted-looks.ts';
import { isPadding } from './protected.ts';
import type { PlantedChange, SheetChange, ShownSheet } from './rolls-files.ts';

/** Changes of a page: what somebody reads at one go. */
export const PAGE_CHANGES = 100;

/** A sheet without its changes. */
export function sheetSummary(sheet: ShownSheet, name: string): SheetSummary {
  const { office, day, sequence, state, changes, classes, needsSecond, signatures, until, doneAt } = sheet;
  return {
    office,
    name,
    day,
    sequence,
    state,
    changes: changes.filter((change) => !isPadding(change)).length,
    classes: Object.entries(classes).map(([is, count]) => ({
      class: is as ChangeClassName,
      count: count ?? 0,
    })),
    odd: changes.filter(({ odd }) => odd.length > 0).length,
    needsSecond,
    signatures: signatures.length,
    until,
    doneAt,
  };
}

/** A page of a sheet, from 1. `test`: what was planted on it, once that was told. */
export function sheetPage(
  sheet: ShownSheet,
  name: string,
  words: readonly string[],
  test: ToldTest | null,
  page: number,
): SheetAnswer {
  const shown = sheet.changes.filter((change) => !isPadding(change));
  const refused = new Set(sheet.refused);
  const from = (page - 1) * PAGE_CHANGES;
  return {
    sheet: sheetSummary(sheet, name),
    words: [...words],
    root: sheet.root,
    test,
    changes: shown.slice(from, from + PAGE_CHANGES).map((change) => changeView(change, refused)),
    page,
    pages: Math.max(1, Math.ceil(shown.length / PAGE_CHANGES)),
  };
}

/** A change as the sheet shows it. `refused`: record numbers. */
export function changeView(
  change: SheetChange | PlantedChange,
  refused: ReadonlySet<string>,
): SheetAnswer['changes'][number] {
  const { recordId, transaction, odd } = change;
  return {
    recordId,
    name: nameOf(change),
    class: change.class,
    fields: fieldsOf(change),
    odd: [...odd],
    by: transaction === null ? null : (transaction.clerk ?? transaction.source),
    at: transaction === null ? null : new Date(Date.parse(transaction.at)).toISOString(),
    refused: refused.has(recordId),
  };
}

/** Whose a change is, as far as a sheet says it: last name, first name. */
export function nameOf({ before, after }: Pick<SheetChange, 'before' | 'after'>): string {
  const fields = (after ?? before)?.public;
  return [fields?.['name.last'], fields?.['name.first']]
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
}

/** What differs: of a new or removed record everything that is not empty, of a changed one the fields that are named. */
function fieldsOf({
  kind,
  fields,
  before,
  after,
}: SheetChange | PlantedChange): SheetAnswer['changes'][number]['fields'] {
  const named = new Set(fields);
  return GROUPS.flatMap((group) => {
    const names = new Set([...Object.keys(before?.[group] ?? {}), ...Object.keys(after?.[group] ?? {})]);
    return [...names].sort().flatMap((name) => {
      const field = `${group}.${name}`;
      const [old, now] = [before?.[group][name] ?? null, after?.[group][name] ?? null];
      const shown = kind === 'changed' ? named.has(field) : (old ?? now ?? '') !== '';
      return shown ? [{ field, before: old, after: now }] : [];
    });
  });
}
