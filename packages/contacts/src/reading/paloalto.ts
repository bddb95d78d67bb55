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
import { ascii, readEnd, readNumber, readPort, startsWith } from './bytes.ts';
import type { Clock } from './clock.ts';
import { bounded, Composed, writeAccount, writeCount, writeQuotedAccount, writeText } from './composed.ts';
import { readTarget } from './content.ts';
import { Endpoints } from './endpoints.ts';
import type { Envelope } from './envelope.ts';
import { Fields } from './fields.ts';
import { readIsoTime } from './iso-time.ts';
import { readNotice } from './notices.ts';
import { readSystemLogin, systemLogin } from './paloalto-system.ts';
import { readProtocol } from './protocols.ts';
import { type Format, Line, type LineReader, type ReaderOptions } from './reader.ts';
import { readSlashTime } from './times.ts';
import { WordTable, WordValues } from './words.ts';

const COMMA = 44;
const SPACE = 32;

/** Columns that all types share. */
const Column = {
  serial: 2,
  type: 3,
  subtype: 4,
  generated: 6,
  source: 7,
  destination: 8,
  application: 14,
  session: 22,
  count: 23,
  sourcePort: 24,
  destinationPort: 25,
  protocol: 29,
  action: 30,
} as const;
const Traffic = { received: 33, elapsed: 36, packetsReceived: 45, reason: 46 } as const;
const Threat = { url: 31, name: 32, severity: 34, direction: 35 } as const;
const Portal = {
  event: 8,
  user: 12,
  address: 15,
  addressV6: 16,
  count: 24,
  status: 28,
  precise: 36,
} as const;
const System = { event: 8, description: 14, precise: 25 } as const;
/**
 * Where PAN-OS 10 and later may write the time with its zone: column 102 of TRAFFIC, 107 of THREAT, moved by a few in
 * some releases. Columns that a client can write (forwarded-for, host names) all stand before.
 */
const PRECISE_FIRST = 101;
const PRECISE_LAST = 110;

const TYPES = new WordTable(['TRAFFIC', 'THREAT', 'GLOBALPROTECT', 'SYSTEM']);
const Type = { traffic: 0, threat: 1, globalProtect: 2, system: 3 } as const;

/** What an action means. */
const Action = { allow: 1, deny: 2, alert: 3 } as const;
/** Actions of both types; what is in neither list is left unknown. */
export const PALOALTO_ACTIONS: Readonly<Record<string, number>> = {
  allow: Action.allow,
  ...Object.fromEntries(
    ['deny', 'drop', 'drop-icmp', 'drop icmp', 'reset-both', 'reset both', 'reset-client', 'reset client']
      .concat(['reset-server', 'reset server', 'block', 'block-url', 'block-continue', 'block-override'])
      .concat(['block-ip', 'drop-all', 'drop-packet', 'random-drop', 'sinkhole', 'override-lockout'])
      .map((word) => [word, Action.deny]),
  ),
  ...Object.fromEntries(
    ['alert', 'continue', 'override', 'forward', 'syncookie-sent', 'wildfire-upload-success']
      .concat(['wildfire-upload-skip', 'wildfire-upload-fail'])
      .map((word) => [word, Action.alert]),
  ),
};
const ACTIONS = new WordValues(PALOALTO_ACTIONS);

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

/** Subtypes of THREAT that are about attacks; files, data patterns, URLs and flood counters are not about the source. */
const ATTACKS = new WordTable(
  ['vulnerability', 'spyware', 'virus', 'scan', 'packet', 'wildfire', 'wildfire-virus', 'ml-virus'],
  true,
);

