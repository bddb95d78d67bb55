/**
 * What each message of sshd says (see `sshd.ts`). A function for each kind of message, given where its text behind the
 * fixed beginning stands; it leaves what it found in `said`.
 *
 * Hot path: `said` is one reused object; addresses lie in `words` of `bytes.ts`.
 */
import { Flag, Outcome } from '../contact.ts';
import { ascii, find, findLast, readEnd, readNumber, startsWith, words } from './bytes.ts';
import { Line } from './reader.ts';
import {
  headEnd,
  readAuthenticated,
  readHead,
  readLast,
  readOnly,
  readTail,
  Separator,
  Source,
  tailPort,
  textEnd,
} from './sshd-tail.ts';

/** What the message says. */
export const said = {
  source: Source.missing as Source,
  sourcePort: 0,
  outcome: Outcome.unknown as Outcome,
  /** Where the account's name stands; empty if there is none. */
  accountAt: 0,
  accountEnd: 0,
  flags: 0,
  /** Process that the message is about, if not the one that wrote it; 0: of no process. */
  process: -1,
  /** Our address in `ours`, or `Source.missing`. */
  destination: Source.missing as Source,
  destinationPort: 0,
};

/** Words of our address, as `words` of `bytes.ts`. */
export const ours: Uint32Array = new Uint32Array(4);

/** Makes `said` say nothing. */
export function saidNothing(): void {
  said.source = Source.missing;
  said.sourcePort = 0;
  said.outcome = Outcome.unknown;
  said.accountAt = 0;
  said.accountEnd = 0;
  said.flags = 0;
  said.process = -1;
  said.destination = Source.missing;
  said.destinationPort = 0;
}

const SPACE = 32;

const FOR = ascii(' for ');
const INVALID_USER = ascii('invalid user ');
const ILLEGAL_USER = ascii('illegal user ');
const AUTHENTICATING = ascii('authenticating user ');
const USER = ascii('user ');
const SSH2 = ascii(' ssh2');
const ON = ascii(' on ');
const CONNECTION_FROM = ascii('connection from ');
const TO = ascii(' to ');
const PROCESS = ascii(', pid = ');
const NOT_ALLOWED = ascii(' not allowed because ');
const ID = ascii(' id ');
const SERVICE_FOR = ascii('service for ');

/** Ends a message that was read: a row if there was a source of any kind. */
export function row(source: Source, outcome: Outcome, flags: number): Line {
  if (source === Source.missing) return Line.unreadable;
  said.source = source;
  said.sourcePort = tailPort;
  said.outcome = outcome;
  said.flags |= flags;
  return Line.row;
}

/** Notes the account in [from, to); `Flag.invalidAccount` if `invalid user ` stands there first. Returns where it begins. */
function account(bytes: Uint8Array, from: number, to: number): number {
  const invalid = startsWith(bytes, from, to, INVALID_USER) || startsWith(bytes, from, to, ILLEGAL_USER);
  if (invalid) said.flags |= Flag.invalidAccount;
  said.accountAt = invalid ? from + INVALID_USER.length : from;
  return said.accountAt;
}

/** `METHOD for [invalid user ]X from A port P ssh2[: WHAT]`, behind Failed, Accepted, Postponed or Partial. */
export function authentication(bytes: Uint8Array, from: number, to: number, outcome: Outcome): Line {
  let at = from;
  while (at < to && bytes[at] !== SPACE) at++;
  if (at === from || !startsWith(bytes, at, to, FOR)) return Line.unreadable;
  const name = account(bytes, at + FOR.length, to);
  const source = readAuthenticated(bytes, name, to);
  said.accountEnd = textEnd;
  return row(source, outcome, method(bytes, from, at));
}

const PUBLICKEY = ascii('publickey');
const HOSTBASED = ascii('hostbased');
const GSSAPI = ascii('gssapi');
const NONE = ascii('none');

/** A failed key or `none` is how clients find out what is asked for: a hint. A login by key was not guessed. */
function method(bytes: Uint8Array, from: number, to: number): number {
  const key =
    startsWith(bytes, from, to, PUBLICKEY) ||
    startsWith(bytes, from, to, HOSTBASED) ||
    startsWith(bytes, from, to, GSSAPI);
  if (key) return Flag.keyLogin | Flag.hint;
  return startsWith(bytes, from, to, NONE) ? Flag.hint : 0;
}

