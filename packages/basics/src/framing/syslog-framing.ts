/**
 * How syslog messages stand in a stream, RFC 6587 (and RFC 5425 for TLS, which knows the first way only):
 *
 *     29 <13>1 - fw1 x - - - some text      octet counting: MSG-LEN SP MSG
 *     <13>Nov 22 15:47:54 fw1 x: y LF       non-transparent framing: a line end behind each
 *
 * The first byte of a connection tells which: a digit 1 to 9 is a length, and a sender keeps to its way.
 * A message that is too long is skipped without being kept, and those behind it are read.
 */
import type { Framing } from './unfinished.ts';

/** Takes the message in [from, to), without its line end. */
export type TakeMessage<Bytes extends Uint8Array> = (bytes: Bytes, from: number, to: number) => void;

/** Digits of a length: what is longer is no length. */
const MAX_DIGITS = 9;

const LINE_END = 0x0a;
const SPACE = 0x20;

/** Reads messages in either way. */
export class SyslogFraming<Bytes extends Uint8Array> implements Framing<Bytes> {
  needed = 1;
  readonly #longest: number;
  readonly #taken: TakeMessage<Bytes>;
  readonly #tooLong: (bytes: number) => void;
  #counted: boolean | undefined;
  // Of a message that is being skipped: bytes still to come, or all up to a line end.
  #skip = 0;
  #skippingLine = false;
  // Of an unfinished line, how much was searched for its end.
  #searched = 0;

  constructor(longest: number, taken: TakeMessage<Bytes>, tooLong: (bytes: number) => void) {
    this.#longest = longest;
    this.#taken = taken;
    this.#tooLong = tooLong;
  }

  /** Whether the peer counts octets; undefined before its first byte. */
  get counted(): boolean | undefined {
    return this.#counted;
  }

  take(bytes: Bytes, from: number, to: number): number {
    if (from === to) return to;
    this.#counted ??= isLengthStart(bytes[from] as number);
    return this.#counted ? this.#takeCounted(bytes, from, to) : this.#takeLines(bytes, from, to);
  }

  #takeCounted(bytes: Bytes, from: number, to: number): number {
    let at = from;
    for (;;) {
      const skipped = Math.min(this.#skip, to - at);
      this.#skip -= skipped;
      at += skipped;
      if (at === to) return to;

      const digits = lengthDigits(bytes, at, to);
      if (digits < 0) return -1;
      this.needed = to - at + 1;
      if (at + digits === to) return at;
      if (bytes[at + digits] !== SPACE) return -1;
      const length = lengthAt(bytes, at, at + digits);
      const message = at + digits + 1;
      if (length > this.#longest) {
        this.#tooLong(length);
        this.#skip = length;
        at = message;
        continue;
      }
      this.needed = digits + 1 + length;
      if (message + length > to) return at;
      this.#taken(bytes, message, withoutLineEnds(bytes, message, message + length));
      at = message + length;
    }
  }

  #takeLines(bytes: Bytes, from: number, to: number): number {
    const filled = bytes.subarray(0, to);
    let at = from;
    for (;;) {
      const end = filled.indexOf(LINE_END, at + this.#searched);
      if (end < 0) break;
      this.#searched = 0;
      if (this.#skippingLine) this.#skippingLine = false;
      else if (end - at > this.#longest) this.#tooLong(end - at);
      else this.#taken(bytes, at, end);
      at = end + 1;
    }
    if (this.#skippingLine) return to;
    if (to - at > this.#longest) {
      this.#tooLong(to - at);
      this.#skippingLine = true;
      this.#searched = 0;
      return to;
    }
    this.#searched = to - at;
    this.needed = to - at + 1;
    return at;
  }
}

/** How many digits of a length stand here; -1 if it is none. */
function lengthDigits(bytes: Uint8Array, from: number, to: number): number {
  if (!isLengthStart(bytes[from] as number)) return -1;
  let at = from + 1;
  while (at < to && (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39) {
    if (at - from === MAX_DIGITS) return -1;
    at += 1;
  }
  return at - from;
}

function lengthAt(bytes: Uint8Array, from: number, to: number): number {
  let length = 0;
  for (let at = from; at < to; at += 1) length = length * 10 + (bytes[at] as number) - 0x30;
  return length;
}

function withoutLineEnds(bytes: Uint8Array, from: number, end: number): number {
  let to = end;
  while (to > from && bytes[to - 1] === LINE_END) to -= 1;
  return to;
}

function isLengthStart(byte: number): boolean {
  return byte >= 0x31 && byte <= 0x39;
}
