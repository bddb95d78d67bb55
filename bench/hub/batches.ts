/** A log file cut into batches of whole lines, in memory before anything is measured. */
import { readFileSync } from 'node:fs';

/** What a shipper sends at once when it has a lot to send, bytes. */
export const BATCH_BYTES = 1_000_000;

/** Whole lines, and how many. */
export type Batch = { readonly bytes: Buffer; readonly lines: number };

const LINE_FEED = 10;

/** Cuts a file into batches of about so many bytes. */
export function batchesOf(path: string, bytes = BATCH_BYTES): readonly Batch[] {
  const all = readFileSync(path);
  const batches: Batch[] = [];
  for (let from = 0; from < all.length; ) {
    const end = all.indexOf(LINE_FEED, Math.min(from + bytes, all.length - 1));
    const to = end < 0 ? all.length : end + 1;
    const piece = all.subarray(from, to);
    batches.push({ bytes: piece, lines: linesIn(piece) });
    from = to;
  }
  return batches;
}

/** The lines of a file one by one, without their ends. */
export function linesOf(path: string): readonly Buffer[] {
  const all = readFileSync(path);
  const lines: Buffer[] = [];
  for (let from = 0; from < all.length; ) {
    const end = all.indexOf(LINE_FEED, from);
    const to = end < 0 ? all.length : end;
    lines.push(all.subarray(from, to));
    from = to + 1;
  }
  return lines;
}

function linesIn(bytes: Buffer): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines++;
  return lines;
}
