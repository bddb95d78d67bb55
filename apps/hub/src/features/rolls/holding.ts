/** What the holder of the roll has in memory, and how an entry gets into the log. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { formatEntries } from '@bellwether/evidence';
import { type Fold, type FoldEvent, type FoldTools, hexOf, type SealEntry } from '@bellwether/rolls';
import type { EvidenceLog } from '../../platform/evidence/log-types.ts';
import { bytesOfHex, entriesOf } from './batches.ts';
import { type RollError, rollRefused } from './errors.ts';
import type { DrillRules, PlantedFile } from './planted-looks.ts';
import { keepRemoved } from './removed-records.ts';
import { replayRoll } from './replayed-roll.ts';
import { type RollPaths, writeJson } from './roll-files.ts';
import type { KnownRecords, VoterKeys } from './roll-ports.ts';
import type { RollHead, Sheet, SignedBatch } from './rolls-files.ts';

/** What the roll is given from outside. */
export type RollOptions = {
  readonly paths: RollPaths;
  readonly log: EvidenceLog;
  readonly tools: FoldTools;
  /** The book of a generation. */
  readonly openRecords: (generation: string) => Promise<Result<KnownRecords, RollError>>;
  readonly keys: VoterKeys;
  /** How often something is planted on a sheet, to see whether sheets are read; null: never. */
  readonly drills: DrillRules | null;
  /** Feeds whose own key signs. */
  readonly feeds: readonly string[];
  /** Time zone of the state. */
  readonly zone: string;
  /** ms since 1970. */
  readonly now: () => number;
  readonly random: (bytes: number) => Uint8Array;
};

/** A seal, and the entry that holds it. */
export type Sealed = { readonly index: bigint; readonly entry: SealEntry };

/** The roll, as its holder knows it. Changed only within the queue of `Rolls`. */
export type Holding = RollOptions & {
  head: RollHead;
  records: KnownRecords;
  fold: Fold;
  /** Entry by number of batch. */
  readonly batches: Map<number, bigint>;
  readonly seals: Sealed[];
  /** Handles that were erased, hex. */
  readonly erased: Set<string>;
  /** Handles of records that were signed since the book; null: removed. */
  readonly since: Map<string, string | null>;
  readonly sheets: Map<string, Sheet>;
  /** What is planted, and how much of it was noticed. */
  planted: PlantedFile;
  /** When this hub put a signer into the log, ms since 1970, by key: what the entry tells may be earlier. */
  readonly announced: Map<string, number>;
};

/** Computes the fold again from what is in the log. After a refusal, and when the holder opens. */
export async function foldAgain(
  holding: Omit<Holding, 'fold'> & { fold?: Fold },
): Promise<Result<void, RollError>> {
  const { tools, log, paths, head, batches, seals, erased } = holding;
  batches.clear();
  erased.clear();
  seals.length = 0;
  const listener = (event: FoldEvent): void => noteEvent({ batches, seals, erased }, event);
  const folded = await replayRoll(tools, log, paths.public, BigInt(head.genesis), listener);
  if (folded.isErr()) return folded;
  holding.fold = folded.value;
  return ok();
}

/** Handle of a record in the state. */
export function handleOf({ since, records }: Holding, recordId: string): Uint8Array | undefined {
  const signed = since.get(recordId);
  if (signed === undefined) return records.handleOf(recordId);
  return signed === null ? undefined : bytesOfHex(signed);
}

/** A number that no batch and no sheet has. */
export function nextBatch({ fold, sheets }: Holding): number {
  let highest = fold.lastBatch;
  for (const { batch } of sheets.values()) highest = Math.max(highest, batch);
  return highest + 1;
}

/** Puts a batch into the log: its file first, so that a crash between is mended when the roll is opened again. */
export async function appendBatch(holding: Holding, signed: SignedBatch): Promise<Result<bigint, RollError>> {
  const path = join(holding.paths.batches, `${signed.entry.batch}.json`);
  await writeJson(path, signed);
  await keepRemoved(holding.paths, signed);
  const appended = await appendFolded(holding, entriesOf(signed));
  if (appended.isErr()) {
    if (appended.error.code === 'ROLL_RULE_BROKEN') await rm(path, { force: true });
    return appended;
  }
  noteSigned(holding, signed);
  return appended;
}

/**
 * Folds entries, then appends them. What the fold refuses never gets into the log; where the log does not take what was
 * folded, the fold is computed again. The index of the first.
 */
export async function appendFolded(
  holding: Holding,
  entries: readonly Uint8Array[],
): Promise<Result<bigint, RollError>> {
  const { fold, log } = holding;
  const index = log.size;
  if (fold.next < index) {
    // Others have appended what is no business of the rolls: the trail's head, statements.
    for await (const { first, entries: others } of log.bundles(fold.next, index)) {
      const folded = await fold.foldEntries(first, formatEntries(others), others.length);
      if (folded.isErr()) return rollRefused('ROLL_DAMAGED', folded.error.detail);
    }
  }
  const folded = await fold.foldEntries(index, formatEntries(entries), entries.length);
  const settled = folded.isOk() ? await fold.settleSignatures() : folded;
  if (folded.isErr() || settled.isErr()) {
    const again = await foldAgain(holding);
    if (again.isErr()) return again;
    const refused = folded.isErr() ? folded.error : settled.isErr() ? settled.error : undefined;
    return rollRefused('ROLL_RULE_BROKEN', refused?.detail ?? '');
  }
  const appended = await log.appendEntries(entries, index);
  if (appended.isOk()) {
    for (const event of folded.value) noteEvent(holding, event);
    return ok(index);
  }
  // Nothing was added, and the fold is ahead of the log: it is computed again.
  const again = await foldAgain(holding);
  return again.isErr() ? again : rollRefused('ROLL_LOG_REFUSED', appended.error.detail);
}

/** What was signed since the book. */
export function noteSigned({ since }: Holding, { changes }: SignedBatch): void {
  for (const { recordId, kind, handle } of changes) since.set(recordId, kind === 'removed' ? null : handle);
}

/** Root of the state, hex. */
export function stateRoot({ fold }: Holding): string {
  return hexOf(fold.state.root());
}

function noteEvent(
  { batches, seals, erased }: Pick<Holding, 'batches' | 'seals' | 'erased'>,
  { index, entry }: FoldEvent,
): void {
  if (entry.type === 'batch') batches.set(entry.batch, index);
  if (entry.type === 'seal') seals.push({ index, entry });
  if (entry.type === 'erase') erased.add(entry.handle);
}
