/**
 * Common Event Format (ArcSight; written by UniFi, Fortinet, Palo Alto, F5, Imperva, Check Point and many others).
 *
 *     CEF:0|Ubiquiti|UniFi Network|10.4.57|201|Threat Detected and Blocked|7|proto=TCP spt=22536 dpt=80 act=blocked
 *     src=203.0.113.99 dst=198.51.100.10 UNIFIipsSignature=ET SCAN Nmap msg=...
 *
 * Source of the format: Micro Focus (ArcSight) CEF Implementation Standard. Pipes in the header and equals signs in
 * values are escaped by a backslash; values may hold spaces, so a value ends where ` key=` begins. Products that do
 * not escape let a name or a URL write keys: a key that matters and comes twice makes the line unreadable.
 */
import { type Batch, Content, Flag, Kind, Outcome, Protocol } from '../contact.ts';
import { ascii } from './bytes.ts';
import { CefEvent, Head, messageStart, unescapeCef } from './cef-event.ts';
import { ACTIONS, CefAction, CefKey, DIRECTIONS, OUTCOMES, SEVERITIES, Title, Titles } from './cef-words.ts';
import type { Clock } from './clock.ts';
import { Composed, writeAccount, writeCount, writeText } from './composed.ts';
import { readTarget } from './content.ts';
import { Endpoints, isHostName } from './endpoints.ts';
import type { Envelope } from './envelope.ts';
import { HANDSHAKE_PACKET_V6, HANDSHAKE_PACKETS } from './fortinet-words.ts';
import { readNotice } from './notices.ts';
import { readProtocol } from './protocols.ts';
import { type Format, Line, type LineReader, type ReaderOptions } from './reader.ts';
import { readTime } from './times.ts';

const SLASH = 47;
const FORTINET = ascii('Fortinet');

/** Longest user name that is undone of its escapes; the rest is cut. */
const MAX_NAME = 1024;

class CefReader implements LineReader {
  readonly #clock: Clock;
  readonly #event = new CefEvent();
  readonly #endpoints = new Endpoints();
  readonly #key = new Composed();
  readonly #scratch = new Uint8Array(MAX_NAME);
  readonly #titles = new Titles();

  constructor(options: ReaderOptions) {
    this.#clock = options.clock;
  }

