/**
 * When this witness first saw an entry, by its own clock: a hub may write any time into a key entry, and its signer would count sooner
 * than everybody could see it. Kept as marks, so many entries at such a time: what lies between two marks was first seen at the
 * later one. The first mark is where the witness began: what lies before it was there already.
 */

/** A size of the log, and when it was first seen, ms since 1970. */
export type SeenMark = { readonly size: bigint; readonly at: number };

/**
 * How long marks are remembered, ms: a month, ten times the delay that a policy asks for. An entry from before it is old enough for any
 * signer.
 */
const REMEMBERED_MS = 31 * 86_400_000;

/** Marks that are closer than this become one, ms: half an hour is little beside three days, and keeps the file small. */
const APART_MS = 1_800_000;

/** Most marks of a log: a month of them, and the ones at both ends. */
export const MAX_MARKS: number = REMEMBERED_MS / APART_MS + 3;

/** The marks after a size was seen. A clock that went back leaves them as they are but for the new one. */
export function markSeen(marks: readonly SeenMark[], size: bigint, now: number): readonly SeenMark[] {
  const last = marks.at(-1);
  if (last !== undefined && size <= last.size) return marks;
  // The first mark that stays is a beginning again: what lies before it was first seen a month ago.
  const young = marks.filter(({ at }, place) => place === marks.length - 1 || now - at < REMEMBERED_MS);
  const before = young.at(-2);
  // Where two become one the later time stands: never does an entry look older than it is.
  const isClose = before !== undefined && now - before.at < APART_MS;
  return [...(isClose ? young.slice(0, -1) : young), { size, at: now }].slice(-MAX_MARKS);
}

/** When an entry was first seen, ms since 1970; null: before the first mark. One that no mark holds is seen `now`. */
export function firstSeen(marks: readonly SeenMark[], index: bigint, now: number): number | null {
  const [first] = marks;
  if (first !== undefined && index < first.size) return null;
  return marks.find(({ size }) => index < size)?.at ?? now;
}
