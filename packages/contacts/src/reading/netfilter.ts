/**
 * netfilter's LOG target: iptables, nftables, ufw, firewalld. One line is one packet.
 *
 *     Sep 30 10:09:23 fw kernel: [19955416.516358] DROP: IN=ens2 OUT= MAC=de:1c:... SRC=192.0.2.7 DST=198.18.0.9
 *     LEN=44 TOS=0x00 PREC=0x00 TTL=43 ID=25313 PROTO=TCP SPT=52220 DPT=80 WINDOW=1024 RES=0x00 SYN URGP=0
 *
 * Source of the format: linux/net/netfilter/nf_log_syslog.c. The kernel writes the fields in this order and quotes
 * nothing that comes from the network but, inside `[...]`, the header of a packet that an ICMP error talks about;
 * reading stops there. The prefix is the administrator's; what it means comes from the surface, else from its words.
 */
import { type Batch, Direction, Flag, Kind, Outcome, Protocol, Tcp } from '../contact.ts';
import {
  ascii,
  Family,
  find,
  readAddress,
  readEnd,
  readNumber,
  readPort,
  startsWith,
  words,
} from './bytes.ts';
import type { Envelope } from './envelope.ts';
import { readNotice } from './notices.ts';
import { prefixOutcome } from './prefix.ts';
import { type Format, Line, type LineReader, type ReaderOptions } from './reader.ts';

const IN = ascii('IN=');
const OUT = ascii(' OUT=');
const SRC = ascii('SRC=');
const DST = ascii('DST=');
const PROTO = ascii('PROTO=');
const SPT = ascii('SPT=');
const DPT = ascii('DPT=');
const TYPE = ascii('TYPE=');
const CODE = ascii('CODE=');
const RES = ascii('RES=0x');

const SPACE = 32;
const EQUALS = 61;
const OPEN = 91;

class NetfilterReader implements LineReader {
  readonly #prefixes: ReaderOptions['prefixes'];
  /** The last prefix and what it meant: consecutive lines mostly share it. */
  #prefix = new Uint8Array(0);
  #outcome: Outcome = Outcome.denied;

  constructor(options: ReaderOptions) {
    this.#prefixes = options.prefixes;
  }

  readLine(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line {
    const start = this.#findIn(bytes, from, to);
    if (start < 0) return readNotice(bytes, from, to, envelope, batch);
    const row = batch.count;
    batch.begin(row, Kind.packet);

    let at = start + 3;
    const inEnd = wordEnd(bytes, at, to);
    if (!startsWith(bytes, inEnd, to, OUT)) return Line.unreadable;
    const outEnd = wordEnd(bytes, inEnd + 5, to);
    const hasIn = inEnd > at;
    const hasOut = outEnd > inEnd + 5;
    batch.direction[row] = hasIn && !hasOut ? Direction.inbound : hasOut && !hasIn ? Direction.outbound : 0;

    at = fieldAt(bytes, outEnd, to, SRC);
    if (at < 0) return Line.unreadable;
    const source = readAddress(bytes, at + 4, to);
    if (source === Family.none) return Line.unreadable;
    at = readEnd + 1;
    if (source === Family.v4) batch.src[row] = words[3]!;
    else batch.wide.set(words, 8 * row);
    if (!startsWith(bytes, at, to, DST)) return Line.unreadable;
    const destination = readAddress(bytes, at + 4, to);
    if (destination !== source) return Line.unreadable;
    at = readEnd;
    if (source === Family.v4) batch.dst[row] = words[3]!;
    else batch.wide.set(words, 8 * row + 4);

    at = fieldAt(bytes, at, to, PROTO);
    if (at < 0) return Line.unreadable;
    at += 6;
    const protocol = readProtocol(bytes, at, to);
    if (protocol < 0) return Line.unreadable;
    at = protocolEnd;
    batch.protocol[row] = protocol;
    let flags = source === Family.v6 ? Flag.v6 : 0;
    if (protocol === Protocol.tcp || protocol === Protocol.udp) {
      if (startsWith(bytes, at + 1, to, SPT)) {
        const sport = readPort(bytes, at + 5, to);
        const dportAt = readEnd + 1;
        const dport = startsWith(bytes, dportAt, to, DPT) ? readPort(bytes, dportAt + 4, to) : -1;
        if (sport < 0 || dport < 0) return Line.unreadable;
        batch.sport[row] = sport;
        batch.dport[row] = dport;
        at = readEnd;
        if (protocol === Protocol.tcp) {
          const known = this.#readTcpFlags(bytes, at, to);
          if (known >= 0) {
            batch.tcp[row] = known;
            flags |= Flag.tcpKnown;
          }
        }
      }
    } else if (protocol === Protocol.icmp || protocol === Protocol.icmp6) {
      if (startsWith(bytes, at + 1, to, TYPE)) {
        const type = readNumber(bytes, at + 6, to);
        const codeAt = readEnd + 1;
        const code = startsWith(bytes, codeAt, to, CODE) ? readNumber(bytes, codeAt + 5, to) : 0;
        if (type < 0 || type > 255 || code < 0 || code > 255) return Line.unreadable;
        batch.dport[row] = type * 256 + code;
      }
    }
    if (Number.isNaN(envelope.time)) flags |= Flag.noTime;
    batch.time[row] = envelope.time;
    batch.host[row] = envelope.host;
    batch.flags[row] = flags;
    batch.outcome[row] = this.#outcomeOf(bytes, from, start);
    return Line.row;
  }

  /** Where `IN=` begins a field: behind the prefix, which may be any text of the administrator. */
  #findIn(bytes: Uint8Array, from: number, to: number): number {
    // A prefix without a space runs into the field ("FINAL_REJECT: IN=", "DROPIN="): look for the letters alone.
    const at = find(bytes, IN, from, Math.min(to, from + MAX_PREFIX));
    return at;
  }

