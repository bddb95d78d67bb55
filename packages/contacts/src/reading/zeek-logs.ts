/**
 * Zeek's logs, field by field: http.log is a request, ssh.log a login, notice.log an alert. conn.log is in zeek-conn.ts.
 *
 * Zeek escapes control bytes and the separator in every value (`\x09`), so a cell never holds another's beginning.
 * Fields: the scripts of zeek/zeek below scripts/base/protocols and scripts/base/frameworks.
 */
import { type Batch, Content, Direction, Flag, Kind, Outcome, Protocol, UNKNOWN_U32 } from '../contact.ts';
import { ascii, hash1, hashText, readNumber, startsWith } from './bytes.ts';
import { addressInto, Found, timeInto, wholeNumber } from './cells.ts';
import type { Clock } from './clock.ts';
import { readAgent, readTarget } from './content.ts';
import { Line } from './reader.ts';
import { FALSE, isSet, protocolAt, readEnds, TRUE, truthAt } from './zeek-ends.ts';
import { type Cells, Field } from './zeek-fields.ts';

/** The largest number that `size` holds; one more means "not known". */
const MAX_U32 = UNKNOWN_U32 - 1;
const MAX_TEXT = 0xffff;

/** One line of http.log. */
export function readHttp(
  bytes: Uint8Array,
  cells: Cells,
  clock: Clock,
  batch: Batch,
  forwardedHeader: Uint8Array,
  setSeparator: number,
): Line {
  const { marks, map } = cells;
  const row = batch.count;
  batch.begin(row, Kind.web);
  let flags = readEnds(bytes, cells, clock, batch, row);
  if (flags < 0) return Line.unreadable;
  batch.protocol[row] = Protocol.tcp;
  let c = map[Field.statusCode]!;
  const status = wholeNumber(bytes, marks[c]! + 1, marks[c + 1]!);
  if (status > 999) return Line.unreadable;
  if (status >= 0) {
    batch.status[row] = status;
    batch.outcome[row] = Outcome.answered;
  }
  c = map[Field.bodyLength]!;
  const size = wholeNumber(bytes, marks[c]! + 1, marks[c + 1]!);
  if (size >= 0 && status >= 0) batch.size[row] = Math.min(size, MAX_U32);
  c = map[Field.uri]!;
  if (isSet(bytes, marks[c]! + 1, marks[c + 1]!)) readTarget(bytes, marks[c]! + 1, marks[c + 1]!, batch, row);
  c = map[Field.userAgent]!;
  if (isSet(bytes, marks[c]! + 1, marks[c + 1]!))
    batch.content[row]! |= readAgent(bytes, marks[c]! + 1, marks[c + 1]!);
  c = map[Field.username]!;
  if (status === 401 && isSet(bytes, marks[c]! + 1, marks[c + 1]!)) {
    // Credentials were sent and refused. With any other status nothing says that the server looked at them.
    batch.kind[row] = Kind.login;
    batch.outcome[row] = Outcome.failed;
    batch.acct0[row] = hashText(bytes, marks[c]! + 1, marks[c + 1]!);
    batch.acct1[row] = hash1;
    batch.textAt[row] = marks[c]! + 1;
    batch.textLength[row] = Math.min(marks[c + 1]! - marks[c]! - 1, MAX_TEXT);
  }
  c = map[Field.proxied]!;
  if (forwardedAt(bytes, marks[c]! + 1, marks[c + 1]!, forwardedHeader, setSeparator)) {
    batch.forwardedAt[row] = forwardedFrom;
    batch.forwardedLength[row] = Math.min(forwardedTo - forwardedFrom, MAX_TEXT);
    flags |= Flag.forwarded;
  }
  batch.flags[row] = flags;
  return Line.row;
}

/** One line of ssh.log. */
export function readSsh(bytes: Uint8Array, cells: Cells, clock: Clock, batch: Batch): Line {
  const { marks, map } = cells;
  const row = batch.count;
  batch.begin(row, Kind.login);
  const flags = readEnds(bytes, cells, clock, batch, row);
  if (flags < 0) return Line.unreadable;
  batch.protocol[row] = Protocol.tcp;
  let c = map[Field.authSuccess]!;
  const success = truthAt(bytes, marks[c]! + 1, marks[c + 1]!);
  if (success === TRUE) batch.outcome[row] = Outcome.succeeded;
  else if (success === FALSE) batch.outcome[row] = Outcome.failed;
  c = map[Field.direction]!;
  if (startsWith(bytes, marks[c]! + 1, marks[c + 1]!, INBOUND)) batch.direction[row] = Direction.inbound;
  else if (startsWith(bytes, marks[c]! + 1, marks[c + 1]!, OUTBOUND))
    batch.direction[row] = Direction.outbound;
  batch.flags[row] = flags;
  return Line.row;
}
const INBOUND = ascii('INBOUND');
const OUTBOUND = ascii('OUTBOUND');

