/**
 * The ends of sshd's messages: who it was that spoke.
 *
 *     Failed password for invalid user X from 192.0.2.7 port 52220 ssh2
 *     Connection closed by authenticating user X 192.0.2.7 port 52220 [preauth]
 *
 * X is whatever the client sent, spaces and all, so an address is read from the end of the message backwards, where
 * nothing of the client's can stand. Messages with free text on both sides of the address are read only if there is one
 * place in them that could be it.
 *
 * Hot path: results lie in module-level variables.
 */
import { letters, readEnd, readIPv6, readNumber, takeIPv4, viewOf, words } from './bytes.ts';

/** What stands where the address should. */
export const Source = {
  /** Nothing that could be one: the message is damaged. */
  missing: -1,
  /** A host name, or UNKNOWN: there is a source, and the line does not give its address. */
  unnamed: 0,
  /** An IPv4 address, in `words[3]`. */
  v4: 4,
  /** An IPv6 address, in `words`. */
  v6: 6,
} as const;
export type Source = (typeof Source)[keyof typeof Source];

/** The port behind the address, 0 if there is none. */
export let tailPort = 0;
/** Where the text before the address (and its separator) ends: X. */
export let textEnd = 0;

const SPACE = 32;
const COLON = 58;
const PERCENT = 37;
const PORT = letters(' por');
const ORT = letters('ort ');
const FROM = letters(' fro');
const ROM = letters('rom ');
const SSH2 = letters('ssh2');

/** Longest host name or address taken (RFC 1035). */
const MAX_HOST = 255;

/** What separates X from the address. */
export const Separator = { from: 6, space: 1 } as const;
export type Separator = (typeof Separator)[keyof typeof Separator];

/**
 * Reads `X from ADDRESS port N` (or `X ADDRESS port N`) that ends at `to`. With `bare`, as old versions wrote it, the
 * port may be missing. X may be empty.
 */
export function readTail(
  bytes: Uint8Array,
  from: number,
  to: number,
  separator: Separator,
  bare: boolean,
): Source {
  const view = viewOf(bytes);
  let end = to;
  let digits = to;
  while (digits > from && bytes[digits - 1]! >= 48 && bytes[digits - 1]! <= 57) digits--;
  tailPort = 0;
  if (
    digits < to &&
    digits - 6 >= from &&
    view.getInt32(digits - 6) === PORT &&
    view.getInt32(digits - 4) === ORT
  ) {
    tailPort = to - digits > 5 ? -1 : readNumber(bytes, digits, to);
    if (tailPort < 0 || tailPort > 65_535) return Source.missing;
    end = digits - 6;
  } else if (!bare) return Source.missing;
  let at = end;
  const limit = Math.max(from, end - MAX_HOST);
  while (at > limit && bytes[at - 1] !== SPACE) at--;
  if (at - separator < from || bytes[at - 1] !== SPACE) return Source.missing;
  if (separator === Separator.from && (view.getInt32(at - 6) !== FROM || view.getInt32(at - 4) !== ROM)) {
    return Source.missing;
  }
  textEnd = at - separator;
  return readHost(bytes, at, end);
}

/** Reads the address or name that fills [from, to). */
export function readHost(bytes: Uint8Array, from: number, to: number): Source {
  if (takeIPv4(bytes, from, to) === to) return Source.v4;
  if (readIPv6(bytes, from, to) && (readEnd === to || (bytes[readEnd] === PERCENT && readEnd + 1 < to))) {
    return words[0] === 0 && words[1] === 0 && words[2] === 0xffff ? Source.v4 : Source.v6;
  }
  // A cut address is no name: names have a letter, and no colon.
  let named = false;
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!;
    if (byte === COLON) return Source.missing;
    const lower = byte | 32;
    if (lower >= 97 && lower <= 122) named = true;
  }
  return named ? Source.unnamed : Source.missing;
}

/** The byte behind what `readHead` took. */
export let headEnd = 0;

