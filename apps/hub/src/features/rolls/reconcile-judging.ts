/**
 * Which differences await their office, and which nobody authorised.
 *
 *     on an open sheet, as it is now              awaits, until the time of the sheet is over
 *     refused, or its sheet has expired           unauthorised, until it is explained
 *     new, with a transaction behind it           awaits, for as many business days as the policy says
 *     new, where the mapping names no transactions    awaits its clerk; but what was unauthorised last night still is
 *     no transaction, a number twice, an erased number    unauthorised
 */
import { join } from 'node:path';
import { STATE } from '@bellwether/rolls';
import { afterBusinessDays } from './business-days.ts';
import { canonicalText } from './completing.ts';
import type { Between } from './protected.ts';
import { type RollPaths, readJson } from './roll-files.ts';
import type { Change, Night, Sheet, Unauthorised } from './rolls-files.ts';
import { readSheets } from './sheet-files.ts';

/** What was judged. */
export type Judged = { readonly awaiting: number; readonly unauthorised: readonly Unauthorised[] };

/** Judges the differences of a night. */
export async function judgeDifferences(
  paths: RollPaths,
  changes: readonly Change[],
  namesTransactions: boolean,
  awaitingDays: number,
  epoch: number,
  now: number,
): Promise<Judged> {
  const asked = askedIn([...(await readSheets(paths, now)).values()], now);
  const between =
    (await readJson<Between>(join(paths.rolls, 'protected.json'), 'bellwether/between@1'))?.records ?? {};
  const last = await readJson<Night>(join(paths.nights, `${epoch}.json`), 'bellwether/night@1');
  const before = new Set(last?.unauthorised.map(unexplained) ?? []);
  const awaits = (change: Change): boolean => {
    if (change.isProtected && between[change.recordId] !== undefined) return true;
    if (change.fault !== null) return false;
    const sheet = asked.size === 0 ? undefined : asked.get(keyOf(change));
    if (sheet !== undefined) return sheet;
    if (namesTransactions) {
      return (
        change.transaction !== null &&
        afterBusinessDays(Date.parse(change.transaction.at), awaitingDays) >= now
      );
    }
    return !before.has(unexplained(unauthorisedOf(change)));
  };
  const unauthorised = changes.filter((change) => !awaits(change)).map(unauthorisedOf);
  return { awaiting: changes.length - unauthorised.length, unauthorised };
}

function unauthorisedOf(change: Change): Unauthorised {
  const { handle, recordId, office, isProtected, fields, kind, fault } = change;
  return {
    handle: handle ?? '',
    recordId,
    // Protected voters are never told by office.
    office: isProtected ? STATE : office,
    fields,
    kind: fault === 'duplicate' || fault === 'erased' ? fault : kind,
  };
}

/** What was asked of offices: whether it still awaits them. */
function askedIn(sheets: readonly Sheet[], now: number): ReadonlyMap<string, boolean> {
  const asked = new Map<string, boolean>();
  for (const { changes, state, refused, until } of sheets) {
    const out = new Set(refused);
    for (const change of changes) {
      if (out.has(change.recordId) || state === 'refused' || state === 'expired')
        asked.set(keyOf(change), false);
      else if (state === 'awaiting') asked.set(keyOf(change), Date.parse(until) >= now);
    }
  }
  return asked;
}

/** Two with the same key are the same change of the same record. */
function keyOf({ recordId, kind, after }: Change): string {
  return JSON.stringify([recordId, kind, after === null ? null : canonicalText(after)]);
}

function unexplained({ recordId, kind, fields }: Unauthorised): string {
  return JSON.stringify([recordId, kind, fields]);
}
