/**
 * Fortinet FortiGate (FortiOS 5 to 7): key=value lines of traffic, UTM (IPS, anomaly, WAF, ...) and events.
 *
 *     date=2026-10-09 time=10:00:00 devname="FG-1" logid="0000000013" type="traffic" subtype="forward" level="notice"
 *     vd="root" eventtime=1791554400841267391 tz="-0500" srcip=203.0.113.7 srcport=52344 ... dstip=198.18.1.10
 *     dstport=443 sessionid=105048 proto=6 action="close" duration=28 sentbyte=1188 rcvdbyte=12240 sentpkt=17 rcvdpkt=16
 *
 * Source of the format: docs.fortinet.com, FortiOS Log Message Reference (6.0 to 7.4). Values with spaces stand in
 * quotes, a quote inside escaped by a backslash. Order differs between releases, so keys are taken wherever they
 * stand; a line that gives a key that matters twice is unreadable, because then somebody wrote fields into a name.
 */
import { type Batch, Content, Direction, Flag, Kind, Outcome, Protocol } from '../contact.ts';
import { ascii, find } from './bytes.ts';
import type { Clock } from './clock.ts';
import { bounded, Composed, writeAccount, writeCount, writeText } from './composed.ts';
import { readTarget } from './content.ts';
import { Endpoints } from './endpoints.ts';
import type { Envelope } from './envelope.ts';
import { FortinetValues, messageStart, readWholeNumber } from './fortinet-values.ts';
import {
  ADMIN_PORTS,
  ALERT_ACTIONS,
  Key,
  ROLES,
  SIGNATURES,
  sessionOutcome,
  TRAFFIC_ACTIONS,
  TrafficAction,
} from './fortinet-words.ts';
import { readNotice } from './notices.ts';
import { readProtocol } from './protocols.ts';
import { type Format, Line, type LineReader, type ReaderOptions } from './reader.ts';
import { WordTable } from './words.ts';

const TYPES = new WordTable(['traffic', 'utm', 'anomaly', 'ips', 'waf', 'event'], true);
const Type = { traffic: 0, event: 5 } as const;

const VPN = ascii('vpn');
const SYSTEM = ascii('system');
const USER = ascii('user');
const SSL_LOGIN_FAIL = ascii('ssl-login-fail');
const TUNNEL_UP = ascii('tunnel-up');
const SSL = ascii('ssl');
const NEGOTIATE = ascii('negotiate');
const LOGIN = ascii('login');
const AUTHENTICATION = ascii('authentication');
const SUCCESS = ascii('success');
const FAIL = ascii('fail');
const NEGOTIATE_ERROR = ascii('negotiate_error');
const UNKNOWN_USER = ascii('unknown_user');
const NAME_INVALID = ascii('name_invalid');
const NOT_AVAILABLE = ascii('N/A');
const INCOMING = ascii('incoming');
const RESPONSE = ascii('response');
const BLOCK = ascii('block');
const INFO = ascii('info');

/** FortiGate's SSL VPN listens on 443 unless somebody moved it. */
const SSL_VPN_PORT = 443;

class FortinetReader implements LineReader {
  readonly #clock: Clock;
  readonly #values = new FortinetValues();
  readonly #endpoints = new Endpoints();
  readonly #key = new Composed();

  constructor(options: ReaderOptions) {
    this.#clock = options.clock;
  }

