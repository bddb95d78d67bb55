/**
 * Looking before signing. Now and then a made-up change stands in the list that a clerk is shown. She refuses what is not hers, and says
 * that she has looked; then she is told what was made up, and only then there is a root with its four words to compare and to sign.
 *
 *     laid out ──► sealed ──► shown, with the planted change ──► looked: told, counted ──► root, words, signature
 *
 * What is planted stands in `planted.json` and on no sheet, so no batch, root, count or entry of the log ever knows of it. Every sheet
 * of an office goes this way, planted or not, so that nobody can tell one from the other by what is asked of them. The file is written in
 * one step: being told and being counted are one, whenever the hub is killed. Afterwards it knows that there was a test, not how it ended.
 */
import { join } from 'node:path';
import { classesOf, sheetKey } from './laying-out.ts';
import { countPlanted, NO_COUNTS, type PlantedCounts } from './planted-counts.ts';
import { isSealOf, keepSeal, keptSeals, type PlantedSeal, sealPlanted } from './planted-seals.ts';
import { type RollPaths, readJson, writeJson } from './roll-files.ts';
import type { PlantedChange, Sheet, ShownSheet } from './rolls-files.ts';

/** How often something is planted. */
export type DrillRules = {
  /** One sheet of so many, on average. */
  readonly oneIn: number;
};

/** One sheet of twenty: an office sees it about once a month, often enough that people read, and seldom enough that they trust the list. */
export const USUAL_ONE_IN = 20;

/** What was planted, and before how many changes of the list it does not stand. */
export type Planted = { readonly change: PlantedChange; readonly place: number };

/** What was a test, told until the next capture finds its sheet closed. */
export type ToldTest = { readonly recordId: string; readonly name: string };

/** Where an office is with a sheet. `refused`: it was refused before it was told. */
export type Look =
  | (PlantedSeal & { readonly looked: false; readonly planted: Planted | null; readonly refused: boolean })
  | { readonly looked: true; readonly test: ToldTest | null };

type OpenLook = Extract<Look, { readonly looked: false }>;

/** `planted.json`; looks by key of the sheet. */
export type PlantedFile = {
  readonly schema: 'bellwether/planted@1';
  readonly counts: PlantedCounts;
  readonly looks: Readonly<Record<string, Look>>;
};

/** What is needed of the holder. `drills` null: nothing is planted, and nothing that was is shown. */
export type LooksHeld = {
  readonly paths: RollPaths;
  readonly drills: DrillRules | null;
  planted: PlantedFile;
};

/** What is on disk. What is planted there without its seal was never laid out, and is left out. */
export async function readPlanted(paths: RollPaths): Promise<PlantedFile> {
  const file = await readJson<PlantedFile>(pathOf(paths), 'bellwether/planted@1');
  if (file === null) return { schema: 'bellwether/planted@1', counts: NO_COUNTS, looks: {} };
  const seals = await keptSeals(paths);
  const looks = Object.entries(file.looks).map(([sheet, look]): [string, Look] => {
    if (look.looked || look.planted === null) return [sheet, look];
    const isSealed = seals.has(look.seal) && isSealOf(look, { sheet, change: look.planted.change });
    return [sheet, isSealed ? look : { ...look, planted: null }];
  });
  return { ...file, looks: Object.fromEntries(looks) };
}

/** Seals what a sheet is shown with, before the sheet is there. `nonce`: 32 bytes by chance. */
export async function beginLook(
  held: LooksHeld,
  sheet: Sheet,
  planted: Planted | null,
  nonce: Uint8Array,
): Promise<void> {
  const key = sheetKey(sheet);
  const sealed = sealPlanted(nonce, { sheet: key, change: planted?.change ?? null });
  await keepSeal(held.paths, sealed);
  await keepLook(held, key, { ...sealed, looked: false, planted, refused: false });
}

/** Whether an office has yet to say that it has looked: until then it is shown no root, and signs nothing here. */
export function isUnlooked(held: LooksHeld, sheet: Sheet): boolean {
  return openLook(held, sheet) !== null;
}

