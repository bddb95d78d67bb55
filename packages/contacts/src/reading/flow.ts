/**
 * Flow records: AWS VPC flow logs (default and custom fields), and NetFlow or IPFIX as `nfdump -o csv` prints it.
 *
 *     version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status
 *     2 123456789010 eni-0f1e2d3c4b5a69788 192.0.2.7 198.18.0.9 52220 22 6 20 4249 1791584000 1791584060 ACCEPT OK
 *     2 123456789010 eni-0f1e2d3c4b5a69788 - - - - - - - 1791584000 1791584060 - SKIPDATA
 *
 *     ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt,...
 *     2026-10-09 22:33:20,2026-10-09 22:33:21,1.000,192.0.2.7,198.18.0.9,52220,22,TCP,......S.,0,0,1,60,0,0,...
 *
 * Sources of the formats: AWS, "Flow log records"; nfdump 1.7, output_csv.c. The header line says which it is and where
 * the fields are; without one it is AWS version 2. No field holds text from the network.
 *
 * One connection makes several records: one for each direction, and one for each interval. They share a key made of both
 * ends, so the first is the contact. What a record proves is in `flow-outcome.ts`.
 */
import { type Batch, Direction, Flag, Kind, Outcome, Protocol } from '../contact.ts';
import { ascii, Family, readEnd, readNumber, readPort, startsWith, takeAddress, words } from './bytes.ts';
import type { Clock } from './clock.ts';
import type { Envelope } from './envelope.ts';
import { keyOfEnds, outcomeOfFlow, readFlags, swapEnds } from './flow-outcome.ts';
import { fraction, readIsoTime } from './iso-time.ts';
import { readProtocol } from './protocols.ts';
import { type Format, Line, type LineReader, type ReaderOptions } from './reader.ts';
import { columnsOf, headerText, Tokens } from './tokens.ts';
import { WordValues } from './words.ts';

const SPACE = 32;
const COMMA = 44;
const DOT = 46;

/** The fields of version 2; for files whose header was cut off, and for CloudWatch, which has none. */
const DEFAULT_HEADER =
  'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status';

const WANTED = {
  source: ['srcaddr', 'sa', 'srcaddr4', 'src4addr', 'src6addr'],
  destination: ['dstaddr', 'da', 'dst4addr', 'dst6addr'],
  sourcePort: ['srcport', 'sp'],
  destinationPort: ['dstport', 'dp'],
  protocol: ['protocol', 'pr', 'proto'],
  start: ['start', 'ts', 'firstseen'],
  duration: ['td', 'duration'],
  action: ['action'],
  status: ['log-status', 'log_status'],
  flags: ['tcp-flags', 'tcp_flags', 'flg', 'flags'],
  direction: ['flow-direction', 'flow_direction'],
  bytes: ['bytes', 'ibyt'],
  answerPackets: ['opkt', 'outpackets'],
  answerBytes: ['obyt', 'outbytes'],
  forwarding: ['fwd', 'fwdstatus'],
} as const;
type Columns = Record<keyof typeof WANTED, number>;

const ACTIONS = new WordValues({ accept: Outcome.accepted, reject: Outcome.denied });
const STATUSES = new WordValues({ ok: 1, nodata: 2, skipdata: 3 });
const DIRECTIONS = new WordValues({ ingress: Direction.inbound, egress: Direction.outbound });

const VERSION = ascii('version ');
const SUMMARY = ascii('Summary');
const SUMS = ascii('flows,bytes,packets,');

class FlowReader implements LineReader {
  readonly #clock: Clock;
  readonly #tokens = new Tokens();
  #header: string;
  #columns: Columns;
  #count = 0;
  #separator = SPACE;

  constructor(options: ReaderOptions) {
    this.#clock = options.clock;
    this.#header = options.header || DEFAULT_HEADER;
    this.#columns = this.#understand(this.#header);
  }

  get header(): string {
    return this.#header;
  }

