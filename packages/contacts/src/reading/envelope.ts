/**
 * What syslog wraps around a message. Three spellings are read, and told apart by their first bytes on every line,
 * because relays mix them:
 *
 *     <34>Oct  9 22:33:20 fw1 kernel: [123.4] IN=eth0 ...              RFC 3164, priority optional
 *     <34>1 2026-10-09T22:33:20.52Z fw1 sshd 8710 ID47 [sd x="y"] ...   RFC 5424
 *     2026-10-09T22:33:20.520012-05:00 fw1 sshd[8710]: ...              ISO 8601 as rsyslog and journald write files
 *
 * Daemons that count instead of writing a message again put one more thing around it, or stand in for it:
 *
 *     fw1 sshd[8710]: message repeated 3 times: [ Failed password ... ]   rsyslog: the message is read as if it stood alone
 *     fw1 last message repeated 3 times                                   sysklogd, BSD: see `repeated.ts`
 *
 * Hot path: the result lies in the fields of one reused object, and what consecutive lines share (the second, the
 * host, the program) is compared four bytes at a time instead of being read again.
 */
import { findByte, readEnd, readNumber } from './bytes.ts';
import type { Clock } from './clock.ts';
import { HeadMemory, HostMemory } from './head-memory.ts';
import { fraction, monthAt, readIsoTime, two } from './iso-time.ts';
import { readRepetition } from './repeated.ts';

export { fraction, monthAt, readIsoTime, two } from './iso-time.ts';

const SPACE = 32;
const LESS = 60;
const GREATER = 62;
const COLON = 58;
const OPEN = 91;
const CLOSE = 93;
const QUOTE = 34;
const BACKSLASH = 92;

/** Longest host or program name taken. RFC 5424 allows 255; what is longer is no header. */
const MAX_NAME = 255;
/** The header of the line being read. */
export class Envelope {
  /** Milliseconds UTC, NaN if the header has none. */
  time = Number.NaN;
  /** Hash of the host name, 0 if none. */
  host = 0;
  /** Where the program's name stands. */
  appAt = 0;
  appEnd = 0;
  /** Process id, or -1. */
  pid = -1;
  /** Where the message begins and ends. */
  messageAt = 0;
  messageEnd = 0;
  /** Whether the line began with a header at all. */
  found = false;
  /** How often the message came, if the line says so, else 0. */
  repeated = 0;
  /** `repeated` speaks of the message before this line: there is none in it. */
  repeatsLast = false;

  readonly #clock: Clock;
  readonly #hosts = new HostMemory();
  /** The bytes being read, for reading four at a time. */
  #bytes: Uint8Array | undefined;
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** The last RFC 3164 stamp of 15 bytes, as four overlapping words, and its time. */
  #stamp0 = 0;
  #stamp1 = 0;
  #stamp2 = 0;
  #stamp3 = 0;
  #stampTime = Number.NaN;
  readonly #heads = new HeadMemory();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Clears the header: the whole line [from, to) is the message. */
  none(from: number, to: number): void {
    this.time = Number.NaN;
    this.host = 0;
    this.appAt = this.appEnd = from;
    this.pid = -1;
    this.messageAt = from;
    this.messageEnd = to;
    this.found = false;
    this.repeated = 0;
    this.repeatsLast = false;
  }

  /** Reads the header of the line [from, to). Where there is none, the message is the whole line. */
  read(bytes: Uint8Array, from: number, to: number): void {
    this.none(from, to);
    this.#readHeader(bytes, from, to);
    if (!this.found) {
      // A damaged header may have begun with a time.
      this.time = Number.NaN;
      return;
    }
    const first = bytes[this.messageAt];
    if (first === 109 || first === 108) readRepetition(bytes, to, this);
  }

