/**
 * The index of a window of lines: every separator and every end of line, found 64 bytes at a time.
 */
import { lineMarks, marks, marksCapacity } from './table.as';

export let cursor: u32 = 0;
export let indexedLines: u32 = 0;
export let windowAt: usize = 0;

/**
 * Finds every separator and newline of [from, to), whose last byte is a newline. Returns how many lines were indexed:
 * fewer than there are where the index is full.
 */
export function index(from: usize, to: usize, separator: i32): u32 {
  const tab = i8x16.splat(<i8>separator);
  const newline = i8x16.splat(10);
  let mark = marks;
  let lineMark = lineMarks;
  const full = marks + <usize>(marksCapacity - 64) * 4;
  windowAt = from;
  cursor = 0;
  for (let at = from; at < to && mark < full; at += 64) {
    const a = v128.load(at);
    const b = v128.load(at, 16);
    const c = v128.load(at, 32);
    const d = v128.load(at, 48);
    let ends =
      <u64>i8x16.bitmask(i8x16.eq(a, newline)) |
      (<u64>i8x16.bitmask(i8x16.eq(b, newline)) << 16) |
      (<u64>i8x16.bitmask(i8x16.eq(c, newline)) << 32) |
      (<u64>i8x16.bitmask(i8x16.eq(d, newline)) << 48);
    let both =
      ends |
      <u64>i8x16.bitmask(i8x16.eq(a, tab)) |
      (<u64>i8x16.bitmask(i8x16.eq(b, tab)) << 16) |
      (<u64>i8x16.bitmask(i8x16.eq(c, tab)) << 32) |
      (<u64>i8x16.bitmask(i8x16.eq(d, tab)) << 48);
    const left = to - at;
    if (left < 64) {
      const mask = (<u64>1 << left) - 1;
      ends &= mask;
      both &= mask;
    }
    const base = <u32>((mark - marks) >> 2);
    while (ends !== 0) {
      const bit = ctz(ends);
      store<u32>(lineMark, base + <u32>popcnt(both & ((<u64>1 << bit) - 1)));
      lineMark += 4;
      ends &= ends - 1;
    }
    while (both !== 0) {
      store<u32>(mark, <u32>at + <u32>ctz(both));
      mark += 4;
      both &= both - 1;
    }
  }
  indexedLines = <u32>((lineMark - lineMarks) >> 2);
  return indexedLines;
}

/** Where the line at the cursor begins. */
// @ts-ignore: decorator
@inline
export function lineStart(): usize {
  if (cursor === 0) return windowAt;
  return <usize>load<u32>(marks + (<usize>load<u32>(lineMarks + (<usize>(cursor - 1) << 2)) << 2)) + 1;
}

/** Passes over the line at the cursor: the plain reader has read it. */
export function skipLine(): void {
  cursor++;
}

/** Moves the cursor to the next line. */
// @ts-ignore: decorator
@inline
export function nextLine(): void {
  cursor++;
}
