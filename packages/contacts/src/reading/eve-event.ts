/**
 * One event of Suricata's EVE log into a row, from the values that a scanner found.
 *
 * A flow, a request, an alert and a dropped packet each begin a row; all of one flow share its `flow_id` as key. `flow`,
 * `http` and the other protocols' events name the client as source. `alert` and `drop` name the sender of the packet,
 * which may be the server: `direction` or the flow's own addresses (7.0) turn them round.
 */
import { type Batch, Content, Flag, Kind, Outcome, Protocol, Tcp, UNKNOWN_U32 } from '../contact.ts';
import { noteCounter } from '../losses.ts';
import { ascii, mix32, readEnd } from './bytes.ts';
import { addressInto, Found } from './cells.ts';
import type { Clock } from './clock.ts';
import { readAgent, readTarget } from './content.ts';
import { Eve, type Values } from './eve-fields.ts';
import { readFlow } from './eve-flow.ts';
import { isAttack } from './eve-signatures.ts';
import { isText, numberAt, portAt, protocolAt } from './eve-values.ts';
import { readIsoTime } from './iso-time.ts';
import { Json, unescapeJson } from './json.ts';
import { Line } from './reader.ts';

const MAX_U32 = UNKNOWN_U32 - 1;
const MAX_TEXT = 0xffff;
/** Longest text that is unescaped: as long as any request target that a server takes. */
const MAX_UNESCAPED = 16_384;
const plain = new Uint8Array(MAX_UNESCAPED);

/** What `event_type` says. */
const Type = {
  other: 0,
  flow: 1,
  http: 2,
  alert: 3,
  drop: 4,
  netflow: 5,
  stats: 6,
  aside: 7,
  dns: 8,
} as const;
type Type = (typeof Type)[keyof typeof Type];

/** Reads events into rows. One per file. */
export class EveEvents {
  readonly #clock: Clock;
  /** When the file's first event was written, milliseconds UTC; NaN before it. */
  since: number;

  constructor(clock: Clock, since: number) {
    this.#clock = clock;
    this.since = since;
  }

  /** Notes when the event with these values was written, if it is the first. */
  noteFirst(bytes: Uint8Array, values: Values): void {
    if (Number.isNaN(this.since)) this.since = this.#time(bytes, values, Eve.timestamp);
  }

  /** Fills row `batch.count` with the event whose values are given. */
  read(bytes: Uint8Array, values: Values, batch: Batch): Line {
    const type = typeOf(bytes, values);
    if (type < 0) return Line.unreadable;
    this.noteFirst(bytes, values);
    if (type === Type.stats) return this.#readStats(bytes, values, batch);
    if (values.type[Eve.srcIp] === Json.absent || values.type[Eve.destIp] === Json.absent)
      return Line.ignored;
    const row = batch.count;
    batch.begin(row, type === Type.http ? Kind.web : Kind.flow);
    batch.outcome[row] = Outcome.unknown;

    const at = type === Type.flow ? Eve.start : type === Type.netflow ? Eve.netflowStart : Eve.timestamp;
    // A flow is told when it has ended: when it began is the time of the contact.
    const time = this.#time(bytes, values, values.type[at] === Json.string ? at : Eve.timestamp);
    if (Number.isNaN(time)) return Line.unreadable;
    batch.time[row] = time;
    let flags = readEnds(bytes, values, batch, row, type === Type.alert || type === Type.drop);
    if (flags < 0) return Line.unreadable;
    const hasKey = readKey(bytes, values, batch, row);
    switch (type) {
      case Type.flow:
        flags |= readFlow(bytes, values, batch, row);
        break;
      case Type.http:
        flags |= readHttp(bytes, values, batch, row);
        break;
      case Type.alert:
        flags |= readAlert(bytes, values, batch, row);
        break;
      case Type.drop:
        flags |= readDrop(bytes, values, batch, row);
        break;
      case Type.netflow:
        readNetflow(bytes, values, batch, row);
        break;
      case Type.aside:
        // Files and anomalies go with a flow that other events tell of, and may name its server as source.
        if (!hasKey) return Line.ignored;
        flags |= Flag.detail;
        break;
      case Type.dns:
        if (isAnswer(bytes, values)) batch.outcome[row] = Outcome.established;
        break;
      default:
        // A parser of an application protocol has seen both sides of a session, or there is no handshake to see.
        if (batch.protocol[row] === Protocol.tcp) batch.outcome[row] = Outcome.established;
    }
    batch.flags[row] = flags;
    return Line.row;
  }

