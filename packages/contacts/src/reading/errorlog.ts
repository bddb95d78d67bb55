/**
 * Error logs of nginx and Apache: lines that name a client and a refusal. The access log tells of the same request, so
 * who reads both counts two contacts and one knock.
 *
 *     2026/10/09 22:33:20 [error] 12#12: *7 user "x" was not found in "/etc/x", client: 192.0.2.7, server: _, request: ...
 *     [Fri Oct 09 22:33:20.880562 2026] [auth_basic:error] [pid 10:tid 14] [client 192.0.2.7:50229] AH01618: user x not found: /
 *
 * nginx quotes user, path, request and referrer without escaping them, before and behind the client. A line in which
 * `, client: ` stands more than once is not read: somebody wrote one of them.
 */
import { type Batch, Flag, Kind, Outcome, Protocol } from '../contact.ts';
import {
  ascii,
  Family,
  find,
  findByte,
  findLast,
  findLastByte,
  hash1,
  hashText,
  readAddress,
  readEnd,
  readNumber,
  readPort,
  startsWith,
  words,
} from './bytes.ts';
import type { Clock } from './clock.ts';
import { readTarget } from './content.ts';
import { type Envelope, fraction, monthAt, two } from './envelope.ts';
import { Line } from './reader.ts';

const SPACE = 32;
const SLASH = 47;
const COLON = 58;
const OPEN = 91;
const CLOSE = 93;
const QUOTE = 34;

const CLIENT = ascii(', client: ');
const SERVER = ascii(', server: ');
const REQUEST = ascii(', request: "');
const HTTP = ascii(' HTTP/');
const USER = ascii('user "');
const NOT_FOUND = ascii('" was not found in "');
const MISMATCH = ascii('": password mismatch');
const FORBIDDEN = ascii('access forbidden by rule');
const LIMITED = ascii('limiting ');
const INDEX = ascii('directory index of ');
const BRACKET_CLIENT = ascii('[client ');
const MODSECURITY = ascii('ModSecurity: ');
const DENIED_CODE = ascii('ModSecurity: Access denied');
const CLIENT_DENIED = ascii('client denied by server configuration');
const APACHE_USER = ascii('user ');
const APACHE_NOT_FOUND = ascii(' not found: ');
const APACHE_FAILURE = ascii(': authentication failure for ');

/** Reads one line of an error log. Lines of neither server's shape are unreadable. */
export function readErrorLine(
  bytes: Uint8Array,
  from: number,
  to: number,
  envelope: Envelope,
  batch: Batch,
  clock: Clock,
): Line {
  if (bytes[from] === OPEN) return readApache(bytes, from, to, envelope, batch, clock);
  if (bytes[from + 4] === SLASH && bytes[from + 7] === SLASH && bytes[from + 13] === COLON)
    return readNginx(bytes, from, to, envelope, batch, clock);
  return Line.unreadable;
}

function begin(batch: Batch, kind: Kind, outcome: Outcome, time: number, envelope: Envelope): number {
  const row = batch.count;
  batch.begin(row, kind);
  batch.outcome[row] = outcome;
  batch.protocol[row] = Protocol.tcp;
  batch.host[row] = envelope.host;
  batch.time[row] = time;
  batch.flags[row] = Flag.noDestination | (Number.isNaN(time) ? Flag.noTime : 0);
  return row;
}

/** Reads the address at `at` into the row's source. Returns where it ends, -1 if it is none. */
function readSource(bytes: Uint8Array, at: number, to: number, batch: Batch, row: number): number {
  const family = readAddress(bytes, at, to);
  if (family === Family.none) return -1;
  if (family === Family.v4) {
    batch.src[row] = words[3]!;
  } else {
    batch.wide.set(words, 8 * row);
    batch.flags[row] = batch.flags[row]! | Flag.v6;
  }
  return readEnd;
}

function readAccount(bytes: Uint8Array, from: number, to: number, batch: Batch, row: number): void {
  batch.acct0[row] = hashText(bytes, from, to);
  batch.acct1[row] = hash1;
  batch.textAt[row] = from;
  batch.textLength[row] = Math.min(to - from, 0xffff);
}

