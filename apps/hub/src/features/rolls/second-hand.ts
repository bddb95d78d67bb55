/**
 * The second hand, as the hub sees it: whose records a witness may ask for, what was drawn for auditors after a night, and
 * whose statements count. What is drawn follows from the checkpoint that was kept with the night (packages/rolls/second-hand.ts).
 */
import { encodeText, type Hasher } from '@bellwether/evidence';
import { drawnRanks, drawSeed } from '@bellwether/rolls';
import type { Book } from './book.ts';
import { PADDING_FLAG, PROTECTED_FLAG } from './book-files.ts';
import type { Sheet } from './rolls-files.ts';

/** Who recomputes, by name of the witness: the office (lea_id) that one stands for, and auditors. */
export type SecondHands = {
  readonly offices: Readonly<Record<string, string>>;
  readonly auditors: readonly string[];
};

/** What was drawn: ordinals of the book, ascending. `withheld`: protected voters, and records that stand for nobody. */
export type Drawn = { readonly opened: readonly number[]; readonly withheld: readonly number[] };

/** Whether a record may be opened to somebody outside: it stands for a voter, who is not protected. */
export function isOpenable(book: Book, ordinal: number): boolean {
  return (book.flags[ordinal]! & (PROTECTED_FLAG | PADDING_FLAG)) === 0;
}

/** Ordinals of the records of an office that may be opened, ascending, and how many of its voters are protected. */
export function recordsOfOffice(
  book: Book,
  office: string,
): { readonly opened: readonly number[]; readonly leftOut: number } {
  const opened: number[] = [];
  let leftOut = 0;
  for (let ordinal = 0; ordinal < book.count; ordinal++) {
    if (book.isPadding(ordinal) || book.officeAt(ordinal) !== office) continue;
    if (isOpenable(book, ordinal)) opened.push(ordinal);
    else leftOut++;
  }
  return { opened, leftOut };
}

/** How many records of each office may be opened: what an office has to have recomputed to count. */
export function recordsByOffice(book: Book): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (let ordinal = 0; ordinal < book.count; ordinal++) {
    if (!isOpenable(book, ordinal)) continue;
    const office = book.officeAt(ordinal);
    counts.set(office, (counts.get(office) ?? 0) + 1);
  }
  return counts;
}

/**
 * Record numbers of changes that the database may have and the last sealed state has not: of sheets that wait, or that were signed after the
 * seal (ISO 8601). Those that were refused, or expired, wait for nothing: they differ.
 */
export function waitingSince(sheets: Iterable<Sheet>, sealedAt: string): readonly string[] {
  const waiting = new Set<string>();
  for (const { state, doneAt, changes, refused } of sheets) {
    const isSigned = state === 'signed' || state === 'partly';
    if (state !== 'awaiting' && !(isSigned && doneAt !== null && Date.parse(doneAt) > Date.parse(sealedAt)))
      continue;
    for (const { recordId } of changes) if (!refused.includes(recordId)) waiting.add(recordId);
  }
  return [...waiting];
}

/** How many records of the book wait, by office: so many may be missing where an office states how many match. */
export function waitingByOffice(book: Book, waiting: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const recordId of waiting) {
    const ordinal = book.index.find(recordId);
    if (ordinal < 0 || !isOpenable(book, ordinal)) continue;
    const office = book.officeAt(ordinal);
    counts.set(office, (counts.get(office) ?? 0) + 1);
  }
  return counts;
}

/** What is drawn of the sealed book with a checkpoint (the bytes of the note). */
export function drawnOf(hasher: Hasher, book: Book, checkpoint: string): Drawn {
  const ranks = drawnRanks(hasher, drawSeed(hasher, encodeText(checkpoint)), book.count);
  return {
    opened: ranks.filter((rank) => isOpenable(book, rank)),
    withheld: ranks.filter((rank) => !isOpenable(book, rank)),
  };
}