  #time(bytes: Uint8Array, values: Values, path: Eve): number {
    if (values.type[path] !== Json.string) return Number.NaN;
    const end = values.end[path]!;
    const time = readIsoTime(bytes, values.start[path]!, end, this.#clock);
    return readEnd === end ? time : Number.NaN;
  }

  /**
   * Counts what Suricata itself lost: packets that the kernel dropped before it, and flows that found no memory. The
   * counters run from its start, so what was lost is the difference to the stats event before, or the `_delta` where
   * those are written. The first one of a file counts whole if Suricata was started when the file begins, else how much
   * of it belongs to the file is not known.
   */
  #readStats(bytes: Uint8Array, values: Values, batch: Batch): Line {
    const drops = numberAt(bytes, values, Eve.kernelDropsDelta);
    const memcap = numberAt(bytes, values, Eve.flowMemcapDelta);
    if (drops >= 0 || memcap >= 0) {
      batch.lost += Math.max(0, drops) + Math.max(0, memcap);
      return Line.ignored;
    }
    const dropped = Math.max(0, numberAt(bytes, values, Eve.kernelDrops));
    const lost = dropped + Math.max(0, numberAt(bytes, values, Eve.flowMemcap));
    const started = this.#time(bytes, values, Eve.timestamp) - numberAt(bytes, values, Eve.uptime) * 1000;
    const fromZero = values.type[Eve.uptime] === Json.number && started >= this.since - START_MS;
    noteCounter(batch, lost, fromZero);
    return Line.ignored;
  }
}

/** Suricata loads its rules for minutes before it writes its first event. */
const START_MS = 600_000;

const FLOW = ascii('flow');
const HTTP = ascii('http');
const ALERT = ascii('alert');
const DROP = ascii('drop');
const NETFLOW = ascii('netflow');
const STATS = ascii('stats');
const DNS = ascii('dns');
const FILEINFO = ascii('fileinfo');
const ANOMALY = ascii('anomaly');

function typeOf(bytes: Uint8Array, values: Values): Type | -1 {
  if (values.type[Eve.eventType] !== Json.string) return -1;
  if (isText(bytes, values, Eve.eventType, FLOW)) return Type.flow;
  if (isText(bytes, values, Eve.eventType, ALERT)) return Type.alert;
  if (isText(bytes, values, Eve.eventType, HTTP)) return Type.http;
  if (isText(bytes, values, Eve.eventType, DNS)) return Type.dns;
  if (isText(bytes, values, Eve.eventType, DROP)) return Type.drop;
  if (isText(bytes, values, Eve.eventType, STATS)) return Type.stats;
  if (isText(bytes, values, Eve.eventType, NETFLOW)) return Type.netflow;
  if (isText(bytes, values, Eve.eventType, FILEINFO)) return Type.aside;
  return isText(bytes, values, Eve.eventType, ANOMALY) ? Type.aside : Type.other;
}

const TO_CLIENT = ascii('to_client');

