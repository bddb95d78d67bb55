/**
 * One line of Zeek's conn.log: a flow. Fields: scripts/base/protocols/conn/main.zeek of zeek/zeek.
 */
import { type Batch, Direction, Flag, Kind, Protocol, UNKNOWN_U32 } from '../contact.ts';
import { durationMs, wholeNumber } from './cells.ts';
import type { Clock } from './clock.ts';
import { Line } from './reader.ts';
import { FALSE, protocolAt, readEnds, TRUE, truthAt } from './zeek-ends.ts';
import { type Cells, Field, MISSING } from './zeek-fields.ts';
import { datagramOutcome, openingFlags, stateAt, type TcpHistory, tcpOutcome } from './zeek-states.ts';

/** The largest number that `size` and `millis` hold; one more means "not known". */
const MAX_U32 = UNKNOWN_U32 - 1;

const history: TcpHistory = { known: false, originator: 0, responder: 0, first: 0 };

/** One line of conn.log. */
export function readConn(bytes: Uint8Array, cells: Cells, clock: Clock, batch: Batch): Line {
  const { marks, map } = cells;
  const row = batch.count;
  batch.begin(row, Kind.flow);
  let flags = readEnds(bytes, cells, clock, batch, row);
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
