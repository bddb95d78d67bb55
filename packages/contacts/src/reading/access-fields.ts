/**
 * The fields of an access log's line that the client wrote: request, user, referer, agent, and what an administrator
 * added behind them. Each stands between quotes that the server escapes; none can end another. Hot path.
 */
import { type Batch, Content, Flag, Kind, Outcome, Protocol, UNKNOWN_U32 } from '../contact.ts';
import { readAgent, searchAgent } from './agents.ts';
import {
  ascii,
  Family,
  findByte,
  hash1,
  hashText,
  readAddress,
  readEnd,
  readNumber,
  startsWith,
  takeIPv4,
} from './bytes.ts';
import { readTarget } from './content.ts';
import { closingQuote, holdsExpression } from './quotes.ts';

const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const DASH = 45;
const SLASH = 47;
const COLON = 58;

const HTTP = ascii('HTTP/');
const HTTP3 = ascii('HTTP/3');
const CONNECT = ascii('CONNECT ');
const POST = ascii('POST ');
const HTTPS_SCHEME = ascii('https://');
const HTTP_SCHEME = ascii('http://');

/** Longest method: IANA's registry ends at UPDATEREDIRECTREF with 17 letters. */
const MAX_METHOD = 24;

/** Reads `GET /x HTTP/1.1`. What is no such thing is malformed, and its text is the whole of it. */
export function readRequest(bytes: Uint8Array, from: number, to: number, batch: Batch, row: number): void {
  let methodEnd = from;
  const limit = Math.min(to, from + MAX_METHOD);
  while (methodEnd < limit && isMethod(bytes[methodEnd]!)) methodEnd++;
  let targetEnd = to - 9;
  // HTTP/1.1 and HTTP/2.0 in the usual place; else the last space, since a target may hold some.
  if (targetEnd <= methodEnd || bytes[targetEnd] !== SPACE) {
    targetEnd = to - 1;
    while (targetEnd > methodEnd && bytes[targetEnd] !== SPACE) targetEnd--;
  }
  const whole = methodEnd > from && bytes[methodEnd] === SPACE && targetEnd > methodEnd + 1;
  if (!whole || !startsWith(bytes, targetEnd + 1, to, HTTP)) {
    batch.content[row] = batch.content[row]! | Content.malformed;
    if (whole) {
      readTarget(bytes, methodEnd + 1, to, batch, row);
    } else {
      batch.textAt[row] = from;
      batch.textLength[row] = Math.min(to - from, 0xffff);
    }
    return;
  }
  if (startsWith(bytes, from, to, POST)) batch.flags[row] = batch.flags[row]! | Flag.post;
  if (startsWith(bytes, targetEnd + 1, to, HTTP3)) batch.protocol[row] = Protocol.udp;
  const targetAt = methodEnd + 1;
  if (bytes[targetAt] !== SLASH) {
    // An open proxy is looked for by CONNECT; an absolute target says which scheme was spoken.
    if (startsWith(bytes, from, to, CONNECT)) batch.content[row] = batch.content[row]! | Content.probePath;
    if (batch.dport[row] === 0 && startsWith(bytes, targetAt, to, HTTPS_SCHEME)) batch.dport[row] = 443;
    if (batch.dport[row] === 0 && startsWith(bytes, targetAt, to, HTTP_SCHEME)) batch.dport[row] = 80;
  }
  readTarget(bytes, targetAt, targetEnd, batch, row);
}

/** Upper case, `-` and `_`. */
function isMethod(byte: number): boolean {
  return (byte >= 65 && byte <= 90) || byte === DASH || byte === 95;
}