  readLine(bytes: Uint8Array, from: number, to: number, _envelope: Envelope, batch: Batch): Line {
    if (isHeader(bytes, from, to)) {
      this.#header = headerText(bytes, from, to);
      this.#columns = this.#understand(this.#header);
      return Line.ignored;
    }
    return this.#separator === COMMA
      ? this.#readNfdump(bytes, from, to, batch)
      : this.#readAws(bytes, from, to, batch);
  }

  #readAws(bytes: Uint8Array, from: number, to: number, batch: Batch): Line {
    const tokens = this.#tokens;
    const columns = this.#columns;
    let at = from;
    // An export of CloudWatch has the time of delivery before the record.
    if (to - from > 20 && bytes[from + 4] === 45 && bytes[from + 10] === 84) {
      while (at < to && bytes[at] !== SPACE) at++;
      at++;
    }
    if (tokens.split(bytes, at, to, SPACE) !== this.#count) return Line.unreadable;
    const { start, end } = tokens;
    if (columns.status >= 0) {
      const status = STATUSES.find(bytes, start[columns.status]!, end[columns.status]!);
      if (status < 0) return Line.unreadable;
      if (status !== 1) {
        if (status === 3) batch.lostUnknown = true;
        return Line.ignored;
      }
    }
    const row = batch.count;
    if (!this.#readEnds(bytes, batch)) return Line.unreadable;
    if (columns.action >= 0) {
      const outcome = ACTIONS.find(bytes, start[columns.action]!, end[columns.action]!);
      if (outcome < 0) return Line.unreadable;
      batch.outcome[row] = outcome;
    }
    const seconds = tokens.has(bytes, columns.start)
      ? whole(bytes, start[columns.start]!, end[columns.start]!)
      : -1;
    batch.time[row] = seconds < 0 ? Number.NaN : seconds * 1000;
    if (seconds < 0) batch.flags[row]! |= Flag.noTime;
    const direction = tokens.has(bytes, columns.direction)
      ? DIRECTIONS.find(bytes, start[columns.direction]!, end[columns.direction]!)
      : 0;
    if (direction > 0) batch.direction[row] = direction;
    if (batch.protocol[row] === Protocol.tcp && tokens.has(bytes, columns.flags)) {
      const flags = whole(bytes, start[columns.flags]!, end[columns.flags]!);
      if (flags < 0 || flags > 255) return Line.unreadable;
      this.#readAwsFlags(bytes, batch, flags);
    }
    return Line.row;
  }

  /**
   * AWS tells SYN, FIN and RST, and ACK only where it came with SYN: such a record is the answer, and its ends change
   * places. Flags without SYN are of the middle of a connection, and say nothing of how it began.
   */
  #readAwsFlags(bytes: Uint8Array, batch: Batch, flags: number): void {
    const row = batch.count;
    if ((flags & 18) === 18) {
      if (batch.outcome[row] !== Outcome.accepted) return;
      swapEnds(batch, row);
      batch.outcome[row] = Outcome.established;
      const { bytes: sent } = this.#columns;
      if (this.#tokens.has(bytes, sent)) {
        const size = whole(bytes, this.#tokens.start[sent]!, this.#tokens.end[sent]!);
        if (size >= 0) batch.size[row] = Math.min(size, 0xffff_fffe);
      }
      if (batch.direction[row] !== 0) batch.direction[row] = 3 - batch.direction[row]!;
    } else if (flags & 2) {
      batch.tcp[row] = flags & 63;
      batch.flags[row]! |= Flag.tcpKnown;
    }
  }

  #readNfdump(bytes: Uint8Array, from: number, to: number, batch: Batch): Line {
    if (startsWith(bytes, from, to, SUMMARY) || startsWith(bytes, from, to, SUMS)) return Line.ignored;
    const tokens = this.#tokens;
    const columns = this.#columns;
    if (tokens.split(bytes, from, to, COMMA) !== this.#count) {
      return isSums(bytes, from, to, tokens.count) ? Line.ignored : Line.unreadable;
    }
    const { start, end } = tokens;
    const row = batch.count;
    if (!this.#readEnds(bytes, batch)) return Line.unreadable;
    const time = tokens.has(bytes, columns.start)
      ? readIsoTime(bytes, start[columns.start]!, end[columns.start]!, this.#clock)
      : Number.NaN;
    batch.time[row] = time;
    if (Number.isNaN(time)) batch.flags[row]! |= Flag.noTime;
    if (tokens.has(bytes, columns.duration)) {
      const millis = milliseconds(bytes, start[columns.duration]!, end[columns.duration]!);
      if (millis >= 0) batch.millis[row] = Math.min(millis, 0xffff_fffe);
    }
    const answers = this.#number(bytes, columns.answerPackets);
    const size = this.#number(bytes, columns.answerBytes);
    if (answers > 0 && size >= 0) batch.size[row] = Math.min(size, 0xffff_fffe);
    const flags =
      batch.protocol[row] === Protocol.tcp && tokens.has(bytes, columns.flags)
        ? readFlags(bytes, start[columns.flags]!, end[columns.flags]!)
        : 0;
    if (flags < 0) return Line.unreadable;
    // An exporter that tells no flags writes what a packet without flags has: then they are not known.
    if (flags > 0) {
      batch.tcp[row] = flags;
      batch.flags[row]! |= Flag.tcpKnown;
    }
    // RFC 7270: forwarding status, 128 to 191 is dropped.
    const forwarding = this.#number(bytes, columns.forwarding);
    const dropped = forwarding >= 128 && forwarding < 192;
    batch.outcome[row] = dropped ? Outcome.denied : outcomeOfFlow(batch, row, answers, size);
    return Line.row;
  }

  /** Addresses, protocol, ports and key of the row. False if they are not there. */
  #readEnds(bytes: Uint8Array, batch: Batch): boolean {
    const { start, end } = this.#tokens;
    const columns = this.#columns;
    const row = batch.count;
    batch.begin(row, Kind.flow);
    const source = takeAddress(bytes, start[columns.source]!, end[columns.source]!);
    if (source === Family.none) return false;
    batch.src[row] = words[3]!;
    if (source === Family.v6) batch.wide.set(words, 8 * row);
    if (takeAddress(bytes, start[columns.destination]!, end[columns.destination]!) !== source) return false;
    batch.dst[row] = words[3]!;
    if (source === Family.v6) batch.wide.set(words, 8 * row + 4);
    batch.flags[row] = source === Family.v6 ? Flag.v6 : 0;
    const protocol = readProtocol(bytes, start[columns.protocol]!, end[columns.protocol]!);
    batch.protocol[row] = protocol;
    const portAt = start[columns.destinationPort]!;
    const portEnd = end[columns.destinationPort]!;
    if (protocol === Protocol.tcp || protocol === Protocol.udp) {
      const sport = readPort(bytes, start[columns.sourcePort]!, end[columns.sourcePort]!);
      if (sport < 0 || readEnd !== end[columns.sourcePort]!) return false;
      const dport = readPort(bytes, portAt, portEnd);
      if (dport < 0 || readEnd !== portEnd) return false;
      batch.sport[row] = sport;
      batch.dport[row] = dport;
      keyOfEnds(batch, row);
    } else if (protocol === Protocol.icmp || protocol === Protocol.icmp6) {
      // nfdump writes type and code as a port, or with a point between; AWS writes 0.
      const type = readPort(bytes, portAt, portEnd);
      if (type >= 0 && readEnd < portEnd && bytes[readEnd] === DOT) {
        const code = readNumber(bytes, readEnd + 1, portEnd);
        if (type > 255 || code < 0 || code > 255 || readEnd !== portEnd) return false;
        batch.dport[row] = type * 256 + code;
      } else if (type >= 0 && readEnd === portEnd) batch.dport[row] = type;
    }
    return true;
  }

  /** The whole number in a column, -1 if there is none. */
  #number(bytes: Uint8Array, column: number): number {
    const tokens = this.#tokens;
    return tokens.has(bytes, column) ? whole(bytes, tokens.start[column]!, tokens.end[column]!) : -1;
  }