/** One line of notice.log. */
export function readNoticeLog(bytes: Uint8Array, cells: Cells, clock: Clock, batch: Batch): Line {
  const { marks, map } = cells;
  let c = map[Field.note]!;
  const noteAt = marks[c]! + 1;
  const noteEnd = marks[c + 1]!;
  if (!isSet(bytes, noteAt, noteEnd)) return Line.unreadable;
  if (startsWith(bytes, noteAt, noteEnd, CAPTURE_LOSS)) {
    batch.lostUnknown = true;
    return Line.ignored;
  }
  if (startsWith(bytes, noteAt, noteEnd, DROPPED_PACKETS)) {
    c = map[Field.msg]!;
    const dropped = readNumber(bytes, marks[c]! + 1, marks[c + 1]!);
    if (dropped > 0) batch.lost += dropped;
    else batch.lostUnknown = true;
    return Line.ignored;
  }
  const row = batch.count;
  batch.begin(row, Kind.alert);
  let flags = 0;
  c = map[Field.ts]!;
  if (!timeInto(bytes, marks[c]! + 1, marks[c + 1]!, clock, batch, row)) return Line.unreadable;
  c = map[Field.origHost]!;
  const d = map[Field.respHost]!;
  if (isSet(bytes, marks[c]! + 1, marks[c + 1]!) && isSet(bytes, marks[d]! + 1, marks[d + 1]!)) {
    flags = readEnds(bytes, cells, clock, batch, row);
    if (flags < 0) return Line.unreadable;
    c = map[Field.proto]!;
    const protocol = protocolAt(bytes, marks[c]! + 1, marks[c + 1]!, flags);
    if (protocol > 0) batch.protocol[row] = protocol;
  } else {
    flags = noticeAddresses(bytes, cells, batch, row);
    if (flags < 0) return Line.ignored;
  }
  if (isAttackNote(bytes, noteAt, noteEnd)) batch.content[row] = Content.signature;
  batch.textAt[row] = noteAt;
  batch.textLength[row] = Math.min(noteEnd - noteAt, MAX_TEXT);
  batch.flags[row] = flags;
  return Line.row;
}
const CAPTURE_LOSS = ascii('CaptureLoss::');
const DROPPED_PACKETS = ascii('PacketFilter::Dropped_Packets');

/**
 * `src`, `dst` and `p` of a notice that is about no single connection (Scan::Port_Scan): a judgement on contacts that
 * conn.log has told already, so it is detail. -1: it names no source.
 */
function noticeAddresses(bytes: Uint8Array, { marks, map }: Cells, batch: Batch, row: number): number {
  let c = map[Field.src]!;
  const source = addressInto(bytes, marks[c]! + 1, marks[c + 1]!, batch.src, row, batch.wide, 0);
  if (source === Found.none) return -1;
  let flags: number = Flag.detail;
  if (source === Found.v6) flags |= Flag.v6;
  c = map[Field.dst]!;
  const destination = addressInto(bytes, marks[c]! + 1, marks[c + 1]!, batch.dst, row, batch.wide, 4);
  if (destination !== source) {
    flags |= Flag.noDestination;
    batch.dst[row] = 0;
  }
  c = map[Field.port]!;
  const port = wholeNumber(bytes, marks[c]! + 1, marks[c + 1]!);
  if (port > 0 && port <= 65_535) batch.dport[row] = port;
  return flags;
}

/** Notices about certificates, software versions and Zeek itself: not about an attack. */
const INFORMATION = [
  'SSL::',
  'Software::',
  'Weird::',
  'PacketFilter::',
  'ProtocolDetector::',
  'Log::',
  'Notice::',
]
  .concat([
    'Stats::',
    'DNS::',
    'Conn::',
    'Site::',
    'SSH::Interesting_Hostname_Login',
    'SSH::Watched_Country_Login',
  ])
  .map(ascii);

function isAttackNote(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = 0; i < INFORMATION.length; i++) if (startsWith(bytes, from, to, INFORMATION[i]!)) return false;
  return true;
}

let forwardedFrom = 0;
let forwardedTo = 0;
/**
 * Finds `X-FORWARDED-FOR -> 192.0.2.1` among the members of `proxied`, which is a set of such texts; a comma inside one
 * is written `\x2c`. True: `forwardedFrom` to `forwardedTo` is the header's value.
 */
function forwardedAt(
  bytes: Uint8Array,
  from: number,
  to: number,
  header: Uint8Array,
  setSeparator: number,
): boolean {
  let at = from;
  while (at < to) {
    // In JSON the set is an array of strings.
    while (at < to && (bytes[at] === 91 || bytes[at] === 34 || bytes[at] === 32)) at++;
    let i = 0;
    while (i < header.length && at + i < to && (bytes[at + i]! | 32) === header[i]) i++;
    let end = at;
    if (i === header.length && startsWith(bytes, at + i, to, ARROW)) {
      forwardedFrom = at + i + ARROW.length;
      end = forwardedFrom;
      while (end < to && bytes[end] !== setSeparator && bytes[end] !== 34) end++;
      forwardedTo = end;
      return true;
    }
    while (end < to && bytes[end] !== setSeparator) end++;
    at = end + 1;
  }
  return false;
}
const ARROW = ascii(' -> ');
