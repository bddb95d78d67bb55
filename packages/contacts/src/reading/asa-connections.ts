/**
 * Connections that ASA built, and what it says of them when they end.
 *
 * The foreign end stands first. `inbound` means that it began, `outbound` that the other did. The real address is taken,
 * not the mapped one in brackets: that is how the device's own lists name it since version 8.3.
 */
import { type Batch, Direction, Flag, Kind, Outcome, Protocol } from '../contact.ts';
import type { AsaLine } from './asa-line.ts';
import type { Message } from './asa-lines.ts';
import { ascii, find, hash1, hashText, readEnd, readNumber, startsWith } from './bytes.ts';
import { bounded } from './composed.ts';
import type { Envelope } from './envelope.ts';
import { Line } from './reader.ts';

const COLON = 58;

const BUILT = ascii('Built ');
const INBOUND = ascii('inbound ');
const OUTBOUND = ascii('outbound ');
const TEARDOWN = ascii('Teardown ');
const CONNECTION = ascii('connection ');
const FOR = ascii(' for ');
const FROM = ascii(' from ');
const TO = ascii(' to ');
const DURATION = ascii(' duration ');
const BYTES = ascii(' bytes ');
const FADDR = ascii('faddr ');
const LADDR = ascii(' laddr ');
const SYN_TIMEOUT = ascii('SYN Timeout');
const RESET_I = ascii('TCP Reset-I');
const RESET_O = ascii('TCP Reset-O');
const FINS = ascii('TCP FINs');

/** The foreign end, and which of both began. */
function readEnds(line: AsaLine, outbound: boolean): boolean {
  const { bytes, to } = line;
  const foreign = outbound ? line.destination : line.source;
  const own = outbound ? line.source : line.destination;
  if (!foreign.read(bytes, endsAt, to)) return false;
  const at = find(bytes, TO, line.skipBrackets(foreign.end), to);
  return at >= 0 && own.read(bytes, at + TO.length, to);
}

/** End of the connection's number, -1 if there is none; it begins at `numberAt`, the ends at `endsAt`. */
function connectionEnd(line: AsaLine): number {
  const { bytes, from, to } = line;
  const at = find(bytes, CONNECTION, from, Math.min(to, from + 64));
  if (at < 0 || readNumber(bytes, at + CONNECTION.length, to) < 0) return -1;
  // `for`; of a connection that bypassed the state table, `from`.
  const word = startsWith(bytes, readEnd, to, FOR) ? FOR : FROM;
  if (!startsWith(bytes, readEnd, to, word)) return -1;
  numberAt = at + CONNECTION.length;
  endsAt = readEnd + word.length;
  return readEnd;
}
let numberAt = 0;
let endsAt = 0;

/** Connections are numbered by each device: the key is number and host. */
function writeKey(line: AsaLine, end: number, batch: Batch, row: number): void {
  batch.key0[row] = hashText(line.bytes, numberAt, end);
  batch.key1[row] = hash1 ^ line.host;
}

/** `Built inbound TCP connection 7 for END (MAPPED) to END (MAPPED)`. */
export function readBuilt(line: AsaLine, message: Message, envelope: Envelope, batch: Batch): Line {
  const { bytes, from, to } = line;
  if (!startsWith(bytes, from, to, BUILT)) return Line.unreadable;
  const inbound = startsWith(bytes, from + BUILT.length, to, INBOUND);
  const outbound = startsWith(bytes, from + BUILT.length, to, OUTBOUND);
  // `Built director stub ...`: a cluster's other devices tell of the same connection.
  if (!inbound && !outbound) return Line.ignored;
  const numberEnd = connectionEnd(line);
  if (numberEnd < 0 || !readEnds(line, outbound)) return Line.unreadable;
  if (!line.begin(batch, Kind.flow, message, envelope)) return Line.unreadable;
  const row = batch.count;
  batch.direction[row] = inbound ? Direction.inbound : Direction.outbound;
  line.writePorts(batch, row);
  writeKey(line, numberEnd, batch, row);
  return Line.row;
}

