/**
 * The keys and values of a FortiGate line: where each that matters stands, and what fills it.
 */
import { readEnd, readNumber, startsWith } from './bytes.ts';
import type { Clock } from './clock.ts';
import type { Envelope } from './envelope.ts';
import { FORTINET_KEYS, Key } from './fortinet-words.ts';
import { readDateAndClock, readEpoch } from './times.ts';
import { WordTable } from './words.ts';

const SPACE = 32;
const QUOTE = 34;
const EQUALS = 61;
const BACKSLASH = 92;

const KEYS = new WordTable(FORTINET_KEYS);
/** First keys of a line, by release and by what forwards it. */
const FIRST_KEYS = new WordTable([
  'date',
  'logver',
  'devname',
  'devid',
  'logid',
  'timestamp',
  'itime',
  'idseq',
  'eventtime',
  'type',
  'vd',
  'tz',
]);

/** The values of the line being read. One per reader. */
export class FortinetValues {
  /** Begin and end of each key's value, inside its quotes; -1 where the line has none. */
  readonly start = new Int32Array(FORTINET_KEYS.length);
  readonly end = new Int32Array(FORTINET_KEYS.length);

  /** Finds the values of all keys that matter. False if the line is no key=value line, or has one of them twice. */
  split(bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.start;
    const end = this.end;
    start.fill(-1);
    end.fill(-1);
    let at = from;
    while (at < to) {
      if (bytes[at] === SPACE) {
        at++;
        continue;
      }
      const keyAt = at;
      while (at < to && bytes[at] !== EQUALS && bytes[at] !== SPACE && bytes[at] !== QUOTE) at++;
      if (at >= to || bytes[at] !== EQUALS || at === keyAt) return false;
      const key = KEYS.find(bytes, keyAt, at);
      at++;
      const quoted = at < to && bytes[at] === QUOTE;
      if (quoted) at++;
      const valueAt = at;
      if (quoted) {
        while (at < to && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
        // Cut inside a value: what stands before it is whole.
        if (at >= to) return true;
      } else {
        while (at < to && bytes[at] !== SPACE) at++;
      }
      if (key >= 0) {
        if (start[key] !== -1) return false;
        start[key] = valueAt;
        end[key] = at;
      }
      if (quoted) {
        at++;
        if (at < to && bytes[at] !== SPACE) return false;
      }
    }
    return true;
  }

  /**
   * The event's time: its epoch, else date, clock and zone, else the header's. NaN if there is none.
   */
  time(bytes: Uint8Array, clock: Clock, envelope: Envelope): number {
    const { start, end } = this;
    let time = readEpoch(bytes, start[Key.eventtime]!, end[Key.eventtime]!);
    if (Number.isNaN(time) && this.has(Key.date)) {
      time = readDateAndClock(
        bytes,
        start[Key.date]!,
        end[Key.date]!,
        start[Key.time]!,
        end[Key.time]!,
        start[Key.tz]!,
        end[Key.tz]!,
        clock,
      );
    }
    return Number.isNaN(time) ? envelope.time : time;
  }

  /** Whether a key is there with a value. */
  has(key: Key): boolean {
    return this.end[key]! > this.start[key]!;
  }

  /** Whether `word` is a key's value. */
  is(bytes: Uint8Array, key: Key, word: Uint8Array): boolean {
    return this.end[key]! - this.start[key]! === word.length && this.begins(bytes, key, word);
  }

  /** Whether a key's value begins with `word`. */
  begins(bytes: Uint8Array, key: Key, word: Uint8Array): boolean {
    return startsWith(bytes, this.start[key]!, this.end[key]!, word);
  }

  /** The number that fills a value, -1 if there is none. */
  number(bytes: Uint8Array, key: Key): number {
    return readWholeNumber(bytes, this.start[key]!, this.end[key]!, 10);
  }

  /** The port in a value, 0 if there is none, -1 if something else stands there. */
  port(bytes: Uint8Array, key: Key): number {
    if (!this.has(key)) return 0;
    const port = this.number(bytes, key);
    return port > 65_535 ? -1 : port;
  }
}

/** The number that fills [from, to), -1 if something else does. ICMP types are hexadecimal with `0x`. */
export function readWholeNumber(bytes: Uint8Array, from: number, to: number, base: 10 | 16): number {
  if (to <= from) return -1;
  if (base === 16 && to - from === 4 && bytes[from] === 48 && bytes[from + 1] === 120) {
    const high = hexValue(bytes[from + 2]!);
    const low = hexValue(bytes[from + 3]!);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }
  const value = readNumber(bytes, from, to);
  return readEnd === to ? value : -1;
}

function hexValue(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  return byte >= 97 && byte <= 102 ? byte - 87 : -1;
}

/** Where the first key stands, behind `<189>` if a line has that alone for a header; -1 if it is no such line. */
export function messageStart(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  if (bytes[at] === 60) {
    const priority = readNumber(bytes, at + 1, Math.min(to, at + 4));
    if (priority < 0 || bytes[readEnd] !== 62) return -1;
    at = readEnd + 1;
  }
  let end = at;
  while (end < to && end - at < 16 && bytes[end] !== EQUALS) end++;
  return end < to && bytes[end] === EQUALS && FIRST_KEYS.find(bytes, at, end) >= 0 ? at : -1;
}
