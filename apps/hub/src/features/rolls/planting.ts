/** Whether something is planted on a sheet, and what: decided by chance when the sheet is laid out, before anybody can see it. */
import { randomInt } from 'node:crypto';
import { type Holding, handleOf } from './holding.ts';
import { type OddContext, oddReasons } from './odd-changes.ts';
import { plantedChange } from './planted-change.ts';
import { beginLook, type Planted } from './planted-looks.ts';
import { removedRecords } from './removed-records.ts';
import type { Sheet } from './rolls-files.ts';

/** Fewest changes of a sheet on which something is planted: two are seen at a glance, and would only make the share look better. */
const LEAST_BESIDE = 3;

/** Bytes of the nonce of a seal. */
const NONCE_BYTES = 32;

/** Decides for a new sheet, and seals it. `found`: record numbers of the capture. Does nothing where nothing is ever planted. */
export async function plantOn(
  holding: Holding,
  sheet: Sheet,
  context: OddContext,
  found: ReadonlySet<string>,
): Promise<void> {
  if (holding.drills === null) return;
  const isDrawn = randomInt(holding.drills.oneIn) === 0 && sheet.changes.length >= LEAST_BESIDE;
  const planted = isDrawn ? await plantedOn(holding, sheet, context, found) : null;
  await beginLook(holding, sheet, planted, holding.random(NONCE_BYTES));
}

async function plantedOn(
  holding: Holding,
  { office, changes: real }: Sheet,
  context: OddContext,
  found: ReadonlySet<string>,
): Promise<Planted | null> {
  const earlier = [...holding.sheets.values()].filter(
    (sheet) => sheet.office === office && sheet.source === 'office',
  );
  const past = [...real, ...earlier.flatMap(({ changes }) => changes)];
  const removed = await removedRecords(holding.paths);
  const isKnown = (recordId: string): boolean =>
    found.has(recordId) || removed.has(recordId) || handleOf(holding, recordId) !== undefined;
  const change = plantedChange({ real, past, isKnown, chance: (below) => randomInt(below) });
  if (change === null) return null;
  // It is as odd as it would be if it were real, and stands where it would stand then.
  const odd = oddReasons([...real, change], context).get(change.recordId) ?? [];
  const first = real.filter((other) => other.odd.length > 0).length;
  const place = odd.length > 0 ? randomInt(first + 1) : first + randomInt(real.length - first + 1);
  return { change: { ...change, odd }, place };
}
