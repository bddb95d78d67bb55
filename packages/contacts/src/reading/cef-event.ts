/**
 * The parts of a CEF event: seven header fields between pipes, then key=value pairs.
 */
import { ascii, readEnd, readNumber, startsWith } from './bytes.ts';
import { CEF_KEYS, type CefKey } from './cef-words.ts';
import type { Envelope } from './envelope.ts';
import { WordTable } from './words.ts';

const SPACE = 32;
const EQUALS = 61;
const BACKSLASH = 92;
const PIPE = 124;

const KEYS = new WordTable(CEF_KEYS);
const CEF = ascii('CEF:');
const APP = ascii('CEF');

/** Bytes that a key may hold. */
const KEY_BYTES = new Uint8Array(256);
for (const byte of ascii('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-[]'))
  KEY_BYTES[byte] = 1;

/** Header fields. */
export const Head = { vendor: 1, signature: 4, name: 5, severity: 6 } as const;
const HEAD_FIELDS = 7;

/** The event being read. One per reader. */
export class CefEvent {
  /** Begin and end of each header field. */
  readonly head = new Int32Array(HEAD_FIELDS);
  readonly headEnd = new Int32Array(HEAD_FIELDS);
  /** Begin and end of each key's value; -1 where the event has none. */
  readonly start = new Int32Array(CEF_KEYS.length);
  readonly end = new Int32Array(CEF_KEYS.length);

  /** Splits the event in [from, to), which begins with its version. False if it is none, or has a key twice. */
  split(bytes: Uint8Array, from: number, to: number): boolean {
    const extension = this.#splitHead(bytes, from, to);
    return extension >= 0 && this.#splitExtension(bytes, extension, to);
  }

  /** Whether `word` fills a header field. */
  headIs(bytes: Uint8Array, field: number, word: Uint8Array): boolean {
    const at = this.head[field]!;
    const end = this.headEnd[field]!;
    return end - at === word.length && startsWith(bytes, at, end, word);
  }

  /** Whether a key is there with a value. */
  has(key: CefKey): boolean {
    return this.end[key]! > this.start[key]!;
  }

  /** The number that fills a key's value, -1 if there is none. */
  number(bytes: Uint8Array, key: CefKey): number {
    if (!this.has(key)) return -1;
    const value = readNumber(bytes, this.start[key]!, this.end[key]!);
    return readEnd === this.end[key] ? value : -1;
  }

  /** Splits the header; returns where the extension begins, -1 if it is none. */
  #splitHead(bytes: Uint8Array, from: number, to: number): number {
    let field = 0;
    let at = from;
    this.head[0] = from;
    for (; at < to; at++) {
      const byte = bytes[at]!;
      if (byte === BACKSLASH) at++;
      else if (byte === PIPE) {
        this.headEnd[field++] = at;
        if (field === HEAD_FIELDS) return at + 1;
        this.head[field] = at + 1;
      }
    }
    // UniFi OS leaves one field out: what should be the severity is the extension.
    if (field !== Head.severity) return -1;
    this.headEnd[field] = this.head[field]!;
    return this.head[field]!;
  }

  /** Finds the values of all keys that matter. False if one of them is there twice. */
  #splitExtension(bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.start;
    const end = this.end;
    start.fill(-1);
    end.fill(-1);
    let key = -1;
    let escaped = -1;
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!;
      if (byte === BACKSLASH) {
        escaped = ++at;
        continue;
      }
      if (byte !== EQUALS) continue;
      // An equals sign ends a key only if a word stands before it, alone behind a space.
      let word = at;
      while (word > from && KEY_BYTES[bytes[word - 1]!] === 1 && word - 1 !== escaped) word--;
      if (word === at || (word > from && (bytes[word - 1] !== SPACE || word - 1 === escaped))) continue;
      if (key >= 0) end[key] = trimmed(bytes, start[key]!, word);
      key = KEYS.find(bytes, word, at);
      if (key < 0) continue;
      if (start[key] !== -1) return false;
      start[key] = at + 1;
    }
    if (key >= 0) end[key] = trimmed(bytes, start[key]!, to);
    return true;
  }
}

/** Writes [from, to) without its escapes into `out`, returns how many bytes. */
export function unescapeCef(bytes: Uint8Array, from: number, to: number, out: Uint8Array): number {
  let length = 0;
  for (let i = from; i < to && length < out.length; i++) {
    let byte = bytes[i]!;
    if (byte === BACKSLASH && i + 1 < to) {
      const next = bytes[i + 1]!;
      if (next === BACKSLASH || next === EQUALS || next === PIPE) byte = next;
      else if (next === 110) byte = 10;
      else if (next === 114) byte = 13;
      if (byte !== BACKSLASH || next === BACKSLASH) i++;
    }
    out[length++] = byte;
  }
  return length;
}

/** End of the value that begins at `from` when the next key's word begins at `to`: spaces before it are no part. */
function trimmed(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from && bytes[end - 1] === SPACE) end--;
  return end;
}

/**
 * Where the version stands. Headers take `CEF:` for the name of a program where a host stands before it; only there
 * and at the very beginning may an event begin, never where a name or a URL could write one.
 */
export function messageStart(bytes: Uint8Array, from: number, to: number, envelope: Envelope): number {
  let at = from;
  if (bytes[at] === 60) {
    const priority = readNumber(bytes, at + 1, Math.min(to, at + 4));
    if (priority < 0 || bytes[readEnd] !== 62) return -1;
    at = readEnd + 1;
  }
  if (startsWith(bytes, at, to, CEF)) {
    at += CEF.length;
    if (bytes[at] === SPACE) at++;
  } else if (
    envelope.appEnd - envelope.appAt !== APP.length ||
    !startsWith(bytes, envelope.appAt, envelope.appEnd, APP)
  ) {
    return -1;
  }
  return at + 1 < to && bytes[at]! >= 48 && bytes[at]! <= 57 && bytes[at + 1] === PIPE ? at : -1;
}