  #outcomeOf(bytes: Uint8Array, from: number, start: number): Outcome {
    let at = from;
    // The kernel's uptime, `[19955416.516358] `, is no part of the prefix.
    if (bytes[at] === OPEN) {
      let i = at + 1;
      while (i < start && (bytes[i] === SPACE || bytes[i] === 46 || (bytes[i]! >= 48 && bytes[i]! <= 57)))
        i++;
      if (bytes[i] === 93 && i > at + 1) at = i + 1;
    }
    const length = start - at;
    const last = this.#prefix;
    if (length === last.length) {
      let i = 0;
      while (i < length && bytes[at + i] === last[i]) i++;
      if (i === length && length > 0) return this.#outcome;
    }
    this.#prefix = bytes.slice(at, start);
    this.#outcome = prefixOutcome(bytes, at, start, this.#prefixes);
    return this.#outcome;
  }

  /** `WINDOW=1024 RES=0x00 SYN URGP=0`: the words between RES and URGP. -1 if they are not there (cut, or old kernel). */
  #readTcpFlags(bytes: Uint8Array, from: number, to: number): number {
    let at = fieldAt(bytes, from, to, RES);
    if (at < 0) return -1;
    at = wordEnd(bytes, at, to) + 1;
    let flags = 0;
    while (at < to) {
      const first = bytes[at]!;
      const second = bytes[at + 1]!;
      if (first === 83) flags |= Tcp.syn;
      else if (first === 65) flags |= Tcp.ack;
      else if (first === 70) flags |= Tcp.fin;
      else if (first === 80) flags |= Tcp.psh;
      else if (first === 82) flags |= Tcp.rst;
      else if (first === 85 && second === 82 && bytes[at + 3] === SPACE) flags |= Tcp.urg;
      else if (first === 67 || first === 69) {
        // CWR and ECE say nothing about a contact.
      } else break;
      at = wordEnd(bytes, at, to) + 1;
    }
    return flags;
  }
}

/** Longest prefix: iptables allows 29 characters, nftables 127; behind `kernel: [uptime] `. */
const MAX_PREFIX = 256;

/** End of the word at `from`: the next space, or the end of the line. */
function wordEnd(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  while (i < to && bytes[i] !== SPACE) i++;
  return i;
}

/** Where `needle` begins a word in [from, to), -1 if it does not or a bracket comes first. */
function fieldAt(bytes: Uint8Array, from: number, to: number, needle: Uint8Array): number {
  const first = needle[0]!;
  let i = from;
  while (i < to) {
    if (bytes[i] === SPACE) {
      const next = bytes[i + 1];
      if (next === first && startsWith(bytes, i + 1, to, needle)) return i + 1;
      if (next === OPEN) return -1;
    }
    i++;
  }
  return -1;
}

let protocolEnd = 0;
/** Protocol as name or number; -1 if neither. */
function readProtocol(bytes: Uint8Array, at: number, to: number): number {
  protocolEnd = wordEnd(bytes, at, to);
  const first = bytes[at]!;
  if (first === 84 && protocolEnd - at === 3) return Protocol.tcp;
  if (first === 85 && protocolEnd - at === 3) return Protocol.udp;
  if (first === 73) {
    if (protocolEnd - at === 4) return Protocol.icmp;
    if (protocolEnd - at === 6) return Protocol.icmp6;
  }
  const number = readNumber(bytes, at, protocolEnd);
  if (number >= 0 && number <= 255 && readEnd === protocolEnd) return number;
  // AH, ESP, SCTP, UDPLITE: named by the kernel, one contact each, their ports are not read.
  return protocolEnd > at && bytes[at + 1] !== EQUALS ? 255 : -1;
}

/** The format `netfilter` of contracts. */
export const netfilter: Format = {
  name: 'netfilter',
  syslog: 'always',
  sniff: (text) => (/\bIN=\S* OUT=\S* .*SRC=\S+ DST=\S+ .*PROTO=/.test(text) ? 2 : 0),
  reader: (options) => new NetfilterReader(options),
  doc: {
    of: "iptables, nftables, ufw, firewalld: the kernel's LOG target by syslog, journal or ulogd",
    contact: 'Each line with IN= and SRC= is one packet. Other kernel and syslog lines are ignored.',
    losses: "`net_ratelimit: N callbacks suppressed`, journald's and rsyslog's suppressed messages.",
    seen: 'Real lines: crowdsecurity/hub, iptables-scan-multi-port and proxmox-iptables-logs (MIT).',
  },
};
