/** Capturing: what differs now, each difference with what stands behind it, left as a file for whoever holds the roll. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import type { Hasher } from '@bellwether/evidence';
import { type Mapping, parseMapping, type RollsError } from '@bellwether/rolls';
import { newestCapture } from './capture-files.ts';
import { type CapturedNow, captureNow } from './capture-source.ts';
import { joinTransactions } from './capture-transactions.ts';
import { type Differences, findDifferences } from './difference.ts';
import { readErased } from './erased-records.ts';
import { type RollError, rollRefused } from './errors.ts';
import { dayIn } from './moment.ts';
import { type KnownBefore, type RowSecrets, readKnownRows, rowSecrets } from './reconcile-rows-file.ts';
import { readStateNow, type StateNow } from './reconcile-state.ts';
import { type RollPaths, writeFileWhole } from './roll-files.ts';
import type { CaptureHead, Change } from './rolls-files.ts';
import { Vault } from './vault.ts';

/** What may go wrong with reading, and with the roll. */
export type ReadingError = RollError | RollsError;

/** What is compared with what. */
export type ReadingOptions = {
  readonly paths: RollPaths;
  readonly hasher: Hasher;
  /** File, or address of a database. */
  readonly live: string;
  /** Address of the database with the audit table or the slot, where the mapping names one; without it that of `live`. */
  readonly changes?: string;
  /** File; null: there is none. */
  readonly transactions: string | null;
  /** ms since 1970. */
  readonly now: number;
  readonly zone: string;
  /** Whether a person said that the dump is whole, however few rows it has. */
  readonly isWhole: boolean;
  /** Whether every row is to be computed, whatever is known of it. */
  readonly isFull?: boolean;
};

/** What is known of rows by their bytes: before, or a text that says why nothing is, and after. */
export type RowsKnown = {
  readonly secrets: RowSecrets;
  readonly before: KnownBefore | string;
  readonly digests: Differences['digests'];
};

/** What was read. */
export type Reading = {
  readonly state: StateNow;
  readonly mapping: Mapping;
  readonly mappingText: string;
  readonly captured: CapturedNow;
  readonly rows: RowsKnown;
  readonly read: number;
  readonly changes: readonly Change[];
  readonly day: string;
};

/** Compares, and joins with transactions. Whoever calls closes the book of the state. */
export async function readAgainstState(options: ReadingOptions): Promise<Result<Reading, ReadingError>> {
  const { paths, hasher, now } = options;
  const state = await readStateNow(paths, new Vault(paths.vault, () => now), hasher);
  if (state.isErr()) return state;
  const read = await readRows(options, state.value);
  if (read.isErr()) state.value.book.close();
  return read;
}

async function readRows(options: ReadingOptions, state: StateNow): Promise<Result<Reading, ReadingError>> {
  const { paths, hasher, live, now, zone } = options;
  const { book, used } = state;
  const mappingText = await readFile(paths.mapping, 'utf8');
  const mapping = parseMapping(mappingText);
  if (mapping.isErr()) return mapping;
  const secrets = rowSecrets(paths);
  if (secrets.isErr()) return secrets;
  const before =
    options.isFull === true
      ? 'it was asked for'
      : readKnownRows(book.folder, mappingText, secrets.value, state.tree.slots, now);
  const known = { secret: secrets.value.digest, before: typeof before === 'string' ? null : before };
  const isErased = await readErased(paths.vault);
  if (isErased.isErr()) return isErased;
  const captured = await captureNow(paths, mapping.value, options.changes ?? live, zone);
  if (captured.isErr()) return captured;
  const found = await findDifferences(state, mapping.value, live, hasher, known, options.isWhole);
  if (found.isErr()) return found;
  const { read, digests } = found.value;
  // No transaction authorises what was erased: it is marked before anybody looks what stands behind it.
  const changes = found.value.changes.map((change) =>
    change.kind === 'new' && change.fault === null && isErased.value(change.recordId)
      ? { ...change, fault: 'erased' as const }
      : change,
  );
  const isUsed = (id: string): boolean => used.has(id) || Object.hasOwn(book.file.used, id);
  const behind = captured.value.path ?? options.transactions;
  const joined = await joinTransactions(changes, mapping.value, behind, isUsed, now);
  if (joined.isErr()) return joined;
  const rows = { secrets: secrets.value, before, digests };
  const day = dayIn(zone, now);
  return ok({
    state,
    mapping: mapping.value,
    mappingText,
    captured: captured.value,
    rows,
    read,
    changes: joined.value,
    day,
  });
}

/** Leaves a capture behind; its head. */
export async function captureChanges(options: ReadingOptions): Promise<Result<CaptureHead, ReadingError>> {
  const reading = await readAgainstState(options);
  if (reading.isErr()) return reading;
  const { state, captured, changes, read, day } = reading.value;
  state.book.close();
  const number = (await newestCapture(options.paths)) + 1;
  const head: CaptureHead = {
    schema: 'bellwether/capture@1',
    number,
    at: new Date(options.now).toISOString(),
    day,
    records: read,
    generation: state.head.generation,
    to: String(state.to),
    captures: captured.captures,
    changes: changes.length,
  };
  const path = join(options.paths.captures, `${number}.ndjson`);
  try {
    await writeFileWhole(path, [head, ...changes].map((line) => `${JSON.stringify(line)}\n`).join(''));
  } catch (error) {
    return rollRefused('ROLL_UNWRITABLE', `${path}: ${(error as Error).message}`);
  }
  return ok(head);
}
