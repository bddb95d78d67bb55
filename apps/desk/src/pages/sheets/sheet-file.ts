/**
 * A sheet as a file, with all its pages. It holds what this page shows and not the four words: whoever reads it has to find
 * them without this page.
 */
import type { SheetAnswer } from '@bellwether/api';
import { ask, HubProblem } from '../../api/ask.ts';
import { type SheetRef, sheetPath } from './queries.ts';
import { SHEETS } from './texts.ts';

/** Says what the file is. */
const SCHEMA = 'bellwether/sheet-shown@1';

/** Fetches every page; a sheet that changes meanwhile is not saved. */
export async function sheetFile(ref: SheetRef): Promise<{ readonly file: Blob; readonly name: string }> {
  const first = await ask<SheetAnswer>(sheetPath(ref), { page: 1 });
  const changes = [...first.changes];
  for (let page = 2; page <= first.pages; page++) {
    const next = await ask<SheetAnswer>(sheetPath(ref), { page });
    if (next.root !== first.root) throw changed();
    changes.push(...next.changes);
  }
  const { sheet, root } = first;
  const text = JSON.stringify({ schema: SCHEMA, sheet, root, changes }, undefined, 1);
  return {
    file: new Blob([`${text}\n`], { type: 'application/json' }),
    name: `sheet-${ref.office}-${ref.day}-${ref.sequence}.json`,
  };
}

function changed(): HubProblem {
  return new HubProblem(0, {
    code: 'ROLL_SHEET_CHANGED',
    message: SHEETS.could.changed,
    help: SHEETS.could.look,
  });
}