/** Reads the user's name at [from, to): with 401 a login that failed, else the account of a request. */
export function readUser(bytes: Uint8Array, from: number, to: number, batch: Batch, row: number): void {
  if (bytes[from] === QUOTE && bytes[from + 1] === QUOTE && to === from + 2) return;
  batch.acct0[row] = hashText(bytes, from, to);
  batch.acct1[row] = hash1;
  if (batch.status[row] !== 401) return;
  batch.kind[row] = Kind.login;
  batch.outcome[row] = Outcome.failed;
  batch.textAt[row] = from;
  batch.textLength[row] = Math.min(to - from, 0xffff);
}

/** Reads ` "referer" "agent"` and what an administrator added behind: a forwarding header, the time taken. */
export function readExtras(bytes: Uint8Array, from: number, to: number, batch: Batch, row: number): void {
  let at = from;
  if (bytes[at] !== SPACE || bytes[at + 1] !== QUOTE) {
    readTimes(bytes, at, to, batch, row);
    return;
  }
  const refererEnd = closingQuote(bytes, at + 2, to);
  if (refererEnd < 0) return;
  let content = 0;
  if (holdsExpression(bytes, at + 2, refererEnd))
    content = searchAgent(bytes, at + 2, refererEnd) & Content.codeExecution;
  at = refererEnd + 1;
  if (bytes[at] === SPACE && bytes[at + 1] === QUOTE && at + 1 < to) {
    const agentEnd = closingQuote(bytes, at + 2, to);
    if (agentEnd < 0) return;
    content |= readAgent(bytes, at + 2, agentEnd);
    at = agentEnd + 1;
  }
  batch.content[row] = batch.content[row]! | content;
  if (at < to) readBehind(bytes, at, to, batch, row);
}

/** The fields behind the agent: the first quoted one that begins with an address is the forwarding header. */
function readBehind(bytes: Uint8Array, from: number, to: number, batch: Batch, row: number): void {
  let at = from;
  while (at < to) {
    const quote = findByte(bytes, QUOTE, at, to);
    readTimes(bytes, at, quote < 0 ? to : quote, batch, row);
    if (quote < 0) return;
    const end = closingQuote(bytes, quote + 1, to);
    if (end < 0) return;
    if (beginsWithAddress(bytes, quote + 1, end)) {
      batch.forwardedAt[row] = quote + 1;
      batch.forwardedLength[row] = Math.min(end - quote - 1, 0xffff);
      batch.flags[row] = batch.flags[row]! | Flag.forwarded;
      readTimes(bytes, end + 1, to, batch, row);
      return;
    }
    at = end + 1;
  }
}

/** Whether the field [from, to) is a list of addresses, as far as its first tells: a port may follow that. */
function beginsWithAddress(bytes: Uint8Array, from: number, to: number): boolean {
  const v4End = takeIPv4(bytes, from, to);
  if (v4End < 0 && readAddress(bytes, from, to) === Family.none) return false;
  const end = v4End < 0 ? readEnd : v4End;
  const next = bytes[end];
  return end === to || next === COMMA || next === SPACE || (v4End >= 0 && next === COLON);
}

/** The first number with three decimals is nginx's $request_time, seconds; `rt=` and the like may stand before it. */
function readTimes(bytes: Uint8Array, from: number, to: number, batch: Batch, row: number): void {
  if (batch.millis[row] !== UNKNOWN_U32) return;
  for (let i = from; i + 4 < to + 1; i++) {
    if (bytes[i] !== 46 || i === from) continue;
    let begin = i;
    while (begin > from && bytes[begin - 1]! >= 48 && bytes[begin - 1]! <= 57) begin--;
    const before = bytes[begin - 1];
    if (begin === i || (begin > from && before !== SPACE && before !== 61)) continue;
    const seconds = readNumber(bytes, begin, i);
    const millis = readNumber(bytes, i + 1, to);
    if (seconds < 0 || seconds > 4_000_000 || millis < 0 || readEnd !== i + 4) continue;
    if (readEnd < to && bytes[readEnd] !== SPACE) continue;
    batch.millis[row] = seconds * 1000 + millis;
    return;
  }
}
