/**
 * A sheet as the file that is checked elsewhere: what is shown, and beside each change what its item is made of. The form is told at
 * `bellwether/sheet-shown@1` of the verifier. Groups of which the sheet shows something are opened; of the others the file has the
 * commitment only, so that it holds no more of a voter than is needed.
 */
import type { SheetFile } from '@bellwether/api';
import { ok, type Result } from '@bellwether/basics';
import type { Hasher } from '@bellwether/evidence';
import { canonicalFields, commitment, GROUPS, hexOf, opening } from '@bellwether/rolls';
import { bytesOfHex } from './batches.ts';
import { type RollError, rollRefused } from './errors.ts';
import type { Holding } from './holding.ts';
import type { Sheet, SheetChange } from './rolls-files.ts';
import { changeView, sheetSummary } from './sheet-views.ts';

/** What the file is made with. */
export type ShowingNeeds = Pick<Holding, 'tools' | 'keys'>;

type ShownChange = SheetFile['changes'][number];

/** The whole sheet. `name`: what the office is called. */
export async function sheetShown(
  { tools, keys }: ShowingNeeds,
  sheet: Sheet,
  name: string,
): Promise<Result<SheetFile, RollError>> {
  // Padding is of nobody and shows nothing, and what is protected does not belong into a folder of downloads.
  if (sheet.changes.some(({ isProtected }) => isProtected))
    return rollRefused('ROLL_SHEET_GUARDED', `the sheet of ${sheet.day}`);
  const held = await keys.keysFor(sheet.changes.map(({ handle }) => bytesOfHex(handle)));
  if (held.isErr()) return held;
  const refused = new Set(sheet.refused);
  const changes: ShownChange[] = [];
  for (const [at, change] of sheet.changes.entries()) {
    const key = held.value[at] ?? null;
    if (key === null && change.after !== null)
      return rollRefused('ROLL_DAMAGED', `the vault has no key for record ${change.recordId}`);
    const view = changeView(change, refused);
    changes.push({ ...view, sealed: sealedChange(tools.hasher, change, view.fields, key) });
  }
  const { batch, root } = sheet;
  return ok({ schema: 'bellwether/sheet-shown@1', batch, sheet: sheetSummary(sheet, name), root, changes });
}

function sealedChange(
  hasher: Hasher,
  { kind, version, handle, oldLeaf, after }: SheetChange,
  shown: ShownChange['fields'],
  key: Uint8Array | null,
): ShownChange['sealed'] {
  const groups: ShownChange['sealed']['groups'] = {};
  for (const group of after === null || key === null ? [] : GROUPS) {
    const salt = opening(hasher, key!, version, group);
    const bytes = canonicalFields(after!, group);
    groups[group] = shown.some(({ field }) => field.startsWith(`${group}.`))
      ? { opening: hexOf(salt), fields: { ...after![group] } }
      : { commitment: hexOf(commitment(hasher, salt, group, version, bytes)) };
  }
  return { kind, version, handle, oldLeaf, groups };
}
