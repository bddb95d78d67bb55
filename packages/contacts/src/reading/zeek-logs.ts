/**
 * Zeek's logs, field by field: conn.log is a flow, http.log a request, ssh.log a login, notice.log an alert;
 * capture_loss.log, stats.log and reporter.log say what Zeek itself missed.
 *
 * Zeek escapes control bytes and the separator in every value (`\x09`), so a cell never holds another's beginning.
 * Fields: the scripts of zeek/zeek below scripts/base/protocols and scripts/base/frameworks.
 */
import { type Batch, Content, Direction, Flag, Kind, Outcome, Protocol, UNKNOWN_U32 } from '../contact.ts';
import { ascii, find, hash1, hashText, readEnd, readNumber, startsWith } from './bytes.ts';
import { addressInto, durationMs, Found, timeInto, uidInto, wholeNumber } from './cells.ts';
import type { Clock } from './clock.ts';
import { readAgent, readTarget } from './content.ts';
import { Line } from './reader.ts';
import { type Cells, Field, MISSING } from './zeek-fields.ts';
import { datagramOutcome, openingFlags, stateAt, type TcpHistory, tcpOutcome } from './zeek-states.ts';

const DASH = 45;
const TRUE = 84;
const FALSE = 70;
/** The largest number that `size` and `millis` hold; one more means "not known". */
const MAX_U32 = UNKNOWN_U32 - 1;
const MAX_TEXT = 0xffff;

const history: TcpHistory = { known: false, originator: 0, responder: 0, first: 0 };

/** One line of conn.log. */
export function readConn(bytes: Uint8Array, cells: Cells, clock: Clock, batch: Batch): Line {
  const { marks, map } = cells;
  const row = batch.count;
  batch.begin(row, Kind.flow);
  let flags = connection(bytes, cells, clock, batch, row);
  if (flags < 0) return Line.unreadable;
  let c = map[Field.proto]!;
  const protocol = protocolAt(bytes, marks[c]! + 1, marks[c + 1]!, flags);
  if (protocol < 0) return Line.unreadable;
  batch.protocol[row] = protocol;

  c = map[Field.connState]!;
  const state = stateAt(bytes, marks[c]! + 1, marks[c + 1]!);
  if (state < 0) return Line.unreadable;
  c = map[Field.origPkts]!;
  const packets = wholeNumber(bytes, marks[c]! + 1, marks[c + 1]!);
  c = map[Field.respPkts]!;
  const packetsBack = wholeNumber(bytes, marks[c]! + 1, marks[c + 1]!);
  c = map[Field.respBytes]!;
  const bytesBack = wholeNumber(bytes, marks[c]! + 1, marks[c + 1]!);
  if (bytesBack >= 0) batch.size[row] = Math.min(bytesBack, MAX_U32);
  c = map[Field.duration]!;
  const millis = durationMs(bytes, marks[c]! + 1, marks[c + 1]!);
  if (millis >= 0) batch.millis[row] = Math.min(millis, MAX_U32);
  c = map[Field.missedBytes]!;
  if (wholeNumber(bytes, marks[c]! + 1, marks[c + 1]!) > 0) batch.lostUnknown = true;

  c = map[Field.history]!;
  readHistory(bytes, marks[c]! + 1, marks[c + 1]!, map[Field.history] !== MISSING);
  if (protocol === Protocol.tcp) {
    batch.outcome[row] = tcpOutcome(state, history, packets, bytesBack);
    const opening = openingFlags(history, packets);
    if (opening >= 0) {
      batch.tcp[row] = opening;
      flags |= Flag.tcpKnown;
    }
  } else {
    batch.outcome[row] = datagramOutcome(state, packets, packetsBack, bytesBack, history.responder);
    if (protocol === Protocol.icmp || protocol === Protocol.icmp6) {
      const type = batch.sport[row]!;
      if (type > 255 || batch.dport[row]! > 255) return Line.unreadable;
      batch.dport[row] = type * 256 + icmpCode(type, batch.dport[row]!, protocol);
      batch.sport[row] = 0;
    }
  }
  c = map[Field.localOrig]!;
  const origin = truthAt(bytes, marks[c]! + 1, marks[c + 1]!);
  c = map[Field.localResp]!;
  const response = truthAt(bytes, marks[c]! + 1, marks[c + 1]!);
  if (origin === TRUE) {
    if (response === FALSE) batch.direction[row] = Direction.outbound;
    else if (response === TRUE) batch.direction[row] = Direction.internal;
  } else if (origin === FALSE && response === TRUE) {
    batch.direction[row] = Direction.inbound;
  }
  batch.flags[row] = flags;
  return Line.row;
}

/**
 * Zeek gives the type of an ICMP message as the originator's port, and as the responder's its code, or for a request
 * the type of the reply: echo over IPv6 is 128 and 129 (src/packet_analysis/protocol/icmp).
 */
function icmpCode(type: number, port: number, protocol: number): number {
  if (type === 0 && port === 8) return 0;
  const paired = protocol === Protocol.icmp6 ? type >= 128 : type === 9 || type === 10 || type >= 13;
  return paired && Math.abs(type - port) === 1 ? 0 : port;
}

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
  let flags = connection(bytes, cells, clock, batch, row);
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
  const flags = connection(bytes, cells, clock, batch, row);
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
    flags = connection(bytes, cells, clock, batch, row);
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

