/**
 * Walks through the records of one segment, in large pieces of its file. What opening and readers share.
 *
 * Never reads at or behind the limit that it is given: bytes there may still be cut off and written anew.
 */
import { closeSync, readSync } from 'node:fs';
import { claimedLength, MAX_RECORD, type RawRecord, RECORD_HEADER, readRecord } from './record.ts';

/** One read of the file: large enough that the call costs nothing, small enough to stay in a core's cache. */
const PIECE_BYTES = 1024 * 1024;

/**
 * Why there is no record: `end`, no byte before the limit or the end of the file; `torn`, some bytes but no whole
 * record; `damaged`, bytes that are none.
 */
export type NoRecord = 'end' | 'torn' | 'damaged';

/** A place in a segment, and the bytes around it. */
export class SegmentCursor {
  readonly path: string;
  readonly #fd: number;
  readonly #start: number;
  readonly #seed: number;
  #offset: number;
  #buffer = Buffer.allocUnsafe(PIECE_BYTES);
  /** The bytes that were read and not yet given: `#buffer[#from .. #to]`, the first of them at `#offset`. */
  #from = 0;
  #to = 0;

  /** Takes the descriptor over. */
  constructor(
    file: { readonly fd: number; readonly path: string; readonly start: number; readonly seed: number },
    offset: number,
  ) {
    this.#fd = file.fd;
    this.path = file.path;
    this.#start = file.start;
    this.#seed = file.seed;
    this.#offset = offset;
  }

  /** Offset of the next record. */
  get offset(): number {
    return this.#offset;
  }

  /** The next record that ends at or before `limit`. Its views hold until the next call. */
  next(limit: number): RawRecord | NoRecord {
    const there = this.#fill(RECORD_HEADER, limit);
    if (there === 0) return 'end';
    if (there < RECORD_HEADER) return 'torn';
    const length = claimedLength(this.#buffer.subarray(this.#from, this.#to), this.#offset);
    if (length === undefined) return 'damaged';
    if (this.#fill(length, limit) < length) return 'torn';
    const record = readRecord(this.#buffer.subarray(this.#from, this.#from + length), this.#seed);
    if (record === undefined) return 'damaged';
    this.#from += length;
    this.#offset += length;
    return record;
  }

  /** All bytes from here to the limit: at most a segment. */
  rest(limit: number): Buffer {
    const bytes = Buffer.alloc(limit - this.#offset);
    return bytes.subarray(0, readSync(this.#fd, bytes, 0, bytes.length, this.#offset - this.#start));
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Reads until `wanted` bytes are there, or no more are; says how many. At most `MAX_RECORD` are wanted. */
  #fill(wanted: number, limit: number): number {
    while (this.#to - this.#from < wanted) {
      if (this.#from + wanted > this.#buffer.length) this.#makeRoom(wanted);
      const at = this.#offset + this.#to - this.#from;
      const most = Math.min(this.#buffer.length - this.#to, limit - at);
      const read = most > 0 ? readSync(this.#fd, this.#buffer, this.#to, most, at - this.#start) : 0;
      if (read === 0) break;
      this.#to += read;
    }
    return this.#to - this.#from;
  }

  #makeRoom(wanted: number): void {
    const target = wanted > this.#buffer.length ? Buffer.allocUnsafe(MAX_RECORD) : this.#buffer;
    this.#buffer.copy(target, 0, this.#from, this.#to);
    this.#buffer = target;
    this.#to -= this.#from;
    this.#from = 0;
  }
}
