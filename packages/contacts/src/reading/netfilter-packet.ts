/**
 * The fields that netfilter writes for one packet (see `netfilter.ts`), from the interfaces on:
 *
 *     MAC=de:1c:... SRC=192.0.2.7 DST=198.18.0.9 LEN=44 TOS=0x00 PREC=0x00 TTL=43 ID=25313 PROTO=TCP SPT=52220 DPT=80
 *     WINDOW=1024 RES=0x00 SYN URGP=0
 *
 * The kernel writes them in this order. Each is read where it has to stand, so that the packet which an ICMP error quotes
 * in brackets behind PROTO is never looked at.
 *
 * Hot path: what has a fixed length is jumped over, because touching bytes costs more than anything else here.
 */
import { type Batch, Flag, Protocol, Tcp } from '../contact.ts';
import {
  ascii,
  Family,
  find,
  letters,
  readAddress,
  readEnd,
  readNumber,
  readPort,
  startsWith,
  takeIPv4,
  viewOf,
  words,
} from './bytes.ts';

const MAC = letters('MAC=');
const SRC = letters('SRC=');
const DST = letters('DST=');
const TCP_ = letters('TCP ');
const UDP_ = letters('UDP ');
const SPT = letters('SPT=');
const DPT = letters('DPT=');
const SEQ = letters('SEQ=');
const WIND = letters('WIND');
const DOW = letters('DOW=');
const RES = letters('RES=');
const URGP = letters('URGP');
const SYN = letters('SYN ');
const ACK = letters('ACK ');
const FIN = letters('FIN ');
const PSH = letters('PSH ');
const RST = letters('RST ');
const URG = letters('URG ');
const CWR = letters('CWR ');
const ECE = letters('ECE ');
const TYPE = ascii(' TYPE=');
const CODE = ascii(' CODE=');
const MACPROTO = ascii(' MACPROTO=');

const SPACE = 32;
const EQUALS = 61;

/** Bytes of `MAC=` with an Ethernet header: 14 bytes in hexadecimal with colons between. */
const MAC_LENGTH = 45;
/** Four bytes of them, of which the first and the last are colons. */
const TWO_COLONS = 0x3a00003a;
const TWO_COLONS_MASK = 0xff0000ff | 0;

/**
 * Reads addresses, protocol and ports from the space at `from` on into row `row`. False if they are not there or not
 * whole.
 */
export function readPacket(bytes: Uint8Array, from: number, to: number, batch: Batch, row: number): boolean {
  const view = viewOf(bytes);
  const sourceAt = fieldSource(bytes, view, from, to);
  if (sourceAt < 0) return false;
  let at = takeIPv4(bytes, sourceAt, to);
  let flags = 0;
  if (at > 0) {
    batch.src[row] = words[3]!;
    if (at + 5 >= to || bytes[at] !== SPACE || view.getInt32(at + 1) !== DST) return false;
    at = takeIPv4(bytes, at + 5, to);
    batch.dst[row] = words[3]!;
  } else {
    at = readWide(bytes, sourceAt, to, batch, row);
    flags = wideFlag;
  }
  if (at < 0 || at >= to || bytes[at] !== SPACE) return false;
  at = fieldProtocol(bytes, at, to);
  if (at < 0) return false;
  const name = at + 4 <= to ? view.getInt32(at) : 0;
  let protocol: number;
  if (name === TCP_) {
    protocol = Protocol.tcp;
    at += 3;
  } else if (name === UDP_) {
    protocol = Protocol.udp;
    at += 3;
  } else {
    const end = wordEnd(bytes, at, to);
    protocol = protocolOf(bytes, at, end);
    at = end;
    if (protocol < 0) return false;
  }
  batch.protocol[row] = protocol;
  batch.flags[row] = flags;
  if (protocol !== Protocol.tcp && protocol !== Protocol.udp) {
    return (protocol !== Protocol.icmp && protocol !== Protocol.icmp6) || readType(bytes, at, to, batch, row);
  }
  // Fragments and packets that the kernel calls INCOMPLETE have no ports.
  if (at + 5 > to || view.getInt32(at + 1) !== SPT) return true;
  const sport = readPort(bytes, at + 5, to);
  at = readEnd;
  if (sport < 0 || at + 5 >= to || bytes[at] !== SPACE || view.getInt32(at + 1) !== DPT) return false;
  const dport = readPort(bytes, at + 5, to);
  at = readEnd;
  // Something always follows: a line that ends here was cut, perhaps within the port.
  if (dport < 0 || at >= to || bytes[at] !== SPACE) return false;
  batch.sport[row] = sport;
  batch.dport[row] = dport;
  if (protocol !== Protocol.tcp) return true;
  const tcp = readTcpFlags(bytes, view, at, to);
  if (tcp < 0) return true;
  batch.tcp[row] = tcp;
  batch.flags[row] = flags | Flag.tcpKnown;
  return true;
}

/** Where the value of the first field SRC begins, -1 if there is none. `from` is the space behind the interfaces. */
function fieldSource(bytes: Uint8Array, view: DataView, from: number, to: number): number {
  const at = from + 1;
  const behind = at + MAC_LENGTH + 1;
  if (behind + 4 < to && view.getInt32(at) === MAC && view.getInt32(behind) === SRC) {
    // Colons where an Ethernet header has them: no other field begins in between.
    if (
      bytes[behind - 1] === SPACE &&
      (view.getInt32(at + 12) & TWO_COLONS_MASK) === TWO_COLONS &&
      (view.getInt32(at + 24) & TWO_COLONS_MASK) === TWO_COLONS &&
      (view.getInt32(at + 36) & TWO_COLONS_MASK) === TWO_COLONS
    ) {
      return behind + 4;
    }
  }
  const last = to - 5;
  for (let i = from; i <= last; i++) {
    if (bytes[i] === SPACE && view.getInt32(i + 1) === SRC) return i + 5;
  }
  return -1;
}

