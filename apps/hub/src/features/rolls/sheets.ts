/** Laying out: the sheets after a capture, and what feeds and the state sign at once with keys in files. */

import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { batchOf, secondFor, sheetClaim, signedChanges } from './batches.ts';
import { afterBusinessDays } from './business-days.ts';
import type { Capture } from './capture-files.ts';
import { type Completing, completeChanges } from './completing.ts';
import type { RollError } from './errors.ts';
import { appendBatch, type Holding, handleOf, nextBatch } from './holding.ts';
import { keysIn } from './key-files.ts';
import { classesOf, sheetChanges, sheetKey, sortChanges } from './laying-out.ts';
import type { OddContext } from './odd-changes.ts';
import { settleLooks } from './planted-looks.ts';
import { plantOn } from './planting.ts';
import { type Between, guardedChanges, paddingFor } from './protected.ts';
import { readJson, writeJson } from './roll-files.ts';
import type { Change, Sheet, SheetChange } from './rolls-files.ts';
import { dropSheet, keepSheet } from './sheet-files.ts';
import { stillDifferent } from './signed-since.ts';
import { settledSheet } from './signing.ts';
import { usualHands } from './usual-hands.ts';

/** Most changes of a sheet: nobody reads more, and the log takes a batch of this size in one step. The next capture brings the rest. */
export const MOST_CHANGES = 20_000;

/** Changes by record number, ready to be signed. */
type Completed = ReadonlyMap<string, SheetChange>;

/** What laying out did. */
export type LayingOut = {
  readonly sheets: number;
  readonly changes: number;
  readonly fromFeeds: number;
  readonly unauthorised: number;
};

/** Lays out a capture. */
export async function layOut(holding: Holding, capture: Capture): Promise<Result<LayingOut, RollError>> {
  const { head } = capture;
  const still = await stillDifferent(holding, capture);
  if (still.isErr()) return still;
  const changes = still.value;
  const betweenPath = join(holding.paths.rolls, 'protected.json');
  const between = (await readJson<Between>(betweenPath, 'bellwether/between@1'))?.records ?? {};
  const found = new Set(capture.changes.map(({ recordId }) => recordId));
  await settleLooks(holding, found);
  const sorted = sortChanges(changes, [...holding.sheets.values()], holding.feeds, between);
  const again = await takeOff(holding, sorted.kept);
  const guarded = guardedChanges(sorted.guarded, between, head.day, (below) => randomInt(below));
  // All at once: the vault is read from its beginning to its end each time.
  const all = [...sorted.fed.values(), ...sorted.fresh.values(), guarded.now].flat();
  const done = await completeChanges(completing(holding), all, again);
  if (done.isErr()) return done;
  const completed = new Map(done.value.map((change) => [change.recordId, change]));
  for (const [key, fed] of sorted.fed) {
    const [office, source] = key.split(' ') as [string, string];
    const signed = await signFed(holding, office, source, head.day, fed, completed);
    if (signed.isErr()) return signed;
  }
  for (const [office, fresh] of sorted.fresh) {
    const some = fresh.slice(0, MOST_CHANGES);
    await layOffice(holding, { office, day: head.day, found }, some, completed);
  }
  if (guarded.now.length > 0) {
    const laid = await layGuarded(holding, head.day, guarded.now.slice(0, MOST_CHANGES), completed);
    if (laid.isErr()) return laid;
  }
  const records = { ...stillBetween(holding, between, found), ...guarded.between };
  await writeJson(betweenPath, { schema: 'bellwether/between@1', records });
  const open = [...holding.sheets.values()].filter(({ state }) => state === 'awaiting');
  return ok({
    sheets: open.length,
    changes: open.reduce((sum, sheet) => sum + sheet.changes.length, 0),
    fromFeeds: [...sorted.fed.values()].reduce((sum, fed) => sum + fed.length, 0),
    unauthorised: sorted.unauthorised.length,
  });
}

/** Whose old handle was closed after the capture was taken: the capture says nothing of them any more, and they wait on. */
function stillBetween(
  holding: Holding,
  between: Between['records'],
  found: ReadonlySet<string>,
): Between['records'] {
  const left = Object.entries(between).filter(([id]) => found.has(id) && handleOf(holding, id) === undefined);
  return Object.fromEntries(left);
}

/** Leaves on open sheets what is still so. Gives handles of new records that come back to a newer sheet. */
async function takeOff(
  holding: Holding,
  kept: ReadonlyMap<string, readonly SheetChange[]>,
): Promise<ReadonlyMap<string, string>> {
  const again = new Map<string, string>();
  for (const sheet of [...holding.sheets.values()]) {
    if (sheet.state !== 'awaiting' || sheet.source === 'state') continue;
    const stays = new Set(kept.get(sheetKey(sheet)) ?? []);
    const left = sheet.changes.filter((change) => stays.has(change));
    if (left.length === sheet.changes.length) continue;
    for (const { kind, recordId, handle } of sheet.changes) if (kind === 'new') again.set(recordId, handle);
    const there = new Set(left.map(({ recordId }) => recordId));
    const refused = sheet.refused.filter((record) => there.has(record));
    if (left.length === 0) await dropSheet(holding, sheet);
    else
      await keepSheet(
        holding,
        settledSheet(holding, { ...sheet, changes: left, classes: classesOf(left), refused }),
      );
  }
  return again;
}

