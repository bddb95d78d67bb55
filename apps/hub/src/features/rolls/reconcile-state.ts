/** The state that the live database is compared with: the book, and what was signed since, as the log has it. */
import { join } from 'node:path';
import { ok, type Result } from '@bellwether/basics';
import { encodeBase64, type Hasher, isSame } from '@bellwether/evidence';
import {
  HANDLE_SIZE,
  hexOf,
  type Item,
  PrefixTree,
  parseEntry,
  type RollFields,
  type RollsPolicy,
} from '@bellwether/rolls';
import { type Book, openBook } from './book.ts';
import { PADDING_FLAG, PROTECTED_FLAG } from './book-files.ts';
import { type RollError, rollRefused } from './errors.ts';
import { isPadding } from './protected.ts';
import { logSize, readLog } from './reconcile-log.ts';
import { type RollPaths, readJson } from './roll-files.ts';
import type { RollHead, SheetChange, SignedBatch } from './rolls-files.ts';
import type { Vault } from './vault.ts';

/** A record that was changed by signed batches since the book. */
export type SignedRecord = {
  readonly recordId: string;
  readonly slot: number;
  readonly version: number;
  readonly office: string;
  readonly flags: number;
  /** Null: it was removed. Of padding too, which has none. */
  readonly fields: RollFields | null;
  readonly isRemoved: boolean;
  /** `office`, `state`, `feed:NAME`: whoever signed since the book. */
  readonly sources: ReadonlySet<string>;
};

/** The state, and what it stands on. */
export type StateNow = {
  readonly head: RollHead;
  readonly book: Book;
  /** Slots of the book's records are their ordinals. */
  readonly tree: PrefixTree;
  /** Entries of the log that it is made of: those before. */
  readonly to: bigint;
  readonly policy: RollsPolicy;
  readonly signed: ReadonlyMap<string, SignedRecord>;
  /** The same by slot. */
  readonly bySlot: ReadonlyMap<number, SignedRecord>;
  /** Transactions behind what was signed since the book, with their times. */
  readonly used: ReadonlyMap<string, string>;
  /** Voters' keys by slot. */
  readonly keys: Uint8Array;
};

type Reading = {
  readonly tree: PrefixTree;
  readonly book: Book;
  readonly signed: Map<string, SignedRecord>;
  readonly bySlot: Map<number, SignedRecord>;
  readonly used: Map<string, string>;
};

/** Reads it. The root of the book has to be that which the log tells. */
export async function readStateNow(
  paths: RollPaths,
  vault: Vault,
  hasher: Hasher,
): Promise<Result<StateNow, RollError>> {
  const head = await readJson<RollHead>(paths.head, 'bellwether/roll@1');
  if (head === null) return rollRefused('ROLL_ABSENT', `${paths.head} is not there`);
  const opened = await openBook(paths, head.generation);
  if (opened.isErr()) return opened;
  const book = opened.value;
  const tree = PrefixTree.ofSorted(hasher, book.handles, book.leaves, book.count);
  if (encodeBase64(tree.root()) !== head.root) {
    return rollRefused('ROLL_DAMAGED', `${book.folder} has another root than ${paths.head} tells`);
  }
  const reading: Reading = { tree, book, signed: new Map(), bySlot: new Map(), used: new Map() };
  const to = await logSize(paths);
  const read = await readSigned(paths, head, to, reading);
  if (read.isErr()) return read;
  const keys = new Uint8Array(tree.slots * HANDLE_SIZE);
  const missing = vault.readKeys(book.handles, keys);
  if (missing.isErr()) return missing;
  if (missing.value > 0)
    return rollRefused('ROLL_VAULT_UNUSABLE', `it misses ${missing.value} keys of voters`);
  const added: Uint8Array[] = [];
  for (let slot = book.count; slot < tree.slots; slot++) added.push(tree.handleAt(slot));
  const more = await vault.keysFor(added);
  if (more.isErr()) return more;
  for (const [at, key] of more.value.entries()) {
    if (key !== null) keys.set(key, (book.count + at) * HANDLE_SIZE);
  }
  const { policy } = read.value;
  const { signed, bySlot, used } = reading;
  return ok({ head, book, tree, to, policy, signed, bySlot, used, keys });
}