  #readHeader(bytes: Uint8Array, from: number, to: number): void {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    let at = from;
    if (bytes[at] === LESS) {
      const priority = readNumber(bytes, at + 1, Math.min(to, at + 5));
      if (priority < 0 || priority > 191 || bytes[readEnd] !== GREATER) return;
      at = readEnd + 1;
      if (bytes[at] === 49 && bytes[at + 1] === SPACE) {
        this.#read5424(bytes, at + 2, to);
        return;
      }
    }
    const first = bytes[at]!;
    let end: number;
    if (first >= 65 && first <= 90) end = this.#stamp3164(bytes, at, to);
    else if (first >= 48 && first <= 57) end = this.#stampIso(bytes, at, to);
    else return;
    if (end < 0) return;
    this.#readHostAndTag(bytes, end, to);
  }

  /** `Oct  9 22:33:20` with an optional year behind the day (`Oct 9 2026 22:33:20`, Cisco) and fraction. */
  #stamp3164(bytes: Uint8Array, from: number, to: number): number {
    if (to - from < 16) return -1;
    const view = this.#view;
    const word0 = view.getUint32(from);
    const word1 = view.getUint32(from + 4);
    const word2 = view.getUint32(from + 8);
    const word3 = view.getUint32(from + 12);
    if (
      word3 === this.#stamp3 &&
      word2 === this.#stamp2 &&
      word1 === this.#stamp1 &&
      word0 === this.#stamp0
    ) {
      this.time = this.#stampTime;
      return from + 16;
    }
    const end = this.#readStamp3164(bytes, from, to);
    if (end === from + 16) {
      this.#stamp0 = word0;
      this.#stamp1 = word1;
      this.#stamp2 = word2;
      this.#stamp3 = word3;
      this.#stampTime = this.time;
    }
    return end;
  }

  #readStamp3164(bytes: Uint8Array, from: number, to: number): number {
    const month = monthAt(bytes, from, to);
    if (month === 0 || bytes[from + 3] !== SPACE) return -1;
    let at = from + 4;
    if (bytes[at] === SPACE) at++;
    const day = readNumber(bytes, at, Math.min(to, at + 2));
    if (day < 0 || bytes[readEnd] !== SPACE) return -1;
    at = readEnd + 1;
    let year = -1;
    if (at + 5 < to && bytes[at + 4] === SPACE) {
      year = readNumber(bytes, at, at + 4);
      if (readEnd !== at + 4) return -1;
      at += 5;
    }
    if (at + 8 > to || bytes[at + 2] !== COLON || bytes[at + 5] !== COLON) return -1;
    const hour = two(bytes, at);
    const minute = two(bytes, at + 3);
    const second = two(bytes, at + 6);
    if (hour < 0 || minute < 0 || second < 0) return -1;
    at += 8;
    let ms = 0;
    if (at < to && bytes[at] === 46) {
      ms = fraction(bytes, at + 1, to);
      at = readEnd;
    }
    const clock = this.#clock;
    this.time = clock.utc(year < 0 ? clock.yearOf(month) : year, month, day, hour, minute, second, ms);
    if (at < to && bytes[at] === COLON) at++;
    return at < to && bytes[at] === SPACE ? at + 1 : -1;
  }

  #stampIso(bytes: Uint8Array, from: number, to: number): number {
    this.time = readIsoTime(bytes, from, to, this.#clock);
    if (Number.isNaN(this.time)) return -1;
    return bytes[readEnd] === SPACE ? readEnd + 1 : -1;
  }

  #read5424(bytes: Uint8Array, from: number, to: number): void {
    let at = from;
    if (bytes[at] === 45) at++;
    else {
      this.time = readIsoTime(bytes, at, to, this.#clock);
      if (Number.isNaN(this.time)) return;
      at = readEnd;
    }
    if (bytes[at] !== SPACE) return;
    const hostAt = at + 1;
    const hostEnd = wordEnd(bytes, hostAt, to);
    if (hostEnd <= hostAt) return;
    const appEnd = wordEnd(bytes, hostEnd + 1, to);
    const pidEnd = wordEnd(bytes, appEnd + 1, to);
    const idEnd = wordEnd(bytes, pidEnd + 1, to);
    if (appEnd < 0 || pidEnd < 0 || idEnd < 0) return;
    at = idEnd + 1;
    if (bytes[at] === 45) at++;
    else {
      while (at < to && bytes[at] === OPEN) {
        at = structuredDataEnd(bytes, at, to);
        if (at < 0) return;
      }
    }
    if (at < to && bytes[at] === SPACE) at++;
    // RFC 5424 6.4: a message in UTF-8 may begin with a byte order mark.
    if (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
    this.messageAt = Math.min(at, to);
    this.appAt = hostEnd + 1;
    this.appEnd = appEnd;
    this.pid = readNumber(bytes, appEnd + 1, pidEnd);
    // A dash is "unknown" (RFC 5424 6.2.4).
    const unknown = hostEnd - hostAt === 1 && bytes[hostAt] === 45;
    this.host = unknown ? 0 : this.#hosts.hash(bytes, hostAt, hostEnd);
    this.found = true;
  }

  /** `fw1 sshd[8710]: ` or `fw1 kernel: `; a device that writes no program name leaves the message at the host's end. */
  #readHostAndTag(bytes: Uint8Array, from: number, to: number): void {
    this.found = true;
    const heads = this.#heads;
    if (heads.find(bytes, this.#view, from, to)) {
      this.host = heads.host;
      this.appAt = from + heads.app;
      this.appEnd = from + heads.length - 1;
      this.pid = heads.pid;
      this.messageAt = heads.messageAt;
      return;
    }
    this.messageAt = from;
    const hostEnd = this.#takeHost(bytes, from, to);
    if (hostEnd < 0) return;
    // `pfSense filterlog:` has a host; `%ASA-6-106100:` right behind the time has none.
    let at = hostEnd + 1;
    this.messageAt = at;
    const limit = Math.min(to, at + MAX_NAME);
    let i = at;
    for (; i < limit; i++) {
      const byte = bytes[i]!;
      if (byte === COLON || byte === OPEN || byte === SPACE) break;
    }
    if (i >= limit) return;
    const end = i;
    let pid = -1;
    if (bytes[i] === OPEN) {
      pid = readNumber(bytes, i + 1, to);
      const close = pid >= 0 ? readEnd : findByte(bytes, CLOSE, i, limit);
      if (close < 0 || bytes[close] !== CLOSE) return;
      i = close + 1;
    }
    if (bytes[i] !== COLON) return;
    this.appAt = at;
    this.appEnd = end;
    this.pid = pid;
    heads.keep(bytes, from, at - from, end + 1, this.host, to);
    at = i + 1;
    if (at < to && bytes[at] === SPACE) at++;
    this.messageAt = at;
  }

  /** Takes the host at `from`; its hash is kept while consecutive lines name the same bytes' length and first word. */
  #takeHost(bytes: Uint8Array, from: number, to: number): number {
    const end = wordEnd(bytes, from, to);
    if (end < 0 || end === from) return -1;
    const last = bytes[end - 1];
    // A tag where a host should be (`sshd[12]:` right behind the time): the line has no host.
    if (last === COLON) {
      this.messageAt = from;
      return from - 1;
    }
    this.host = this.#hosts.hash(bytes, from, end);
    return end;
  }
}

/** End of the word at `from` (the next space), -1 if it is longer than any name or the line ends. */
function wordEnd(bytes: Uint8Array, from: number, to: number): number {
  if (from < 1) return -1;
  return findByte(bytes, SPACE, from, Math.min(to, from + MAX_NAME + 1));
}

/** End of the structured-data element at `from`: quotes may hold `]` escaped by a backslash (RFC 5424 6.3.3). */
function structuredDataEnd(bytes: Uint8Array, from: number, to: number): number {
  let quoted = false;
  for (let i = from; i < to; i++) {
    const byte = bytes[i];
    if (quoted && byte === BACKSLASH) i++;
    else if (byte === QUOTE) quoted = !quoted;
    else if (!quoted && byte === CLOSE) return i + 1;
  }
  return -1;
}
