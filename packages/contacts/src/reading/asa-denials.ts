/** Messages of ASA about one packet: what was denied, and what an access list let in. */
import { type Batch, Kind, Outcome, Protocol } from '../contact.ts';
import type { AsaLine } from './asa-line.ts';
import type { Message } from './asa-lines.ts';
import { ascii, find, findByte, readEnd, readNumber, startsWith } from './bytes.ts';
import { writeAccount, writeCount } from './composed.ts';
import type { Envelope } from './envelope.ts';
import { OTHER_PROTOCOL } from './protocols.ts';
import { Line } from './reader.ts';
import { WordValues } from './words.ts';

const SPACE = 32;
const APOSTROPHE = 39;
const SLASH = 47;

const FROM = ascii('from ');
const TO = ascii(' to ');
const LADDR = ascii('laddr ');
const PAT = ascii('PAT address ');
const DENY = ascii('Deny ');
const SRC = ascii('src ');
const DST = ascii(' dst ');
const DEST = ascii(' dest ');
const ACCESS_LIST = ascii('access-list ');
const FOR_USER = ascii('for user ');
const ARROW = ascii(' -> ');
const HITS = ascii(' hit-cnt ');
const TYPE = ascii('type=');
const CODE = ascii('code=');

const VERDICTS = new WordValues({
  permitted: Outcome.accepted,
  'est-allowed': Outcome.accepted,
  denied: Outcome.denied,
});

/** `Deny TCP (no connection) from END to END flags RST  on interface outside` and the like. */
export function readFromTo(line: AsaLine, message: Message, envelope: Envelope, batch: Batch): Line {
  const { bytes, from, to, source, destination } = line;
  let at = find(bytes, FROM, from, to);
  if (at < 0) return Line.unreadable;
  const protocol = message.protocol === 0 ? firstProtocol(line, at) : message.protocol;
  at += FROM.length;
  if (startsWith(bytes, at, to, LADDR)) at += LADDR.length;
  if (!source.read(bytes, at, to)) return Line.unreadable;
  at = find(bytes, TO, source.end, to);
  if (at < 0) return Line.unreadable;
  at += TO.length;
  if (startsWith(bytes, at, to, PAT)) at += PAT.length;
  if (!destination.read(bytes, at, to)) return Line.unreadable;
  if (!line.begin(batch, Kind.packet, message, envelope)) return Line.unreadable;
  const row = batch.count;
  line.writeProtocol(protocol, batch, row);
  line.writePorts(batch, row);
  if (protocol === Protocol.tcp) line.writeTcpFlags(destination.end, batch, row);
  if (line.isIcmp(batch, row)) writeEqualsType(line, batch, row);
  return Line.row;
}

/** The protocol in `Deny TCP reverse path check from` and `UDP request discarded from`. */
function firstProtocol(line: AsaLine, end: number): number {
  const { bytes, from, to } = line;
  const at = startsWith(bytes, from, to, DENY) ? from + DENY.length : from;
  const stop = findByte(bytes, SPACE, at, end);
  return stop < 0 ? 0 : line.protocolAt(at, stop);
}

/** `Denied ICMP type=3, code=3 from ADDRESS on interface Outside`: to the device itself. */
export function readFrom(line: AsaLine, message: Message, envelope: Envelope, batch: Batch): Line {
  const { bytes, from, to, source, destination } = line;
  const at = find(bytes, FROM, from, to);
  if (at < 0 || !source.read(bytes, at + FROM.length, to)) return Line.unreadable;
  destination.clear();
  if (!line.begin(batch, Kind.packet, message, envelope)) return Line.unreadable;
  writeEqualsType(line, batch, batch.count);
  return Line.row;
}

function writeEqualsType(line: AsaLine, batch: Batch, row: number): void {
  const { bytes, from, to } = line;
  const at = find(bytes, TYPE, from, Math.min(to, from + 64));
  if (at < 0) return;
  const type = readNumber(bytes, at + TYPE.length, to);
  if (type < 0 || type > 255) return;
  const codeAt = find(bytes, CODE, readEnd, Math.min(to, readEnd + 12));
  const code = codeAt < 0 ? 0 : readNumber(bytes, codeAt + CODE.length, to);
  batch.dport[row] = type * 256 + (code >= 0 && code <= 255 ? code : 0);
}