  #understand(header: string): Columns {
    const csv = header.includes(',');
    this.#separator = csv ? COMMA : SPACE;
    const fields = header.trim().split(csv ? /, */ : ' ');
    const columns = columnsOf(fields, WANTED);
    const { source, destination, sourcePort, destinationPort, protocol } = columns;
    const named = [source, destination, sourcePort, destinationPort, protocol].every((column) => column >= 0);
    // Under a header without them every line is unreadable, and says so.
    this.#count = named ? fields.length : -1;
    return columns;
  }
}

/** Whether a line names fields: AWS's, or nfdump's. */
function isHeader(bytes: Uint8Array, from: number, to: number): boolean {
  const first = bytes[from]!;
  // Records begin with a digit.
  if (first < 97 || first > 122) return false;
  if (startsWith(bytes, from, to, VERSION)) return true;
  const text = headerText(bytes, from, to).toLowerCase();
  if (/^[a-z][a-z_-]*( [a-z][a-z_-]*)+$/.test(text))
    return text.includes('srcaddr') && text.includes('dstaddr');
  return /^(?:ts|firstseen),/.test(text) && /,(?:sa|srcaddr|src[46]addr),/.test(text);
}

/** Whether a line is nfdump's sums behind the flows: six whole numbers. */
function isSums(bytes: Uint8Array, from: number, to: number, count: number): boolean {
  if (count !== 6) return false;
  for (let i = from; i < to; i++) if (bytes[i] !== COMMA && (bytes[i]! < 48 || bytes[i]! > 57)) return false;
  return true;
}