/** A sheet as people see it. It has no root while somebody has yet to look. */
export function asShown(held: LooksHeld, sheet: Sheet): ShownSheet {
  const look = openLook(held, sheet);
  if (look === null) return sheet;
  const shown = { ...sheet, root: '' };
  if (look.planted === null) return shown;
  const { change, place } = look.planted;
  const changes = [...sheet.changes.slice(0, place), change, ...sheet.changes.slice(place)];
  const refused = look.refused ? [...sheet.refused, change.recordId] : sheet.refused;
  return { ...shown, changes, classes: classesOf(changes), refused };
}

/** Record number of what is planted on a sheet that has yet to be looked at; null: nothing. */
export function plantedRecord(held: LooksHeld, sheet: Sheet): string | null {
  return openLook(held, sheet)?.planted?.change.recordId ?? null;
}

/** What was a test on a sheet, once that was told; null: nothing. */
export function toldTest({ planted }: LooksHeld, sheet: Sheet): ToldTest | null {
  const look = planted.looks[sheetKey(sheet)];
  return look?.looked === true ? look.test : null;
}

/** Notes that what is planted was refused. It is told when all was looked at. */
export async function notePlantedRefused(held: LooksHeld, sheet: Sheet): Promise<void> {
  const look = openLook(held, sheet);
  if (look !== null) await keepLook(held, sheetKey(sheet), { ...look, refused: true });
}

/**
 * All was looked at: what was planted is off the list, and counted. `noticed` null: nothing was planted, or it was told before. A sheet
 * that was closed without anybody having said so (`counts` false) tells its test and does not count: who refuses all has read nothing.
 */
export async function endLook(
  held: LooksHeld,
  sheet: Sheet,
  name: (change: PlantedChange) => string,
  counts: boolean,
): Promise<{ readonly noticed: boolean | null }> {
  const key = sheetKey(sheet);
  const look = held.planted.looks[key];
  if (look === undefined || look.looked) return { noticed: null };
  const { planted, refused } = look;
  const test = planted === null ? null : { recordId: planted.change.recordId, name: name(planted.change) };
  const counted =
    planted === null || !counts
      ? held.planted.counts
      : countPlanted(held.planted.counts, sheet.day.slice(0, 7), refused);
  await keepFile(held, { counts: counted, looks: { ...held.planted.looks, [key]: { looked: true, test } } });
  return { noticed: planted === null || !counts ? null : refused };
}

/**
 * Forgets sheets that wait no more, and takes off what is planted where its record number turns up as somebody's (`found`: those of
 * the capture). Neither is counted.
 */
export async function settleLooks(
  held: LooksHeld & { readonly sheets: ReadonlyMap<string, Sheet> },
  found: ReadonlySet<string>,
): Promise<void> {
  const { looks, counts } = held.planted;
  const left = Object.entries(looks)
    .filter(([key]) => held.sheets.get(key)?.state === 'awaiting')
    .map(([key, look]): [string, Look] => {
      if (look.looked || look.planted === null || !found.has(look.planted.change.recordId))
        return [key, look];
      return [key, { ...look, planted: null }];
    });
  const next = Object.fromEntries(left);
  if (JSON.stringify(next) !== JSON.stringify(looks)) await keepFile(held, { counts, looks: next });
}

function openLook({ drills, planted }: LooksHeld, sheet: Sheet): OpenLook | null {
  // Who signs with a key in a file has the sheet as it is, and so has a second office after the first.
  if (drills === null || sheet.state !== 'awaiting' || sheet.signatures.length > 0) return null;
  const look = planted.looks[sheetKey(sheet)];
  return look === undefined || look.looked ? null : look;
}

function keepLook(held: LooksHeld, key: string, look: Look): Promise<void> {
  const { counts, looks } = held.planted;
  return keepFile(held, { counts, looks: { ...looks, [key]: look } });
}

async function keepFile(held: LooksHeld, { counts, looks }: Omit<PlantedFile, 'schema'>): Promise<void> {
  const file: PlantedFile = { schema: 'bellwether/planted@1', counts, looks };
  await writeJson(pathOf(held.paths), file);
  held.planted = file;
}

function pathOf({ rolls }: RollPaths): string {
  return join(rolls, 'planted.json');
}