  readLine(bytes: Uint8Array, from: number, to: number, envelope: Envelope, batch: Batch): Line {
    const start = messageStart(bytes, from, to, envelope);
    if (start < 0) return readNotice(bytes, from, to, envelope, batch);
    if (!this.#event.split(bytes, start, to)) return Line.unreadable;

    const title = this.#titles.of(bytes, this.#event.head[Head.signature]!, this.#event.headEnd[Head.name]!);
    const login =
      ((title | this.#titleOf(bytes, CefKey.categoryBehavior)) & Title.login) > 0 &&
      (title & Title.logout) === 0;
    const alert =
      !login &&
      (this.#event.has(CefKey.UNIFIipsSignature) ||
        ((title | this.#titleOf(bytes, CefKey.cat)) & Title.alert) > 0);
    const action = ACTIONS.find(bytes, this.#event.start[CefKey.act]!, this.#event.end[CefKey.act]!);

    const row = batch.count;
    batch.begin(row, login ? Kind.login : alert ? Kind.alert : Kind.packet);
    const addressed = this.#takeAddresses(bytes);
    if (addressed < 0) return Line.unreadable;
    const source = this.#endpoints.hasSource;
    const destination = this.#endpoints.hasDestination;
    if (!source && !destination && !(login && this.#hasUser())) return Line.ignored;
    // A device that tells of its own affairs (a station joined, a setting changed) may name one address too.
    if (!login && !alert && action < 0 && !(source && destination) && !this.#event.has(CefKey.request))
      return Line.ignored;

    const flags = this.#endpoints.write(batch, row);
    if (flags < 0 || !this.#writePorts(bytes, batch, row)) return Line.unreadable;
    this.#writeTime(bytes, envelope, batch, row, flags);
    const count = this.#event.number(bytes, CefKey.cnt);
    writeCount(count > 0 ? count : this.#event.number(bytes, CefKey.UNIFIflowCount), batch, row);
    const direction = this.#direction(bytes);
    if (direction > 0) batch.direction[row] = direction;
    if (login) this.#writeLogin(bytes, title, action, batch, row);
    else if (alert) this.#writeAlert(bytes, action, batch, row);
    else this.#writeTraffic(bytes, action, batch, row);
    return Line.row;
  }

  #writeLogin(bytes: Uint8Array, title: number, action: number, batch: Batch, row: number): void {
    let outcome = OUTCOMES.find(bytes, this.#event.start[CefKey.outcome]!, this.#event.end[CefKey.outcome]!);
    if (outcome < 0)
      outcome = OUTCOMES.find(
        bytes,
        this.#event.start[CefKey.categoryOutcome]!,
        this.#event.end[CefKey.categoryOutcome]!,
      );
    if (outcome < 0 && action === CefAction.refused) outcome = Outcome.failed;
    if (outcome < 0 && (title & Title.failed) > 0) outcome = Outcome.failed;
    if (outcome < 0 && (title & Title.succeeded) > 0) outcome = Outcome.succeeded;
    batch.outcome[row] = outcome < 0 ? Outcome.unknown : (outcome as Outcome);
    const user = this.#event.has(CefKey.duser) ? CefKey.duser : CefKey.suser;
    if (!this.#event.has(user)) return;
    const at = this.#event.start[user]!;
    const end = this.#event.end[user]!;
    writeAccount(this.#scratch, 0, unescapeCef(bytes, at, end, this.#scratch), batch, row);
    writeText(at, end, batch, row);
  }

  #writeAlert(bytes: Uint8Array, action: number, batch: Batch, row: number): void {
    batch.outcome[row] = action === CefAction.refused ? Outcome.blocked : Outcome.unknown;
    this.#writeRequest(bytes, batch, row);
    if (SEVERITIES.find(bytes, this.#event.head[Head.severity]!, this.#event.headEnd[Head.severity]!) > 0)
      batch.content[row] = batch.content[row]! | Content.signature;
    const named = this.#event.has(CefKey.UNIFIipsSignature);
    const at = named ? this.#event.start[CefKey.UNIFIipsSignature]! : this.#event.head[Head.name]!;
    const end = named ? this.#event.end[CefKey.UNIFIipsSignature]! : this.#event.headEnd[Head.name]!;
    writeText(at, end, batch, row);
  }

  #writeTraffic(bytes: Uint8Array, action: number, batch: Batch, row: number): void {
    const refused = action === CefAction.refused;
    batch.outcome[row] = refused ? Outcome.denied : action > 0 ? Outcome.accepted : Outcome.unknown;
    if (this.#event.has(CefKey.request)) {
      batch.kind[row] = Kind.web;
      if (refused) batch.outcome[row] = Outcome.blocked;
      this.#writeRequest(bytes, batch, row);
      return;
    }
    const one = this.#event.number(bytes, CefKey.in);
    const other = this.#event.number(bytes, CefKey.out);
    if (one < 0 && other < 0) return;
    batch.kind[row] = Kind.flow;
    if (refused || action < 0 || one < 0 || other < 0) return;
    // Which of the two is the answer differs between products; the smaller one proves as much either way.
    const least = Math.min(one, other);
    if (least === 0) batch.outcome[row] = Outcome.noAnswer;
    else if (batch.protocol[row] !== Protocol.tcp || least > HANDSHAKE_PACKETS * HANDSHAKE_PACKET_V6)
      batch.outcome[row] = Outcome.established;
    if (this.#event.has(CefKey.externalId) && this.#event.headIs(bytes, Head.vendor, FORTINET)) {
      this.#key.begin(bytes, this.#event.start[CefKey.externalId]!, this.#event.end[CefKey.externalId]!);
      this.#key.add(bytes, this.#event.start[CefKey.spt]!, this.#event.end[CefKey.spt]!);
      this.#key.writeKey(batch, row);
    }
  }

  /** `request=/path?query` or `request=https://host/path?query`. */
  #writeRequest(bytes: Uint8Array, batch: Batch, row: number): void {
    if (!this.#event.has(CefKey.request)) return;
    let at = this.#event.start[CefKey.request]!;
    const end = this.#event.end[CefKey.request]!;
    if (bytes[at] !== SLASH) {
      let scheme = at;
      while (
        scheme + 2 < end &&
        !(bytes[scheme] === 58 && bytes[scheme + 1] === SLASH && bytes[scheme + 2] === SLASH)
      )
        scheme++;
      at = scheme + 2 < end ? scheme + 3 : at;
      while (at < end && bytes[at] !== SLASH) at++;
    }
    if (at < end) readTarget(bytes, at, end, batch, row);
  }

  /** Takes the addresses from whichever keys the product uses. -1 if one of them is damaged. */
  #takeAddresses(bytes: Uint8Array): number {
    const endpoints = this.#endpoints;
    endpoints.clear();
    for (const key of SOURCES) {
      if (endpoints.hasSource || !this.#event.has(key)) continue;
      const at = this.#event.start[key]!;
      if (
        !endpoints.takeSource(bytes, at, this.#event.end[key]!) &&
        !isHostName(bytes, at, this.#event.end[key]!)
      )
        return -1;
    }
    for (const key of DESTINATIONS) {
      if (endpoints.hasDestination || !this.#event.has(key)) continue;
      const at = this.#event.start[key]!;
      if (
        !endpoints.takeDestination(bytes, at, this.#event.end[key]!) &&
        !isHostName(bytes, at, this.#event.end[key]!)
      )
        return -1;
    }
    return 0;
  }

  #writePorts(bytes: Uint8Array, batch: Batch, row: number): boolean {
    const protocol = readProtocol(bytes, this.#event.start[CefKey.proto]!, this.#event.end[CefKey.proto]!);
    batch.protocol[row] = protocol;
    const spt = this.#event.has(CefKey.spt) ? this.#event.number(bytes, CefKey.spt) : 0;
    const dpt = this.#event.has(CefKey.dpt) ? this.#event.number(bytes, CefKey.dpt) : 0;
    if (spt < 0 || dpt < 0 || spt > 65_535 || dpt > 65_535) return false;
    // The ports of an ICMP message are whatever the product made of its identifier.
    if (protocol === Protocol.icmp || protocol === Protocol.icmp6) return true;
    batch.sport[row] = spt;
    batch.dport[row] = dpt;
    return true;
  }

  #direction(bytes: Uint8Array): number {
    const said = DIRECTIONS.find(
      bytes,
      this.#event.start[CefKey.deviceDirection]!,
      this.#event.end[CefKey.deviceDirection]!,
    );
    if (said >= 0) return said;
    return DIRECTIONS.find(
      bytes,
      this.#event.start[CefKey.UNIFIdirection]!,
      this.#event.end[CefKey.UNIFIdirection]!,
    );
  }

  #writeTime(bytes: Uint8Array, envelope: Envelope, batch: Batch, row: number, flags: number): void {
    let time = Number.NaN;
    for (const key of TIMES) {
      if (!Number.isNaN(time) || !this.#event.has(key)) continue;
      time = readTime(bytes, this.#event.start[key]!, this.#event.end[key]!, this.#clock);
    }
    if (Number.isNaN(time)) time = envelope.time;
    batch.time[row] = time;
    batch.host[row] = envelope.host;
    batch.flags[row] = Number.isNaN(time) ? flags | Flag.noTime : flags;
  }

  #titleOf(bytes: Uint8Array, key: CefKey): number {
    return this.#event.has(key) ? this.#titles.of(bytes, this.#event.start[key]!, this.#event.end[key]!) : 0;
  }

  #hasUser(): boolean {
    return this.#event.has(CefKey.duser) || this.#event.has(CefKey.suser);
  }
}

/** Keys that may name the source, the destination, the time; the first that does counts. */
const SOURCES: readonly CefKey[] = [CefKey.src, CefKey.c6a2, CefKey.UNIFIsrcClientIp];
const DESTINATIONS: readonly CefKey[] = [
  CefKey.dst,
  CefKey.c6a3,
  CefKey.UNIFIdstClientIp,
  CefKey.UNIFIdstDeviceIp,
];
const TIMES: readonly CefKey[] = [CefKey.UNIFIutcTime, CefKey.rt, CefKey.start, CefKey.end];

/** The format `cef` of contracts. */
export const cef: Format = {
  name: 'cef',
  syslog: 'always',
  sniff: (text, app) => (/^(<\d+>)?CEF: ?\d\|/.test(text) || (app === 'CEF' && /^\d\|/.test(text)) ? 2 : 0),
  reader: (options) => new CefReader(options),
  doc: {
    of: 'Common Event Format of ArcSight, as UniFi, Fortinet, Palo Alto, F5, Imperva and others write it',
    contact:
      'Each event that tells of traffic, a web request, a sign-in or an alert is one contact, with `cnt` (UniFi: ' +
      'flow count) N it is N. Events about the device itself are ignored. Lines of one session share no key, except ' +
      "Fortinet's.",
    losses: 'The format has no field for lost events.',
    seen:
      'No real line has been read by the tests: shapes from the CEF Implementation Standard and from descriptions of ' +
      "UniFi Network's events 201 and 203.",
  },
};
