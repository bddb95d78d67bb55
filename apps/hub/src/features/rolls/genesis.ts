/**
 * The genesis: every registration of a day gets a handle and a key by chance, the vault keeps the keys, the book the rows, and
 * the log the root of it all. It happens once.
 *
 *     genesis.json, empty ─► mapping, vault, book, state tiles, keys ─► genesis.json, told ─► the log ─► roll.json
 *
 * A kill before the log has the entry leaves nothing that counts: the next genesis clears it away and begins again. A kill
 * behind it leaves everything: the next one only writes `roll.json`.
 */
import { existsSync, rmSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { encodeBase64, type Hasher } from '@bellwether/evidence';
import {
  bucketBitsOf,
  fieldNames,
  type GenesisEntry,
  HANDLE_SIZE,
  type Mapping,
  PrefixTree,
  parseEntry,
  parseMapping,
  type RollsError,
  STATE,
} from '@bellwether/rolls';
import type { LogError } from '../../platform/evidence/errors.ts';
import type { EvidenceLog } from '../../platform/evidence/log-types.ts';
import { lockFolder } from '../../platform/lock.ts';
import { BookWriter, PROTECTED_FLAG } from './book-files.ts';
import { type RollError, rollRefused } from './errors.ts';
import {
  checkedGenesis,
  isReader,
  madeSigners,
  policyAt,
  signerInFile,
  signersAt,
  signingPlaces,
  usualPolicy,
} from './genesis-policy.ts';
import { byHandle, GenesisRows } from './genesis-rows.ts';
import { readLive } from './live/read-live.ts';
import { READER_PLACE, readerKeyFile } from './reconcile.ts';
import { writeTiles } from './reconcile-next.ts';
import { type RollPaths, readJson, writeFileWhole, writeJson } from './roll-files.ts';
import type { RollHead } from './rolls-files.ts';
import { createVault } from './vault.ts';

/**
 * Padding beside every batch of the state that hides protected voters: with four times the smallest batch, what is
 * changed to fill one up is seldom what filled up the last.
 */
const PADDING_BATCHES = 4;

/** Generation of the first book. */
const FIRST_GENERATION = '0';

/** Bytes of a pair of the vault. */
const PAIR_BYTES = 2 * HANDLE_SIZE;

/** What a genesis is made of. */
export type GenesisOptions = {
  readonly paths: RollPaths;
  /** Open, by this process. */
  readonly log: EvidenceLog;
  readonly hasher: Hasher;
  /** File. */
  readonly mapping: string;
  /** File, or address of a database. */
  readonly live: string;
  /** Files; null: keys are made here, and the usual policy is taken. */
  readonly signers: string | null;
  readonly policy: string | null;
  /** YYYY-MM-DD: the day that the dump is of. */
  readonly day: string;
  /** ms since 1970. */
  readonly now: () => number;
};

/** What may go wrong: nothing was written then. */
export type GenesisError = RollError | RollsError | LogError;

/** What became of it. */
export type GenesisDone = {
  readonly head: RollHead;
  /** Whether an earlier genesis was only finished here, which a crash had cut off. */
  readonly wasMended: boolean;
  readonly offices: number;
  readonly protectedRecords: number;
  readonly unreadableDates: number;
};

/** `genesis.json`, while a genesis goes on. `head`: what will hold as soon as the log has the entry. */
type Marker = { readonly schema: 'bellwether/genesis@1'; readonly head: RollHead | null };

/** Makes the genesis. */
export async function beginRoll(options: GenesisOptions): Promise<Result<GenesisDone, GenesisError>> {
  const { paths } = options;
  if (existsSync(paths.head)) return rollRefused('ROLL_EXISTS', `${paths.head} is there`);
  await mkdir(paths.rolls, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(paths.rolls);
  if (lock.isErr()) return rollRefused('ROLL_LOCKED', `process ${lock.error.pid} has ${lock.error.path}`);
  try {
    const left = await mendGenesis(options);
    if (left.isErr() || left.value !== null) return left as Result<GenesisDone, GenesisError>;
    return await makeGenesis(options);
  } finally {
    await lock.value.unlock();
  }
}

/** Finishes what a crash left, or clears it away; null: there is no genesis yet. */
async function mendGenesis({
  paths,
  log,
}: GenesisOptions): Promise<Result<GenesisDone | null, GenesisError>> {
  const marker = await readJson<Marker>(markerOf(paths), 'bellwether/genesis@1');
  if (marker === null) {
    if (existsSync(join(paths.vault, 'voter-keys'))) {
      return rollRefused('ROLL_EXISTS', `${paths.vault} holds keys of voters, whose roll is not here`);
    }
    for await (const { first, entries } of log.bundles(0n, log.size)) {
      const at = entries.findIndex((entry) => rootOfGenesis(entry) !== null);
      if (at >= 0) return rollRefused('ROLL_EXISTS', `entry ${first + BigInt(at)} of the log is a genesis`);
    }
    return ok(null);
  }
  const { head } = marker;
  const entry = head === null ? ok(null) : await log.entry(BigInt(head.genesis));
  if (entry.isErr()) return entry;
  if (head === null || entry.value === null || rootOfGenesis(entry.value) !== head.root) {
    clearAway(paths);
    return ok(null);
  }
  await writeJson(paths.head, head);
  await rm(markerOf(paths), { force: true });
  return ok({ head, wasMended: true, offices: 0, protectedRecords: 0, unreadableDates: 0 });
}

async function makeGenesis(options: GenesisOptions): Promise<Result<GenesisDone, GenesisError>> {
  const { paths, hasher } = options;
  const mapping = await mappingAt(options.mapping);
  if (mapping.isErr()) return mapping;
  const policy = options.policy === null ? ok(usualPolicy(options.day)) : await policyAt(options.policy);
  if (policy.isErr()) return policy;
  const marker: Marker = { schema: 'bellwether/genesis@1', head: null };
  await writeJson(markerOf(paths), marker);
  const rows = new GenesisRows(mapping.value.mapping, hasher, join(paths.rolls, 'genesis-rows.new'));
  let done: Result<GenesisDone, GenesisError> | undefined;
  try {
    const read = await readLive(mapping.value.mapping, options.live, rows);
    if (read.isErr()) done = read;
    else if (rows.count === 0) {
      done = rollRefused('ROLL_INPUT_WRONG', `${options.live} holds no live registration`);
    } else {
      done = await writeGenesis(options, mapping.value, policy.value, rows);
    }
    return done;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    done = rollRefused('ROLL_UNWRITABLE', (error as Error).message);
    return done;
  } finally {
    rows.close();
    // What the log may have is finished by the next start; anything else never was.
    if (done?.isErr() === true && done.error.code !== 'ROLL_LOG_REFUSED') clearAway(paths);
  }
}

async function writeGenesis(
  options: GenesisOptions,
  { mapping, text }: { readonly mapping: Mapping; readonly text: string },
  policy: GenesisEntry['policy'],
  rows: GenesisRows,
): Promise<Result<GenesisDone, GenesisError>> {
  const { paths, hasher, log, day, now } = options;
  const records = rows.count;
  const counts = countsOf(rows);
  const signers = await signersOf(options, Object.keys(counts), mapping.feeds);
  if (signers.isErr()) return signers;
  rows.addPadding(PADDING_BATCHES * policy.protectedBatch, STATE);
  const tree = PrefixTree.ofSorted(hasher, rows.handles, rows.leaves, rows.count);
  const root = encodeBase64(tree.root());
  const entry = checkedGenesis({
    type: 'genesis',
    v: 1,
    origin: log.origin,
    day,
    records,
    leaves: rows.count,
    offices: counts,
    root,
    bucketBits: bucketBitsOf(rows.count),
    fields: fieldNames(mapping),
    policy,
    signers: signers.value,
  });
  if (entry.isErr()) return entry;
  const order = byHandle(rows.handles, rows.count);
  await writeFileWhole(paths.mapping, text);
  keepKeys(paths, rows, order, now);
  writeBook(paths, mapping, rows, order);
  const genesisTiles = join(paths.public, 'genesis');
  const bucketBits = writeTiles(genesisTiles, tree, () => false);
  const head: RollHead = {
    schema: 'bellwether/roll@1',
    origin: log.origin,
    generation: FIRST_GENERATION,
    foldedTo: String(log.size + 1n),
    genesis: String(log.size),
    epoch: 0,
    root,
    bucketBits,
    records,
    leaves: rows.count,
  };
  await writeJson(markerOf(paths), { schema: 'bellwether/genesis@1', head } satisfies Marker);
  const appended = await log.appendEntries([entry.value]);
  if (appended.isErr()) return rollRefused('ROLL_LOG_REFUSED', appended.error.detail);
  await writeJson(paths.head, head);
  await rm(markerOf(paths), { force: true });
  const { unreadableDates } = rows;
  const offices = Object.keys(counts).filter((office) => office !== STATE).length;
  return ok({ head, wasMended: false, offices, protectedRecords: counts[STATE] ?? 0, unreadableDates });
}

/** Offices, the state, feeds and the reader. */
async function signersOf(
  { paths, hasher, signers }: GenesisOptions,
  offices: readonly string[],
  feeds: readonly string[],
): Promise<Result<GenesisEntry['signers'], RollError>> {
  const places = signingPlaces(offices, feeds);
  const keys =
    signers === null
      ? await madeSigners(paths.keys, places, hasher)
      : await signersAt(signers, places, hasher);
  if (keys.isErr() || keys.value.some(isReader)) return keys;
  const reader = await signerInFile(readerKeyFile(paths), READER_PLACE, hasher);
  return reader.map((key) => [...keys.value, key]);
}

/** Records by office; protected ones stand under the state, so that no office tells how many it has. */
function countsOf(rows: GenesisRows): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let record = 0; record < rows.count; record++) {
    const isProtected = (rows.flags[record]! & PROTECTED_FLAG) !== 0;
    const office = isProtected ? STATE : rows.offices[rows.officeOf[record]!]!;
    counts[office] = (counts[office] ?? 0) + 1;
  }
  return counts;
}

