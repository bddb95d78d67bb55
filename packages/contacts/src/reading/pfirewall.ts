/**
 * Windows Defender Firewall's pfirewall.log: W3C style, one line a packet or connection.
 *
 *     #Version: 1.5
 *     #Time Format: Local
 *     #Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path
 *     2026-10-09 22:33:20 DROP TCP 192.0.2.7 198.18.0.9 52220 3389 52 S 29365 0 64240 - - - RECEIVE
 *     2026-10-09 22:33:21 INFO-EVENTS-LOST - - - - - - - - - - - - 17 -
 *
 * Source of the format: Microsoft, "Interpreting the Windows Firewall log". The fields are read by the header, in any
 * order; none holds text from the network. Times are local.
 */
import { type Batch, Direction, Flag, Kind, Outcome, Protocol, Tcp } from '../contact.ts';
import { ascii, Family, readEnd, readNumber, readPort, startsWith, takeAddress, words } from './bytes.ts';
import type { Clock } from './clock.ts';
import type { Envelope } from './envelope.ts';
import { readIsoTime } from './iso-time.ts';
import { readProtocol } from './protocols.ts';
import { type Format, Line, type LineReader, type ReaderOptions } from './reader.ts';
import { columnsOf, headerText, Tokens } from './tokens.ts';
import { WordValues } from './words.ts';

const SPACE = 32;
const HASH = 35;
const DASH = 45;

const FIELDS = ascii('#Fields: ');

/** The fields of version 1.5, which Windows has written since Vista; for files whose header was cut off. */
const DEFAULT_HEADER =
  '#Fields: date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path';

const WANTED = {
  date: ['date'],
  time: ['time'],
  action: ['action'],
  protocol: ['protocol'],
  source: ['src-ip'],
  destination: ['dst-ip'],
  sourcePort: ['src-port'],
  destinationPort: ['dst-port'],
  flags: ['tcpflags'],
  sequence: ['tcpsyn'],
  type: ['icmptype'],
  code: ['icmpcode'],
  info: ['info'],
  path: ['path'],
} as const;
type Columns = Record<keyof typeof WANTED, number>;

const ACTIONS = new WordValues({
  drop: 1,
  allow: 2,
  open: 3,
  'open-inbound': 4,
  close: 5,
  'info-events-lost': 6,
});
const LOST = 6;
const CLOSE = 5;
const PATHS = new WordValues({ send: Direction.outbound, receive: Direction.inbound });

class PfirewallReader implements LineReader {
  readonly #clock: Clock;
  readonly #tokens = new Tokens();
  #header: string;
  #columns: Columns;
  #count = 0;

  constructor(options: ReaderOptions) {
    this.#clock = options.clock;
    this.#header = options.header || DEFAULT_HEADER;
    this.#columns = this.#understand(this.#header);
  }

  get header(): string {
    return this.#header;
  }

  readLine(bytes: Uint8Array, from: number, to: number, _envelope: Envelope, batch: Batch): Line {
    if (bytes[from] === HASH) {
      if (startsWith(bytes, from, to, FIELDS)) {
        this.#header = headerText(bytes, from, to);
        this.#columns = this.#understand(this.#header);
      }
      return Line.ignored;
    }
    const tokens = this.#tokens;
    const columns = this.#columns;
    if (tokens.split(bytes, from, to, SPACE) !== this.#count) return Line.unreadable;
    const { start, end } = tokens;
    const action = ACTIONS.find(bytes, start[columns.action]!, end[columns.action]!);
    if (action < 0) return Line.unreadable;
    if (action === LOST) {
      const lost = tokens.has(bytes, columns.info)
        ? wholeNumber(bytes, start[columns.info]!, end[columns.info]!)
        : -1;
      if (lost < 0) batch.lostUnknown = true;
      else batch.lost += lost;
      return Line.ignored;
    }
    return this.#readPacket(bytes, action, batch) ? Line.row : Line.unreadable;
  }

  #readPacket(bytes: Uint8Array, action: number, batch: Batch): boolean {
    const tokens = this.#tokens;
    const columns = this.#columns;
    const { start, end } = tokens;
    const row = batch.count;
    batch.begin(row, Kind.packet);
    const source = takeAddress(bytes, start[columns.source]!, end[columns.source]!);
    if (source === Family.none) return false;
    batch.src[row] = words[3]!;
    if (source === Family.v6) batch.wide.set(words, 8 * row);
    if (takeAddress(bytes, start[columns.destination]!, end[columns.destination]!) !== source) return false;
    batch.dst[row] = words[3]!;
    if (source === Family.v6) batch.wide.set(words, 8 * row + 4);
    let flags = source === Family.v6 ? Flag.v6 : 0;
    const protocol = readProtocol(bytes, start[columns.protocol]!, end[columns.protocol]!);
    batch.protocol[row] = protocol;
    if (protocol === Protocol.tcp || protocol === Protocol.udp) {
      const sport = wholePort(bytes, start[columns.sourcePort]!, end[columns.sourcePort]!);
      const dport = wholePort(bytes, start[columns.destinationPort]!, end[columns.destinationPort]!);
      if (sport < 0 || dport < 0) return false;
      batch.sport[row] = sport;
      batch.dport[row] = dport;
    } else if (tokens.has(bytes, columns.type)) {
      const type = wholeNumber(bytes, start[columns.type]!, end[columns.type]!);
      const code = tokens.has(bytes, columns.code)
        ? wholeNumber(bytes, start[columns.code]!, end[columns.code]!)
        : 0;
      if (type < 0 || type > 255 || code < 0 || code > 255) return false;
      batch.dport[row] = type * 256 + code;
    }
    if (protocol === Protocol.tcp) {
      const tcp = this.#readFlags(bytes);
      if (tcp >= 0) {
        batch.tcp[row] = tcp;
        flags |= Flag.tcpKnown;
      }
    }
    batch.time[row] = this.#readTime(bytes);
    if (Number.isNaN(batch.time[row]!)) flags |= Flag.noTime;
    if (action === CLOSE) flags |= Flag.detail;
    batch.flags[row] = flags;
    batch.outcome[row] =
      action === CLOSE ? Outcome.unknown : action === 1 ? Outcome.denied : Outcome.accepted;
    const path = tokens.has(bytes, columns.path)
      ? PATHS.find(bytes, start[columns.path]!, end[columns.path]!)
      : -1;
    if (path > 0) batch.direction[row] = path;
    else if (action === 3) batch.direction[row] = Direction.outbound;
    else if (action === 4) batch.direction[row] = Direction.inbound;
    return true;
  }

