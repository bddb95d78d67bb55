/**
 * Windows Security events, one to a line: JSON as NXLog, Winlogbeat and `Get-WinEvent | ConvertTo-Json -Compress`
 * write it, or XML (see `windows-fields.ts`). What each event means:
 *
 *     4624 4625          logon, logon refused; types 2, 3, 8, 10, 12 (console, network, RDP) are contacts, those of
 *                        services, tasks, unlocking and cached credentials are not
 *     4768 4771 4776     Kerberos and NTLM at a domain controller; a granted ticket (4768) shows again as a 4624
 *     4740               account locked: detail
 *     5152 5157, 5156    filtering platform: blocked packet, blocked connection, allowed connection; they share a key
 *     1100 1101 1102 1104 4612   the log was stopped, dropped events, was cleared, is full: losses
 *
 * Source: learn.microsoft.com, "Advanced security audit policy settings", the pages of these events.
 */
import { type Batch, Flag, Kind, Outcome, Protocol } from '../contact.ts';
import { ascii, hashText, hexDigit, readEnd, readNumber, startsWith } from './bytes.ts';
import type { Clock } from './clock.ts';
import { Composed, writeAccount, writeText } from './composed.ts';
import { Endpoints, isHostName } from './endpoints.ts';
import type { Envelope } from './envelope.ts';
import { unescapeJson } from './json.ts';
import { jsonEnd, jsonStart } from './json-lines.ts';
import { readNotice } from './notices.ts';
import { readProtocol } from './protocols.ts';
import { type Format, Line, type LineReader, type ReaderOptions } from './reader.ts';
import { readEpoch, readTime } from './times.ts';
import { Spelling, WindowsField, WindowsFields } from './windows-fields.ts';
import { WindowsJson } from './windows-json.ts';
import { eventStart, scanXml, unescapeXml } from './windows-xml.ts';
import { WordValues } from './words.ts';

const SECURITY = ascii('Security');

/** Logon types that come from a person or another machine: interactive, network, cleartext, RDP, cached RDP. */
const REMOTE_TYPES: ReadonlySet<number> = new Set([2, 3, 8, 10, 12]);
const RDP_TYPES: ReadonlySet<number> = new Set([10, 12]);
const RDP_PORT = 3389;
const KERBEROS_PORT = 88;

/** NTSTATUS: no such user. */
const NO_SUCH_USER = 0xc0000064;
/** Kerberos (RFC 4120 7.5.9): client unknown; pre-authentication required, which every ticket begins with. */
const PRINCIPAL_UNKNOWN = 0x6;
const PREAUTH_REQUIRED = 0x19;

/** `%%14592` and `%%14593` are what the event's own message file calls inbound and outbound. */
const DIRECTIONS = new WordValues({ '%%14592': 1, '%%14593': 2, inbound: 1, outbound: 2 });

/** Longest user name that is undone of its escapes; directories allow 256 characters. */
const MAX_ACCOUNT = 1024;

class WindowsEventsReader implements LineReader {
  readonly #clock: Clock;
  readonly #fields = new WindowsFields();
  readonly #json = new WindowsJson();
  readonly #endpoints = new Endpoints();
  readonly #key = new Composed();
  readonly #scratch = new Uint8Array(MAX_ACCOUNT);

  constructor(options: ReaderOptions) {
    this.#clock = options.clock;
  }