function readNginx(
  bytes: Uint8Array,
  from: number,
  to: number,
  envelope: Envelope,
  batch: Batch,
  clock: Clock,
): Line {
  const time = readStamp(bytes, from, clock);
  const messageAt = nginxMessage(bytes, from + 19, to);
  if (messageAt < 0) return Line.unreadable;
  if (startsWith(bytes, messageAt, to, BRACKET_CLIENT))
    return readModSecurity(bytes, messageAt, to, envelope, batch, time, false);
  const client = find(bytes, CLIENT, messageAt, to);
  if (client < 0 || find(bytes, CLIENT, client + 1, to) >= 0) return Line.ignored;
  const isUser = startsWith(bytes, messageAt, client, USER);
  const nameAt = messageAt + USER.length;
  const mismatch =
    isUser &&
    client - MISMATCH.length >= nameAt &&
    startsWith(bytes, client - MISMATCH.length, client, MISMATCH);
  const unknown = isUser && !mismatch ? findLast(bytes, NOT_FOUND, nameAt, client) : -1;
  const refused =
    startsWith(bytes, messageAt, client, FORBIDDEN) ||
    startsWith(bytes, messageAt, client, LIMITED) ||
    startsWith(bytes, messageAt, client, INDEX);
  if (!mismatch && unknown < 0 && !refused) return Line.ignored;
  const login = mismatch || unknown >= 0;
  const kind = login ? Kind.login : Kind.web;
  const row = begin(batch, kind, login ? Outcome.failed : Outcome.denied, time, envelope);
  const end = readSource(bytes, client + CLIENT.length, to, batch, row);
  if (end < 0 || !startsWith(bytes, end, to, SERVER)) return Line.unreadable;
  readRequest(bytes, end, to, batch, row);
  if (login) {
    readAccount(bytes, nameAt, mismatch ? client - MISMATCH.length : unknown, batch, row);
    if (unknown >= 0) batch.flags[row] = batch.flags[row]! | Flag.invalidAccount;
  }
  return Line.row;
}

/** Behind ` [error] 12#12: *7 `: the connection's number is missing where nginx speaks of itself. */
function nginxMessage(bytes: Uint8Array, from: number, to: number): number {
  if (bytes[from] !== SPACE || bytes[from + 1] !== OPEN) return -1;
  let at = from + 2;
  while (at < to && at - from < 12 && bytes[at] !== CLOSE) at++;
  if (bytes[at] !== CLOSE || bytes[at + 1] !== SPACE) return -1;
  if (readNumber(bytes, at + 2, to) < 0 || bytes[readEnd] !== 35) return -1;
  if (readNumber(bytes, readEnd + 1, to) < 0 || bytes[readEnd] !== COLON || bytes[readEnd + 1] !== SPACE)
    return -1;
  at = readEnd + 2;
  if (bytes[at] !== 42) return at;
  return readNumber(bytes, at + 1, to) < 0 ? at : readEnd + 1;
}

function readRequest(bytes: Uint8Array, from: number, to: number, batch: Batch, row: number): void {
  const request = find(bytes, REQUEST, from, to);
  if (request < 0) return;
  const begin = find(bytes, SPACE_BYTE, request + REQUEST.length, to) + 1;
  if (begin === 0) return;
  let end = find(bytes, HTTP, begin, to);
  if (end < 0) {
    end = begin;
    while (end < to && bytes[end] !== QUOTE) end++;
  }
  readTarget(bytes, begin, end, batch, row);
}
const SPACE_BYTE = ascii(' ');

function readApache(
  bytes: Uint8Array,
  from: number,
  to: number,
  envelope: Envelope,
  batch: Batch,
  clock: Clock,
): Line {
  const time = readWeekdayStamp(bytes, from + 1, to, clock);
  if (Number.isNaN(time)) return Line.unreadable;
  // Brackets in a row: [time] [module:level] [pid 10:tid 14] [client 192.0.2.7:50229]; nothing of the client's before.
  let at = from;
  let client = -1;
  let modern = false;
  for (let count = 0; count < 6 && bytes[at] === OPEN; count++) {
    if (startsWith(bytes, at, to, BRACKET_CLIENT)) client = at;
    const close = findByte(bytes, CLOSE, at, to);
    // Since 2.4 the second bracket is [module:level], and the client has a port.
    if (count === 1 && client < 0) modern = findByte(bytes, COLON, at, close) >= 0;
    at = close < 0 ? to : close + 2;
    if (client >= 0) break;
  }
  if (client < 0) return at < to ? Line.ignored : Line.unreadable;
  if (startsWith(bytes, at, to, BRACKET_CLIENT)) {
    // ModSecurity names the client once more.
    const close = findByte(bytes, CLOSE, at, to);
    if (close >= 0 && startsWith(bytes, close + 2, to, MODSECURITY)) at = close + 2;
  }
  if (startsWith(bytes, at, to, MODSECURITY))
    return readModSecurity(bytes, client, to, envelope, batch, time, modern, at);
  // `AH01618: ` before the message since 2.4.
  if (bytes[at] === 65 && bytes[at + 1] === 72 && bytes[at + 7] === COLON) at += 9;
  const denied = startsWith(bytes, at, to, CLIENT_DENIED);
  const isUser = startsWith(bytes, at, to, APACHE_USER);
  // The name is the client's; what Apache writes behind it stands last.
  const nameAt = at + APACHE_USER.length;
  const unknown = isUser ? findLast(bytes, APACHE_NOT_FOUND, nameAt, to) : -1;
  const mismatch = isUser && unknown < 0 ? findLast(bytes, APACHE_FAILURE, nameAt, to) : -1;
  if (!denied && unknown < 0 && mismatch < 0) return Line.ignored;
  const row = begin(
    batch,
    denied ? Kind.web : Kind.login,
    denied ? Outcome.denied : Outcome.failed,
    time,
    envelope,
  );
  if (!readBracketClient(bytes, client, to, batch, row, modern)) return Line.unreadable;
  if (!denied) {
    readAccount(bytes, nameAt, unknown >= 0 ? unknown : mismatch, batch, row);
    if (unknown >= 0) batch.flags[row] = batch.flags[row]! | Flag.invalidAccount;
  }
  return Line.row;
}