/** capture_loss.log: `gaps` are segments that were acknowledged and never seen. */
export function readCaptureLoss(bytes: Uint8Array, { marks, map }: Cells, batch: Batch): Line {
  return addLost(wholeNumber(bytes, marks[map[Field.gaps]!]! + 1, marks[map[Field.gaps]! + 1]!), batch);
}

/** stats.log: packets dropped since the line before. Not set when Zeek reads a trace: then nothing was dropped. */
export function readStats(bytes: Uint8Array, { marks, map }: Cells, batch: Batch): Line {
  const c = map[Field.pktsDropped]!;
  return addLost(wholeNumber(bytes, marks[c]! + 1, marks[c + 1]!), batch);
}

function addLost(lost: number, batch: Batch): Line {
  if (lost > 0) batch.lost += lost;
  return Line.ignored;
}

/** reporter.log: `123 packets received on interface eth0, 45 (26.79%) dropped`, written when Zeek ends. */
export function readReporter(bytes: Uint8Array, { marks, map }: Cells, batch: Batch): Line {
  const c = map[Field.message]!;
  const from = marks[c]! + 1;
  const to = Math.min(marks[c + 1]!, from + MAX_MESSAGE);
  const received = find(bytes, RECEIVED, from, to);
  if (received < 0) return Line.ignored;
  const comma = find(bytes, COMMA, received, to);
  if (comma < 0) return Line.ignored;
  const dropped = readNumber(bytes, comma + COMMA.length, to);
  const close = find(bytes, DROPPED, readEnd, Math.min(to, readEnd + 24));
  return addLost(close < 0 ? -1 : dropped, batch);
}
const RECEIVED = ascii(' packets received on interface ');
const COMMA = ascii(', ');
const DROPPED = ascii(' dropped');
/** Longest message looked at: Zeek's own are short. */
const MAX_MESSAGE = 512;

/** Time, uid and the two ends. Returns flags, or -1 where the line cannot be read. */
function connection(
  bytes: Uint8Array,
  { marks, map }: Cells,
  clock: Clock,
  batch: Batch,
  row: number,
): number {
  let c = map[Field.ts]!;
  if (!timeInto(bytes, marks[c]! + 1, marks[c + 1]!, clock, batch, row)) return -1;
  c = map[Field.uid]!;
  let at = marks[c]! + 1;
  let end = marks[c + 1]!;
  if (isSet(bytes, at, end)) uidInto(bytes, at, end, batch, row);
  c = map[Field.origHost]!;
  const source = addressInto(bytes, marks[c]! + 1, marks[c + 1]!, batch.src, row, batch.wide, 0);
  if (source === Found.none) return -1;
  c = map[Field.respHost]!;
  if (addressInto(bytes, marks[c]! + 1, marks[c + 1]!, batch.dst, row, batch.wide, 4) !== source) return -1;
  c = map[Field.origPort]!;
  at = marks[c]! + 1;
  end = marks[c + 1]!;
  const sport = isSet(bytes, at, end) ? wholeNumber(bytes, at, end) : 0;
  c = map[Field.respPort]!;
  at = marks[c]! + 1;
  end = marks[c + 1]!;
  const dport = isSet(bytes, at, end) ? wholeNumber(bytes, at, end) : 0;
  if (sport < 0 || sport > 65_535 || dport < 0 || dport > 65_535) return -1;
  batch.sport[row] = sport;
  batch.dport[row] = dport;
  return source === Found.v6 ? Flag.v6 : 0;
}

/** `T` and `F` in TSV, `true` and `false` in JSON; 0 where neither stands. */
function truthAt(bytes: Uint8Array, from: number, to: number): number {
  if (to <= from) return 0;
  const letter = bytes[from]! & 0x5f;
  return letter === TRUE || letter === FALSE ? letter : 0;
}

/** A cell that is not `-`. Other spellings of "not set" have been cut to nothing before. */
function isSet(bytes: Uint8Array, from: number, to: number): boolean {
  return to > from && (to - from > 1 || bytes[from] !== DASH);
}

/** `tcp`, `udp`, `icmp`, `unknown_transport`; -1 if it is none of them. */
function protocolAt(bytes: Uint8Array, from: number, to: number, flags: number): number {
  const length = to - from;
  const first = bytes[from];
  if (length === 3 && bytes[from + 2] === 112) {
    if (first === 116 && bytes[from + 1] === 99) return Protocol.tcp;
    if (first === 117 && bytes[from + 1] === 100) return Protocol.udp;
    return -1;
  }
  if (length === 4 && startsWith(bytes, from, to, ICMP))
    return flags & Flag.v6 ? Protocol.icmp6 : Protocol.icmp;
  return length === UNKNOWN_TRANSPORT.length && startsWith(bytes, from, to, UNKNOWN_TRANSPORT) ? 255 : -1;
}
const ICMP = ascii('icmp');
const UNKNOWN_TRANSPORT = ascii('unknown_transport');

function readHistory(bytes: Uint8Array, from: number, to: number, known: boolean): void {
  let originator = 0;
  let responder = 0;
  let first = 0;
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!;
    if (byte >= 97 && byte <= 122) {
      responder |= 1 << (byte - 97);
    } else if (byte >= 65 && byte <= 90) {
      originator |= 1 << (byte - 65);
      if (first === 0) first = byte | 32;
    }
  }
  history.known = known;
  history.originator = originator;
  history.responder = responder;
  history.first = first;
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