/** Addresses, ports and protocol. Returns flags, -1 if they cannot be read. `perPacket`: source is who sent the packet. */
function readEnds(bytes: Uint8Array, values: Values, batch: Batch, row: number, perPacket: boolean): number {
  let source: Eve = Eve.srcIp;
  let destination: Eve = Eve.destIp;
  let sourcePort: Eve = Eve.srcPort;
  let destinationPort: Eve = Eve.destPort;
  if (perPacket) {
    if (values.type[Eve.flowSrcIp] === Json.string && values.type[Eve.flowDestIp] === Json.string) {
      source = Eve.flowSrcIp;
      destination = Eve.flowDestIp;
      sourcePort = Eve.flowSrcPort;
      destinationPort = Eve.flowDestPort;
    } else if (isText(bytes, values, Eve.direction, TO_CLIENT)) {
      source = Eve.destIp;
      destination = Eve.srcIp;
      sourcePort = Eve.destPort;
      destinationPort = Eve.srcPort;
    }
  }
  const { start, end, type } = values;
  if (type[source] !== Json.string || type[destination] !== Json.string) return -1;
  const family = addressInto(bytes, start[source]!, end[source]!, batch.src, row, batch.wide, 0);
  if (family === Found.none) return -1;
  if (addressInto(bytes, start[destination]!, end[destination]!, batch.dst, row, batch.wide, 4) !== family)
    return -1;
  const protocol = protocolAt(bytes, values, family);
  if (protocol < 0) return -1;
  batch.protocol[row] = protocol;
  const sport = portAt(bytes, values, sourcePort);
  const dport = portAt(bytes, values, destinationPort);
  if (sport < 0 || dport < 0) return -1;
  if (protocol === Protocol.icmp || protocol === Protocol.icmp6) {
    const icmpType = numberAt(bytes, values, Eve.icmpType);
    const code = Math.max(0, numberAt(bytes, values, Eve.icmpCode));
    if (icmpType > 255 || code > 255) return -1;
    if (icmpType >= 0) batch.dport[row] = icmpType * 256 + code;
  } else {
    batch.sport[row] = sport;
    batch.dport[row] = dport;
  }
  return family === Found.v6 ? Flag.v6 : 0;
}

/** Writes the key of `flow_id`: its last nine digits and the ones before, each mixed. False if there is none. */
function readKey(bytes: Uint8Array, values: Values, batch: Batch, row: number): boolean {
  const type = values.type[Eve.flowId];
  if (type !== Json.number && type !== Json.string) return false;
  const from = values.start[Eve.flowId]!;
  const to = values.end[Eve.flowId]!;
  const middle = Math.max(from, to - 9);
  let high = 0;
  let low = 0;
  for (let i = from; i < to; i++) {
    const digit = bytes[i]! - 48;
    if (digit < 0 || digit > 9) return false;
    if (i < middle) high = (Math.imul(high, 10) + digit) | 0;
    else low = low * 10 + digit;
  }
  if (from >= to) return false;
  batch.key0[row] = mix32(low);
  batch.key1[row] = mix32(high ^ KEY_SALT) | 1;
  return true;
}
/** Keeps small ids apart from the empty key. */
const KEY_SALT = 0x1e3779b9;

/** NetFlow of one direction: which of the two it is, and whether there is another, the event does not say. */
function readNetflow(bytes: Uint8Array, values: Values, batch: Batch, row: number): void {
  const age = numberAt(bytes, values, Eve.netflowAge);
  if (age >= 0) batch.millis[row] = Math.min(age * 1000, MAX_U32);
  batch.outcome[row] = Outcome.oneSided;
}

function readHttp(bytes: Uint8Array, values: Values, batch: Batch, row: number): number {
  const status = numberAt(bytes, values, Eve.status);
  if (status >= 0 && status <= 999) {
    batch.status[row] = status;
    batch.outcome[row] = Outcome.answered;
  }
  const size = numberAt(bytes, values, Eve.length);
  if (size >= 0) batch.size[row] = Math.min(size, MAX_U32);
  readContent(bytes, values, batch, row);
  return forwarded(values, batch, row);
}