/** The whole number that fills [from, to), -1 if something else does. */
function whole(bytes: Uint8Array, from: number, to: number): number {
  const value = readNumber(bytes, from, to);
  return readEnd === to ? value : -1;
}

/** Milliseconds of seconds with a fraction, -1 if something else fills [from, to). */
function milliseconds(bytes: Uint8Array, from: number, to: number): number {
  const seconds = readNumber(bytes, from, to);
  if (seconds < 0 || readEnd === to) return seconds < 0 ? -1 : seconds * 1000;
  if (bytes[readEnd] !== DOT) return -1;
  const ms = fraction(bytes, readEnd + 1, to);
  return readEnd === to ? seconds * 1000 + ms : -1;
}

/** The format `flow` of contracts. */
export const flow: Format = {
  name: 'flow',
  syslog: 'maybe',
  sniff: (text) => {
    if (/^(?:ts|firstseen),.*,(?:sa|srcaddr|src4addr),/i.test(text)) return 2;
    if (/^version .*\bsrcaddr\b/.test(text) || /^[a-z_ -]*\bsrcaddr [a-z_ -]*dstaddr\b/.test(text)) return 2;
    if (/^\d+ \S+ \S+ \S+ \S+ \S+ \S+ \S+ \S+ \S+ \d+ \d+ \S+ (?:OK|NODATA|SKIPDATA)$/.test(text)) return 2;
    return /^\d{4}-\d\d-\d\d [\d:.]+,\d{4}-\d\d-\d\d [\d:.]+,[\d.]+,[0-9a-f.:]+,[0-9a-f.:]+,\d+,/i.test(text)
      ? 1
      : 0;
  },
  reader: (options) => new FlowReader(options),
  doc: {
    of: 'AWS VPC flow logs (S3 or CloudWatch export, default or custom fields); NetFlow and IPFIX as `nfdump -o csv`',
    contact:
      'The first record of one pair of ends (addresses, ports, protocol); records of the other direction and of later intervals are detail. Without TCP flags (AWS version 2) nobody can tell who began: add `tcp-flags` to the fields. NODATA and sums are ignored.',
    losses: "AWS's SKIPDATA: records were skipped, how many is not told. nfdump's CSV has no losses to read.",
    seen: 'No real line of AWS has been seen; records as AWS documents them, and nfdump 1.7 as Debian ships it.',
  },
};
