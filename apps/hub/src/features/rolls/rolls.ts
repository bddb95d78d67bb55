/**
 * The holder of the roll: one process, one act after the other. Everything that changes sheets, batches, the log's entries of
 * the rolls or `roll.json` goes through here; `capture` and `reconcile` only leave files behind.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import type { ClaimSignature } from '@bellwether/rolls';
import { type Lock, lockFolder } from '../../platform/lock.ts';
import { loadCapture, newestCapture } from './capture-files.ts';
import { eraseAgain, mendErasures } from './erase.ts';
import { type RollError, rollRefused } from './errors.ts';
import { appendBatch, foldAgain, type Holding, noteSigned, type RollOptions } from './holding.ts';
import { readPlanted } from './planted-looks.ts';
import { keepPolicyOfLog } from './policy-change.ts';
import { namesIn, readJson } from './roll-files.ts';
import type { Night, RollHead, Sheet, SignedBatch } from './rolls-files.ts';
import { finishSeal, sealPending } from './seal.ts';
import { keepSheet, readSheets } from './sheet-files.ts';
import { type LayingOut, layOut } from './sheets.ts';
import { announcedTimes } from './signer-requests.ts';
import {
  closedSheet,
  expireSheets,
  refuseOnSheet,
  type SheetRef,
  type Signing,
  signingOf,
  signSheet,
} from './signing.ts';

/** Opens the roll of a folder for this process alone, and mends what a crash left. */
export async function openRolls(options: RollOptions): Promise<Result<Rolls, RollError>> {
  const { paths } = options;
  const head = await readJson<RollHead>(paths.head, 'bellwether/roll@1');
  if (head === null) return rollRefused('ROLL_ABSENT', `${paths.head} is not there`);
  const lock = await lockFolder(paths.rolls);
  if (lock.isErr()) return rollRefused('ROLL_LOCKED', `process ${lock.error.pid} has ${lock.error.path}`);
  const opened = await openHolding(options, head);
  if (opened.isOk()) return ok(new Rolls(opened.value, lock.value));
  await lock.value.unlock();
  return opened;
}

/** The roll, held. */
export class Rolls {
  readonly #holding: Holding;
  readonly #lock: Lock;
  #last: Promise<unknown> = Promise.resolve();

  /** Made by `openRolls`. */
  constructor(holding: Holding, lock: Lock) {
    this.#holding = holding;
    this.#lock = lock;
  }

  /** What is held, to be read: sheets, seals, the fold. */
  get held(): Readonly<Holding> {
    return this.#holding;
  }

  /** Lays out the newest capture; null where there is none. */
  layOutNewest(): Promise<Result<LayingOut | null, RollError>> {
    return this.act(async (holding) => {
      await expireSheets(holding);
      const number = await newestCapture(holding.paths);
      if (number === 0) return ok(null);
      const capture = await loadCapture(holding.paths, number);
      return capture.isErr() ? capture : layOut(holding, capture.value);
    });
  }

  /** A sheet, as it would be signed now. */
  signingOf(ref: SheetRef): Result<Signing, RollError> {
    return signingOf(this.#holding, ref);
  }

  /** Signs. `root`: what was shown to whoever signs. */
  signSheet(
    ref: SheetRef,
    root: string,
    signature: ClaimSignature,
    by: string,
  ): Promise<Result<Sheet, RollError>> {
    return this.act((holding) => signSheet(holding, ref, root, signature, by));
  }

  /** Takes records off a sheet. */
  refuseOnSheet(ref: SheetRef, records: readonly string[]): Promise<Result<Sheet, RollError>> {
    return this.act((holding) => refuseOnSheet(holding, ref, records));
  }

  /** Closes sheets whose time is over. */
  expireSheets(): Promise<readonly Sheet[]> {
    return this.act(expireSheets);
  }

  /** Seals what `reconcile` left. */
  sealPending(): Promise<Result<Night, RollError>> {
    return this.act(sealPending);
  }

  /** Does something to the roll when everything before is done. */
  act<T>(what: (holding: Holding) => Promise<T>): Promise<T> {
    const done = this.#last.then(() => what(this.#holding));
    this.#last = done.catch(() => {});
    return done;
  }

  /** Waits for what is going on, and gives the folder back. The log stays open: it is not ours. */
  async close(): Promise<void> {
    await this.#last;
    await this.#lock.unlock();
  }
}

async function openHolding(options: RollOptions, head: RollHead): Promise<Result<Holding, RollError>> {
  const records = await options.openRecords(head.generation);
  if (records.isErr()) return records;
  const empty = {
    ...options,
    head,
    records: records.value,
    batches: new Map<number, bigint>(),
    seals: [],
    erased: new Set<string>(),
    since: new Map<string, string | null>(),
    sheets: await readSheets(options.paths, options.now()),
    planted: await readPlanted(options.paths),
    announced: await announcedTimes(options.paths),
  };
  const folded = await foldAgain(empty);
  if (folded.isErr()) return folded;
  const holding = empty as typeof empty & Pick<Holding, 'fold'> as Holding;
  const { policy, genesis } = holding.fold;
  // A crash between the entry and the file of its witnesses is mended here.
  if (policy !== genesis.policy) await keepPolicyOfLog(holding.paths, policy);
  const mended = await mendBatches(holding);
  if (mended.isErr()) return mended;
  const finished = await finishSeal(holding);
  if (finished.isErr()) return finished;
  const mendedErasures = await mendErasures(holding);
  if (mendedErasures.isErr()) return mendedErasures;
  const erased = await eraseAgain(holding);
  return erased.isErr() ? erased : ok(holding);
}

/** Batches that the book does not hold yet are what the state has more; one that the log misses is appended now. */
async function mendBatches(holding: Holding): Promise<Result<void, RollError>> {
  const { paths, batches, head } = holding;
  const known: { readonly index: bigint; readonly batch: SignedBatch }[] = [];
  const missing: SignedBatch[] = [];
  for (const name of await namesIn(paths.batches)) {
    const batch = await readJson<SignedBatch>(join(paths.batches, name), 'bellwether/batch@1');
    if (batch === null) continue;
    const index = batches.get(batch.entry.batch);
    if (index === undefined) missing.push(batch);
    else if (index >= BigInt(head.foldedTo)) known.push({ index, batch });
  }
  known.sort((a, b) => (a.index < b.index ? -1 : 1));
  for (const { batch } of known) noteSigned(holding, batch);
  for (const batch of missing) {
    const appended = await appendBatch(holding, batch);
    // What the rules do not allow (any more) never was in the log: its sheet waits as before.
    if (appended.isErr() && appended.error.code !== 'ROLL_RULE_BROKEN') return appended;
    if (appended.isErr()) await rm(join(paths.batches, `${batch.entry.batch}.json`), { force: true });
  }
  await closeSigned(holding);
  return ok();
}

/** A sheet whose batch is in the log is signed, whatever its file says. */
async function closeSigned(holding: Holding): Promise<void> {
  for (const sheet of [...holding.sheets.values()]) {
    if (sheet.state !== 'awaiting' || !holding.batches.has(sheet.batch)) continue;
    await keepSheet(holding, closedSheet(sheet, holding.now()));
  }
}
