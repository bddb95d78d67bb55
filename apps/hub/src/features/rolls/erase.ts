/**
 * Erasing one voter: the key is destroyed, so that nothing that the log says of the handle can ever be opened, and what private
 * files say of the record is blanked. The log stays whole, and everything else in it verifies as before.
 *
 *     asked ─► a second person agrees ─► erasing ─► the number is noted (erased-records.ts) ─► the key is gone
 *           ─► the log says so ─► traces are blanked ─► done
 *
 * Each step can be done again: one that a crash cut off is gone on with when the roll is opened.
 */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { type EraseEntry, formatEntry } from '@bellwether/rolls';
import { bytesOfHex } from './batches.ts';
import { noteErased } from './erased-records.ts';
import { type RollError, rollRefused } from './errors.ts';
import { appendFolded, type Holding, handleOf } from './holding.ts';
import type { Between } from './protected.ts';
import { forgetRemoved, removedHandles } from './removed-records.ts';
import { retainedUntil } from './retention.ts';
import { namesIn, readJson, writeJson } from './roll-files.ts';
import type { Night, Sheet } from './rolls-files.ts';
import { keepSheet } from './sheet-files.ts';

/** What may hold a record. */
export type EraseRules = {
  /** Days of federal elections that are not general ones. */
  readonly elections: readonly string[];
  /** Why nothing may be erased now, in a sentence; null: nothing of the kind. */
  readonly legalHold: string | null;
};

/** `erasures/ID.json`. What is personal in it goes with the erasure. */
export type Erasure = {
  readonly schema: 'bellwether/erasure@1';
  readonly id: string;
  /** Empty once it is done. */
  readonly recordId: string;
  readonly reason: EraseEntry['reason'];
  readonly askedBy: string;
  /** ISO 8601. */
  readonly askedAt: string;
  readonly agreedBy: string | null;
  readonly state: 'asked' | 'erasing' | 'done' | 'withdrawn';
  /** Day from which no backup of the vault holds the key; null before. */
  readonly completeFrom: string | null;
};

/** Asks for an erasure. `by`: who, for the trail and so that somebody else agrees. */
export async function askErasure(
  holding: Holding,
  rules: EraseRules,
  { recordId, reason }: Pick<Erasure, 'recordId' | 'reason'>,
  by: string,
): Promise<Result<Erasure, RollError>> {
  const held = await holdOf(holding, rules, recordId);
  if (held !== null) return rollRefused('ROLL_ERASE_HELD', held);
  if ((await removedHandles(holding.paths, recordId)).length === 0) {
    return rollRefused('ROLL_RECORD_UNKNOWN', 'no record of this number was ever removed here');
  }
  const erasure: Erasure = {
    schema: 'bellwether/erasure@1',
    id: randomBytes(8).toString('hex'),
    recordId,
    reason,
    askedBy: by,
    askedAt: new Date(holding.now()).toISOString(),
    agreedBy: null,
    state: 'asked',
    completeFrom: null,
  };
  await writeJson(pathOf(holding, erasure.id), erasure);
  return ok(erasure);
}

/** A second person agrees: it is done when this resolves. */
export async function agreeErasure(
  holding: Holding,
  rules: EraseRules,
  id: string,
  by: string,
): Promise<Result<Erasure, RollError>> {
  const erasure = (await erasuresOf(holding)).find((one) => one.id === id && one.state === 'asked');
  if (erasure === undefined)
    return rollRefused('ROLL_RECORD_UNKNOWN', 'nobody asks for this erasure (any more)');
  if (erasure.askedBy === by) return rollRefused('ROLL_ERASE_ONE_PERSON', by);
  const held = await holdOf(holding, rules, erasure.recordId);
  if (held !== null) return rollRefused('ROLL_ERASE_HELD', held);
  const agreed: Erasure = { ...erasure, agreedBy: by, state: 'erasing' };
  await writeJson(pathOf(holding, id), agreed);
  return eraseRecord(holding, agreed);
}

/** Nobody is erased after all. */
export async function withdrawErasure(holding: Holding, id: string): Promise<Result<Erasure, RollError>> {
  const erasure = (await erasuresOf(holding)).find((one) => one.id === id && one.state === 'asked');
  if (erasure === undefined)
    return rollRefused('ROLL_RECORD_UNKNOWN', 'nobody asks for this erasure (any more)');
  const withdrawn: Erasure = { ...erasure, recordId: '', state: 'withdrawn' };
  await writeJson(pathOf(holding, id), withdrawn);
  return ok(withdrawn);
}

/** All erasures, the newest first. */
export async function erasuresOf({ paths }: Pick<Holding, 'paths'>): Promise<readonly Erasure[]> {
  const all: Erasure[] = [];
  for (const name of await namesIn(paths.erasures)) {
    const erasure = await readJson<Erasure>(join(paths.erasures, name), 'bellwether/erasure@1');
    if (erasure !== null) all.push(erasure);
  }
  return all.sort((a, b) => (a.askedAt < b.askedAt ? 1 : -1));
}

/** Goes on with what a crash cut off. */
export async function mendErasures(holding: Holding): Promise<Result<void, RollError>> {
  for (const erasure of await erasuresOf(holding)) {
    if (erasure.state !== 'erasing') continue;
    const done = await eraseRecord(holding, erasure);
    if (done.isErr()) return done;
  }
  return ok();
}