/**
 * Reads `ADDRESS[ port N]` at `from`, where fixed text has just ended: nothing of the client's can stand before it. The
 * address ends at a space, a colon that is not its own, a comma, or the end.
 */
export function readHead(bytes: Uint8Array, from: number, to: number): Source {
  tailPort = 0;
  textEnd = from;
  let end = from;
  while (end < to && bytes[end] !== SPACE && bytes[end] !== 44) end++;
  if (end === from) return Source.missing;
  let found = readHost(bytes, from, end);
  // `192.0.2.7: 11: Bye`, `192.0.2.7 port 5:11: Bye`: the colon is not the address's, unless it ends in two.
  if (found < 0 && bytes[end - 1] === COLON) {
    end--;
    found = readHost(bytes, from, end);
  }
  headEnd = end;
  const view = viewOf(bytes);
  if (end + 6 < to && view.getInt32(end) === PORT && view.getInt32(end + 2) === ORT) {
    const port = readNumber(bytes, end + 6, to);
    if (port < 0 || port > 65_535) return Source.missing;
    tailPort = port;
    headEnd = readEnd;
  }
  return found;
}

/**
 * Reads `X from ADDRESS port N ssh2` or `X from ADDRESS port N ssh2: WHAT` in [from, to). X and WHAT (a key's id, a
 * principal) may be a stranger's text: where two places in the message could be the address, none is taken.
 */
export function readAuthenticated(bytes: Uint8Array, from: number, to: number): Source {
  const view = viewOf(bytes);
  if (to - 5 >= from && view.getInt32(to - 4) === SSH2 && bytes[to - 5] === SPACE) {
    const found = readTail(bytes, from, to - 5, Separator.from, false);
    if (found < 0) return found;
    let i = from;
    while (i < textEnd && bytes[i] !== COLON) i++;
    if (i >= textEnd) return found;
  }
  return readOnly(bytes, from, to, Separator.from);
}

/**
 * Reads the only `X ADDRESS port N: REASON` (or, with `Separator.from`, `X from ADDRESS port N ssh2: WHAT`, also at the
 * end) in [from, to). `Source.unnamed` if there are several, and X is then not known: `textEnd` is `from`.
 */
export function readOnly(bytes: Uint8Array, from: number, to: number, separator: Separator): Source {
  const view = viewOf(bytes);
  const mark = separator === Separator.from ? 5 : 0;
  let count = 0;
  let found: Source = Source.missing;
  for (let i = from + mark; i <= to; i++) {
    if (i < to ? bytes[i] !== COLON || (i + 1 < to && bytes[i + 1] !== SPACE) : mark === 0) continue;
    if (mark > 0 && (view.getInt32(i - 4) !== SSH2 || bytes[i - 5] !== SPACE)) continue;
    const candidate = readTail(bytes, from, i - mark, separator, false);
    if (candidate < 0) continue;
    count++;
    if (count > 1) {
      tailPort = 0;
      textEnd = from;
      return Source.unnamed;
    }
    found = candidate;
    keepAddress();
  }
  if (count === 1) restoreAddress();
  return found;
}

/** Reads the last `X ADDRESS port N: REASON` in [from, to), for reasons that are fixed text of sshd's. */
export function readLast(bytes: Uint8Array, from: number, to: number, separator: Separator): Source {
  for (let i = to - 1; i > from; i--) {
    if (bytes[i] !== COLON || (i + 1 < to && bytes[i + 1] !== SPACE)) continue;
    const found = readTail(bytes, from, i, separator, false);
    if (found >= 0) return found;
  }
  return Source.missing;
}

const kept = new Uint32Array(4);
let keptPort = 0;
let keptEnd = 0;

function keepAddress(): void {
  kept.set(words);
  keptPort = tailPort;
  keptEnd = textEnd;
}

function restoreAddress(): void {
  words.set(kept);
  tailPort = keptPort;
  textEnd = keptEnd;
}