/** `X from A[ port P]`, behind `Invalid user `. */
export function invalidUser(bytes: Uint8Array, from: number, to: number): Line {
  const source = readTail(bytes, from, to, Separator.from, true);
  said.accountAt = from;
  said.accountEnd = textEnd;
  return row(source, Outcome.failed, Flag.invalidAccount | Flag.hint);
}

/** `[invalid user ]X from A port P ssh2`, behind `maximum authentication attempts exceeded for `. */
export function tooMany(bytes: Uint8Array, from: number, to: number): Line {
  const name = account(bytes, from, to);
  if (to - SSH2.length < name || !startsWith(bytes, to - SSH2.length, to, SSH2)) return Line.unreadable;
  const source = readTail(bytes, name, to - SSH2.length, Separator.from, false);
  said.accountEnd = textEnd;
  return row(source, Outcome.failed, Flag.hint);
}

/**
 * `[authenticating user X |invalid user X |user X ]A[ port P]`, behind `Connection closed by ` and its like: who left
 * before the login, or (`user X`) after it. `later` is said of a message without a user that no [preauth] ends.
 */
export function departure(
  bytes: Uint8Array,
  from: number,
  to: number,
  preauth: boolean,
  later: number,
): Line {
  if (startsWith(bytes, from, to, USER)) {
    said.accountAt = from + USER.length;
    const source = readTail(bytes, said.accountAt, to, Separator.space, false);
    said.accountEnd = textEnd;
    return row(source, Outcome.unknown, Flag.detail);
  }
  const name = namedAttempt(bytes, from, to);
  if (name > 0) {
    const source = readTail(bytes, name, to, Separator.space, false);
    said.accountEnd = textEnd;
    return row(source, Outcome.failed, Flag.hint);
  }
  const source = readHead(bytes, from, to);
  return preauth || later === 0
    ? row(source, Outcome.established, 0)
    : row(source, Outcome.unknown, Flag.detail);
}

/** Where X begins if somebody who tries to sign in is named, else -1. */
function namedAttempt(bytes: Uint8Array, from: number, to: number): number {
  if (startsWith(bytes, from, to, AUTHENTICATING)) {
    said.accountAt = from + AUTHENTICATING.length;
    return said.accountAt;
  }
  const name = account(bytes, from, to);
  if (name > from) return name;
  said.accountAt = 0;
  return -1;
}

/** `A[ port P]...`: a connection of which no more is said. */
export function connection(bytes: Uint8Array, from: number, to: number): Line {
  return row(readHead(bytes, from, to), Outcome.established, 0);
}

/** `A port P[ on B port Q]`, behind `Connection from `. */
export function connectionFrom(bytes: Uint8Array, from: number, to: number): Line {
  const source = readHead(bytes, from, to);
  const port = tailPort;
  if (source > 0 && startsWith(bytes, headEnd, to, ON)) destination(bytes, headEnd + ON.length, to);
  const line = row(source, Outcome.established, 0);
  said.sourcePort = port;
  return line;
}

/** Reads our own address at `at` and keeps `words`, which hold the source. */
function destination(bytes: Uint8Array, at: number, to: number): void {
  for (let i = 0; i < 4; i++) ours[i] = words[i]!;
  said.destination = readHead(bytes, at, to);
  said.destinationPort = said.destination > 0 ? tailPort : 0;
  for (let i = 0; i < 4; i++) {
    const source = ours[i]!;
    ours[i] = words[i]!;
    words[i] = source;
  }
}

/** `X A port P: REASON`, behind `Disconnecting ` with a user; the reason may repeat what the client sent. */
export function disconnecting(bytes: Uint8Array, from: number, to: number): Line {
  if (startsWith(bytes, from, to, USER)) {
    said.accountAt = from + USER.length;
    const source = readOnly(bytes, said.accountAt, to, Separator.space);
    said.accountEnd = textEnd;
    return row(source, Outcome.unknown, Flag.detail);
  }
  const name = namedAttempt(bytes, from, to);
  if (name < 0) return connection(bytes, from, to);
  const source = readOnly(bytes, name, to, Separator.space);
  said.accountEnd = textEnd;
  return row(source, Outcome.failed, Flag.hint);
}