  readLine(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line {
    const start = messageStart(bytes, from, to);
    if (start < 0) return readNotice(bytes, from, to, envelope, batch);
    if (!this.#values.split(bytes, start, to)) return Line.unreadable;
    const type = TYPES.find(bytes, this.#values.start[Key.type]!, this.#values.end[Key.type]!);
    if (type === Type.event) return this.#readEvent(bytes, envelope, batch);
    if (type >= 0) return this.#readSession(bytes, envelope, batch, type === Type.traffic);
    return this.#values.has(Key.type) ? Line.ignored : Line.unreadable;
  }

  #readSession(bytes: Uint8Array, envelope: Envelope, batch: Batch, traffic: boolean): Line {
    const row = batch.count;
    batch.begin(row, traffic ? Kind.flow : Kind.alert);
    const { start, end } = this.#values;
    // Two of the logs of subtype event kind (SSL inspection, licences) have no addresses.
    if (!this.#values.has(Key.srcip) && !this.#values.has(Key.dstip))
      return traffic ? Line.unreadable : Line.ignored;
    const flags = this.#writeEndpoints(bytes, Key.srcip, Key.dstip, batch, row);
    if (flags < 0) return Line.unreadable;
    const protocol = readProtocol(bytes, start[Key.proto]!, end[Key.proto]!);
    batch.protocol[row] = protocol;
    if (protocol === Protocol.icmp || protocol === Protocol.icmp6) {
      const type = readWholeNumber(bytes, start[Key.icmptype]!, end[Key.icmptype]!, 16);
      const code = readWholeNumber(bytes, start[Key.icmpcode]!, end[Key.icmpcode]!, 16);
      if (type >= 0 && type < 256 && code < 256) batch.dport[row] = type * 256 + Math.max(0, code);
    } else {
      const sport = this.#values.port(bytes, Key.srcport);
      const dport = this.#values.port(bytes, Key.dstport);
      if (sport < 0 || dport < 0) return Line.unreadable;
      batch.sport[row] = sport;
      batch.dport[row] = dport;
    }
    this.#writeTime(bytes, envelope, batch, row, flags);
    this.#writeDirection(bytes, batch, row);
    if (this.#values.number(bytes, Key.sessionid) > 0) {
      this.#key.begin(bytes, start[Key.sessionid]!, end[Key.sessionid]!);
      this.#key.add(bytes, start[Key.srcport]!, end[Key.srcport]!);
      this.#key.writeKey(batch, row);
    }
    if (traffic) this.#writeTraffic(bytes, batch, row);
    else this.#writeAlert(bytes, batch, row);
    return Line.row;
  }

  #writeTraffic(bytes: Uint8Array, batch: Batch, row: number): void {
    const action = TRAFFIC_ACTIONS.find(
      bytes,
      this.#values.start[Key.action]!,
      this.#values.end[Key.action]!,
    );
    if (action === TrafficAction.deny || action < 0) {
      batch.outcome[row] = action < 0 ? Outcome.unknown : Outcome.denied;
      return;
    }
    if (action === TrafficAction.start) {
      batch.outcome[row] = Outcome.accepted;
      return;
    }
    const received = this.#values.number(bytes, Key.rcvdbyte);
    const duration = this.#values.number(bytes, Key.duration);
    if (received >= 0) batch.size[row] = bounded(received);
    if (duration >= 0) batch.millis[row] = bounded(duration * 1000);
    const outcome = sessionOutcome(
      action,
      batch.protocol[row]!,
      (batch.flags[row]! & Flag.v6) !== 0,
      received,
      this.#values.number(bytes, Key.rcvdpkt),
    );
    const cutByUtm = outcome !== Outcome.established && this.#values.begins(bytes, Key.utmaction, BLOCK);
    batch.outcome[row] = cutByUtm ? Outcome.blocked : outcome;
  }

  #writeAlert(bytes: Uint8Array, batch: Batch, row: number): void {
    const { start, end } = this.#values;
    const action = ALERT_ACTIONS.find(bytes, start[Key.action]!, end[Key.action]!);
    batch.outcome[row] = action < 0 ? Outcome.unknown : action;
    writeCount(this.#values.number(bytes, Key.count), batch, row);
    if (this.#values.has(Key.url) && bytes[start[Key.url]!] === 47)
      readTarget(bytes, start[Key.url]!, end[Key.url]!, batch, row);
    // What came back to the client ("incoming") is no deed of the source.
    const answer =
      this.#values.is(bytes, Key.direction, INCOMING) || this.#values.is(bytes, Key.direction, RESPONSE);
    const attack = SIGNATURES.find(bytes, start[Key.subtype]!, end[Key.subtype]!) >= 0;
    if (attack && !answer && !this.#values.begins(bytes, Key.severity, INFO))
      batch.content[row] = batch.content[row]! | Content.signature;
    if (this.#values.has(Key.attack)) writeText(start[Key.attack]!, end[Key.attack]!, batch, row);
  }

  #readEvent(bytes: Uint8Array, envelope: Envelope, batch: Batch): Line {
    if (this.#values.is(bytes, Key.subtype, VPN)) return this.#readVpn(bytes, envelope, batch);
    if (this.#values.is(bytes, Key.subtype, SYSTEM)) {
      // "Admin login disabled" after too many failures names no user, and is no attempt.
      if (!this.#values.is(bytes, Key.action, LOGIN) || !this.#values.has(Key.user)) return Line.ignored;
    } else if (
      !this.#values.is(bytes, Key.subtype, USER) ||
      !this.#values.is(bytes, Key.action, AUTHENTICATION)
    ) {
      return Line.ignored;
    }
    const outcome = this.#values.begins(bytes, Key.status, SUCCESS)
      ? Outcome.succeeded
      : this.#values.begins(bytes, Key.status, FAIL)
        ? Outcome.failed
        : Outcome.unknown;
    if (outcome === Outcome.unknown) return Line.ignored;
    const said = this.#readLogin(bytes, envelope, batch, Key.srcip, Key.dstip, outcome);
    const port = ADMIN_PORTS.find(bytes, this.#values.start[Key.method]!, this.#values.end[Key.method]!);
    if (said === Line.row && port > 0) batch.dport[batch.count] = port;
    return said;
  }

  #readVpn(bytes: Uint8Array, envelope: Envelope, batch: Batch): Line {
    const row = batch.count;
    if (this.#values.is(bytes, Key.action, NEGOTIATE)) {
      // IPsec: a peer that we talk to, or a scanner of UDP 500.
      if (
        !this.#values.begins(bytes, Key.status, FAIL) &&
        !this.#values.is(bytes, Key.status, NEGOTIATE_ERROR)
      )
        return Line.ignored;
      batch.begin(row, Kind.flow);
      const flags = this.#writeEndpoints(bytes, Key.remip, Key.locip, batch, row);
      if (flags < 0) return Line.unreadable;
      batch.protocol[row] = Protocol.udp;
      batch.sport[row] = Math.max(0, this.#values.port(bytes, Key.remport));
      batch.dport[row] = Math.max(0, this.#values.port(bytes, Key.locport));
      batch.outcome[row] = Outcome.rejected;
      if (this.#values.has(Key.cookies)) {
        this.#key.begin(bytes, this.#values.start[Key.cookies]!, this.#values.end[Key.cookies]!);
        this.#key.writeKey(batch, row);
      }
      this.#writeTime(bytes, envelope, batch, row, flags);
      return Line.row;
    }
    const failed = this.#values.is(bytes, Key.action, SSL_LOGIN_FAIL);
    const up =
      this.#values.is(bytes, Key.action, TUNNEL_UP) && this.#values.begins(bytes, Key.tunneltype, SSL);
    if (!failed && !up) return Line.ignored;
    const outcome = failed ? Outcome.failed : Outcome.succeeded;
    const said = this.#readLogin(bytes, envelope, batch, Key.remip, Key.locip, outcome);
    if (said !== Line.row) return said;
    batch.dport[row] = SSL_VPN_PORT;
    // Web mode and tunnel mode of one login come up one after the other, with one number.
    if (up && this.#values.number(bytes, Key.tunnelid) > 0) {
      this.#key.begin(bytes, this.#values.start[Key.tunnelid]!, this.#values.end[Key.tunnelid]!);
      this.#key.add(bytes, this.#values.start[Key.remip]!, this.#values.end[Key.remip]!);
      this.#key.writeKey(batch, row);
    }
    return Line.row;
  }

  #readLogin(
    bytes: Uint8Array,
    envelope: Envelope,
    batch: Batch,
    source: Key,
    destination: Key,
    outcome: Outcome,
  ): Line {
    const row = batch.count;
    batch.begin(row, Kind.login);
    let flags = this.#writeEndpoints(bytes, source, destination, batch, row);
    if (flags < 0) return Line.unreadable;
    batch.outcome[row] = outcome;
    batch.protocol[row] = Protocol.tcp;
    const reasonAt = this.#values.start[Key.reason]!;
    const reasonEnd = this.#values.end[Key.reason]!;
    if (reasonAt >= 0 && outcome === Outcome.failed) {
      const unknown = find(bytes, UNKNOWN_USER, reasonAt, reasonEnd) >= 0;
      if (unknown || find(bytes, NAME_INVALID, reasonAt, reasonEnd) >= 0) flags |= Flag.invalidAccount;
    }
    if (!this.#values.is(bytes, Key.user, NOT_AVAILABLE)) {
      writeAccount(bytes, this.#values.start[Key.user]!, this.#values.end[Key.user]!, batch, row);
      writeText(this.#values.start[Key.user]!, this.#values.end[Key.user]!, batch, row);
    }
    this.#writeTime(bytes, envelope, batch, row, flags);
    return Line.row;
  }

  #writeEndpoints(bytes: Uint8Array, source: Key, destination: Key, batch: Batch, row: number): number {
    const endpoints = this.#endpoints;
    endpoints.clear();
    if (!endpoints.takeSource(bytes, this.#values.start[source]!, this.#values.end[source]!)) return -1;
    if (!endpoints.takeDestination(bytes, this.#values.start[destination]!, this.#values.end[destination]!))
      return -1;
    return endpoints.write(batch, row);
  }

  #writeDirection(bytes: Uint8Array, batch: Batch, row: number): void {
    const source = ROLES.find(
      bytes,
      this.#values.start[Key.srcintfrole]!,
      this.#values.end[Key.srcintfrole]!,
    );
    const destination = ROLES.find(
      bytes,
      this.#values.start[Key.dstintfrole]!,
      this.#values.end[Key.dstintfrole]!,
    );
    if (source < 0 || destination < 0) return;
    if (source === 1) batch.direction[row] = destination === 1 ? Direction.internal : Direction.outbound;
    else if (destination === 1) batch.direction[row] = Direction.inbound;
  }

  #writeTime(bytes: Uint8Array, envelope: Envelope, batch: Batch, row: number, flags: number): void {
    const time = this.#values.time(bytes, this.#clock, envelope);
    batch.time[row] = time;
    batch.host[row] = envelope.host;
    batch.flags[row] = Number.isNaN(time) ? flags | Flag.noTime : flags;
  }
}

/** The format `fortinet` of contracts. */
export const fortinet: Format = {
  name: 'fortinet',
  syslog: 'always',
  sniff: (text) =>
    /^(<\d+>)?(date|logver|devname|devid|logid|timestamp|itime|idseq|eventtime|type|vd|tz)=/.test(text) &&
    /\btype="?(traffic|utm|event|anomaly|ips)"? /.test(text)
      ? 2
      : 0,
  reader: (options) => new FortinetReader(options),
  doc: {
    of: 'Fortinet FortiGate (FortiOS 5 to 7): key=value lines of traffic, UTM and event logs',
    contact:
      'Each traffic line is a session, each UTM line an alert; lines of one session share a key. Logins: SSL VPN ' +
      '`ssl-login-fail` and `tunnel-up`, `action=login` of administrators, `action=authentication` of users. ' +
      'IPsec negotiations that failed are flows. Other events are ignored. A TCP session is established only if more ' +
      'came back than handshakes take.',
    losses: 'FortiOS has no log message with a count of lost lines.',
    seen:
      'Real lines: crowdsecurity/hub, fortinet-vpn-bf (MIT). Traffic and UTM from the FortiOS Log Message Reference: ' +
      'no real line is in the tests. CrowdSec gives the user `N/A`, which means that the line names none.',
  },
};