  readLine(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line {
    const at = jsonStart(bytes, from, to);
    if (at < to && bytes[at] === 123) {
      if (!this.#json.scan(bytes, at, jsonEnd(bytes, at, to), this.#fields)) return Line.unreadable;
    } else {
      const event = eventStart(bytes, from, to);
      if (event < 0)
        return at >= jsonEnd(bytes, at, to) ? Line.ignored : readNotice(bytes, from, to, envelope, batch);
      if (!scanXml(bytes, event, to, this.#fields)) return Line.unreadable;
    }
    const id = this.#number(bytes, WindowsField.EventID);
    if (id < 0) return Line.unreadable;
    // The same numbers mean other things in other logs.
    const { start, end } = this.#fields;
    const channel = start[WindowsField.Channel]!;
    if (channel >= 0) {
      const channelEnd = end[WindowsField.Channel]!;
      if (channelEnd - channel !== SECURITY.length || !startsWith(bytes, channel, channelEnd, SECURITY))
        return Line.ignored;
    }
    switch (id) {
      case 4624:
      case 4625:
        return this.#readLogon(bytes, envelope, batch, id === 4624);
      case 4768:
      case 4771:
        return this.#readKerberos(bytes, envelope, batch, id === 4768);
      case 4776:
        return this.#readNtlm(bytes, envelope, batch);
      case 4740:
        batch.begin(batch.count, Kind.login);
        this.#endpoints.clear();
        return this.#finish(bytes, envelope, batch, Outcome.unknown, Flag.detail);
      case 5152:
      case 5157:
        return this.#readFilter(bytes, envelope, batch, Outcome.denied);
      case 5156:
        return this.#readFilter(bytes, envelope, batch, Outcome.accepted);
      case 1100:
      case 1101:
      case 1102:
      case 1104:
        batch.lostUnknown = true;
        return Line.ignored;
      case 4612: {
        const discarded = this.#number(bytes, WindowsField.AuditsDiscarded);
        if (discarded >= 0) batch.lost += discarded;
        else batch.lostUnknown = true;
        return Line.ignored;
      }
      default:
        return Line.ignored;
    }
  }

  #readLogon(bytes: Uint8Array, envelope: Envelope, batch: Batch, granted: boolean): Line {
    const type = this.#number(bytes, WindowsField.LogonType);
    if (type >= 0 && !REMOTE_TYPES.has(type)) return Line.ignored;
    if (!this.#beginLogin(bytes, batch)) return Line.unreadable;
    if (RDP_TYPES.has(type)) batch.dport[batch.count] = RDP_PORT;
    const unknown =
      this.#status(bytes, WindowsField.SubStatus) === NO_SUCH_USER ||
      this.#status(bytes, WindowsField.Status) === NO_SUCH_USER;
    return this.#finish(
      bytes,
      envelope,
      batch,
      granted ? Outcome.succeeded : Outcome.failed,
      unknown && !granted ? Flag.invalidAccount : 0,
    );
  }

  #readKerberos(bytes: Uint8Array, envelope: Envelope, batch: Batch, ticket: boolean): Line {
    const status = this.#status(bytes, WindowsField.Status);
    if (status === PREAUTH_REQUIRED || (ticket && status <= 0)) return Line.ignored;
    if (!this.#beginLogin(bytes, batch)) return Line.unreadable;
    batch.dport[batch.count] = KERBEROS_PORT;
    const flag = status === PRINCIPAL_UNKNOWN ? Flag.invalidAccount : 0;
    return this.#finish(bytes, envelope, batch, Outcome.failed, flag);
  }

  /** NTLM at the domain controller names a workstation by a name that the client chose, and no address. */
  #readNtlm(bytes: Uint8Array, envelope: Envelope, batch: Batch): Line {
    const status = this.#status(bytes, WindowsField.Status);
    batch.begin(batch.count, Kind.login);
    this.#endpoints.clear();
    const flag = status === NO_SUCH_USER ? Flag.invalidAccount : 0;
    const outcome = status < 0 ? Outcome.unknown : status === 0 ? Outcome.succeeded : Outcome.failed;
    return this.#finish(bytes, envelope, batch, outcome, flag);
  }

  #readFilter(bytes: Uint8Array, envelope: Envelope, batch: Batch, outcome: Outcome): Line {
    const { start, end } = this.#fields;
    const row = batch.count;
    batch.begin(row, Kind.packet);
    const endpoints = this.#endpoints;
    endpoints.clear();
    const { SourceAddress, SourcePort, DestAddress, DestPort, Direction } = WindowsField;
    if (!endpoints.takeSource(bytes, start[SourceAddress]!, end[SourceAddress]!)) return Line.unreadable;
    if (!endpoints.takeDestination(bytes, start[DestAddress]!, end[DestAddress]!)) return Line.unreadable;
    if (!endpoints.hasSource && !endpoints.hasDestination) return Line.ignored;
    const protocol = readProtocol(bytes, start[WindowsField.Protocol]!, end[WindowsField.Protocol]!);
    batch.protocol[row] = protocol;
    const sport = Math.max(0, this.#number(bytes, SourcePort));
    const dport = Math.max(0, this.#number(bytes, DestPort));
    if (sport > 65_535 || dport > 65_535) return Line.unreadable;
    if (protocol === Protocol.icmp || protocol === Protocol.icmp6) {
      // The filtering platform keeps an ICMP message's type and code where ports are.
      if (sport < 256 && dport < 256) batch.dport[row] = sport * 256 + dport;
    } else {
      batch.sport[row] = sport;
      batch.dport[row] = dport;
    }
    const direction = DIRECTIONS.find(bytes, start[Direction]!, end[Direction]!);
    if (direction > 0) batch.direction[row] = direction;
    const key = this.#key;
    key.begin(bytes, start[SourceAddress]!, end[SourceAddress]!);
    key.add(bytes, start[SourcePort]!, end[SourcePort]!);
    key.add(bytes, start[DestAddress]!, end[DestAddress]!);
    key.add(bytes, start[DestPort]!, end[DestPort]!);
    key.writeKey(batch, row);
    return this.#finish(bytes, envelope, batch, outcome, 0);
  }

  #beginLogin(bytes: Uint8Array, batch: Batch): boolean {
    const at = this.#fields.start[WindowsField.IpAddress]!;
    const end = this.#fields.end[WindowsField.IpAddress]!;
    batch.begin(batch.count, Kind.login);
    this.#endpoints.clear();
    if (!this.#endpoints.takeSource(bytes, at, end) && !isHostName(bytes, at, end)) return false;
    const port = this.#number(bytes, WindowsField.IpPort);
    if (port > 0 && port <= 65_535) batch.sport[batch.count] = port;
    batch.protocol[batch.count] = Protocol.tcp;
    return true;
  }

  #finish(bytes: Uint8Array, envelope: Envelope, batch: Batch, outcome: Outcome, more: number): Line {
    const { start, end, spelling } = this.#fields;
    const row = batch.count;
    const flags = this.#endpoints.write(batch, row) | more;
    if (flags < 0) return Line.unreadable;
    batch.outcome[row] = outcome;
    const user = start[WindowsField.TargetUserName]!;
    const userEnd = end[WindowsField.TargetUserName]!;
    if (userEnd > user && batch.kind[row] === Kind.login && !(userEnd - user === 1 && bytes[user] === 45)) {
      const out = this.#scratch;
      const how = spelling[WindowsField.TargetUserName];
      if (how === Spelling.plain) writeAccount(bytes, user, userEnd, batch, row);
      else if (how === Spelling.json)
        writeAccount(out, 0, unescapeJson(bytes, user, userEnd, out), batch, row);
      else writeAccount(out, 0, unescapeXml(bytes, user, userEnd, out), batch, row);
      writeText(user, userEnd, batch, row);
    }
    const time = this.#time(bytes, envelope);
    batch.time[row] = time;
    batch.flags[row] = Number.isNaN(time) ? flags | Flag.noTime : flags;
    const host = start[WindowsField.Host]!;
    const hostEnd = end[WindowsField.Host]!;
    batch.host[row] = hostEnd > host ? hashText(bytes, host, hostEnd) : envelope.host;
    return Line.row;
  }

  /** ISO 8601, or `/Date(1791540000000)/` as Windows PowerShell writes it. */
  #time(bytes: Uint8Array, envelope: Envelope): number {
    const at = this.#fields.start[WindowsField.Time]!;
    const end = this.#fields.end[WindowsField.Time]!;
    if (at < 0) return envelope.time;
    let open = at;
    while (open < end && bytes[open] !== 40) open++;
    if (open === end) {
      const time = readTime(bytes, at, end, this.#clock);
      return Number.isNaN(time) ? envelope.time : time;
    }
    readNumber(bytes, open + 1, end);
    const digits = readEnd;
    return readEpoch(bytes, open + 1, digits);
  }

  #number(bytes: Uint8Array, field: WindowsField): number {
    if (!this.#fields.has(field)) return -1;
    const value = readNumber(bytes, this.#fields.start[field]!, this.#fields.end[field]!);
    return readEnd === this.#fields.end[field] ? value : -1;
  }

  /** A status as an unsigned number: `0xc000006d`, 24, or -1073741715, which is how PowerShell shows the first. */
  #status(bytes: Uint8Array, field: WindowsField): number {
    const at = this.#fields.start[field]!;
    const end = this.#fields.end[field]!;
    if (end <= at) return -1;
    if (bytes[at] === 48 && at + 1 < end && (bytes[at + 1]! | 32) === 120) {
      if (end - at > 10 || end - at < 3) return -1;
      let value = 0;
      for (let i = at + 2; i < end; i++) {
        const digit = hexDigit(bytes[i]!);
        if (digit < 0) return -1;
        value = value * 16 + digit;
      }
      return value;
    }
    const negative = bytes[at] === 45;
    const value = readNumber(bytes, negative ? at + 1 : at, end);
    if (readEnd !== end || value < 0 || value > 0xffff_ffff) return -1;
    return negative ? 0x1_0000_0000 - value : value;
  }
}

/** The format `windows-events` of contracts. */
export const windowsEvents: Format = {
  name: 'windows-events',
  syslog: 'maybe',
  sniff: (text) => {
    if (/^(- )?<Event /.test(text)) return 2;
    if (!/^\s*\[?\s*\{/.test(text)) return 0;
    if (/"(winlog|event_data)"\s*:\s*\{/.test(text) && /"event_id"\s*:/.test(text)) return 2;
    if (/"EventID"\s*:\s*"?\d+/.test(text) && /"(Hostname|Channel|EventTime|SourceName)"\s*:/.test(text))
      return 2;
    return /"Id"\s*:\s*\d+/.test(text) && /"(MachineName|ProviderName|LogName)"\s*:/.test(text) ? 2 : 0;
  },
  reader: (options) => new WindowsEventsReader(options),
  doc: {
    of: 'Windows Security events as JSON lines (NXLog, Winlogbeat, Get-WinEvent) or XML lines',
    contact:
      'Logons 4624 and 4625 of types 2, 3, 8, 10 and 12, refused Kerberos 4768 and 4771, NTLM 4776; blocked 5152 and ' +
      '5157 and allowed 5156 of the filtering platform, which share a key. 4740 is detail. Other events and logs are ignored.',
    losses: '1100, 1101, 1102 and 1104 (stopped, dropped, cleared, full) without a number, 4612 with one.',
    seen: 'Real XML lines: crowdsecurity/hub, windows-bf and windows-logs (MIT). JSON from the documented fields: no real line is in the tests.',
  },
};
