/** Sheets on disk: `sheets/OFFICE/DAY.SEQUENCE.json`, and which of them the holder keeps in memory. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sheetKey } from './laying-out.ts';
import { namesIn, type RollPaths, readJson, writeJson } from './roll-files.ts';
import type { Sheet } from './rolls-files.ts';

/**
 * Days for which closed sheets are kept in memory: what was refused or has expired is told until it is explained, and two
 * months are more than any office takes. Their files stay.
 */
const KEPT_DAYS = 62;

const DAY = 86_400_000;
const NAME = /^(\d{4}-\d\d-\d\d)\.\d+\.json$/;

/** Reads sheets of the last days. */
export async function readSheets(paths: RollPaths, now: number): Promise<Map<string, Sheet>> {
  const first = new Date(now - KEPT_DAYS * DAY).toISOString().slice(0, 10);
  const sheets = new Map<string, Sheet>();
  for (const office of await namesIn(paths.sheets)) {
    for (const name of await namesIn(join(paths.sheets, office))) {
      if ((NAME.exec(name)?.[1] ?? '') < first) continue;
      const sheet = await readJson<Sheet>(join(paths.sheets, office, name), 'bellwether/sheet@1');
      if (sheet !== null) sheets.set(sheetKey(sheet), sheet);
    }
  }
  return sheets;
}

/** Keeps a sheet, on disk and in memory. */
export async function keepSheet(
  { paths, sheets }: { readonly paths: RollPaths; readonly sheets: Map<string, Sheet> },
  sheet: Sheet,
): Promise<void> {
  await writeJson(pathOf(paths, sheet), sheet);
  sheets.set(sheetKey(sheet), sheet);
}

/** Takes away a sheet on which nothing is left. */
export async function dropSheet(
  { paths, sheets }: { readonly paths: RollPaths; readonly sheets: Map<string, Sheet> },
  sheet: Sheet,
): Promise<void> {
  await rm(pathOf(paths, sheet), { force: true });
  sheets.delete(sheetKey(sheet));
}

function pathOf(paths: RollPaths, sheet: Sheet): string {
  return join(paths.sheets, `${sheetKey(sheet)}.json`);
}