  /** Flags of the packet, -1 if the line has none. A dash beside a sequence number is a packet without flags. */
  #readFlags(bytes: Uint8Array): number {
    const tokens = this.#tokens;
    const { flags, sequence } = this.#columns;
    if (flags < 0) return -1;
    if (!tokens.has(bytes, flags)) return tokens.has(bytes, sequence) ? 0 : -1;
    let bits = 0;
    for (let i = tokens.start[flags]!; i < tokens.end[flags]!; i++) {
      const bit = FLAG_LETTERS[bytes[i]!]!;
      if (bit === 255) return -1;
      bits |= bit;
    }
    return bits;
  }

  /** Date and time stand in two fields, which are neighbours in every header that Windows writes. */
  #readTime(bytes: Uint8Array): number {
    const { start, end } = this.#tokens;
    const { date, time } = this.#columns;
    if (date < 0 || time !== date + 1 || end[date]! - start[date]! !== 10) return Number.NaN;
    const ms = readIsoTime(bytes, start[date]!, end[time]!, this.#clock);
    return readEnd === end[time]! ? ms : Number.NaN;
  }

  #understand(header: string): Columns {
    const fields = header.slice(FIELDS.length).trim().split(/ +/);
    const columns = columnsOf(fields, WANTED);
    const known = [columns.action, columns.protocol, columns.source, columns.destination];
    const ported = columns.sourcePort >= 0 && columns.destinationPort >= 0;
    // A header without them is none of this format's: every line is unreadable then, and says so.
    this.#count = known.every((column) => column >= 0) && ported ? fields.length : -1;
    return columns;
  }
}

/** Bits of tcpflags' letters; 255: no flag. */
const FLAG_LETTERS = new Uint8Array(256).fill(255);
for (const [letter, bit] of Object.entries({
  S: Tcp.syn,
  A: Tcp.ack,
  F: Tcp.fin,
  R: Tcp.rst,
  P: Tcp.psh,
  U: Tcp.urg,
  E: 0,
  C: 0,
})) {
  FLAG_LETTERS[letter.charCodeAt(0)] = bit;
}

/** The whole number that fills [from, to), -1 if something else does. */
function wholeNumber(bytes: Uint8Array, from: number, to: number): number {
  const value = readNumber(bytes, from, to);
  return readEnd === to ? value : -1;
}

/** The port that fills [from, to), 0 for a dash, -1 if something else does. */
function wholePort(bytes: Uint8Array, from: number, to: number): number {
  if (to - from === 1 && bytes[from] === DASH) return 0;
  const port = readPort(bytes, from, to);
  return readEnd === to ? port : -1;
}

/** The format `pfirewall` of contracts. */
export const pfirewall: Format = {
  name: 'pfirewall',
  syslog: 'maybe',
  sniff: (text) =>
    /^#Fields: date time action protocol src-ip dst-ip /.test(text) ||
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:DROP|ALLOW|OPEN|OPEN-INBOUND|CLOSE|INFO-EVENTS-LOST) \S+ \S+ \S+ /.test(
      text,
    )
      ? 2
      : 0,
  reader: (options) => new PfirewallReader(options),
  doc: {
    of: "Windows Defender Firewall's pfirewall.log (W3C style, version 1.5)",
    contact:
      'DROP, ALLOW, OPEN and OPEN-INBOUND are one packet or connection each; CLOSE is detail; lines with # are ignored.',
    losses: '`INFO-EVENTS-LOST` with the number in the field info.',
    seen: "No real line has been seen; shape after Microsoft's documentation of the Windows Firewall log.",
  },
};
