/**
 * Palo Alto Networks firewalls (PAN-OS, Panorama): the default CSV of syslog forwarding.
 *
 *     1,2026/10/09 10:00:00,0123,TRAFFIC,end,2561,2026/10/09 09:59:58,192.0.2.7,198.18.0.9,0.0.0.0,0.0.0.0,rule,...
 *
 * Source of the format: docs.paloaltonetworks.com, "Syslog Field Descriptions" (Traffic, Threat, GlobalProtect, System),
 * PAN-OS 8.1 to 11.1: columns are only ever added at the end. A field with a comma or a quote stands in quotes, quotes
 * doubled, so names, URLs and user agents cannot move a column. Sources and destinations are those of the session's
 * first packet, whoever attacked whom in it.
 */
import { type Batch, Content, Flag, Kind, Outcome, Protocol } from '../contact.ts';
import { ascii, startsWith } from './bytes.ts';
import type { Clock } from './clock.ts';
import { bounded, Composed, writeAccount, writeCount, writeQuotedAccount, writeText } from './composed.ts';
import { readTarget } from './content.ts';
import { Endpoints } from './endpoints.ts';
import type { Envelope } from './envelope.ts';
import { readNotice } from './notices.ts';
import {
  ACTIONS,
  Action,
  ATTACKS,
  Column,
  messageStart,
  PaloAltoLine,
  Portal,
  System,
  Threat,
  Traffic,
  TYPES,
  Type,
} from './paloalto-columns.ts';
import { readSystemLogin, systemLogin } from './paloalto-system.ts';
import { readProtocol } from './protocols.ts';
import { type Format, Line, type LineReader, type ReaderOptions } from './reader.ts';

const START = ascii('start');
const URL = ascii('url');
const TCP_RESET = ascii('tcp-rst-from-server');
const THREAT = ascii('threat');
const POLICY_DENY = ascii('policy-deny');
const INCOMPLETE = ascii('incomplete');
const INFORMATIONAL = ascii('informational');
const FROM_SERVER = ascii('server-to-client');
const AUTH = ascii('auth');
const SUCCESS = ascii('success');
const FAILURE = ascii('failure');

class PaloAltoReader implements LineReader {
  readonly #clock: Clock;
  readonly #line = new PaloAltoLine();
  readonly #endpoints = new Endpoints();
  readonly #key = new Composed();
  #host = 0;

  constructor(options: ReaderOptions) {
    this.#clock = options.clock;
  }