async function readSigned(
  paths: RollPaths,
  head: RollHead,
  to: bigint,
  reading: Reading,
): Promise<Result<{ readonly policy: RollsPolicy }, RollError>> {
  let policy: RollsPolicy | undefined;
  let root = '';
  const batches: { readonly batch: number; readonly source: string; readonly items: Item[] }[] = [];
  const read = await readLog(paths, BigInt(head.genesis), to, (index, bytes) => {
    const isNew = index >= BigInt(head.foldedTo);
    // Items are told by their first byte; those that the book holds are of no interest.
    if (bytes[0] === 1 && !isNew) return ok();
    const parsed = parseEntry(bytes);
    if (parsed.isErr())
      return rollRefused('ROLL_DAMAGED', `entry ${index} of the log: ${parsed.error.detail}`);
    const entry = parsed.value;
    if (entry === 'other') return ok();
    if (!('type' in entry)) batches.at(-1)?.items.push(entry);
    else if (entry.type === 'genesis' || entry.type === 'policy') {
      policy = entry.policy;
      if (entry.type === 'genesis') root = entry.root;
    } else if (entry.type === 'seal') root = entry.after;
    else if (entry.type === 'batch' && isNew) {
      batches.push({ batch: entry.batch, source: entry.source, items: [] });
    }
    return ok();
  });
  if (read.isErr()) return read;
  if (policy === undefined)
    return rollRefused('ROLL_DAMAGED', `entry ${head.genesis} of the log is no genesis`);
  if (root !== head.root) {
    return rollRefused(
      'ROLL_DAMAGED',
      'the last seal of the log is not that of the book: open the roll once, which mends it',
    );
  }
  for (const { batch, source, items } of batches) {
    const path = join(paths.batches, `${batch}.json`);
    const file = await readJson<SignedBatch>(path, 'bellwether/batch@1');
    if (file === null) return rollRefused('ROLL_DAMAGED', `${path} is missing, and the log has that batch`);
    const changes = new Map(file.changes.map((change) => [change.handle, change]));
    for (const item of items) {
      const change = changes.get(hexOf(item.handle));
      const fault = change === undefined ? 'it misses a record' : applyItem(reading, source, item, change);
      if (fault !== null) return rollRefused('ROLL_DAMAGED', `${path}: ${fault}`);
    }
  }
  return ok({ policy });
}

/** Applies one item; what is wrong with it, or null. */
function applyItem(
  { tree, book, signed, bySlot, used }: Reading,
  source: string,
  item: Item,
  change: SheetChange,
): string | null {
  if (change.newLeaf !== hexOf(item.newLeaf) || change.version !== item.version) {
    return `record ${change.recordId} is not what the log has`;
  }
  const before = tree.find(item.handle);
  if (item.kind === 'new' ? before >= 0 : before < 0 || !isSame(tree.leafAt(before), item.oldLeaf)) {
    return `record ${change.recordId} does not follow on the state`;
  }
  const slot = tree.change(item.handle, item.newLeaf);
  const recordId = isPadding(change) ? recordOfPadding(book, slot) : change.recordId;
  const record: SignedRecord = {
    recordId,
    slot,
    version: item.version,
    office: change.office,
    flags: isPadding(change) ? PADDING_FLAG : change.isProtected ? PROTECTED_FLAG : 0,
    fields: change.after,
    isRemoved: item.kind === 'removed',
    sources: new Set([...(signed.get(recordId)?.sources ?? []), source]),
  };
  signed.set(recordId, record);
  bySlot.set(slot, record);
  if (change.transaction !== null) used.set(change.transaction.id, change.transaction.at);
  return null;
}

function recordOfPadding(book: Book, slot: number): string {
  return slot < book.count ? book.index.recordAt(slot) : '';
}
