/**
 * Access logs of nginx and Apache: the common and combined formats, with a virtual host before and fields behind.
 *
 *     [vhost[:port]] client - user [09/Oct/2026:22:33:20 -0500] "GET /x HTTP/1.1" 200 512 "referer" "agent" ...
 *
 * Sources: Apache's mod_log_config (common, combined, vhost_combined), nginx's ngx_http_log_module (combined, and the
 * `main` format of its packages with "$http_x_forwarded_for").
 *
 * What is written down by the client (user, request, referer, agent, anything behind) comes after the client's address,
 * and its quotes are escaped by both servers. So the address is the word before the first ` - `, the time is what
 * stands right before the first quote, and nothing that a client sends can move either.
 *
 * A user is a login only where the status proves it: 401 with a user is one that failed. With any other status nginx
 * writes the name that the client sent even where nobody checked it, so the request is a request, with the account.
 */
import { type Batch, Flag, Kind, Outcome, Protocol } from '../contact.ts';
import { readExtras, readRequest, readUser } from './access-fields.ts';
import {
  ascii,
  Family,
  findByte,
  readAddress,
  readEnd,
  readNumber,
  readPort,
  startsWith,
  takeIPv4,
  viewOf,
  words,
} from './bytes.ts';
import type { Clock } from './clock.ts';
import { type Envelope, fraction, monthAt, readIsoTime, two } from './envelope.ts';
import { readErrorLine } from './errorlog.ts';
import { readNotice } from './notices.ts';
import { closingQuote } from './quotes.ts';
import { Line, type LineReader, type ReaderOptions } from './reader.ts';

const SPACE = 32;
const QUOTE = 34;
const PLUS = 43;
const DASH = 45;
const SLASH = 47;
const COLON = 58;
const OPEN = 91;
const CLOSE = 93;

/** Longest zone behind an IPv6 address, `%` and an interface's name: 16 bytes in Linux, 256 in Windows. */
const MAX_ZONE = 256;
/** Length of `09/Oct/2026:22:33:20 -0500`. */
const USUAL_TIME = 26;
/** Longest time in brackets, `[2026-10-09T22:33:20.123456+00:00]`. */
const MAX_TIME = 40;

export class AccessReader implements LineReader {
  readonly #clock: Clock;
  /** The last time in the usual shape, as text in words of eight bytes, and what it stands for. */
  readonly #lastTime = new Float64Array(4).fill(Number.NaN);
  #lastUtc = Number.NaN;

  constructor(options: ReaderOptions) {
    this.#clock = options.clock;
  }

