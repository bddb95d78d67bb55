/**
 * Text put together from several fields, to be hashed as one: keys made of a session's number and its port.
 */
import type { Batch } from '../contact.ts';
import { hash1, hashText } from './bytes.ts';
import { unquote } from './fields.ts';

/** Longest text; what does not fit is cut. A serial number, a session and a port need 40. */
const MAX_COMPOSED = 256;

const SLASH = 47;

/** Parts with a slash between them. One per reader. */
export class Composed {
  readonly bytes = new Uint8Array(MAX_COMPOSED);
  length = 0;

  /** Begins with the part [from, to). */
  begin(bytes: Uint8Array, from: number, to: number): void {
    this.length = 0;
    this.#append(bytes, from, to);
  }

  /** Adds a slash and the part [from, to). */
  add(bytes: Uint8Array, from: number, to: number): void {
    if (this.length < MAX_COMPOSED) this.bytes[this.length++] = SLASH;
    this.#append(bytes, from, to);
  }

  /** Writes the hash of the text as key of row `row`. */
  writeKey(batch: Batch, row: number): void {
    batch.key0[row] = hashText(this.bytes, 0, this.length);
    batch.key1[row] = hash1;
  }

  #append(bytes: Uint8Array, from: number, to: number): void {
    const end = Math.min(to, from + MAX_COMPOSED - this.length);
    for (let i = from; i < end; i++) this.bytes[this.length++] = bytes[i]!;
  }
}

/** Writes the hash of the text in [from, to) as account of row `row`; nothing if it is empty. */
export function writeAccount(bytes: Uint8Array, from: number, to: number, batch: Batch, row: number): void {
  if (to <= from) return;
  batch.acct0[row] = hashText(bytes, from, to);
  batch.acct1[row] = hash1;
}

/** As `writeAccount`, for a text whose quotes are doubled (RFC 4180). */
export function writeQuotedAccount(
  bytes: Uint8Array,
  from: number,
  to: number,
  batch: Batch,
  row: number,
): void {
  writeAccount(scratch, 0, unquote(bytes, from, to, scratch), batch, row);
}
/** Longest account name that is undone of its escapes. Directories allow 256 characters; the rest is cut. */
const MAX_ACCOUNT = 1024;
const scratch = new Uint8Array(MAX_ACCOUNT);

/** Longest text that a row can point at. */
export const MAX_TEXT = 0xffff;

/** Points the row's text at [from, to). */
export function writeText(from: number, to: number, batch: Batch, row: number): void {
  if (to <= from) return;
  batch.textAt[row] = from;
  batch.textLength[row] = Math.min(to - from, MAX_TEXT);
}

/** Most contacts beyond the first that one line can tell: the column has 16 bits. */
export const MAX_REPEAT = 0xffff;

/** `count` events told by one line: the first is the row, the others are `repeat`. */
export function writeCount(count: number, batch: Batch, row: number): void {
  if (count > 1) batch.repeat[row] = Math.min(count - 1, MAX_REPEAT);
}

/** A number for `size` or `millis`, kept below `UNKNOWN_U32`. */
export function bounded(value: number): number {
  return Math.min(value, 0xffff_fffe);
}