/** Into the vault. Padding has keys as well, so that nothing there tells it from voters. */
function keepKeys({ vault }: RollPaths, rows: GenesisRows, order: Uint32Array, now: () => number): void {
  const pairs = new Uint8Array(rows.count * PAIR_BYTES);
  let at = 0;
  for (const record of order) {
    const from = record * HANDLE_SIZE;
    pairs.set(rows.handles.subarray(from, from + HANDLE_SIZE), at);
    pairs.set(rows.keys.subarray(from, from + HANDLE_SIZE), at + HANDLE_SIZE);
    at += PAIR_BYTES;
  }
  createVault(vault, pairs, now);
  pairs.fill(0);
  rows.keys.fill(0);
}

function writeBook({ books }: RollPaths, mapping: Mapping, rows: GenesisRows, order: Uint32Array): void {
  const writer = new BookWriter(join(books, FIRST_GENERATION));
  try {
    for (const record of order) {
      const from = record * HANDLE_SIZE;
      writer.addRecord({
        handle: rows.handles.subarray(from, from + HANDLE_SIZE),
        leaf: rows.leaves.subarray(from, from + HANDLE_SIZE),
        version: 1,
        office: rows.offices[rows.officeOf[record]!]!,
        flags: rows.flags[record]!,
        recordId: rows.recordIdAt(record),
        row: rows.rowAt(record),
      });
    }
    writer.endBook(fieldNames(mapping), {});
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

async function mappingAt(
  path: string,
): Promise<Result<{ readonly mapping: Mapping; readonly text: string }, GenesisError>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return rollRefused('ROLL_INPUT_WRONG', (error as Error).message);
  }
  const mapping = parseMapping(text);
  return mapping.map((parsed) => ({ mapping: parsed, text }));
}

/** Takes away what a genesis wrote that the log does not have. Keys of signers stay: another genesis takes them. */
function clearAway(paths: RollPaths): void {
  for (const path of [paths.books, join(paths.public, 'genesis'), paths.vault, paths.mapping]) {
    rmSync(path, { recursive: true, force: true });
  }
  rmSync(join(paths.rolls, 'genesis-rows.new'), { force: true });
  rmSync(markerOf(paths), { force: true });
}

/** The root that a genesis tells; null for any other entry. */
function rootOfGenesis(entry: Uint8Array): string | null {
  const parsed = parseEntry(entry);
  if (parsed.isErr() || parsed.value === 'other' || !('type' in parsed.value)) return null;
  return parsed.value.type === 'genesis' ? parsed.value.root : null;
}

function markerOf({ rolls }: RollPaths): string {
  return join(rolls, 'genesis.json');
}
