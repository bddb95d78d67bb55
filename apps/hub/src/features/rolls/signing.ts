/** Signing a sheet, refusing what is on it, and what becomes of one that nobody signs. */
import { ok, type Result } from '@bellwether/basics';
import { decodeBase64 } from '@bellwether/evidence';
import {
  areEnough,
  type BatchEntry,
  type ClaimSignature,
  checkClaim,
  codeWords,
  isLocalOffice,
  type SignerKey,
} from '@bellwether/rolls';
import { batchOf, ownPlace, secondFor, sheetClaim, signedChanges } from './batches.ts';
import { type RollError, rollRefused } from './errors.ts';
import { appendBatch, type Holding } from './holding.ts';
import { sheetKey } from './laying-out.ts';
import type { Sheet, SignedBatch } from './rolls-files.ts';
import { keepSheet } from './sheet-files.ts';
import { signsHere } from './signer-times.ts';

/** Which sheet. */
export type SheetRef = { readonly office: string; readonly day: string; readonly sequence: number };

/** What is signed, and by whom it may be. */
export type Signing = {
  readonly sheet: Sheet;
  readonly entry: Omit<BatchEntry, 'signatures'>;
  readonly claim: Uint8Array;
  /** Signers of the log that count here now and have not signed yet. */
  readonly signers: readonly SignerKey[];
};

/** The sheet, as it would be signed now. */
export function signingOf(holding: Holding, ref: SheetRef): Result<Signing, RollError> {
  const sheet = awaitingSheet(holding, ref);
  if (sheet.isErr()) return sheet;
  const older = [...holding.sheets.values()].find(
    (other) =>
      other.state === 'awaiting' &&
      other.office === sheet.value.office &&
      other.source === sheet.value.source &&
      (other.day < sheet.value.day ||
        (other.day === sheet.value.day && other.sequence < sheet.value.sequence)),
  );
  if (older !== undefined) return rollRefused('ROLL_SHEET_LATER', `the one of ${older.day} comes first`);
  const entry = batchOf(holding.fold, holding.tools.hasher, sheet.value);
  const own = ownPlace(entry);
  const done = new Set(sheet.value.signatures.map(({ key }) => key));
  const signers = holding.fold.signers
    .all()
    .filter((known) => signsHere(holding, known) && !done.has(known.key.id))
    .map(({ key }) => key)
    .filter(({ place }) => place === own || (sheet.value.needsSecond && isLocalOffice(place)));
  return ok({ sheet: sheet.value, entry, claim: sheetClaim(holding.fold, entry), signers });
}

/**
 * Takes a signature over what was shown (`root`). With enough of them the batch is in the log when this resolves. `by`: name
 * of the person or key, which stays here.
 */
export async function signSheet(
  holding: Holding,
  ref: SheetRef,
  root: string,
  signature: ClaimSignature,
  by: string,
): Promise<Result<Sheet, RollError>> {
  const signing = signingOf(holding, ref);
  if (signing.isErr()) return signing;
  const { sheet, entry, claim, signers } = signing.value;
  if (root !== entry.root) return rollRefused('ROLL_SHEET_CHANGED', sheetKey(sheet));
  const signer = signers.find(({ id }) => id === signature.key);
  if (signer === undefined) return rollRefused('ROLL_SIGNER_UNKNOWN', `key ${signature.key}`);
  const { hasher, verifier } = holding.tools;
  const checked = await checkClaim(claim, signature, signer, hasher, verifier);
  if (checked.isErr()) return rollRefused('ROLL_SIGNATURE_WRONG', checked.error.detail);
  const signatures = [...sheet.signatures, signature];
  const next = { ...sheet, signatures, by: [sheet.by, by].filter((name) => name !== null).join(', ') };
  if (!areEnough(entry, placesOf(holding, signatures), secondFor(holding.fold, entry) !== null)) {
    await keepSheet(holding, next);
    return ok(next);
  }
  const changes = signedChanges(sheet.changes, sheet.refused);
  const batch: SignedBatch = { schema: 'bellwether/batch@1', entry: { ...entry, signatures }, changes };
  const appended = await appendBatch(holding, batch);
  if (appended.isErr()) return appended;
  const done = closedSheet(next, holding.now());
  await keepSheet(holding, done);
  return ok(done);
}

/** Takes records off what is signed: the root and the words change, and signatures so far are over something else. */
export async function refuseOnSheet(
  holding: Holding,
  ref: SheetRef,
  records: readonly string[],
): Promise<Result<Sheet, RollError>> {
  const found = awaitingSheet(holding, ref);
  if (found.isErr()) return found;
  const sheet = found.value;
  const known = new Set(sheet.changes.map(({ recordId }) => recordId));
  const unknown = records.filter((record) => !known.has(record));
  if (unknown.length > 0) return rollRefused('ROLL_RECORDS_UNKNOWN', unknown.slice(0, 5).join(', '));
  const refused = [...new Set([...sheet.refused, ...records])].sort();
  const next = settledSheet(holding, { ...sheet, refused });
  await keepSheet(holding, next);
  return ok(next);
}

/** Closes sheets whose time is over. */
export async function expireSheets(holding: Holding): Promise<readonly Sheet[]> {
  const now = new Date(holding.now()).toISOString();
  const over = [...holding.sheets.values()].filter(
    ({ state, until }) => state === 'awaiting' && until <= now,
  );
  const closed: Sheet[] = [];
  for (const sheet of over) {
    const next: Sheet = { ...sheet, state: 'expired', doneAt: now, signatures: [] };
    await keepSheet(holding, next);
    closed.push(next);
  }
  return closed;
}

/** A sheet with its root, counts and rule of the second office as they are now; without signatures. */
export function settledSheet(holding: Holding, sheet: Sheet): Sheet {
  const left = signedChanges(sheet.changes, sheet.refused);
  if (left.length === 0) {
    const doneAt = new Date(holding.now()).toISOString();
    return { ...sheet, signatures: [], state: 'refused', doneAt };
  }
  const entry = batchOf(holding.fold, holding.tools.hasher, sheet);
  const needsSecond = secondFor(holding.fold, entry) !== null;
  return { ...sheet, counts: entry.counts, root: entry.root, needsSecond, signatures: [] };
}

/** A sheet whose batch is in the log. */
export function closedSheet(sheet: Sheet, now: number): Sheet {
  const state = sheet.refused.length === 0 ? 'signed' : 'partly';
  return { ...sheet, state, doneAt: new Date(now).toISOString() };
}

/** Four words of a root, kept: each takes a tenth of a second. */
export class CodeWords {
  readonly #known = new Map<string, readonly string[]>();

  /** The words of a root in base64. */
  of({ tools }: Pick<Holding, 'tools'>, root: string): readonly string[] {
    let words = this.#known.get(root);
    if (words === undefined) {
      words = codeWords(tools.hasher, decodeBase64(root)!);
      if (this.#known.size >= 1_024) this.#known.clear();
      this.#known.set(root, words);
    }
    return words;
  }
}

/** A sheet that waits. */
export function awaitingSheet({ sheets }: Holding, ref: SheetRef): Result<Sheet, RollError> {
  const sheet = sheets.get(sheetKey(ref));
  if (sheet === undefined) return rollRefused('ROLL_SHEET_UNKNOWN', sheetKey(ref));
  return sheet.state === 'awaiting' ? ok(sheet) : rollRefused('ROLL_SHEET_DONE', `it is ${sheet.state}`);
}

function placesOf({ fold }: Holding, signatures: readonly ClaimSignature[]): readonly string[] {
  return signatures.flatMap(({ key }) => fold.signers.get(key)?.key.place ?? []);
}