/** `[authenticating user X |...]A port P: REASON`, behind `ssh_dispatch_run_fatal: Connection from `. */
export function dispatchFailure(bytes: Uint8Array, from: number, to: number): Line {
  const later = startsWith(bytes, from, to, USER);
  if (later) said.accountAt = from + USER.length;
  const name = later ? said.accountAt : namedAttempt(bytes, from, to);
  if (name < 0) return connection(bytes, from, to);
  const source = readLast(bytes, name, to, Separator.space);
  said.accountEnd = textEnd;
  return later ? row(source, Outcome.unknown, Flag.detail) : row(source, Outcome.failed, Flag.hint);
}

/** `A[ port P]`, or since 9.8 from the listener `connection from A to B, pid = N`, behind `Timeout before authentication for `. */
export function timeout(bytes: Uint8Array, from: number, to: number): Line {
  if (!startsWith(bytes, from, to, CONNECTION_FROM)) return connection(bytes, from, to);
  const source = readHead(bytes, from + CONNECTION_FROM.length, to);
  if (source > 0 && startsWith(bytes, headEnd, to, TO)) destination(bytes, headEnd + TO.length, to);
  const at = findLast(bytes, PROCESS, from, to);
  said.process = at < 0 ? 0 : Math.max(0, readNumber(bytes, at + PROCESS.length, to));
  const line = row(source, Outcome.established, 0);
  said.sourcePort = 0;
  return line;
}

/** `'WHAT' from A[ port P]`, behind `Bad protocol version identification `. */
export function badVersion(bytes: Uint8Array, from: number, to: number): Line {
  return row(readTail(bytes, from, to, Separator.from, true), Outcome.established, 0);
}

/** `X from A not allowed because REASON`, behind `User `. X exists; other messages that begin so name no address. */
export function notAllowed(bytes: Uint8Array, from: number, to: number): Line {
  const end = find(bytes, NOT_ALLOWED, from, to);
  if (end < 0) return Line.ignored;
  const source = readTail(bytes, from, end, Separator.from, true);
  if (source === Source.missing) return Line.ignored;
  said.accountAt = from;
  said.accountEnd = textEnd;
  return row(source, Outcome.failed, Flag.hint);
}

/** `REASON for [illegal user ]X from H`, behind `PAM: `. */
export function pamError(bytes: Uint8Array, from: number, to: number): Line {
  const at = find(bytes, FOR, from, to);
  if (at < 0) return Line.ignored;
  const behind = at + FOR.length;
  const name = account(
    bytes,
    startsWith(bytes, behind, to, SERVICE_FOR) ? behind + SERVICE_FOR.length : behind,
    to,
  );
  const source = readTail(bytes, name, to, Separator.from, true);
  said.accountEnd = textEnd;
  return row(source, Outcome.failed, Flag.hint);
}

/** `... user X from A port P id N` or `... for X from A port P id N`: sessions of somebody who has signed in. */
export function session(bytes: Uint8Array, from: number, to: number): Line {
  const end = findLast(bytes, ID, from, to);
  if (end < 0) return Line.ignored;
  const source = readTail(bytes, from, end, Separator.from, false);
  return source === Source.missing ? Line.ignored : row(source, Outcome.unknown, Flag.detail);
}

/** `X A port P`, behind `Timeout, client not responding from user `. */
export function silentClient(bytes: Uint8Array, from: number, to: number): Line {
  const source = readTail(bytes, from, to, Separator.space, false);
  return row(source, Outcome.unknown, Flag.detail);
}

/** The number in `exited MaxStartups throttling after 00:01:02, 24 connections dropped`, -1 if there is none. */
export function droppedConnections(bytes: Uint8Array, from: number, to: number): number {
  const at = findLast(bytes, DROPPED, from, to);
  if (at < 0) return -1;
  let digits = at;
  while (digits > from && bytes[digits - 1]! >= 48 && bytes[digits - 1]! <= 57) digits--;
  const count = readNumber(bytes, digits, at);
  return readEnd === at ? count : -1;
}
const DROPPED = ascii(' connections dropped');