class PaloAltoReader implements LineReader {
  readonly #clock: Clock;
  readonly #fields = new Fields();
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
    const fields = this.#fields;
    if (!fields.split(bytes, start, to, COMMA) || fields.count < 8) return Line.unreadable;
    switch (TYPES.find(bytes, fields.start[Column.type]!, fields.end[Column.type]!)) {
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
    const { start, end } = this.#fields;
    // The field behind the last one needed must be there: else that one may be cut.
    if (this.#fields.count <= Column.action + 1) return Line.unreadable;
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
    const sourcePort = this.#port(bytes, Column.sourcePort);
    const destinationPort = this.#port(bytes, Column.destinationPort);
    if (sourcePort < 0 || destinationPort < 0) return Line.unreadable;
    if (protocol === Protocol.tcp || protocol === Protocol.udp) {
      batch.sport[row] = sourcePort;
      batch.dport[row] = destinationPort;
    }
    this.#writeTime(bytes, this.#precise(), envelope, batch, row, flags);
    if (this.#number(bytes, Column.session) !== 0) {
      const key = this.#key;
      key.begin(bytes, start[Column.serial]!, end[Column.serial]!);
      key.add(bytes, start[Column.session]!, end[Column.session]!);
      key.add(bytes, start[Column.sourcePort]!, end[Column.sourcePort]!);
      key.writeKey(batch, row);
    }
    writeCount(this.#number(bytes, Column.count), batch, row);
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
    if (this.#is(bytes, Column.subtype, START)) {
      batch.outcome[row] = Outcome.accepted;
      return;
    }
    const received = this.#number(bytes, Traffic.received);
    if (received >= 0) batch.size[row] = bounded(received);
    const elapsed = this.#number(bytes, Traffic.elapsed);
    if (elapsed >= 0) batch.millis[row] = bounded(elapsed * 1000);
    batch.outcome[row] = this.#sessionOutcome(bytes, received, batch.protocol[row]!);
  }

  /**
   * What an allowed session came to. PAN-OS calls the application of a TCP session `incomplete` where the handshake
   * was not completed or no data followed: there a forged SYN and the reset that answers our SYN-ACK look the same as
   * a visitor, so it is no more than let in.
   */
  #sessionOutcome(bytes: Uint8Array, received: number, protocol: number): Outcome {
    if (this.#is(bytes, Traffic.reason, POLICY_DENY)) return Outcome.denied;
    if (received < 0) return Outcome.accepted;
    if (received > 0) {
      if (protocol !== Protocol.tcp || !this.#is(bytes, Column.application, INCOMPLETE))
        return Outcome.established;
      const reset = this.#is(bytes, Traffic.reason, TCP_RESET);
      return reset && this.#number(bytes, Traffic.packetsReceived) === 1
        ? Outcome.rejected
        : Outcome.accepted;
    }
    return this.#is(bytes, Traffic.reason, THREAT) ? Outcome.blocked : Outcome.noAnswer;
  }

  #writeThreat(bytes: Uint8Array, action: number, batch: Batch, row: number): void {
    const { start, end } = this.#fields;
    if (this.#is(bytes, Column.subtype, URL)) {
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
    if (!this.#fields.has(Threat.name)) return;
    writeText(start[Threat.name]!, end[Threat.name]!, batch, row);
    const attack = ATTACKS.find(bytes, start[Column.subtype]!, end[Column.subtype]!) >= 0;
    const serious = this.#fields.has(Threat.severity) && !this.#is(bytes, Threat.severity, INFORMATIONAL);
    // What a server sends back is no deed of the source.
    if (attack && serious && !this.#is(bytes, Threat.direction, FROM_SERVER))
      batch.content[row] = Content.signature;
  }

  #readPortal(bytes: Uint8Array, envelope: Envelope, batch: Batch): Line {
    const { start, end } = this.#fields;
    if (this.#fields.count <= Portal.status + 1) return Line.unreadable;
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
    batch.outcome[row] = this.#is(bytes, Portal.status, SUCCESS)
      ? Outcome.succeeded
      : this.#is(bytes, Portal.status, FAILURE)
        ? Outcome.failed
        : Outcome.unknown;
    batch.dport[row] = PORTAL_PORT;
    batch.protocol[row] = Protocol.tcp;
    writeCount(this.#number(bytes, Portal.count), batch, row);
    this.#writeUser(bytes, Portal.user, start[Portal.user]!, end[Portal.user]!, batch, row);
    this.#writeTime(bytes, Portal.precise, envelope, batch, row, flags);
    return Line.row;
  }

  #readSystem(bytes: Uint8Array, envelope: Envelope, batch: Batch): Line {
    const { start, end } = this.#fields;
    if (this.#fields.count <= System.description + 1) return Line.unreadable;
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
    if (this.#fields.doubled[column] === 1) writeQuotedAccount(bytes, from, to, batch, row);
    else writeAccount(bytes, from, to, batch, row);
    writeText(from, to, batch, row);
  }

  /** The precise time with its zone if the line has one, else the device's wall clock, else the header's. */
  #writeTime(
    bytes: Uint8Array,
    precise: number,
    envelope: Envelope,
    batch: Batch,
    row: number,
    flags: number,
  ): void {
    const { start, end } = this.#fields;
    let time = Number.NaN;
    if (precise < this.#fields.count) {
      time = readIsoTime(bytes, start[precise]!, end[precise]!, this.#clock);
      if (readEnd !== end[precise]) time = Number.NaN;
    }
    if (Number.isNaN(time))
      time = readSlashTime(bytes, start[Column.generated]!, end[Column.generated]!, this.#clock);
    if (Number.isNaN(time)) time = envelope.time;
    batch.time[row] = time;
    batch.host[row] = this.#host;
    batch.flags[row] = Number.isNaN(time) ? flags | Flag.noTime : flags;
  }

  /** Column of the precise time, `MAX_SAFE_INTEGER` if none looks like it. */
  #precise(): number {
    const { start, end, count } = this.#fields;
    const last = Math.min(count - 1, PRECISE_LAST);
    for (let i = PRECISE_FIRST; i <= last; i++) if (end[i]! - start[i]! >= PRECISE_LENGTH) return i;
    return Number.MAX_SAFE_INTEGER;
  }

  #is(bytes: Uint8Array, column: number, word: Uint8Array): boolean {
    if (column >= this.#fields.count) return false;
    const at = this.#fields.start[column]!;
    const end = this.#fields.end[column]!;
    return end - at === word.length && startsWith(bytes, at, end, word);
  }

  /** The number that fills a column, -1 if none does or it may be cut. */
  #number(bytes: Uint8Array, column: number): number {
    if (column >= this.#fields.count - 1) return -1;
    const end = this.#fields.end[column]!;
    const value = readNumber(bytes, this.#fields.start[column]!, end);
    return readEnd === end ? value : -1;
  }

  #port(bytes: Uint8Array, column: number): number {
    const end = this.#fields.end[column]!;
    const port = readPort(bytes, this.#fields.start[column]!, end);
    return readEnd === end ? port : -1;
  }
}

/** GlobalProtect portals and gateways listen on 443 unless somebody moved them. */
const PORTAL_PORT = 443;
/** `2026-10-09T10:00:00.123-05:00`. */
const PRECISE_LENGTH = 24;

/**
 * Where the CSV begins: `1,2026/10/09 10:`. Firewalls told to send no host name have that first word taken for it by
 * the header's grammar. -1 if there is none.
 */
function messageStart(bytes: Uint8Array, from: number, to: number, envelope: Envelope): number {
  if (isStart(bytes, from, to)) return from;
  // Behind a priority alone.
  if (bytes[from] === 60) {
    const priority = readNumber(bytes, from + 1, Math.min(to, from + 4));
    if (priority >= 0 && bytes[readEnd] === 62 && isStart(bytes, readEnd + 1, to)) return readEnd + 1;
    return -1;
  }
  if (!envelope.found) return -1;
  // The date went for the host; the hour, up to its colon, may have gone for a program.
  if (from >= HIDDEN && isStart(bytes, from - HIDDEN, to)) return from - HIDDEN;
  return from >= HIDDEN + 3 && isStart(bytes, from - HIDDEN - 3, to) ? from - HIDDEN - 3 : -1;
}
/** `1,2026/10/09 `. */
const HIDDEN = 13;

/** One digit, a comma, a date: `1,2026/10/09 `. */
function isStart(bytes: Uint8Array, at: number, to: number): boolean {
  return (
    to - at > HIDDEN &&
    bytes[at + 1] === COMMA &&
    bytes[at + 6] === 47 &&
    bytes[at + 9] === 47 &&
    bytes[at + 12] === SPACE &&
    isDigit(bytes[at]!) &&
    isDigit(bytes[at + 2]!) &&
    isDigit(bytes[at + 11]!)
  );
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

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