/** Destroys keys again that the log says were erased: an older copy of the vault that was put back brought them with it. */
export async function eraseAgain({ keys, erased }: Holding): Promise<Result<void, RollError>> {
  const handles = [...erased].map(bytesOfHex);
  const found = handles.length === 0 ? ok([]) : await keys.keysFor(handles);
  if (found.isErr()) return found;
  for (const [at, key] of found.value.entries()) {
    if (key === null) continue;
    const again = await keys.eraseKey(handles[at]!);
    if (again.isErr()) return again;
  }
  return ok();
}

/** Why nobody can be erased now, whoever it is; null: it is possible. */
export function generalHold(
  { now }: Pick<Holding, 'now'>,
  { elections, legalHold }: EraseRules,
): string | null {
  if (legalHold !== null) return legalHold;
  const until = retainedUntil(new Date(now()).toISOString().slice(0, 10), elections);
  return until === null
    ? null
    : `Records have to be kept for 22 months after a federal election, now until ${until} (52 U.S.C. 20701).`;
}

async function holdOf(holding: Holding, rules: EraseRules, recordId: string): Promise<string | null> {
  const general = generalHold(holding, rules);
  if (general !== null) return general;
  if (handleOf(holding, recordId) !== undefined) {
    return 'The record is in the state: it has to be removed by a signed change first.';
  }
  if (holding.since.has(recordId)) return 'Its removal has to be sealed first: that is done every night.';
  const between = await readJson<Between>(
    join(holding.paths.rolls, 'protected.json'),
    'bellwether/between@1',
  );
  if (between !== null && Object.hasOwn(between.records, recordId)) {
    return 'The record moves from one handle to another: that takes some nights.';
  }
  const night = await lastNight(holding);
  if (night?.unauthorised.some((one) => one.recordId === recordId) === true) {
    return 'An incident about this record is open: it differs from what was signed.';
  }
  const waits = [...holding.sheets.values()].some(
    ({ state, changes }) => state === 'awaiting' && changes.some((change) => change.recordId === recordId),
  );
  return waits ? 'A change of this record waits for a signature.' : null;
}

async function eraseRecord(holding: Holding, erasure: Erasure): Promise<Result<Erasure, RollError>> {
  const { recordId, reason } = erasure;
  const handles = await removedHandles(holding.paths, recordId);
  const noted = await noteErased(holding.paths.vault, recordId);
  if (noted.isErr()) return noted;
  let completeFrom = erasure.completeFrom;
  for (const handle of handles) {
    const erased = await holding.keys.eraseKey(bytesOfHex(handle));
    if (erased.isErr()) return erased;
    completeFrom = erased.value.completeFrom;
  }
  const day = new Date(holding.now()).toISOString().slice(0, 10);
  const entries = handles.map((handle) => formatEntry({ type: 'erase', handle, reason, day, by: 2 }));
  if (entries.length > 0) {
    const appended = await appendFolded(holding, entries);
    if (appended.isErr()) return appended;
  }
  await blankTraces(holding, recordId);
  await forgetRemoved(holding.paths, recordId);
  // Whoever else asked for the same, and nobody agreed: their request would go on holding the number of the record.
  for (const other of await erasuresOf(holding)) {
    if (other.id !== erasure.id && other.state === 'asked' && other.recordId === recordId)
      await writeJson(pathOf(holding, other.id), { ...other, recordId: '', state: 'withdrawn' });
  }
  const done: Erasure = { ...erasure, recordId: '', state: 'done', completeFrom };
  await writeJson(pathOf(holding, erasure.id), done);
  return ok(done);
}

/** Sheets keep that there was a change, and nothing of it; nights keep the handle. Captures are only needed until the next one. */
async function blankTraces(holding: Holding, recordId: string): Promise<void> {
  const { paths, sheets } = holding;
  for (const office of await namesIn(paths.sheets)) {
    for (const name of await namesIn(join(paths.sheets, office))) {
      const path = join(paths.sheets, office, name);
      const sheet = await readJson<Sheet>(path, 'bellwether/sheet@1');
      if (sheet?.changes.some((change) => change.recordId === recordId) !== true) continue;
      await keepSheet({ paths, sheets }, blankedSheet(sheet, recordId));
    }
  }
  for (const name of await namesIn(paths.nights)) {
    const path = join(paths.nights, name);
    if (!/^\d+\.json$/.test(name)) continue;
    const night = await readJson<Night>(path, 'bellwether/night@1');
    if (night?.unauthorised.some((one) => one.recordId === recordId) !== true) continue;
    const unauthorised = night.unauthorised.map((one) =>
      one.recordId === recordId ? { ...one, recordId: '' } : one,
    );
    await writeJson(path, { ...night, unauthorised });
  }
  for (const name of await namesIn(paths.captures)) await rm(join(paths.captures, name), { force: true });
}

function blankedSheet(sheet: Sheet, recordId: string): Sheet {
  return {
    ...sheet,
    changes: sheet.changes.map((change) =>
      change.recordId === recordId
        ? { ...change, recordId: '', before: null, after: null, transaction: null, odd: [] }
        : change,
    ),
    refused: sheet.refused.filter((record) => record !== recordId),
  };
}

async function lastNight({ paths, seals }: Holding): Promise<Night | null> {
  const epoch = seals.at(-1)?.entry.epoch;
  return epoch === undefined
    ? null
    : readJson<Night>(join(paths.nights, `${epoch}.json`), 'bellwether/night@1');
}

function pathOf({ paths }: Pick<Holding, 'paths'>, id: string): string {
  return join(paths.erasures, `${id}.json`);
}
