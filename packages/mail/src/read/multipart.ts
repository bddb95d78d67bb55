/** Parts of a multipart body (RFC 2046, 5.1): where each begins and ends, by its boundary lines. */

/** From the first byte of a part to the byte after its last. */
export type PartRange = { readonly from: number; readonly to: number };

const DASH = 45;
const LF = 10;
const CR = 13;

/** Ranges of the parts between `from` and `to`, at most `most`. A missing end is the end of what there is. */
export function partRanges(
  bytes: Buffer,
  from: number,
  to: number,
  boundary: string,
  most: number,
): { readonly ranges: readonly PartRange[]; readonly isCut: boolean } {
  const marker = Buffer.from(`--${boundary}`, 'latin1');
  const ranges: PartRange[] = [];
  let start = -1;
  for (let at = bytes.indexOf(marker, from); at !== -1 && at < to; at = bytes.indexOf(marker, at + 1)) {
    if (at > from && bytes[at - 1] !== LF) continue;
    const line = lineAfter(bytes, at + marker.length, to);
    if (line === undefined) continue;
    if (start !== -1) ranges.push({ from: start, to: beforeLineEnd(bytes, start, at) });
    start = line.isLast ? -1 : line.next;
    if (line.isLast) break;
    if (ranges.length >= most) return { ranges, isCut: true };
  }
  if (start !== -1 && start < to) ranges.push({ from: start, to });
  return { ranges, isCut: false };
}

/** What follows a marker: nothing but `--` and spaces up to the line's end, or it is no marker. */
function lineAfter(
  bytes: Buffer,
  from: number,
  to: number,
): { readonly isLast: boolean; readonly next: number } | undefined {
  const isLast = bytes[from] === DASH && bytes[from + 1] === DASH;
  let at = isLast ? from + 2 : from;
  while (at < to && (bytes[at] === 32 || bytes[at] === 9 || bytes[at] === CR)) at++;
  if (at < to && bytes[at] !== LF) return undefined;
  return { isLast, next: Math.min(at + 1, to) };
}

/** The line end before a marker belongs to the marker. */
function beforeLineEnd(bytes: Buffer, start: number, at: number): number {
  let end = at;
  if (end > start && bytes[end - 1] === LF) end--;
  if (end > start && bytes[end - 1] === CR) end--;
  return end;
}
