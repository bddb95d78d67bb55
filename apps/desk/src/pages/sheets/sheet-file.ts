/**
 * A sheet as a file, with all its changes and what its root is computed from. It does not hold the four words: whoever reads it has
 * to find them without this page.
 */
import type { SheetFile } from '@bellwether/api';
import { ask } from '../../api/ask.ts';
import { type SheetRef, sheetPath } from './queries.ts';

/** Asks the hub for the file. */
export async function sheetFile(ref: SheetRef): Promise<{ readonly file: Blob; readonly name: string }> {
  const file = await ask<SheetFile>(`${sheetPath(ref)}/file`);
  return {
    file: new Blob([`${JSON.stringify(file)}\n`], { type: 'application/json' }),
    name: `sheet-${ref.office}-${ref.day}-${ref.sequence}.json`,
  };
}