/** Puts changes on today's sheet of an office: the one that is open, or a new one. `found`: record numbers of the capture. */
async function layOffice(
  holding: Holding,
  {
    office,
    day,
    found,
  }: { readonly office: string; readonly day: string; readonly found: ReadonlySet<string> },
  changes: readonly Change[],
  completed: Completed,
): Promise<void> {
  const context = oddContext(holding, day, changes);
  const ready = sheetChanges(completed, changes, context);
  const open = [...holding.sheets.values()].find(
    (sheet) =>
      sheet.office === office && sheet.day === day && sheet.state === 'awaiting' && sheet.source === 'office',
  );
  const all = oddFirst([...(open?.changes ?? []), ...ready]);
  const base = open ?? emptySheet(holding, office, 'office', day);
  const sheet = settledSheet(holding, { ...base, changes: all, classes: classesOf(all) });
  // What grows was seen already: only what is new may have something planted on it.
  if (open === undefined) await plantOn(holding, sheet, context, found);
  await keepSheet(holding, sheet);
}

/** Protected voters: only where there is enough to hide them among, else they wait. */
async function layGuarded(
  holding: Holding,
  day: string,
  changes: readonly Change[],
  completed: Completed,
): Promise<Result<void, RollError>> {
  const open = [...holding.sheets.values()].find(
    ({ source, state }) => source === 'state' && state === 'awaiting',
  );
  // One sheet at a time: its padding must not be used twice.
  if (open !== undefined) return ok();
  const ready = sheetChanges(completed, changes, oddContext(holding, day, changes));
  const missing = Math.max(0, holding.fold.policy.protectedBatch - changes.length);
  const padding = paddingFor(holding.fold, holding.records.padding, missing, holding.random, (below) =>
    randomInt(below),
  );
  if (padding === null) return ok();
  const all = [...ready, ...padding];
  const sheet = { ...emptySheet(holding, 'state', 'state', day), changes: all, classes: classesOf(all) };
  await keepSheet(holding, settledSheet(holding, sheet));
  return ok();
}

/** What a feed brought is signed at once by its own key; without one it waits. */
async function signFed(
  holding: Holding,
  office: string,
  source: string,
  day: string,
  changes: readonly Change[],
  completed: Completed,
): Promise<Result<void, RollError>> {
  const { fold, tools, paths } = holding;
  const key = (await keysIn(paths.keys, fold.signers)).find(({ signer }) => signer.place === source);
  if (key === undefined) return ok();
  for (let from = 0; from < changes.length; from += MOST_CHANGES) {
    const some = changes.slice(from, from + MOST_CHANGES);
    const ready = sheetChanges(completed, some, oddContext(holding, day, some));
    const sheet = { ...emptySheet(holding, office, source, day), changes: ready };
    const entry = batchOf(fold, tools.hasher, sheet);
    // A feed that changes so much at once needs an office beside it, as an office does: people look at it first.
    if (secondFor(fold, entry) !== null) continue;
    const signatures = [key.sign(sheetClaim(holding.fold, entry))];
    const appended = await appendBatch(holding, {
      schema: 'bellwether/batch@1',
      entry: { ...entry, signatures },
      changes: signedChanges(ready, []),
    });
    if (appended.isErr()) return appended;
  }
  return ok();
}

function emptySheet(holding: Holding, office: string, source: string, day: string): Sheet {
  const { fold, now, sheets } = holding;
  const at = now();
  const sequences = [...sheets.values()].filter((sheet) => sheet.office === office && sheet.day === day);
  return {
    schema: 'bellwether/sheet@1',
    office,
    source,
    day,
    sequence: Math.max(0, ...sequences.map(({ sequence }) => sequence)) + 1,
    batch: nextBatch(holding),
    counts: { new: 0, changed: 0, removed: 0 },
    classes: {},
    root: '',
    changes: [],
    state: 'awaiting',
    at: new Date(at).toISOString(),
    until: new Date(afterBusinessDays(at, fold.policy.awaitingDays)).toISOString(),
    doneAt: null,
    needsSecond: false,
    signatures: [],
    refused: [],
    by: null,
  };
}

function completing(holding: Holding): Completing {
  const { fold, tools, keys, random } = holding;
  return { fold, hasher: tools.hasher, keys, handleOf: (recordId) => handleOf(holding, recordId), random };
}

function oddContext({ fold, zone, sheets }: Holding, day: string, changes: readonly Change[]): OddContext {
  const usual = usualHands(sheets.values(), new Set(changes.map(({ office }) => office)), day);
  return { policy: fold.policy, day, zone, usual };
}

function oddFirst(changes: readonly SheetChange[]): readonly SheetChange[] {
  return [...changes].sort((a, b) => Number(b.odd.length > 0) - Number(a.odd.length > 0));
}