  readLine(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line {
    const start = messageStart(bytes, from, to, envelope);
    if (start < 0) return readNotice(bytes, from, to, envelope, batch);
    this.#host = start < from ? 0 : envelope.host;
    const line = this.#line;
    if (!line.read(bytes, start, to)) return Line.unreadable;
    switch (TYPES.find(bytes, line.start[Column.type]!, line.end[Column.type]!)) {
      case Type.traffic:
        return this.#readSession(bytes, envelope, batch, true);
      case Type.threat:
        return this.#readSession(bytes, envelope, batch, false);
      case Type.globalProtect:
        return this.#readPortal(bytes, envelope, batch);
      case Type.system:
        return this.#readSystem(bytes, envelope, batch);
      default:
        // CONFIG, HIP-MATCH, USERID, DECRYPTION, CORRELATION, ...: the firewall's own affairs.
        return Line.ignored;
    }
  }

  #readSession(bytes: Uint8Array, envelope: Envelope, batch: Batch, traffic: boolean): Line {
    const { start, end } = this.#line;
    // The field behind the last one needed must be there: else that one may be cut.
    if (this.#line.count <= Column.action + 1) return Line.unreadable;
    const row = batch.count;
    batch.begin(row, traffic ? Kind.flow : Kind.alert);
    const endpoints = this.#endpoints;
    endpoints.clear();
    if (!endpoints.takeSource(bytes, start[Column.source]!, end[Column.source]!)) return Line.unreadable;
    if (!endpoints.takeDestination(bytes, start[Column.destination]!, end[Column.destination]!))
      return Line.unreadable;
    const flags = endpoints.write(batch, row);
    if (flags < 0) return Line.unreadable;
    const protocol = readProtocol(bytes, start[Column.protocol]!, end[Column.protocol]!);
    batch.protocol[row] = protocol;
    const sourcePort = this.#line.port(bytes, Column.sourcePort);
    const destinationPort = this.#line.port(bytes, Column.destinationPort);
    if (sourcePort < 0 || destinationPort < 0) return Line.unreadable;
    if (protocol === Protocol.tcp || protocol === Protocol.udp) {
      batch.sport[row] = sourcePort;
      batch.dport[row] = destinationPort;
    }
    this.#writeTime(bytes, this.#line.precise(), envelope, batch, row, flags);
    if (this.#line.number(bytes, Column.session) !== 0) {
      const key = this.#key;
      key.begin(bytes, start[Column.serial]!, end[Column.serial]!);
      key.add(bytes, start[Column.session]!, end[Column.session]!);
      key.add(bytes, start[Column.sourcePort]!, end[Column.sourcePort]!);
      key.writeKey(batch, row);
    }
    writeCount(this.#line.number(bytes, Column.count), batch, row);
    const action = ACTIONS.find(bytes, start[Column.action]!, end[Column.action]!);
    if (traffic) this.#writeTraffic(bytes, action, batch, row);
    else this.#writeThreat(bytes, action, batch, row);
    return Line.row;
  }

  #writeTraffic(bytes: Uint8Array, action: number, batch: Batch, row: number): void {
    if (action !== Action.allow) {
      batch.outcome[row] = action === Action.deny ? Outcome.denied : Outcome.unknown;
      return;
    }
    if (this.#line.is(bytes, Column.subtype, START)) {
      batch.outcome[row] = Outcome.accepted;
      return;
    }
    const received = this.#line.number(bytes, Traffic.received);
    if (received >= 0) batch.size[row] = bounded(received);
    const elapsed = this.#line.number(bytes, Traffic.elapsed);
    if (elapsed >= 0) batch.millis[row] = bounded(elapsed * 1000);
    batch.outcome[row] = this.#sessionOutcome(bytes, received, batch.protocol[row]!);
  }

  /**
   * What an allowed session came to. PAN-OS calls the application of a TCP session `incomplete` where the handshake
   * was not completed or no data followed: there a forged SYN and the reset that answers our SYN-ACK look the same as
   * a visitor, so it is no more than let in.
   */
  #sessionOutcome(bytes: Uint8Array, received: number, protocol: number): Outcome {
    if (this.#line.is(bytes, Traffic.reason, POLICY_DENY)) return Outcome.denied;
    if (received < 0) return Outcome.accepted;
    if (received > 0) {
      if (protocol !== Protocol.tcp || !this.#line.is(bytes, Column.application, INCOMPLETE))
        return Outcome.established;
      const reset = this.#line.is(bytes, Traffic.reason, TCP_RESET);
      return reset && this.#line.number(bytes, Traffic.packetsReceived) === 1
        ? Outcome.rejected
        : Outcome.accepted;
    }
    return this.#line.is(bytes, Traffic.reason, THREAT) ? Outcome.blocked : Outcome.noAnswer;
  }

  #writeThreat(bytes: Uint8Array, action: number, batch: Batch, row: number): void {
    const { start, end } = this.#line;
    if (this.#line.is(bytes, Column.subtype, URL)) {
      // A request of the session: `www.example.com/path?query`.
      batch.kind[row] = Kind.web;
      batch.outcome[row] =
        action === Action.deny ? Outcome.blocked : action > 0 ? Outcome.accepted : Outcome.unknown;
      let path = start[Threat.url]!;
      const pathEnd = end[Threat.url]!;
      while (path < pathEnd && bytes[path] !== 47) path++;
      if (path < pathEnd) readTarget(bytes, path, pathEnd, batch, row);
      return;
    }
    batch.outcome[row] = action === Action.deny ? Outcome.blocked : Outcome.unknown;
    if (!this.#line.has(Threat.name)) return;
    writeText(start[Threat.name]!, end[Threat.name]!, batch, row);
    const attack = ATTACKS.find(bytes, start[Column.subtype]!, end[Column.subtype]!) >= 0;
    const serious = this.#line.has(Threat.severity) && !this.#line.is(bytes, Threat.severity, INFORMATIONAL);
    // What a server sends back is no deed of the source.
    if (attack && serious && !this.#line.is(bytes, Threat.direction, FROM_SERVER))
      batch.content[row] = Content.signature;
  }

  #readPortal(bytes: Uint8Array, envelope: Envelope, batch: Batch): Line {
    const { start, end } = this.#line;
    if (this.#line.count <= Portal.status + 1) return Line.unreadable;
    // Of the steps of one connection (prelogin, auth, register, config, connected) one is the attempt to sign in.
    const event = end[Portal.event]! - AUTH.length;
    if (!startsWith(bytes, event, end[Portal.event]!, AUTH) || event < start[Portal.event]!)
      return Line.ignored;
    const row = batch.count;
    batch.begin(row, Kind.login);
    const endpoints = this.#endpoints;
    endpoints.clear();
    if (!endpoints.takeSource(bytes, start[Portal.address]!, end[Portal.address]!)) return Line.unreadable;
    if (!endpoints.hasSource) {
      if (!endpoints.takeSource(bytes, start[Portal.addressV6]!, end[Portal.addressV6]!))
        return Line.unreadable;
    }
    const flags = endpoints.write(batch, row);
    batch.outcome[row] = this.#line.is(bytes, Portal.status, SUCCESS)
      ? Outcome.succeeded
      : this.#line.is(bytes, Portal.status, FAILURE)
        ? Outcome.failed
        : Outcome.unknown;
    batch.dport[row] = PORTAL_PORT;
    batch.protocol[row] = Protocol.tcp;
    writeCount(this.#line.number(bytes, Portal.count), batch, row);
    this.#writeUser(bytes, Portal.user, start[Portal.user]!, end[Portal.user]!, batch, row);
    this.#writeTime(bytes, Portal.precise, envelope, batch, row, flags);
    return Line.row;
  }

  #readSystem(bytes: Uint8Array, envelope: Envelope, batch: Batch): Line {
    const { start, end } = this.#line;
    if (this.#line.count <= System.description + 1) return Line.unreadable;
    const outcome = readSystemLogin(
      bytes,
      start[System.event]!,
      end[System.event]!,
      start[System.description]!,
      end[System.description]!,
    );
    if (outcome === Outcome.unknown) return Line.ignored;
    const row = batch.count;
    batch.begin(row, Kind.login);
    const endpoints = this.#endpoints;
    endpoints.clear();
    const login = systemLogin;
    // What stands where the address should be may be `(null)`: then the login came from the console.
    if (!endpoints.takeSource(bytes, login.addressAt, login.addressEnd)) endpoints.clear();
    const flags = endpoints.write(batch, row);
    batch.outcome[row] = outcome;
    batch.protocol[row] = Protocol.tcp;
    if (login.portal) batch.dport[row] = PORTAL_PORT;
    this.#writeUser(bytes, System.description, login.userAt, login.userEnd, batch, row);
    this.#writeTime(bytes, System.precise, envelope, batch, row, flags);
    return Line.row;
  }

  #writeUser(bytes: Uint8Array, column: number, from: number, to: number, batch: Batch, row: number): void {
    if (this.#line.doubled[column] === 1) writeQuotedAccount(bytes, from, to, batch, row);
    else writeAccount(bytes, from, to, batch, row);
    writeText(from, to, batch, row);
  }

  #writeTime(
    bytes: Uint8Array,
    precise: number,
    envelope: Envelope,
    batch: Batch,
    row: number,
    flags: number,
  ): void {
    const time = this.#line.time(bytes, precise, this.#clock, envelope);
    batch.time[row] = time;
    batch.host[row] = this.#host;
    batch.flags[row] = Number.isNaN(time) ? flags | Flag.noTime : flags;
  }
}

/** GlobalProtect portals and gateways listen on 443 unless somebody moved them. */
const PORTAL_PORT = 443;
/** The format `paloalto` of contracts. */
export const paloalto: Format = {
  name: 'paloalto',
  syslog: 'always',
  sniff: (text) =>
    /^(<\d+>)?\d,\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d,[^,]*,(TRAFFIC|THREAT|SYSTEM|GLOBALPROTECT|CONFIG|USERID|HIPMATCH),/.test(
      text,
    )
      ? 2
      : 0,
  reader: (options) => new PaloAltoReader(options),
  doc: {
    of: 'Palo Alto Networks firewalls and Panorama: the default CSV of syslog forwarding (TRAFFIC, THREAT, GLOBALPROTECT, SYSTEM)',
    contact:
      'Each TRAFFIC line is a session, each THREAT line an alert (subtype url: a web request); lines of one session share a key. ' +
      'A repeat count of N is N sessions. GLOBALPROTECT *-auth and SYSTEM auth-fail, auth-success and globalprotect*-auth-* are logins. Others are ignored.',
    losses: 'PAN-OS has no line that admits lost log lines; gaps in the sequence number are not judged.',
    seen:
      'Real THREAT lines: crowdsecurity/hub, palo-alto-threat (MIT). TRAFFIC, GLOBALPROTECT and SYSTEM from the ' +
      'documented columns (docs.paloaltonetworks.com, Syslog Field Descriptions): no real line is in the tests.',
  },
};
