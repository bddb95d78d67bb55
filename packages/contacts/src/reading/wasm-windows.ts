/**
 * Feeds a block to the WebAssembly readers window by window. A window ends with a line; a line that is longer than a
 * window, and whatever the fast reader does not take, goes to the plain one.
 */
import { BATCH_ROWS, type Batch } from '../contact.ts';
import { addLosses } from '../losses.ts';
import type { LineLoop } from './reader.ts';
import { type ReadingMemory, WINDOW_BYTES } from './wasm-memory.ts';

const NEWLINE = 10;

/** What is being read: fields move on as lines are read. */
export type Window = {
  readonly bytes: Buffer;
  readonly memory: ReadingMemory;
  readonly plain: LineLoop;
  /** Rows that `memory.rows` may have. */
  readonly limit: number;
  /** Where the next line begins in `bytes`, and its number in the block. */
  at: number;
  line: number;
  /** End of the window in `bytes`. */
  end: number;
  /** What is added to a place in `bytes` to find it in the memory. */
  moved: number;
};

/** Reads the lines of a window, which has been copied to `memory.input`, until its end or its limit. */
export type ReadWindow = (window: Window) => void;

/** `LineReader.readBlock` by windows. */
export function readByWindows(
  memory: ReadingMemory,
  bytes: Buffer,
  from: number,
  to: number,
  firstLine: number,
  batch: Batch,
  plain: LineLoop,
  readWindow: ReadWindow,
): number {
  const { rows } = memory;
  rows.clear();
  const limit = BATCH_ROWS - batch.count;
  const window: Window = { bytes, memory, plain, limit, at: from, line: firstLine, end: from, moved: 0 };
  while (window.at < to && rows.count < limit) {
    const end = windowEnd(bytes, window.at, to);
    if (end < 0) {
      readPlain(window, lineEnd(bytes, window.at, to));
      continue;
    }
    window.end = end;
    window.moved = memory.input - window.at;
    memory.bytes.set(bytes.subarray(window.at, end), memory.input);
    readWindow(window);
  }
  batch.takeRows(rows);
  batch.lines += rows.lines;
  batch.ignored += rows.ignored;
  batch.unreadable += rows.unreadable;
  addLosses(batch, rows);
  return window.at;
}

/** Reads lines up to `end` plainly. */
export function readPlain(window: Window, end: number): void {
  const { rows } = window.memory;
  const before = rows.lines;
  window.at = window.plain.readLines(window.bytes, window.at, end, window.line, rows, window.limit);
  window.line += rows.lines - before;
}

/** End of the line at `at`, behind its newline. */
export function lineEnd(bytes: Buffer, at: number, to: number): number {
  const newline = bytes.indexOf(NEWLINE, at);
  return newline < 0 || newline >= to ? to : newline + 1;
}

/** End of the last line that fits into a window from `at`, behind its newline; -1 if none does. */
function windowEnd(bytes: Buffer, at: number, to: number): number {
  const newline = bytes.lastIndexOf(NEWLINE, Math.min(to, at + WINDOW_BYTES) - 1);
  return newline < at ? -1 : newline + 1;
}