let wideFlag = 0;
/** IPv6 source and destination. Returns the index behind them, -1 if they are not there; `wideFlag` is the row's flag. */
function readWide(bytes: Uint8Array, from: number, to: number, batch: Batch, row: number): number {
  const view = viewOf(bytes);
  const source = readAddress(bytes, from, to);
  let at = readEnd;
  if (source === Family.none || at + 5 >= to || bytes[at] !== SPACE || view.getInt32(at + 1) !== DST)
    return -1;
  batch.src[row] = words[3]!;
  batch.wide.set(words, 8 * row);
  const destination = readAddress(bytes, at + 5, to);
  if (destination !== source) return -1;
  at = readEnd;
  batch.dst[row] = words[3]!;
  batch.wide.set(words, 8 * row + 4);
  wideFlag = source === Family.v6 ? Flag.v6 : 0;
  return at;
}

/** ` TYPE=3 CODE=1` of ICMP. False if they are there and damaged. */
function readType(bytes: Uint8Array, at: number, to: number, batch: Batch, row: number): boolean {
  // Fragments have none.
  if (!startsWith(bytes, at, to, TYPE)) return true;
  const type = readNumber(bytes, at + TYPE.length, to);
  if (!startsWith(bytes, readEnd, to, CODE)) return false;
  const code = readNumber(bytes, readEnd + CODE.length, to);
  if (type < 0 || type > 255 || code < 0 || code > 255) return false;
  batch.dport[row] = type * 256 + code;
  return true;
}

/** ARP and other frames that are no IP are told with the fields of their own link layer: understood, and no contact. */
export function isOtherFrame(bytes: Uint8Array, from: number, to: number): boolean {
  return find(bytes, MACPROTO, from, to) >= 0 && fieldSource(bytes, viewOf(bytes), from, to) < 0;
}

/** How far a byte lets the search for ` PROTO=` jump that finds it under the needle's last place; 0: it is `=`. */
const PROTO_SHIFT = new Uint8Array(256).fill(7);
for (const [i, letter] of [...' PROTO'].entries()) PROTO_SHIFT[letter.charCodeAt(0)] = 6 - i;
PROTO_SHIFT[EQUALS] = 0;

/** Where the value of the first field PROTO behind `from` begins, -1 if there is none (Horspool's search). */
function fieldProtocol(bytes: Uint8Array, from: number, to: number): number {
  let i = from + 6;
  while (i < to) {
    const shift = PROTO_SHIFT[bytes[i]!]!;
    if (shift > 0) {
      i += shift;
    } else {
      if (bytes[i - 1] === 79 && bytes[i - 2] === 84 && bytes[i - 3] === 79 && bytes[i - 4] === 82) {
        if (bytes[i - 5] === 80 && bytes[i - 6] === SPACE) return i + 1;
      }
      i += 7;
    }
  }
  return -1;
}

/** Protocol by the name that the kernel gives it, or by number; -1 if neither. */
function protocolOf(bytes: Uint8Array, at: number, end: number): number {
  for (const [name, number] of PROTOCOLS) {
    if (end - at === name.length && startsWith(bytes, at, end, name)) return number;
  }
  const number = readNumber(bytes, at, end);
  return number <= 255 && readEnd === end ? number : -1;
}
const PROTOCOLS: ReadonlyArray<readonly [Uint8Array, number]> = [
  [ascii('ICMP'), Protocol.icmp],
  [ascii('ICMPv6'), Protocol.icmp6],
  [ascii('TCP'), Protocol.tcp],
  [ascii('UDP'), Protocol.udp],
  [ascii('UDPLITE'), 136],
  [ascii('AH'), 51],
  [ascii('ESP'), 50],
];

/**
 * The words of ` WINDOW=1024 RES=0x00 SYN URGP=0`, sequence numbers before it skipped. -1 if they are not there or not
 * all: the kernel ends them with URGP; ulogd, which writes no RES, ends the line.
 */
function readTcpFlags(bytes: Uint8Array, view: DataView, from: number, to: number): number {
  let at = from;
  if (at + 5 < to && view.getInt32(at + 1) === SEQ) {
    at = wordEnd(bytes, wordEnd(bytes, at + 1, to) + 1, to);
  }
  if (at + 8 >= to || view.getInt32(at + 1) !== WIND || view.getInt32(at + 4) !== DOW) return -1;
  at += 8;
  while (at < to && bytes[at] !== SPACE) at++;
  const kernel = at + 9 < to && view.getInt32(at + 1) === RES;
  if (kernel) at += 9;
  if (kernel && bytes[at] !== SPACE) return -1;
  let flags = 0;
  while (at + 4 <= to) {
    const word = view.getInt32(at + 1);
    switch (at + 4 === to ? (word & ~0xff) | SPACE : word) {
      case SYN:
        flags |= Tcp.syn;
        break;
      case ACK:
        flags |= Tcp.ack;
        break;
      case RST:
        flags |= Tcp.rst;
        break;
      case FIN:
        flags |= Tcp.fin;
        break;
      case PSH:
        flags |= Tcp.psh;
        break;
      case URG:
        flags |= Tcp.urg;
        break;
      case CWR:
      case ECE:
        // They say nothing about a contact.
        break;
      case URGP:
        return flags;
      default:
        return -1;
    }
    at += 4;
  }
  return kernel || at < to - 1 ? -1 : flags;
}

/** End of the word at `from`: the next space, or the end of the line. */
function wordEnd(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to && bytes[i] !== SPACE) i++;
  return i;
}
