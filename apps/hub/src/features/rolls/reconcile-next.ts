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

/** Writes it; its generation, and the registrations in it. */
export function writeNextBook(
  paths: RollPaths,
  state: StateNow,
  now: number,
): { readonly next: string; readonly records: number } {
  const { book, tree, bySlot } = state;
  const next = nextGeneration(paths);
  const writer = new BookWriter(join(paths.books, next));
  const added = Array.from({ length: tree.slots - book.count }, (_, i) => book.count + i).sort((a, b) =>
    Buffer.compare(tree.handleAt(a), tree.handleAt(b)),
  );
  let records = 0;
  const write = (slot: number): void => {
    const leaf = tree.leafAt(slot);
    if (leaf.every((byte) => byte === 0)) return;
    const signed = bySlot.get(slot);
    const flags = signed?.flags ?? book.flags[slot]!;
    if ((flags & PADDING_FLAG) === 0) records++;
    writer.addRecord({
      handle: tree.handleAt(slot),
      leaf,
      version: signed?.version ?? book.versions[slot]!,
      office: signed?.office ?? book.officeAt(slot),
      flags,
      recordId: signed?.recordId ?? book.index.recordAt(slot),
      row:
        signed?.fields == null
          ? slot < book.count
            ? book.rowAt(slot)
            : new Uint8Array()
          : book.speller.rowOf(signed.fields),
    });
  };
  try {
    let at = 0;
    for (let ordinal = 0; ordinal < book.count; ordinal++) {
      while (at < added.length && Buffer.compare(tree.handleAt(added[at]!), tree.handleAt(ordinal)) < 0)
        write(added[at++]!);
      write(ordinal);
    }
    while (at < added.length) write(added[at++]!);
    writer.endBook(book.file.names, usedSince(state, now));
  } catch (error) {
    writer.abandon();
    throw error;
  }
  return { next, records };
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
