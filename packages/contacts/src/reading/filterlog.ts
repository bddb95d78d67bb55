/**
 * pf's log as pfSense and OPNsense write it: `filterlog`, comma-separated. One line is one packet.
 *
 *     rule,sub,anchor,tracker,interface,reason,action,in|out,4,tos,ecn,ttl,id,offset,flags,protocol,name,length,SRC,DST,
 *     rule,sub,anchor,tracker,interface,reason,action,in|out,6,class,label,hops,name,protocol,length,SRC,DST,
 *     then for TCP sport,dport,length,flags,seq,ack,window,urgent,options; for UDP sport,dport,length; for ICMP (pfSense
 *     only) a word for the type. A fragment that is not the first has no ports.
 *
 * Source of the format: Netgate, "Raw Filter Log Format"; opnsense/ports, filterlog/files/description.txt. No field holds
 * text from the network. The anchor names who loaded the rule, so a block list's rules are known by it.
 */
import { type Batch, Direction, Flag, Kind, Outcome, Protocol, Tcp } from '../contact.ts';
import {
  ascii,
  Family,
  readEnd,
  readNumber,
  readPort,
  skipFields,
  startsWith,
  takeAddress,
  words,
} from './bytes.ts';
import type { Envelope } from './envelope.ts';
import { readNotice } from './notices.ts';
import { hashPrefix, PrefixMemory } from './prefix.ts';
import { type Format, Line, type LineReader, type ReaderOptions } from './reader.ts';
import { WordValues } from './words.ts';

const COMMA = 44;

const FILTERLOG = ascii('filterlog');
const BLOCK = ascii('block,');
const PASS = ascii('pass,');
const IN = ascii('in,');
const OUT = ascii('out,');

/** Types of ICMP by pfSense's words, times 256 plus the code where the word names one. */
const ICMP_WORDS = {
  reply: 0,
  unreach: 3 * 256,
  unreachproto: 3 * 256 + 2,
  unreachport: 3 * 256 + 3,
  needfrag: 3 * 256 + 4,
  redirect: 5 * 256,
  request: 8 * 256,
  timexceed: 11 * 256,
  paramprob: 12 * 256,
  tstamp: 13 * 256,
  tstampreply: 14 * 256,
  maskreply: 18 * 256,
};
const ICMP_TYPES = new WordValues(ICMP_WORDS);

class FilterlogReader implements LineReader {
  readonly #prefixes: PrefixMemory;

  constructor(options: ReaderOptions) {
    this.#prefixes = new PrefixMemory(options.prefixes);
  }

  readLine(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line {
    if (envelope.found && !isFilterlog(bytes, envelope)) return readNotice(bytes, from, to, envelope, batch);
    // The rule's identity: rule, sub-rule, anchor, tracker.
    const interfaceAt = skipFields(bytes, COMMA, from, to, 4);
    const action = interfaceAt < 0 ? -1 : skipFields(bytes, COMMA, interfaceAt, to, 2);
    if (action < 0) return Line.unreadable;
    const row = batch.count;
    batch.begin(row, Kind.packet);
    let at: number;
    if (startsWith(bytes, action, to, BLOCK)) {
      at = action + BLOCK.length;
      batch.outcome[row] = this.#blockedBy(bytes, from, interfaceAt);
    } else if (startsWith(bytes, action, to, PASS)) {
      at = action + PASS.length;
      batch.outcome[row] = Outcome.accepted;
    } else {
      // `match`, `nat`, `rdr`, `scrub`: what becomes of the packet is decided by another rule.
      at = skipFields(bytes, COMMA, action, to, 1);
      if (at < 0) return Line.unreadable;
    }
    if (startsWith(bytes, at, to, IN)) {
      batch.direction[row] = Direction.inbound;
      at += IN.length;
    } else if (startsWith(bytes, at, to, OUT)) {
      batch.direction[row] = Direction.outbound;
      at += OUT.length;
    } else return Line.unreadable;
    if (!readPacket(bytes, at, to, batch, row)) return Line.unreadable;
    const time = envelope.time;
    batch.time[row] = time;
    if (Number.isNaN(time)) batch.flags[row]! |= Flag.noTime;
    batch.host[row] = envelope.host;
    return Line.row;
  }

  /** Denied, or blocked by a list that had decided before, which its anchor or the surface tells. */
  #blockedBy(bytes: Uint8Array, from: number, to: number): Outcome {
    const outcome = this.#prefixes.outcome(bytes, from, to, hashPrefix(bytes, from, to));
    return outcome === Outcome.blocked ? Outcome.blocked : Outcome.denied;
  }
}

function isFilterlog(bytes: Uint8Array, envelope: Envelope): boolean {
  const at = envelope.appAt;
  return envelope.appEnd - at === FILTERLOG.length && startsWith(bytes, at, envelope.appEnd, FILTERLOG);
}