/** Request target and user agent, escapes of JSON taken out. */
function readContent(bytes: Uint8Array, values: Values, batch: Batch, row: number): void {
  const { start, end, type } = values;
  if (type[Eve.url] === Json.string) {
    readTarget(bytes, start[Eve.url]!, end[Eve.url]!, batch, row);
  } else if (type[Eve.url] === Json.escaped) {
    readTarget(plain, 0, unescapeJson(bytes, start[Eve.url]!, end[Eve.url]!, plain), batch, row);
    point(values, Eve.url, batch, row);
  }
  if (type[Eve.userAgent] === Json.string) {
    batch.content[row]! |= readAgent(bytes, start[Eve.userAgent]!, end[Eve.userAgent]!);
  } else if (type[Eve.userAgent] === Json.escaped) {
    const length = unescapeJson(bytes, start[Eve.userAgent]!, end[Eve.userAgent]!, plain);
    batch.content[row]! |= readAgent(plain, 0, length);
  }
}

function point(values: Values, path: Eve, batch: Batch, row: number): void {
  batch.textAt[row] = values.start[path]!;
  batch.textLength[row] = Math.min(values.end[path]! - values.start[path]!, MAX_TEXT);
}

/** The header that names the client: with the request, or put beside the event (`xff: extra-data`). */
function forwarded(values: Values, batch: Batch, row: number): number {
  const { start, end, type } = values;
  let path: Eve = Eve.httpForwarded;
  if (type[path] !== Json.string) path = Eve.httpXff;
  if (type[path] !== Json.string) path = Eve.xff;
  if (type[path] !== Json.string) return 0;
  batch.forwardedAt[row] = start[path]!;
  batch.forwardedLength[row] = Math.min(end[path]! - start[path]!, MAX_TEXT);
  return Flag.forwarded;
}

const BLOCKED = ascii('blocked');

function readAlert(bytes: Uint8Array, values: Values, batch: Batch, row: number): number {
  batch.kind[row] = Kind.alert;
  readContent(bytes, values, batch, row);
  const status = numberAt(bytes, values, Eve.status);
  if (status >= 0 && status <= 999) batch.status[row] = status;
  if (isText(bytes, values, Eve.alertAction, BLOCKED)) batch.outcome[row] = Outcome.blocked;
  if (isAttack(bytes, values)) batch.content[row]! |= Content.signature;
  const type = values.type[Eve.signature];
  if (type === Json.string || type === Json.escaped) point(values, Eve.signature, batch, row);
  else batch.textLength[row] = 0;
  return forwarded(values, batch, row);
}

const RULES = ascii('rules');
const FLAG_PATHS = [
  [Eve.dropFin, Tcp.fin],
  [Eve.dropSyn, Tcp.syn],
  [Eve.dropRst, Tcp.rst],
  [Eve.dropPsh, Tcp.psh],
  [Eve.dropAck, Tcp.ack],
  [Eve.dropUrg, Tcp.urg],
] as const;

/** A packet that Suricata dropped: by its rules (also where old versions give no reason), or for want of something. */
function readDrop(bytes: Uint8Array, values: Values, batch: Batch, row: number): number {
  batch.kind[row] = Kind.packet;
  const byRule = values.type[Eve.dropReason] === Json.absent || isText(bytes, values, Eve.dropReason, RULES);
  batch.outcome[row] = byRule ? Outcome.blocked : Outcome.denied;
  const { type } = values;
  if (type[Eve.dropSyn] !== Json.true && type[Eve.dropSyn] !== Json.false) return 0;
  let tcp = 0;
  for (let i = 0; i < FLAG_PATHS.length; i++) {
    const [path, flag] = FLAG_PATHS[i]!;
    if (type[path] === Json.true) tcp |= flag;
  }
  batch.tcp[row] = tcp;
  return batch.protocol[row] === Protocol.tcp ? Flag.tcpKnown : 0;
}

const ANSWER = ascii('answer');
const RESPONSE = ascii('response');

function isAnswer(bytes: Uint8Array, values: Values): boolean {
  return isText(bytes, values, Eve.dnsType, ANSWER) || isText(bytes, values, Eve.dnsType, RESPONSE);
}