/**
 * Reads `[client 192.0.2.7:50229]` at `at`. Apache 2.2 and ModSecurity write no port. IPv6 stands without brackets of
 * its own, so with `port` its last colon is the port's.
 */
function readBracketClient(
  bytes: Uint8Array,
  at: number,
  to: number,
  batch: Batch,
  row: number,
  port: boolean,
): boolean {
  const begin = at + BRACKET_CLIENT.length;
  const close = findByte(bytes, CLOSE, begin, to);
  if (close < 0) return false;
  const colon = findLastByte(bytes, COLON, begin, close);
  const wide = colon >= 0 && findByte(bytes, COLON, begin, colon) >= 0;
  const end = colon >= 0 && (port || !wide) ? colon : close;
  if (readSource(bytes, begin, end, batch, row) !== end) return false;
  if (end === close) return true;
  const sport = readPort(bytes, colon + 1, close);
  if (sport < 0 || readEnd !== close) return false;
  batch.sport[row] = sport;
  return true;
}

/** ModSecurity's lines in either server's log: an alert, blocked where access was denied. */
function readModSecurity(
  bytes: Uint8Array,
  client: number,
  to: number,
  envelope: Envelope,
  batch: Batch,
  time: number,
  port: boolean,
  textAt = -1,
): Line {
  const close = findByte(bytes, CLOSE, client, to);
  const at = textAt >= 0 ? textAt : close + 2;
  if (close < 0 || !startsWith(bytes, at, to, MODSECURITY)) return Line.ignored;
  const denied = startsWith(bytes, at, to, DENIED_CODE);
  const row = begin(batch, Kind.alert, denied ? Outcome.blocked : Outcome.unknown, time, envelope);
  if (!readBracketClient(bytes, client, to, batch, row, port)) return Line.unreadable;
  batch.textAt[row] = at;
  batch.textLength[row] = Math.min(to - at, 0xffff);
  return Line.row;
}

/** `2026/10/09 22:33:20`, wall clock. */
function readStamp(bytes: Uint8Array, from: number, clock: Clock): number {
  const century = two(bytes, from);
  const years = two(bytes, from + 2);
  const year = century < 0 || years < 0 ? -1 : century * 100 + years;
  return clock.utc(
    year,
    two(bytes, from + 5),
    two(bytes, from + 8),
    two(bytes, from + 11),
    two(bytes, from + 14),
    two(bytes, from + 17),
    0,
  );
}

/** `Fri Oct 09 22:33:20.880562 2026]`, wall clock. */
function readWeekdayStamp(bytes: Uint8Array, from: number, to: number, clock: Clock): number {
  const month = monthAt(bytes, from + 4, to);
  const day = two(bytes, from + 8);
  if (month === 0 || day < 0 || bytes[from + 13] !== COLON || bytes[from + 16] !== COLON) return Number.NaN;
  let at = from + 19;
  let ms = 0;
  if (bytes[at] === 46) {
    ms = fraction(bytes, at + 1, to);
    at = readEnd;
  }
  const year = readNumber(bytes, at + 1, to);
  if (bytes[at] !== SPACE || year < 0 || bytes[readEnd] !== CLOSE) return Number.NaN;
  return clock.utc(year, month, day, two(bytes, from + 11), two(bytes, from + 14), two(bytes, from + 17), ms);
}