/** Reads the packet from the IP version at `from` on. False if it is damaged or cut. */
function readPacket(bytes: Uint8Array, from: number, to: number, batch: Batch, row: number): boolean {
  const version = bytes[from];
  if ((version !== 52 && version !== 54) || bytes[from + 1] !== COMMA) return false;
  let at: number;
  let fragment = false;
  let protocol: number;
  if (version === 52) {
    at = skipFields(bytes, COMMA, from, to, 5);
    if (at < 0) return false;
    const offset = readNumber(bytes, at, to);
    fragment = offset > 0;
    at = skipFields(bytes, COMMA, at, to, 2);
    if (at < 0) return false;
    protocol = readNumber(bytes, at, to);
    if (protocol < 0 || protocol > 255 || bytes[readEnd] !== COMMA) return false;
    at = skipFields(bytes, COMMA, readEnd, to, 3);
  } else {
    at = skipFields(bytes, COMMA, from, to, 5);
    if (at < 0) return false;
    protocol = readNumber(bytes, at, to);
    if (protocol < 0 || protocol > 255 || bytes[readEnd] !== COMMA) return false;
    at = skipFields(bytes, COMMA, readEnd, to, 2);
  }
  if (at < 0) return false;
  batch.protocol[row] = protocol;
  const sourceEnd = skipFields(bytes, COMMA, at, to, 1) - 1;
  const destinationEnd = sourceEnd < 0 ? -1 : skipFields(bytes, COMMA, sourceEnd + 1, to, 1) - 1;
  if (destinationEnd < 0) return false;
  const source = takeAddress(bytes, at, sourceEnd);
  if (source === Family.none) return false;
  batch.src[row] = words[3]!;
  if (source === Family.v6) batch.wide.set(words, 8 * row);
  if (takeAddress(bytes, sourceEnd + 1, destinationEnd) !== source) return false;
  batch.dst[row] = words[3]!;
  if (source === Family.v6) batch.wide.set(words, 8 * row + 4);
  batch.flags[row] = source === Family.v6 ? Flag.v6 : 0;
  at = destinationEnd + 1;
  if (protocol === Protocol.tcp || protocol === Protocol.udp)
    return fragment || readPorts(bytes, at, to, batch, row);
  if (protocol === Protocol.icmp) {
    const end = skipFields(bytes, COMMA, at, to, 1);
    batch.dport[row] = Math.max(0, ICMP_TYPES.find(bytes, at, end < 0 ? to : end - 1));
  }
  return true;
}

/** `sport,dport,length[,flags,...]`. False if the ports are not there or not whole: something always follows them. */
function readPorts(bytes: Uint8Array, from: number, to: number, batch: Batch, row: number): boolean {
  const sport = readPort(bytes, from, to);
  if (sport < 0) return startsWith(bytes, from, to, ERROR);
  if (bytes[readEnd] !== COMMA) return false;
  const dport = readPort(bytes, readEnd + 1, to);
  let at = readEnd;
  if (dport < 0 || at >= to || bytes[at] !== COMMA) return false;
  batch.sport[row] = sport;
  batch.dport[row] = dport;
  if (batch.protocol[row] !== Protocol.tcp) return true;
  at = skipFields(bytes, COMMA, at + 1, to, 1);
  if (at < 0) return true;
  let flags = 0;
  for (; at < to && bytes[at] !== COMMA; at++) {
    const flag = FLAGS[bytes[at]!]!;
    if (flag === 255) return true;
    flags |= flag;
  }
  if (at >= to) return true;
  batch.tcp[row] = flags;
  batch.flags[row]! |= Flag.tcpKnown;
  return true;
}
/** What filterlog writes instead of ports where a packet is too short for them. */
const ERROR = ascii('errormsg=');

/** Bit of each letter of the flags; E and C (ECN) say nothing about a contact; 255: no flag. */
const FLAGS = new Uint8Array(256).fill(255);
for (const [letter, flag] of Object.entries({
  S: Tcp.syn,
  A: Tcp.ack,
  F: Tcp.fin,
  P: Tcp.psh,
  R: Tcp.rst,
  U: Tcp.urg,
  E: 0,
  C: 0,
  W: 0,
})) {
  FLAGS[letter.charCodeAt(0)] = flag;
}

/** The format `filterlog` of contracts. */
export const filterlog: Format = {
  name: 'filterlog',
  syslog: 'always',
  sniff: (text, app) => {
    if (app !== '' && app !== 'filterlog') return 0;
    return /^\d*,\d*,[^,]*,[^,]*,[^,]+,[a-z-]+,[a-z]+,(?:in|out),[46],/.test(text) ? 2 : 0;
  },
  reader: (options) => new FilterlogReader(options),
  doc: {
    of: 'pf of pfSense and OPNsense: filterlog by syslog (RFC 3164, with or without a host, and RFC 5424)',
    contact: 'Each line is one packet. Lines of other programs are ignored.',
    losses: "filterlog has none to admit; rsyslog's and journald's suppressed messages on the way.",
    seen: 'Real lines: crowdsecurity/hub, pf-scan-multi-port and pfsense-rfc5424-filterlog (MIT).',
  },
};
