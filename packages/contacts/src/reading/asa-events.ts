/**
 * Events of Cisco Secure Firewall Threat Defense: connections (430002 begin, 430003 end) and intrusions (430001).
 *
 *     %FTD-1-430003: EventPriority: Low, DeviceUUID: ..., ConnectionID: 7, AccessControlRuleAction: Block, SrcIP:
 *     192.0.2.7, DstIP: 198.18.1.10, SrcPort: 50229, DstPort: 443, Protocol: tcp, ... URL: http://...
 *
 * Source: Cisco, "Security Event Syslog Messages". Values are not quoted, but addresses, ports and action stand before
 * anything that a client can write, and the first of each counts.
 */
import { type Batch, Content, Kind, Outcome, Protocol } from '../contact.ts';
import type { AsaLine } from './asa-line.ts';
import type { Message } from './asa-lines.ts';
import { ascii, Family, find, hash1, hashText, startsWith } from './bytes.ts';
import { wholeNumber } from './cells.ts';
import { bounded, writeText } from './composed.ts';
import type { Envelope } from './envelope.ts';
import { readProtocol } from './protocols.ts';
import { Line } from './reader.ts';

const COMMA = 44;
const SPACE = 32;

const SRC = ascii('SrcIP: ');
const DST = ascii(', DstIP: ');
const SPORT = ascii(', SrcPort: ');
const DPORT = ascii(', DstPort: ');
const ICMP_TYPE = ascii(', ICMPType: ');
const ICMP_CODE = ascii(', ICMPCode: ');
const PROTOCOL = ascii(', Protocol: ');
const ACTION = ascii('AccessControlRuleAction: ');
const CONNECTION = ascii('ConnectionID: ');
const BYTES_BACK = ascii(', ResponderBytes: ');
const DURATION = ascii(', ConnectionDuration: ');
const INLINE = ascii('InlineResult: ');
const MESSAGE = ascii(', Message: ');
const BLOCK = ascii('Block');
const DROPPED = ascii('Dropped');
const BLOCKED = ascii('Blocked');

export const INTRUSION = 430_001;

/** Where the value behind `key` ends: at the comma before the next key. Leaves its beginning in `valueAt`. */
function valueEnd(line: AsaLine, key: Uint8Array, from: number): number {
  const { bytes, to } = line;
  const at = find(bytes, key, from, to);
  if (at < 0) return -1;
  valueAt = at + key.length;
  let end = valueAt;
  while (end < to && !(bytes[end] === COMMA && (end + 1 >= to || bytes[end + 1] === SPACE))) end++;
  return end;
}
let valueAt = 0;

function numberOf(line: AsaLine, key: Uint8Array, from: number): number {
  const end = valueEnd(line, key, from);
  return end < 0 ? -1 : wholeNumber(line.bytes, valueAt, end);
}

/** One event. Beginning and end of a connection are joined by its number. */
export function readEvent(
  line: AsaLine,
  number: number,
  message: Message,
  envelope: Envelope,
  batch: Batch,
): Line {
  const { bytes, from, source, destination } = line;
  const srcEnd = valueEnd(line, SRC, from);
  const srcAt = valueAt;
  if (srcEnd < 0 || !source.read(bytes, srcAt, srcEnd) || source.family === Family.none)
    return Line.unreadable;
  const dstEnd = valueEnd(line, DST, srcEnd);
  if (dstEnd < 0 || !destination.read(bytes, valueAt, dstEnd)) return Line.unreadable;
  const kind = number === INTRUSION ? Kind.alert : Kind.flow;
  if (!line.begin(batch, kind, message, envelope)) return Line.unreadable;
  const row = batch.count;
  const protocolEnd = valueEnd(line, PROTOCOL, dstEnd);
  const protocol = protocolEnd < 0 ? 0 : readProtocol(bytes, valueAt, protocolEnd);
  batch.protocol[row] = protocol;
  if (protocol === Protocol.icmp || protocol === Protocol.icmp6) {
    const type = numberOf(line, ICMP_TYPE, dstEnd);
    const code = numberOf(line, ICMP_CODE, dstEnd);
    if (type >= 0 && type <= 255) batch.dport[row] = type * 256 + (code >= 0 && code <= 255 ? code : 0);
  } else {
    const sport = numberOf(line, SPORT, dstEnd);
    const dport = numberOf(line, DPORT, dstEnd);
    if (sport >= 0 && sport <= 65_535) batch.sport[row] = sport;
    if (dport >= 0 && dport <= 65_535) batch.dport[row] = dport;
  }
  if (number === INTRUSION) readAlert(line, dstEnd, batch, row);
  else readConnection(line, srcAt, dstEnd, batch, row);
  return Line.row;
}

function readConnection(line: AsaLine, srcAt: number, dstEnd: number, batch: Batch, row: number): void {
  const { bytes, from } = line;
  const actionEnd = valueEnd(line, ACTION, from);
  const blocked = actionEnd >= 0 && startsWith(bytes, valueAt, actionEnd, BLOCK);
  const back = numberOf(line, BYTES_BACK, dstEnd);
  const seconds = numberOf(line, DURATION, dstEnd);
  if (back >= 0) batch.size[row] = bounded(back);
  if (seconds >= 0) batch.millis[row] = bounded(seconds * 1000);
  batch.outcome[row] = blocked ? Outcome.denied : back > 0 ? Outcome.established : Outcome.accepted;
  // Beginning and end have the same number, and most devices tell the end alone: whichever comes first is the contact.
  const end = valueEnd(line, CONNECTION, from);
  if (end < 0 || valueAt > srcAt) return;
  batch.key0[row] = hashText(bytes, valueAt, end);
  batch.key1[row] = hash1 ^ line.host;
}

function readAlert(line: AsaLine, dstEnd: number, batch: Batch, row: number): void {
  const { bytes, from } = line;
  batch.content[row] = Content.signature;
  const end = valueEnd(line, MESSAGE, dstEnd);
  if (end >= 0) writeText(valueAt, end, batch, row);
  const resultEnd = valueEnd(line, INLINE, from);
  if (resultEnd < 0) return;
  const dropped =
    startsWith(bytes, valueAt, resultEnd, DROPPED) || startsWith(bytes, valueAt, resultEnd, BLOCKED);
  if (dropped) batch.outcome[row] = Outcome.blocked;
}
