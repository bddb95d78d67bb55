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
import { ascii, readEnd, readNumber, startsWith } from './bytes.ts';
import {
  ACTIONS,
  CEF_KEYS,
  CefAction,
  CefKey,
  DIRECTIONS,
  OUTCOMES,
  SEVERITIES,
  Title,
  Titles,
} from './cef-words.ts';
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
import { WordTable } from './words.ts';

const SPACE = 32;
const EQUALS = 61;
const BACKSLASH = 92;
const PIPE = 124;
const SLASH = 47;

const KEYS = new WordTable(CEF_KEYS);
const CEF = ascii('CEF:');
const APP = ascii('CEF');
const FORTINET = ascii('Fortinet');

/** Bytes that a key may hold. */
const KEY_BYTES = new Uint8Array(256);
for (const byte of ascii('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-[]'))
  KEY_BYTES[byte] = 1;

/** Header fields. */
const Head = { vendor: 1, signature: 4, name: 5, severity: 6 } as const;
const HEAD_FIELDS = 7;

class CefReader implements LineReader {
  readonly #clock: Clock;
  readonly #head = new Int32Array(HEAD_FIELDS);
  readonly #headEnd = new Int32Array(HEAD_FIELDS);
  readonly #start = new Int32Array(CEF_KEYS.length);
  readonly #end = new Int32Array(CEF_KEYS.length);
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
    const extension = this.#splitHead(bytes, start, to);
    if (extension < 0 || !this.#splitExtension(bytes, extension, to)) return Line.unreadable;

    const title = this.#titles.of(bytes, this.#head[Head.signature]!, this.#headEnd[Head.name]!);
    const login =
      ((title | this.#titleOf(bytes, CefKey.categoryBehavior)) & Title.login) > 0 &&
      (title & Title.logout) === 0;
    const alert =
      !login &&
      (this.#has(CefKey.UNIFIipsSignature) || ((title | this.#titleOf(bytes, CefKey.cat)) & Title.alert) > 0);
    const action = ACTIONS.find(bytes, this.#start[CefKey.act]!, this.#end[CefKey.act]!);

    const row = batch.count;
    batch.begin(row, login ? Kind.login : alert ? Kind.alert : Kind.packet);
    const addressed = this.#takeAddresses(bytes);
    if (addressed < 0) return Line.unreadable;
    const source = this.#endpoints.hasSource;
    const destination = this.#endpoints.hasDestination;
    if (!source && !destination && !(login && this.#hasUser())) return Line.ignored;
    // A device that tells of its own affairs (a station joined, a setting changed) may name one address too.
    if (!login && !alert && action < 0 && !(source && destination) && !this.#has(CefKey.request))
      return Line.ignored;

    const flags = this.#endpoints.write(batch, row);
    if (flags < 0 || !this.#writePorts(bytes, batch, row)) return Line.unreadable;
    this.#writeTime(bytes, envelope, batch, row, flags);
    const count = this.#number(bytes, CefKey.cnt);
    writeCount(count > 0 ? count : this.#number(bytes, CefKey.UNIFIflowCount), batch, row);
    const direction = this.#direction(bytes);
    if (direction > 0) batch.direction[row] = direction;
    if (login) this.#writeLogin(bytes, title, action, batch, row);
    else if (alert) this.#writeAlert(bytes, action, batch, row);
    else this.#writeTraffic(bytes, action, batch, row);
    return Line.row;
  }

  #writeLogin(bytes: Uint8Array, title: number, action: number, batch: Batch, row: number): void {
    let outcome = OUTCOMES.find(bytes, this.#start[CefKey.outcome]!, this.#end[CefKey.outcome]!);
    if (outcome < 0)
      outcome = OUTCOMES.find(
        bytes,
        this.#start[CefKey.categoryOutcome]!,
        this.#end[CefKey.categoryOutcome]!,
      );
    if (outcome < 0 && action === CefAction.refused) outcome = Outcome.failed;
    if (outcome < 0 && (title & Title.failed) > 0) outcome = Outcome.failed;
    if (outcome < 0 && (title & Title.succeeded) > 0) outcome = Outcome.succeeded;
    batch.outcome[row] = outcome < 0 ? Outcome.unknown : (outcome as Outcome);
    const user = this.#has(CefKey.duser) ? CefKey.duser : CefKey.suser;
    if (!this.#has(user)) return;
    const at = this.#start[user]!;
    const end = this.#end[user]!;
    writeAccount(this.#scratch, 0, unescapeCef(bytes, at, end, this.#scratch), batch, row);
    writeText(at, end, batch, row);
  }

  #writeAlert(bytes: Uint8Array, action: number, batch: Batch, row: number): void {
    batch.outcome[row] = action === CefAction.refused ? Outcome.blocked : Outcome.unknown;
    this.#writeRequest(bytes, batch, row);
    if (SEVERITIES.find(bytes, this.#head[Head.severity]!, this.#headEnd[Head.severity]!) > 0)
      batch.content[row] = batch.content[row]! | Content.signature;
    const named = this.#has(CefKey.UNIFIipsSignature);
    const at = named ? this.#start[CefKey.UNIFIipsSignature]! : this.#head[Head.name]!;
    const end = named ? this.#end[CefKey.UNIFIipsSignature]! : this.#headEnd[Head.name]!;
    writeText(at, end, batch, row);
  }

  #writeTraffic(bytes: Uint8Array, action: number, batch: Batch, row: number): void {
    const refused = action === CefAction.refused;
    batch.outcome[row] = refused ? Outcome.denied : action > 0 ? Outcome.accepted : Outcome.unknown;
    if (this.#has(CefKey.request)) {
      batch.kind[row] = Kind.web;
      if (refused) batch.outcome[row] = Outcome.blocked;
      this.#writeRequest(bytes, batch, row);
      return;
    }
    const one = this.#number(bytes, CefKey.in);
    const other = this.#number(bytes, CefKey.out);
    if (one < 0 && other < 0) return;
    batch.kind[row] = Kind.flow;
    if (refused || action < 0 || one < 0 || other < 0) return;
    // Which of the two is the answer differs between products; the smaller one proves as much either way.
    const least = Math.min(one, other);
    if (least === 0) batch.outcome[row] = Outcome.noAnswer;
    else if (batch.protocol[row] !== Protocol.tcp || least > HANDSHAKE_PACKETS * HANDSHAKE_PACKET_V6)
      batch.outcome[row] = Outcome.established;
    if (this.#has(CefKey.externalId) && this.#headIs(bytes, Head.vendor, FORTINET)) {
      this.#key.begin(bytes, this.#start[CefKey.externalId]!, this.#end[CefKey.externalId]!);
      this.#key.add(bytes, this.#start[CefKey.spt]!, this.#end[CefKey.spt]!);
      this.#key.writeKey(batch, row);
    }
  }

  /** `request=/path?query` or `request=https://host/path?query`. */
  #writeRequest(bytes: Uint8Array, batch: Batch, row: number): void {
    if (!this.#has(CefKey.request)) return;
    let at = this.#start[CefKey.request]!;
    const end = this.#end[CefKey.request]!;
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

  /** Splits the header; returns where the extension begins, -1 if it is none. */
  #splitHead(bytes: Uint8Array, from: number, to: number): number {
    let field = 0;
    let at = from;
    this.#head[0] = from;
    for (; at < to; at++) {
      const byte = bytes[at]!;
      if (byte === BACKSLASH) at++;
      else if (byte === PIPE) {
        this.#headEnd[field++] = at;
        if (field === HEAD_FIELDS) return at + 1;
        this.#head[field] = at + 1;
      }
    }
    // UniFi OS leaves one field out: what should be the severity is the extension.
    if (field !== Head.severity) return -1;
    this.#headEnd[field] = this.#head[field]!;
    return this.#head[field]!;
  }

  /** Finds the values of all keys that matter. False if one of them is there twice. */
  #splitExtension(bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.#start;
    const end = this.#end;
    start.fill(-1);
    end.fill(-1);
    let key = -1;
    let escaped = -1;
    for (let at = from; at < to; at++) {
      const byte = bytes[at]!;
      if (byte === BACKSLASH) {
        escaped = ++at;
        continue;
      }
      if (byte !== EQUALS) continue;
      // An equals sign ends a key only if a word stands before it, alone behind a space.
      let word = at;
      while (word > from && KEY_BYTES[bytes[word - 1]!] === 1 && word - 1 !== escaped) word--;
      if (word === at || (word > from && (bytes[word - 1] !== SPACE || word - 1 === escaped))) continue;
      if (key >= 0) end[key] = trimmed(bytes, start[key]!, word);
      key = KEYS.find(bytes, word, at);
      if (key < 0) continue;
      if (start[key] !== -1) return false;
      start[key] = at + 1;
    }
    if (key >= 0) end[key] = trimmed(bytes, start[key]!, to);
    return true;
  }

  /** Takes the addresses from whichever keys the product uses. -1 if one of them is damaged. */
  #takeAddresses(bytes: Uint8Array): number {
    const endpoints = this.#endpoints;
    endpoints.clear();
    for (const key of SOURCES) {
      if (endpoints.hasSource || !this.#has(key)) continue;
      const at = this.#start[key]!;
      if (!endpoints.takeSource(bytes, at, this.#end[key]!) && !isHostName(bytes, at, this.#end[key]!))
        return -1;
    }
    for (const key of DESTINATIONS) {
      if (endpoints.hasDestination || !this.#has(key)) continue;
      const at = this.#start[key]!;
      if (!endpoints.takeDestination(bytes, at, this.#end[key]!) && !isHostName(bytes, at, this.#end[key]!))
        return -1;
    }
    return 0;
  }

  #writePorts(bytes: Uint8Array, batch: Batch, row: number): boolean {
    const protocol = readProtocol(bytes, this.#start[CefKey.proto]!, this.#end[CefKey.proto]!);
    batch.protocol[row] = protocol;
    const spt = this.#has(CefKey.spt) ? this.#number(bytes, CefKey.spt) : 0;
    const dpt = this.#has(CefKey.dpt) ? this.#number(bytes, CefKey.dpt) : 0;
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
      this.#start[CefKey.deviceDirection]!,
      this.#end[CefKey.deviceDirection]!,
    );
    if (said >= 0) return said;
    return DIRECTIONS.find(bytes, this.#start[CefKey.UNIFIdirection]!, this.#end[CefKey.UNIFIdirection]!);
  }

  #writeTime(bytes: Uint8Array, envelope: Envelope, batch: Batch, row: number, flags: number): void {
    let time = Number.NaN;
    for (const key of TIMES) {
      if (!Number.isNaN(time) || !this.#has(key)) continue;
      time = readTime(bytes, this.#start[key]!, this.#end[key]!, this.#clock);
    }
    if (Number.isNaN(time)) time = envelope.time;
    batch.time[row] = time;
    batch.host[row] = envelope.host;
    batch.flags[row] = Number.isNaN(time) ? flags | Flag.noTime : flags;
  }

  #titleOf(bytes: Uint8Array, key: CefKey): number {
    return this.#has(key) ? this.#titles.of(bytes, this.#start[key]!, this.#end[key]!) : 0;
  }

  #headIs(bytes: Uint8Array, field: number, word: Uint8Array): boolean {
    const at = this.#head[field]!;
    const end = this.#headEnd[field]!;
    return end - at === word.length && startsWith(bytes, at, end, word);
  }

  #hasUser(): boolean {
    return this.#has(CefKey.duser) || this.#has(CefKey.suser);
  }

  #has(key: CefKey): boolean {
    return this.#end[key]! > this.#start[key]!;
  }

  #number(bytes: Uint8Array, key: CefKey): number {
    if (!this.#has(key)) return -1;
    const value = readNumber(bytes, this.#start[key]!, this.#end[key]!);
    return readEnd === this.#end[key] ? value : -1;
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

/** Longest user name that is undone of its escapes; the rest is cut. */
const MAX_NAME = 1024;

/** Writes [from, to) without its escapes into `out`, returns how many bytes. */
export function unescapeCef(bytes: Uint8Array, from: number, to: number, out: Uint8Array): number {
  let length = 0;
  for (let i = from; i < to && length < out.length; i++) {
    let byte = bytes[i]!;
    if (byte === BACKSLASH && i + 1 < to) {
      const next = bytes[i + 1]!;
      if (next === BACKSLASH || next === EQUALS || next === PIPE) byte = next;
      else if (next === 110) byte = 10;
      else if (next === 114) byte = 13;
      if (byte !== BACKSLASH || next === BACKSLASH) i++;
    }
    out[length++] = byte;
  }
  return length;
}

/** End of the value that begins at `from` when the next key's word begins at `to`: spaces before it are no part. */
function trimmed(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  while (end > from && bytes[end - 1] === SPACE) end--;
  return end;
}

/**
 * Where the version stands. Headers take `CEF:` for the name of a program where a host stands before it; only there
 * and at the very beginning may an event begin, never where a name or a URL could write one.
 */
function messageStart(bytes: Uint8Array, from: number, to: number, envelope: Envelope): number {
  let at = from;
  if (bytes[at] === 60) {
    const priority = readNumber(bytes, at + 1, Math.min(to, at + 4));
    if (priority < 0 || bytes[readEnd] !== 62) return -1;
    at = readEnd + 1;
  }
  if (startsWith(bytes, at, to, CEF)) {
    at += CEF.length;
    if (bytes[at] === SPACE) at++;
  } else if (
    envelope.appEnd - envelope.appAt !== APP.length ||
    !startsWith(bytes, envelope.appAt, envelope.appEnd, APP)
  ) {
    return -1;
  }
  return at + 1 < to && bytes[at]! >= 48 && bytes[at]! <= 57 && bytes[at + 1] === PIPE ? at : -1;
}

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