/** `Deny tcp src END dst END by access-group "x"` and the like. */
export function readSrcDst(line: AsaLine, message: Message, envelope: Envelope, batch: Batch): Line {
  const { bytes, from, to, source, destination } = line;
  const src = find(bytes, SRC, from, to);
  if (src <= from || bytes[src - 1] !== SPACE) return Line.unreadable;
  const protocol = message.protocol === 0 ? protocolBefore(line, src - 1) : message.protocol;
  if (!source.read(bytes, src + SRC.length, to)) return Line.unreadable;
  const behind = line.skipBrackets(source.end);
  let at = find(bytes, DST, behind, to);
  if (at >= 0) {
    at += DST.length;
  } else {
    at = find(bytes, DEST, behind, to);
    if (at < 0) return Line.unreadable;
    at += DEST.length;
  }
  if (!destination.read(bytes, at, to)) return Line.unreadable;
  if (!line.begin(batch, Kind.packet, message, envelope)) return Line.unreadable;
  const row = batch.count;
  line.writeProtocol(protocol, batch, row);
  line.writePorts(batch, row);
  if (line.isIcmp(batch, row)) line.writeIcmp(destination.end, batch, row);
  return Line.row;
}

/** The protocol in `Deny tcp src`, `Deny inbound protocol 47 src`; where a list's name stands there, the first word. */
function protocolBefore(line: AsaLine, end: number): number {
  const { bytes, from } = line;
  let at = end;
  while (at > from && bytes[at - 1] !== SPACE) at--;
  const named = line.protocolAt(at, end);
  if (named !== OTHER_PROTOCOL) return named;
  const stop = findByte(bytes, SPACE, from, end);
  return stop < 0 ? OTHER_PROTOCOL : line.protocolAt(from, stop);
}

/** `access-list NAME denied tcp [for user x] END -> END hit-cnt 3 300-second interval`: so many packets. */
export function readAccessList(line: AsaLine, message: Message, envelope: Envelope, batch: Batch): Line {
  const { bytes, from, to, source, destination } = line;
  if (!startsWith(bytes, from, to, ACCESS_LIST)) return Line.unreadable;
  const name = findByte(bytes, SPACE, from + ACCESS_LIST.length, to);
  const verdictEnd = name < 0 ? -1 : findByte(bytes, SPACE, name + 1, to);
  const protocolEnd = verdictEnd < 0 ? -1 : findByte(bytes, SPACE, verdictEnd + 1, to);
  if (protocolEnd < 0) return Line.unreadable;
  const outcome = VERDICTS.find(bytes, name + 1, verdictEnd);
  if (outcome < 0) return Line.unreadable;
  let at = protocolEnd + 1;
  let userAt = 0;
  let userEnd = 0;
  if (startsWith(bytes, at, to, FOR_USER)) {
    // The user may be any text: the end of the connection is the last word before the arrow.
    const arrow = lastArrow(bytes, at, to);
    userAt = at + FOR_USER.length;
    at = arrow;
    while (at > userAt && bytes[at - 1] !== SPACE) at--;
    userEnd = at - 1;
    if (bytes[userAt] === APOSTROPHE && userEnd > userAt + 1 && bytes[userEnd - 1] === APOSTROPHE) {
      userAt++;
      userEnd--;
    }
  }
  if (!source.read(bytes, at, to, SLASH)) return Line.unreadable;
  const arrow = find(bytes, ARROW, line.skipBrackets(source.end), to);
  if (arrow < 0 || !destination.read(bytes, arrow + ARROW.length, to, SLASH)) return Line.unreadable;
  const hits = find(bytes, HITS, line.skipBrackets(destination.end), to);
  const count = hits < 0 ? -1 : readNumber(bytes, hits + HITS.length, to);
  if (count < 0) return Line.unreadable;
  if (!line.begin(batch, Kind.packet, message, envelope)) return Line.unreadable;
  const row = batch.count;
  batch.outcome[row] = outcome;
  line.writeProtocol(line.protocolAt(verdictEnd + 1, protocolEnd), batch, row);
  line.writePorts(batch, row);
  // ICMP has its type where the source port would stand and its code where the destination port would.
  if (line.isIcmp(batch, row)) writeIcmpPorts(line, batch, row);
  if (userEnd > userAt) writeAccount(bytes, userAt, userEnd, batch, row);
  writeCount(count, batch, row);
  return Line.row;
}

function writeIcmpPorts(line: AsaLine, batch: Batch, row: number): void {
  const type = line.source.port;
  const code = line.destination.port;
  if (type >= 0 && type <= 255 && code >= 0 && code <= 255) batch.dport[row] = type * 256 + code;
}

/** The last ` -> ` in [from, to): what stands behind it is the device's own. */
function lastArrow(bytes: Uint8Array, from: number, to: number): number {
  let found = -1;
  for (let at = find(bytes, ARROW, from, to); at >= 0; at = find(bytes, ARROW, at + 1, to)) found = at;
  return found < 0 ? from : found;
}
