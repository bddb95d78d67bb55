/**
 * Reads DER (der.ts has the layout), and nothing else of what X.690 allows: lengths are definite and as short as can be,
 * integers too, an identifier has one spelling, and nothing is left over at the end of an element.
 *
 * A reader that has met a fault stays at it: it gives empty values from there on, and `readDer` gives the first fault.
 * So what reads a structure says what stands where, once, and has no branch for each of its elements.
 */
import { err, ok, type Result } from '../result.ts';
import { sameBytes, TAG } from './der.ts';
import type { X509Error, X509ErrorCode } from './errors.ts';

/** How deep elements lie in each other at most. A name in an extension of a request is at ten. */
const MAX_DEPTH = 16;

/** Longest identifier, in bytes of its content: those in use have ten, one made of a UUID has twenty. */
const MAX_IDENTIFIER = 64;

/** How long an integer may be, in bytes of its magnitude: a number of P-256 has 32, a serial 20. */
const MAX_INTEGER = 32;

const NOTHING = new Uint8Array(0);

/** Reads all of `bytes`, `most` at the most, as `read` says. Never throws if `read` does not. */
export function readDer<T>(
  bytes: Uint8Array,
  most: number,
  read: (reader: DerReader) => T,
): Result<T, X509Error> {
  if (bytes.length > most) {
    return err({ code: 'X509_MALFORMED', detail: `${bytes.length} bytes, and ${most} are the most` });
  }
  const first: FirstFault = { fault: undefined };
  const value = DerReader.over(bytes, first, 0, read);
  return first.fault === undefined ? ok(value) : err(first.fault);
}

type FirstFault = { fault: X509Error | undefined };

/** A place in the content of one element. Only `readDer` makes the first, so none is read without a bound. */
export class DerReader {
  readonly #bytes: Uint8Array;
  readonly #first: FirstFault;
  readonly #depth: number;
  #at = 0;

  private constructor(bytes: Uint8Array, first: FirstFault, depth: number) {
    this.#bytes = bytes;
    this.#first = first;
    this.#depth = depth;
    if (depth > MAX_DEPTH) this.fail('elements lie too deep in each other');
  }

  /** For `readDer`: what `read` makes of all of these bytes. */
  static over<T>(bytes: Uint8Array, first: FirstFault, depth: number, read: (reader: DerReader) => T): T {
    const reader = new DerReader(bytes, first, depth);
    const value = read(reader);
    if (reader.more()) reader.fail('there is more than belongs there');
    return value;
  }

  /** Whether something is left, and no fault was met. */
  more(): boolean {
    return this.#first.fault === undefined && this.#at < this.#bytes.length;
  }

  /** Whether no fault was met so far. */
  fine(): boolean {
    return this.#first.fault === undefined;
  }

  /** Whether an element with this tag comes next. */
  next(tag: number): boolean {
    return this.more() && this.#bytes[this.#at] === tag;
  }

  /** Ends the reading with this fault, unless there was one before. */
  fail(detail: string, code: X509ErrorCode = 'X509_MALFORMED'): void {
    this.#first.fault ??= { code, detail };
  }

  /** The content of the next element, which has this tag. */
  content(tag: number): Uint8Array {
    const start = this.#at;
    const header = this.#header(tag);
    if (header === undefined) return NOTHING;
    this.#at = start + header.size + header.length;
    return this.#bytes.subarray(start + header.size, this.#at);
  }

  /** The next element, which has this tag: with its tag and its length. */
  whole(tag: number): Uint8Array {
    const start = this.#at;
    this.content(tag);
    return this.#first.fault === undefined ? this.#bytes.subarray(start, this.#at) : NOTHING;
  }

  /** What `read` makes of the content of the next element: all of it. */
  inside<T>(tag: number, read: (reader: DerReader) => T): T {
    return this.within(this.content(tag), read);
  }