  readLine(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line {
    if (bytes[from] === OPEN || bytes[from + 4] === SLASH)
      return readErrorLine(bytes, from, to, envelope, batch, this.#clock);
    const row = batch.count;
    let hostEnd = readSource(bytes, from, to, batch, row);
    if (hostEnd < 0) return readOther(bytes, from, to, envelope, batch);
    if (bytes[hostEnd + 1] !== DASH || bytes[hostEnd + 2] !== SPACE) {
      hostEnd = readVirtualHost(bytes, from, hostEnd, to, batch, row);
      if (hostEnd < 0) return readOther(bytes, from, to, envelope, batch);
    }
    let flags = sourceFlags | Flag.noDestination;
    const userAt = hostEnd + 3;
    let quote = userAt + 31;
    if (!isPlainTime(bytes, userAt, to)) {
      const empty = bytes[userAt] === QUOTE && bytes[userAt + 1] === QUOTE;
      quote = closingQuote(bytes, empty ? userAt + 2 : userAt, to);
      if (quote < 0) return readOther(bytes, from, to, envelope, batch);
    }
    if (bytes[quote - 1] !== SPACE || bytes[quote - 2] !== CLOSE) return Line.unreadable;
    const bracket = openingBracket(bytes, quote - 3, userAt);
    if (bracket < 0) return Line.unreadable;
    if (!this.#readTime(bytes, bracket + 1, quote - 2, batch, row)) flags |= Flag.noTime;

    const requestEnd = closingQuote(bytes, quote + 1, to);
    if (requestEnd < 0) return Line.unreadable;
    let at = requestEnd + 1;
    const status = readStatus(bytes, at, to);
    if (status < 0) return Line.unreadable;
    at += bytes[at + 1] === DASH ? 2 : 4;
    let size = 0;
    if (bytes[at] === SPACE && bytes[at + 1] === DASH) {
      at += 2;
    } else {
      size = bytes[at] === SPACE ? readNumber(bytes, at + 1, to) : -1;
      if (size < 0) return Line.unreadable;
      at = readEnd;
    }
    batch.host[row] = envelope.host;
    batch.status[row] = status;
    batch.size[row] = Math.min(size, 0xffff_fffe);
    batch.outcome[row] = Outcome.answered;
    batch.protocol[row] = Protocol.tcp;
    readRequest(bytes, quote + 1, requestEnd, batch, row);
    const userEnd = bracket - 1;
    if (userEnd > userAt && !(bytes[userAt] === DASH && userEnd === userAt + 1)) {
      readUser(bytes, userAt, userEnd, batch, row);
    }
    batch.flags[row] = batch.flags[row]! | flags;
    if (at < to) readExtras(bytes, at, to, batch, row);
    return Line.row;
  }

  /** Reads the time into the row: a number that a function returns would be allocated. Says whether it is one. */
  #readTime(bytes: Uint8Array, from: number, to: number, batch: Batch, row: number): boolean {
    if (to - from === USUAL_TIME && this.#isLastTime(bytes, from)) {
      batch.time[row] = this.#lastUtc;
      return true;
    }
    const clock = this.#clock;
    batch.time[row] = Number.NaN;
    if (bytes[from + 2] !== SLASH) {
      batch.time[row] = readIsoTime(bytes, from, to, clock);
      return !Number.isNaN(batch.time[row]);
    }
    const day = two(bytes, from);
    const month = monthAt(bytes, from + 3, to);
    const century = two(bytes, from + 7);
    const years = two(bytes, from + 9);
    const hour = two(bytes, from + 12);
    const minute = two(bytes, from + 15);
    const second = two(bytes, from + 18);
    if (day < 0 || month === 0 || century < 0 || years < 0 || hour < 0 || minute < 0 || second < 0)
      return false;
    let at = from + 20;
    let ms = 0;
    if (bytes[at] === 46) {
      ms = fraction(bytes, at + 1, to);
      at = readEnd;
    }
    if (hour > 23 || minute > 59 || second > 60 || to - at !== 6 || bytes[at] !== SPACE) return false;
    const sign = bytes[at + 1];
    if (sign !== PLUS && sign !== DASH) return false;
    const zoneHours = two(bytes, at + 2);
    const zoneMinutes = two(bytes, at + 4);
    if (zoneHours < 0 || zoneMinutes < 0) return false;
    const seconds = hour * 3600 + minute * 60 + second;
    const offset = zoneHours * 3600 + zoneMinutes * 60;
    const utc = sign === DASH ? seconds + offset : seconds - offset;
    const time = clock.dayStart(century * 100 + years, month, day) + utc * 1000 + ms;
    batch.time[row] = time;
    if (Number.isNaN(time)) return false;
    if (to - from === USUAL_TIME) {
      const words = viewOf(bytes);
      for (let k = 0; k < 3; k++) this.#lastTime[k] = words.getFloat64(from + 8 * k);
      this.#lastTime[3] = words.getFloat64(from + USUAL_TIME - 8);
      this.#lastUtc = time;
    }
    return true;
  }

  /** Whether the text at `from` is the last time's: most requests share their second with the one before. */
  #isLastTime(bytes: Uint8Array, from: number): boolean {
    const words = viewOf(bytes);
    const last = this.#lastTime;
    return (
      words.getFloat64(from + USUAL_TIME - 8) === last[3] &&
      words.getFloat64(from + 8) === last[1] &&
      words.getFloat64(from) === last[0] &&
      words.getFloat64(from + 16) === last[2]
    );
  }
}

let sourceFlags = 0;
/**
 * Reads the client at `from` into the row, begun anew, and returns where it ends (a space). A name instead of an
 * address is no source: names come from whoever runs the reverse zone. -1 if there is no word.
 */
function readSource(bytes: Uint8Array, from: number, to: number, batch: Batch, row: number): number {
  batch.begin(row, Kind.web);
  sourceFlags = 0;
  const v4End = takeIPv4(bytes, from, to);
  if (v4End >= 0 && bytes[v4End] === SPACE) {
    batch.src[row] = words[3]!;
    return v4End;
  }
  const family = readAddress(bytes, from, to);
  if (family !== Family.none) {
    let end = readEnd;
    const limit = Math.min(to, end + MAX_ZONE);
    if (bytes[end] === 37) while (end < limit && bytes[end] !== SPACE) end++;
    if (end < to && bytes[end] === SPACE) {
      if (family === Family.v4) {
        batch.src[row] = words[3]!;
      } else {
        batch.wide.set(words, 8 * row);
        sourceFlags = Flag.v6;
      }
      return end;
    }
  }
  sourceFlags = Flag.noSource;
  const first = bytes[from];
  if (first === OPEN || first === SPACE || first === QUOTE) return -1;
  return findByte(bytes, SPACE, from, Math.min(to, from + 256));
}

/**
 * The line does not begin with `client - `: a virtual host stands before the client (vhost_combined), or an ident answer
 * behind it. Reads the client and returns the place that the blank before ` - ` or ` ident ` would have; -1 if neither.
 */
function readVirtualHost(
  bytes: Uint8Array,
  from: number,
  firstEnd: number,
  to: number,
  batch: Batch,
  row: number,
): number {
  const secondEnd = readSource(bytes, firstEnd + 1, to, batch, row);
  if (secondEnd < 0) return -1;
  if (bytes[secondEnd + 1] === DASH && bytes[secondEnd + 2] === SPACE && bytes[secondEnd + 3] !== OPEN) {
    batch.dport[row] = portBefore(bytes, from, firstEnd);
    return secondEnd;
  }
  readSource(bytes, from, to, batch, row);
  return secondEnd - 2;
}

/** A line of no access log: another program's in the same syslog stream, or damaged. */
function readOther(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line {
  const { appAt, appEnd } = envelope;
  const ours = SERVERS.some((name) => startsWith(bytes, appAt, appEnd, name));
  return ours ? Line.unreadable : readNotice(bytes, from, to, envelope, batch);
}
const SERVERS: readonly Uint8Array[] = [ascii('nginx'), ascii('apache'), ascii('httpd')];

/** The port in `vhost:port`, 0 if there is none. */
function portBefore(bytes: Uint8Array, from: number, to: number): number {
  let i = to - 1;
  while (i > from && bytes[i]! >= 48 && bytes[i]! <= 57) i--;
  if (bytes[i] !== COLON || i === from) return 0;
  const port = readPort(bytes, i + 1, to);
  return Math.max(port, 0);
}

/** Whether `- [dd/Mon/yyyy:hh:mm:ss +zzzz] "` stands at `at`: no user, the usual time. */
function isPlainTime(bytes: Uint8Array, at: number, to: number): boolean {
  return (
    at + 32 < to &&
    bytes[at] === DASH &&
    bytes[at + 1] === SPACE &&
    bytes[at + 2] === OPEN &&
    bytes[at + 29] === CLOSE &&
    bytes[at + 31] === QUOTE
  );
}

/** The `[` that opens the time which ends at `last`, -1 if there is none after `from`. */
function openingBracket(bytes: Uint8Array, last: number, from: number): number {
  const limit = Math.max(from, last - MAX_TIME);
  for (let i = last; i >= limit; i--) if (bytes[i] === OPEN) return bytes[i - 1] === SPACE ? i : -1;
  return -1;
}

/** ` 200`, or ` -` where the server gave none; -1 if it is neither. */
function readStatus(bytes: Uint8Array, at: number, to: number): number {
  if (bytes[at] !== SPACE || at + 2 >= to) return -1;
  if (bytes[at + 1] === DASH && bytes[at + 2] === SPACE) return 0;
  const hundreds = bytes[at + 1]! - 48;
  const rest = two(bytes, at + 2);
  return hundreds >= 0 && hundreds <= 9 && rest >= 0 && at + 4 < to && bytes[at + 4] === SPACE
    ? hundreds * 100 + rest
    : -1;
}
