/**
 * Cuts an input into blocks of whole lines.
 *
 * Block k owns the lines that start in bytes [k·size, (k+1)·size) of the (unpacked) input, so where the cuts fall
 * depends on nothing but the input and the size: one thread that reads from head to end and several that each read
 * their own ranges see the same blocks, and a pipe gives the same as the file.
 *
 * A line longer than MAX_LINE that reaches out of its block is cut one byte behind that limit, which is enough for the
 * reader to count it once as unreadable, and the rest of it is passed over without being held.
 */
import { MAX_LINE } from '@bellwether/contacts';
import type { ByteSource, PlainSource } from './bytes-in.ts';

/** Whole lines: bytes [from, to) of `bytes`, the last byte a newline. Empty where from = to. */
export type Block = {
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
};

/**
 * Bytes behind the end of a block that are read at once to find the end of its last line: most lines are shorter, and
 * where one is not, more is read.
 */
const OVERHANG = 2_048;

/** Bytes behind the end of a block up to which its last line is followed: the longest line, `\r\n`, and one to tell. */
const MAX_OVERHANG = MAX_LINE + 3;

const NEWLINE = 10;

/** Bytes of the buffer that blocks of `size` bytes are read into: a line's end more, and one newline where it lacks. */
export function blockCapacity(size: number): number {
  return size + MAX_OVERHANG + 1;
}

/** UTF-8's byte order mark. */
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Length of the byte order mark that Windows programs write before the first line; 0 if there is none. */
export function markLength(head: Buffer): number {
  return head.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
}

/** Reads the blocks of an input from its head to its end. */
export class BlockReader {
  readonly #source: ByteSource;
  readonly #size: number;
  /** Where in the input the next line starts. */
  #position = 0;
  /** Bytes from there on that were read with the block before. */
  readonly #carry: Buffer;
  #carried = 0;
  #atHead = true;
  /** Inside the rest of an over-long line. */
  #passing = false;

  constructor(source: ByteSource, size: number) {
    this.#source = source;
    this.#size = size;
    this.#carry = Buffer.allocUnsafe(blockCapacity(0));
  }

  /** The next block, read into `into` (`blockCapacity` bytes); undefined at the end. */
  next(into: Buffer): Block | undefined | Promise<Block | undefined> {
    // Nothing is awaited where nothing has to be: a plain file is read without leaving this turn of the event loop.
    const source = this.#source;
    let filled = this.#carry.copy(into, 0, 0, this.#carried);
    this.#carried = 0;
    for (;;) {
      const wanted = this.#wanted(into, filled);
      if (wanted === 0) return this.#cut(into, filled, false);
      const count = source.read(into, filled, wanted);
      if (typeof count !== 'number') return this.#nextSlowly(into, filled, count);
      if (count === 0) return this.#cut(into, filled, true);
      filled = this.#pass(into, filled + count);
    }
  }

  async #nextSlowly(into: Buffer, before: number, reading: Promise<number>): Promise<Block | undefined> {
    let filled = before;
    let count = await reading;
    for (;;) {
      if (count === 0) return this.#cut(into, filled, true);
      filled = this.#pass(into, filled + count);
      const wanted = this.#wanted(into, filled);
      if (wanted === 0) return this.#cut(into, filled, false);
      count = await this.#source.read(into, filled, wanted);
    }
  }

  /** Bytes still missing to complete the block: up to its end, then up to the end of its last line. 0 if none is. */
  #wanted(into: Buffer, filled: number): number {
    const end = this.#end();
    if (filled < end + OVERHANG) return end + OVERHANG - filled;
    if (filled >= end + MAX_OVERHANG) return 0;
    // Only the bytes that came last have not been looked at; looking again is rare and short.
    return into.subarray(0, filled).indexOf(NEWLINE, end - 1) >= 0 ? 0 : end + MAX_OVERHANG - filled;
  }

  /** Where the block ends, counted from the line that it begins with. */
  #end(): number {
    return (Math.floor(this.#position / this.#size) + 1) * this.#size - this.#position;
  }

  /** Drops what is left of an over-long line from the head of the buffer, and a byte order mark at the input's. */
  #pass(into: Buffer, filled: number): number {
    let drop = 0;
    if (this.#passing) {
      const newline = into.subarray(0, filled).indexOf(NEWLINE);
      this.#passing = newline < 0;
      drop = newline < 0 ? filled : newline + 1;
    } else if (this.#atHead && filled >= BYTE_ORDER_MARK.length) {
      this.#atHead = false;
      drop = markLength(into);
    }
    if (drop === 0) return filled;
    into.copyWithin(0, drop, filled);
    this.#position += drop;
    return filled - drop;
  }

  #cut(into: Buffer, filled: number, ended: boolean): Block | undefined {
    if (filled === 0) return undefined;
    const end = this.#end();
    const newline = filled >= end ? into.subarray(0, filled).indexOf(NEWLINE, end - 1) : -1;
    if (newline >= 0) {
      this.#carried = into.copy(this.#carry, 0, newline + 1, filled);
      this.#position += newline + 1;
      return { bytes: into, from: 0, to: newline + 1 };
    }
    this.#position += filled;
    if (ended) {
      const whole = into[filled - 1] === NEWLINE;
      if (!whole) into[filled] = NEWLINE;
      return { bytes: into, from: 0, to: whole ? filled : filled + 1 };
    }
    this.#passing = true;
    into[filled - 1] = NEWLINE;
    return { bytes: into, from: 0, to: filled };
  }
}

/** Blocks that an input of `bytes` bytes is cut into. */
export function blocksIn(bytes: number, size: number): number {
  return Math.ceil(bytes / size);
}

/** Reads block `k` of a plain file on its own. A block in which no line starts is empty. */
export function readBlock(source: PlainSource, k: number, size: number, into: Buffer): Block {
  // The byte before the block tells whether a line starts with its first byte.
  const position = Math.max(0, k * size - 1);
  const end = (k + 1) * size - position;
  let filled = fill(source, into, 0, end + OVERHANG, position);
  const from = k === 0 ? markLength(into.subarray(0, filled)) : startOfLine(into, filled);
  // The first line belongs to the first block, also where a mark stands before it.
  const owned = from >= 0 && from < filled && (k === 0 || from < end);
  if (!owned) return { bytes: into, from: 0, to: 0 };

  let newline = filled >= end ? into.subarray(0, filled).indexOf(NEWLINE, end - 1) : -1;
  if (newline < 0 && filled === end + OVERHANG) {
    filled = fill(source, into, filled, end + MAX_OVERHANG, position);
    newline = into.subarray(0, filled).indexOf(NEWLINE, end - 1);
  }
  if (newline >= 0) return { bytes: into, from, to: newline + 1 };
  const cut = filled === end + MAX_OVERHANG;
  if (cut) into[filled - 1] = NEWLINE;
  const whole = into[filled - 1] === NEWLINE;
  if (!whole) into[filled] = NEWLINE;
  return { bytes: into, from, to: whole ? filled : filled + 1 };
}

function fill(source: PlainSource, into: Buffer, filled: number, to: number, position: number): number {
  let at = filled;
  while (at < to) {
    const count = source.readAt(into, at, to - at, position + at);
    if (count === 0) break;
    at += count;
  }
  return at;
}

function startOfLine(bytes: Buffer, filled: number): number {
  const newline = bytes.subarray(0, filled).indexOf(NEWLINE);
  return newline < 0 ? -1 : newline + 1;
}