  /** What `read` makes of bytes that are DER again: all of them. */
  within<T>(bytes: Uint8Array, read: (reader: DerReader) => T): T {
    return DerReader.over(bytes, this.#first, this.#depth + 1, read);
  }

  /** What `read` makes of each element up to the end, `most` at the most. */
  each<T>(most: number, read: (reader: DerReader) => T): T[] {
    const values: T[] = [];
    while (this.more()) {
      if (values.length === most) this.fail(`more than ${most} of a kind`);
      else values.push(read(this));
    }
    return values;
  }

  /** The next element, if it is exactly these bytes; else a fault that says `detail`. */
  exactly(expected: Uint8Array, detail: string): void {
    const found = this.#bytes.subarray(this.#at, this.#at + expected.length);
    if (sameBytes(found, expected)) this.#at += expected.length;
    else this.fail(detail, 'X509_UNSUPPORTED');
  }

  /** A TRUE that may be left out: its default is FALSE. */
  flag(): boolean {
    if (!this.next(TAG.boolean)) return false;
    const content = this.content(TAG.boolean);
    if (content.length !== 1 || content[0] !== 0xff) this.fail('a TRUE in another spelling, or a FALSE said');
    return true;
  }

  /** The magnitude of an integer that is not negative: as few bytes as do, none for zero. */
  integer(): Uint8Array {
    const content = this.content(TAG.integer);
    const [first = 0, second = 0] = content;
    const magnitude = first === 0 ? content.subarray(1) : content;
    if (content.length === 0) this.fail('an integer of no bytes');
    if (first >= 0x80) this.fail('a negative number');
    if (first === 0 && content.length > 1 && second < 0x80) this.fail('an integer with bytes to spare');
    if (magnitude.length > MAX_INTEGER) this.fail('a number too long');
    return this.#first.fault === undefined ? magnitude : NOTHING;
  }

  /** A number up to 2^53 - 1. */
  number(): number {
    const value = this.integer().reduce((sum, byte) => sum * 256 + byte, 0);
    if (Number.isSafeInteger(value)) return value;
    this.fail('a count too large');
    return 0;
  }

  /** Bits that fill whole bytes. */
  bits(): Uint8Array {
    const content = this.content(TAG.bitString);
    if (content[0] !== 0) this.fail('bits that fill no whole bytes');
    return content.subarray(1);
  }

  /** An object identifier, with dots. */
  oid(): string {
    const content = this.content(TAG.objectIdentifier);
    if (content.length === 0 || content.length > MAX_IDENTIFIER) {
      this.fail('an identifier too short or too long');
      return '';
    }
    const arcs: bigint[] = [];
    let arc = 0n;
    let begun = false;
    for (const byte of content) {
      if (!begun && byte === 0x80) this.fail('an identifier with bytes to spare');
      arc = arc * 128n + BigInt(byte & 0x7f);
      begun = byte >= 0x80;
      if (begun) continue;
      arcs.push(arc);
      arc = 0n;
    }
    if (begun) this.fail('an identifier that is cut off');
    const [head = 0n, ...rest] = arcs;
    const first = head < 80n ? head / 40n : 2n;
    return [first, head - first * 40n, ...rest].join('.');
  }

  /** Text in UTF-8, or in ASCII, which is the same in UTF-8. */
  text(tag: number): string {
    try {
      // Or it would leave out a mark at the start, and two spellings would give one text.
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.content(tag));
    } catch {
      this.fail('text that is no UTF-8');
      return '';
    }
  }

  #header(tag: number): { readonly size: number; readonly length: number } | undefined {
    if (this.#first.fault !== undefined) return undefined;
    const found = this.#bytes[this.#at];
    const short = this.#bytes[this.#at + 1];
    if (found === undefined || short === undefined) return this.#refuse('it ends too early');
    if (found !== tag) return this.#refuse(`the tag ${hex(found)} stands where ${hex(tag)} belongs`);
    const left = this.#bytes.length - this.#at;
    if (short < 0x80)
      return short <= left - 2 ? { size: 2, length: short } : this.#refuse('it ends too early');
    const count = short - 0x80;
    if (count === 0) return this.#refuse('a length that is not said');
    if (count > 3 || left < 2 + count) return this.#refuse('a length beyond the end');
    const bytes = this.#bytes.subarray(this.#at + 2, this.#at + 2 + count);
    const length = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
    if (bytes[0] === 0 || length < 0x80) return this.#refuse('a length with bytes to spare');
    return length <= left - 2 - count ? { size: 2 + count, length } : this.#refuse('it ends too early');
  }

  #refuse(detail: string): undefined {
    this.fail(detail);
    return undefined;
  }
}

function hex(tag: number): string {
  return `0x${tag.toString(16).padStart(2, '0')}`;
}
