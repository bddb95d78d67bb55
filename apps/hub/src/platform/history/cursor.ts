/**
 * Where a page of a search ends: the place of its last row in the one order of all rows, newest first, rows without a
 * time last. Entries that come later do not move it.
 */

/** The place of a row. */
export type Place = {
  /** ms; null where the row has none. */
  readonly time: number | null;
  readonly stream: number;
  readonly line: number;
  /** A whole number below 2^64. */
  readonly entry: bigint;
};

/** Digits of the numbers: none is longer, and a line's number fits a double. */
const CURSOR = /^(-?[0-9]{1,16}|none)_([0-9]{1,10})_([0-9]{1,16})_([0-9]{1,20})$/;

/** A place as text for the next page. */
export function formatCursor({ time, stream, line, entry }: Place): string {
  return `${time ?? 'none'}_${stream}_${line}_${entry}`;
}

/** The place that a cursor names; undefined for what `formatCursor` has not written. */
export function parseCursor(text: string): Place | undefined {
  const [, time, stream, line, entry] = CURSOR.exec(text) ?? [];
  if (time === undefined) return undefined;
  const place = {
    time: time === 'none' ? null : Number(time),
    stream: Number(stream),
    line: Number(line),
    entry: BigInt(entry!),
  };
  const known =
    place.stream <= 0xffff_ffff && Math.abs(place.time ?? 0) <= MAX_TIME && place.entry >> 64n === 0n;
  return known ? place : undefined;
}

/** The last moment that a `Date` holds, ms. */
const MAX_TIME = 8.64e15;

/** Newest first; below 0 if `a` comes before `b`. */
export function comparePlaces(a: Place, b: Place): number {
  const [earlier, later] = [a.time ?? Number.NEGATIVE_INFINITY, b.time ?? Number.NEGATIVE_INFINITY];
  if (earlier !== later) return later - earlier;
  if (a.stream !== b.stream) return b.stream - a.stream;
  if (a.line !== b.line) return b.line - a.line;
  return a.entry === b.entry ? 0 : a.entry < b.entry ? 1 : -1;
}

/** Order of rows in SQL, as `comparePlaces` has it. */
export const NEWEST_FIRST = 'time DESC NULLS LAST, stream DESC, line DESC, entry DESC';

/** Order of rows in SQL, the other way round. */
export const OLDEST_FIRST = 'time ASC NULLS FIRST, stream, line, entry';
