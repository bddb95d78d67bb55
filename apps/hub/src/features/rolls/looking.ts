/** What a clerk does before she signs: she refuses what is not hers, and says that she has looked at all. */
import { ok, type Result } from '@bellwether/basics';
import type { RollError } from './errors.ts';
import type { Holding } from './holding.ts';
import { endLook, notePlantedRefused, plantedRecord } from './planted-looks.ts';
import type { Sheet } from './rolls-files.ts';
import { nameOf } from './sheet-views.ts';
import { awaitingSheet, refuseOnSheet, type SheetRef } from './signing.ts';

/** What was refused: the sheet after it, and how many of its own changes those were. */
export type Refused = { readonly sheet: Sheet; readonly own: number };

/** Refuses changes of a sheet as it is shown, where one of them may be planted. */
export async function refuseAsShown(
  holding: Holding,
  ref: SheetRef,
  records: readonly string[],
): Promise<Result<Refused, RollError>> {
  const found = awaitingSheet(holding, ref);
  if (found.isErr()) return found;
  const planted = plantedRecord(holding, found.value);
  const own = records.filter((record) => record !== planted);
  const refused = own.length === 0 ? found : await refuseOnSheet(holding, ref, own);
  if (refused.isErr()) return refused;
  // Where nothing is left to look at, nobody will say that they have.
  if (refused.value.state !== 'awaiting') await endLook(holding, refused.value, nameOf, false);
  else if (own.length < records.length) await notePlantedRefused(holding, refused.value);
  return ok({ sheet: refused.value, own: own.length });
}

/** All was looked at. Tells whether what was planted had been noticed; null: nothing was planted, or it was told before. */
export async function lookedAtAll(
  holding: Holding,
  ref: SheetRef,
): Promise<Result<{ readonly noticed: boolean | null }, RollError>> {
  const found = awaitingSheet(holding, ref);
  return found.isErr() ? found : ok(await endLook(holding, found.value, nameOf, true));
}
