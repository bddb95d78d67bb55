/** The next book: the one before with everything that was signed since; and the state tiles that changed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bucketBitsOf, type PrefixTree, writeStateTiles } from '@bellwether/rolls';
import { BookWriter, PADDING_FLAG } from './book-files.ts';
import { TRANSACTION_DAYS } from './capture-transactions.ts';
import type { StateNow } from './reconcile-state.ts';
import type { RollPaths } from './roll-files.ts';

const DAY = 86_400_000;

/** Days beyond their window for which used transactions are remembered: clocks and time zones differ. */
const MARGIN_DAYS = 2;

/** Name of the next generation: higher than all that are there. */
export function nextGeneration({ books }: RollPaths): string {
  if (!existsSync(books)) return '1';
  const numbers = readdirSync(books).map((name) => Number(/^(\d+)/.exec(name)?.[1] ?? 0));
  return String(Math.max(0, ...numbers) + 1);
}

/** The next book. */
export type NextBook = {
  readonly next: string;
  /** Registrations in it. */
  readonly records: number;
  /** Slots of its records, in its order: runs [from, to). */
  readonly order: readonly (readonly [number, number])[];
};

/** Writes it. What nobody signed for is copied as it is, run by run. */
export function writeNextBook(paths: RollPaths, state: StateNow, now: number): NextBook {
  const { book, tree, bySlot } = state;
  const next = nextGeneration(paths);
  const writer = new BookWriter(join(paths.books, next));
  const order: (readonly [number, number])[] = [];
  let records = 0;
  const write = (slot: number): void => {
    const signed = bySlot.get(slot)!;
    const leaf = tree.leafAt(slot);
    if (leaf.every((byte) => byte === 0)) return;
    if ((signed.flags & PADDING_FLAG) === 0) records++;
    const { version, office, flags, recordId, fields } = signed;
    const kept = slot < book.count ? book.rowAt(slot) : new Uint8Array();
    const row = fields === null ? kept : book.speller.rowOf(fields);
    writer.addRecord({ handle: tree.handleAt(slot), leaf, version, office, flags, recordId, row });
    order.push([slot, slot + 1]);
  };
  const copy = (from: number, to: number): void => {
    if (from === to) return;
    const run = book.runOf(from, to);
    for (const flags of run.flags) if ((flags & PADDING_FLAG) === 0) records++;
    writer.addRun(run);
    order.push([from, to]);
  };
  try {
    let at = 0;
    for (const { slot, before } of changedSlots(state)) {
      copy(at, before);
      write(slot);
      at = slot < book.count ? slot + 1 : before;
    }
    copy(at, book.count);
    writer.endBook(book.file.names, usedSince(state, now));
  } catch (error) {
    writer.abandon();
    throw error;
  }
  return { next, records, order };
}

/** Slots that were signed for since the book, by handle; `before`: the first of the book's ordinals that is not before it. */
function changedSlots({ book, tree, bySlot }: StateNow): readonly { slot: number; before: number }[] {
  const slots = [...bySlot.keys()].sort((a, b) => Buffer.compare(tree.handleAt(a), tree.handleAt(b)));
  return slots.map((slot) => {
    if (slot < book.count) return { slot, before: slot };
    const handle = tree.handleAt(slot);
    let low = 0;
    let high = book.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Buffer.compare(tree.handleAt(middle), handle) < 0) low = middle + 1;
      else high = middle;
    }
    return { slot, before: low };
  });
}

/** Writes the state tiles that are not there; the bits of a handle that choose its bucket. */
export function writeTiles(folder: string, tree: PrefixTree, isThere: (name: string) => boolean): number {
  mkdirSync(folder, { recursive: true });
  const bucketBits = bucketBitsOf(tree.size);
  writeStateTiles(tree, bucketBits, (name, bytes) => writeFileSync(join(folder, name), bytes), isThere);
  // One flush of the file system instead of one for each of some ten thousand files. Where there is none, the system
  // writes them within seconds, and a tile that a crash of the machine lost is made again from the book.
  spawnSync('sync', ['-f', folder], { stdio: 'ignore' });
  return bucketBits;
}

/** Whether a tile is in the public folder: of a later night, or of the genesis. */
export function isTileThere({ public: folder }: RollPaths): (name: string) => boolean {
  return (name) => existsSync(join(folder, name)) || existsSync(join(folder, 'genesis', name));
}

/** Transactions that have to be remembered. */
function usedSince({ book, used }: StateNow, now: number): Readonly<Record<string, string>> {
  const first = now - (TRANSACTION_DAYS + MARGIN_DAYS) * DAY;
  const all = [...Object.entries(book.file.used), ...used];
  return Object.fromEntries(all.filter(([, at]) => Date.parse(at) >= first));
}