/** `Teardown TCP connection 7 for END to END duration 0:00:30 bytes 0 SYN Timeout`: more of a connection. */
export function readTeardown(line: AsaLine, message: Message, envelope: Envelope, batch: Batch): Line {
  const { bytes, from, to, destination } = line;
  if (!startsWith(bytes, from, to, TEARDOWN)) return Line.unreadable;
  const numberEnd = connectionEnd(line);
  if (numberEnd < 0 || !readEnds(line, false)) return Line.unreadable;
  const duration = find(bytes, DURATION, line.skipBrackets(destination.end), to);
  if (duration < 0) return Line.unreadable;
  const millis = readDuration(bytes, duration + DURATION.length, to);
  const bytesAt = millis < 0 ? -1 : readEnd;
  const size = startsWith(bytes, bytesAt, to, BYTES) ? readNumber(bytes, bytesAt + BYTES.length, to) : -1;
  if (size < 0) return Line.unreadable;
  const reason = readEnd + 1;
  if (!line.begin(batch, Kind.flow, message, envelope)) return Line.unreadable;
  const row = batch.count;
  batch.flags[row] = batch.flags[row]! | Flag.detail;
  line.writePorts(batch, row);
  writeKey(line, numberEnd, batch, row);
  batch.size[row] = bounded(size);
  batch.millis[row] = bounded(millis);
  if (message.protocol === Protocol.tcp) batch.outcome[row] = tcpOutcome(bytes, reason, to, size);
  return Line.row;
}

/**
 * What the end of a TCP connection proves. Bytes counted are payload, so with any the handshake was complete. Without,
 * the reason tells: nobody answered, or the inside refused at once; a reset from outside comes from a scanner that had
 * its answer as well as from one that changed its mind.
 */
function tcpOutcome(bytes: Uint8Array, at: number, to: number, size: number): Outcome {
  if (size > 0) return Outcome.established;
  if (startsWith(bytes, at, to, SYN_TIMEOUT)) return Outcome.noAnswer;
  if (startsWith(bytes, at, to, RESET_I)) return Outcome.rejected;
  if (startsWith(bytes, at, to, RESET_O)) return Outcome.unknown;
  return startsWith(bytes, at, to, FINS) ? Outcome.established : Outcome.unknown;
}

/** Milliseconds of `1:02:03` (hours may have many digits), -1 if it is none; `readEnd` is behind it. */
function readDuration(bytes: Uint8Array, at: number, to: number): number {
  const hours = readNumber(bytes, at, to);
  if (hours < 0 || bytes[readEnd] !== COLON) return -1;
  const minutes = readNumber(bytes, readEnd + 1, to);
  if (minutes < 0 || bytes[readEnd] !== COLON) return -1;
  const seconds = readNumber(bytes, readEnd + 1, to);
  return seconds < 0 ? -1 : (hours * 3600 + minutes * 60 + seconds) * 1000;
}

/** `Built inbound ICMP connection for faddr END gaddr END laddr END type 8 code 0`. ICMP has no connection's number. */
export function readIcmp(
  line: AsaLine,
  message: Message,
  envelope: Envelope,
  batch: Batch,
  ends: boolean,
): Line {
  const { bytes, from, to } = line;
  const way = from + BUILT.length;
  const outbound = !ends && startsWith(bytes, way, to, OUTBOUND);
  if (!ends && !outbound && !startsWith(bytes, way, to, INBOUND)) return Line.ignored;
  const foreign = outbound ? line.destination : line.source;
  const own = outbound ? line.source : line.destination;
  const faddr = find(bytes, FADDR, from, Math.min(to, from + 64));
  if (faddr < 0 || !foreign.read(bytes, faddr + FADDR.length, to)) return Line.unreadable;
  const laddr = find(bytes, LADDR, line.skipBrackets(foreign.end), to);
  if (laddr < 0 || !own.read(bytes, laddr + LADDR.length, to)) return Line.unreadable;
  if (!line.begin(batch, Kind.flow, message, envelope)) return Line.unreadable;
  const row = batch.count;
  line.writeIcmp(line.skipBrackets(own.end), batch, row);
  if (ends) batch.flags[row] = batch.flags[row]! | Flag.detail;
  else batch.direction[row] = outbound ? Direction.outbound : Direction.inbound;
  return Line.row;
}
