/**
 * One line of ASA being read: where its text stands, its two ends, and what its row gets. One object per reader.
 */
import { type Batch, Flag, type Kind, Protocol, Tcp } from '../contact.ts';
import { AsaEnd } from './asa-ends.ts';
import type { Message } from './asa-lines.ts';
import { ascii, Family, find, readEnd, readNumber, startsWith } from './bytes.ts';
import type { Envelope } from './envelope.ts';
import { readProtocol } from './protocols.ts';

const SPACE = 32;
const OPEN = 40;
const CLOSE = 41;

const TYPE = ascii('(type ');
const BARE_TYPE = ascii(' type ');
const CODE = ascii('code ');
const IP = ascii('IP');

export class AsaLine {
  bytes: Uint8Array = new Uint8Array(0);
  /** The text behind `%ASA-4-106023: `. */
  from = 0;
  to = 0;
  /** Hash of the device's name. */
  host = 0;
  readonly source = new AsaEnd();
  readonly destination = new AsaEnd();

  /** Begins the row, with both ends as they were read. False if they are of different families: the line is damaged. */
  begin(batch: Batch, kind: Kind, message: Message, envelope: Envelope): boolean {
    const { source, destination } = this;
    const row = batch.count;
    batch.begin(row, kind);
    if (source.isUnspecified) source.family = Family.none;
    if (destination.isUnspecified) destination.family = Family.none;
    if (
      source.family !== Family.none &&
      destination.family !== Family.none &&
      source.family !== destination.family
    )
      return false;
    let flags = source.writeSource(batch, row) | destination.writeDestination(batch, row);
    if (Number.isNaN(envelope.time)) flags |= Flag.noTime;
    batch.flags[row] = flags;
    batch.time[row] = envelope.time;
    batch.host[row] = this.host;
    batch.outcome[row] = message.outcome;
    batch.direction[row] = message.direction;
    this.writeProtocol(message.protocol, batch, row);
    return true;
  }

  /** Writes the protocol; `icmp` between IPv6 addresses is ICMPv6. */
  writeProtocol(protocol: number, batch: Batch, row: number): void {
    const wide = (batch.flags[row]! & Flag.v6) !== 0;
    batch.protocol[row] = protocol === Protocol.icmp && wide ? Protocol.icmp6 : protocol;
  }

  /** Whether the row is about ICMP of either family. */
  isIcmp(batch: Batch, row: number): boolean {
    return batch.protocol[row] === Protocol.icmp || batch.protocol[row] === Protocol.icmp6;
  }

  /** Writes the ports, if the protocol has any. */
  writePorts(batch: Batch, row: number): void {
    if (this.isIcmp(batch, row)) return;
    batch.sport[row] = Math.max(0, this.source.port);
    batch.dport[row] = Math.max(0, this.destination.port);
  }

  /** Index behind the brackets that stand behind an end: mapped address, user, group tag. */
  skipBrackets(at: number): number {
    const { bytes, to } = this;
    let i = at;
    for (;;) {
      let open = i;
      while (open < to && bytes[open] === SPACE) open++;
      if (open >= to || bytes[open] !== OPEN) return i;
      let close = open;
      while (close < to && bytes[close] !== CLOSE) close++;
      if (close >= to) return i;
      i = close + 1;
    }
  }

  /** The protocol that [from, to) names: 0 for `IP`, which says nothing. */
  protocolAt(from: number, to: number): number {
    if (to - from === 2 && startsWith(this.bytes, from, to, IP)) return 0;
    return readProtocol(this.bytes, from, to);
  }

  /** Writes ICMP's type and code from `(type 8, code 0)` or ` type 8 code 0` behind `at`, as a port. */
  writeIcmp(at: number, batch: Batch, row: number): void {
    const { bytes, to } = this;
    let begin = find(bytes, TYPE, at, to);
    if (begin < 0) begin = find(bytes, BARE_TYPE, at, to);
    if (begin < 0) return;
    const type = readNumber(bytes, begin + TYPE.length, to);
    if (type < 0 || type > 255) return;
    const codeAt = find(bytes, CODE, readEnd, Math.min(to, readEnd + 8));
    const code = codeAt < 0 ? 0 : readNumber(bytes, codeAt + CODE.length, to);
    batch.dport[row] = type * 256 + (code >= 0 && code <= 255 ? code : 0);
  }

  /** Reads ` flags SYN ACK  on interface x` behind `at` into the row; other words than flags end it. */
  writeTcpFlags(at: number, batch: Batch, row: number): void {
    const { bytes, to } = this;
    const begin = find(bytes, FLAGS, at, to);
    if (begin < 0) return;
    let flags = 0;
    let i = begin + FLAGS.length;
    while (i < to) {
      let end = i;
      while (end < to && bytes[end] !== SPACE) end++;
      if (end > i) {
        const flag = flagAt(bytes, i, end);
        if (flag < 0) break;
        flags |= flag;
      }
      i = end + 1;
    }
    batch.tcp[row] = flags;
    batch.flags[row] = batch.flags[row]! | Flag.tcpKnown;
  }
}

const FLAGS = ascii(' flags ');
const FLAG_NAMES: ReadonlyArray<readonly [Uint8Array, number]> = [
  [ascii('SYN'), Tcp.syn],
  [ascii('ACK'), Tcp.ack],
  [ascii('FIN'), Tcp.fin],
  [ascii('RST'), Tcp.rst],
  [ascii('PSH'), Tcp.psh],
  [ascii('URG'), Tcp.urg],
  [ascii('ECE'), 0],
  [ascii('CWR'), 0],
];

function flagAt(bytes: Uint8Array, from: number, to: number): number {
  if (to - from !== 3) return -1;
  for (const [name, flag] of FLAG_NAMES) if (startsWith(bytes, from, to, name)) return flag;
  return -1;
}
