/**
 * What this machine can do at most in one thread of JavaScript, on the same file: read it, find its line ends, look at
 * each byte. Nothing that reads lines can be faster; how near we come is the honest measure of a reader.
 */
import { closeSync, openSync, readSync } from 'node:fs';

/** Seconds for the whole file, the best of three passes: the limit is what the machine can do, not what it often does. */
export type Limits = {
  /** Reading the file from the page cache into one buffer. */
  readonly read: number;
  /** Reading, and finding each line end with `Buffer.indexOf`. */
  readonly split: number;
  /** Reading, and looking at each byte in JavaScript. */
  readonly scan: number;
};

/** As large as the blocks that `watch` reads. */
const BLOCK = 1 << 20;
const PASSES = 3;
const LINE_FEED = 10;

/** Measures the limits. Meant for a process of its own, pinned to one core. */
export function limitsOf(path: string): Limits {
  return { read: best(path, () => 0), split: best(path, splitLines), scan: best(path, scanBytes) };
}

function best(path: string, look: (bytes: Buffer, length: number) => number): number {
  const buffer = Buffer.allocUnsafeSlow(BLOCK);
  let least = Number.POSITIVE_INFINITY;
  for (let pass = 0; pass < PASSES; pass++) {
    const began = process.hrtime.bigint();
    const file = openSync(path, 'r');
    let seen = 0;
    for (let length = readSync(file, buffer); length > 0; length = readSync(file, buffer)) {
      seen += look(buffer, length);
    }
    closeSync(file);
    // The count is used, so that no compiler may leave the work out.
    if (seen < 0) throw new Error('a count below zero');
    least = Math.min(least, Number(process.hrtime.bigint() - began) / 1e9);
  }
  return least;
}

function splitLines(bytes: Buffer, length: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0 && at < length; at = bytes.indexOf(LINE_FEED, at + 1))
    lines++;
  return lines;
}

function scanBytes(bytes: Buffer, length: number): number {
  let lines = 0;
  for (let at = 0; at < length; at++) if (bytes[at] === LINE_FEED) lines++;
  return lines;
}
