/** Plain reading of ASA's messages: what asa.ts must agree with. */
import { Content, Kind, Outcome, Tcp } from '../contact.ts';
import { asaEnd, type End, skipBrackets } from './asa-ends.reference.ts';
import { MESSAGES, type Message, Shape } from './asa-lines.ts';
import type { PlainEnvelope } from './envelope.reference.ts';
import { type PlainContact, type PlainLine, plainHash } from './plain.ts';
import { PROTOCOL_NAMES } from './protocols.ts';

const UNREADABLE: PlainLine = { line: 'unreadable' };
const IGNORED: PlainLine = { line: 'ignored' };
const TAG = /^%(?:ASA|FTD|PIX|FWSM)-(?:[^: ]*-)?(\d{1,15})(?:: ?| |$)/;
const STAMP = /^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[ :./0-9]{0,28}(?=%)/;
const FLAGS: Readonly<Record<string, number>> = {
  SYN: Tcp.syn,
  ACK: Tcp.ack,
  FIN: Tcp.fin,
  RST: Tcp.rst,
  PSH: Tcp.psh,
  URG: Tcp.urg,
  ECE: 0,
  CWR: 0,
};

/** Reads one line's message with the header that stood around it. */
export function readAsa(header: PlainEnvelope): PlainLine {
  const inTag = header.app?.startsWith('%') ?? false;
  const app = header.app ?? '';
  if (header.host !== undefined && app !== '' && !inTag && !/^-$|cis|asa|ftd|pix|fws|fir/i.test(app))
    return IGNORED;
  const stamp = inTag ? '' : (STAMP.exec(header.message)?.[0] ?? '');
  const tagged = inTag ? `${header.app}: ` : header.message.slice(stamp.length);
  if (!/^%(?:ASA|FTD|PIX|FWSM)-/.test(tagged)) return header.found ? IGNORED : UNREADABLE;
  const tag = TAG.exec(tagged);
  if (tag === null || tag[0].replace(/:? ?$/, '').length >= 40) return UNREADABLE;
  const number = Number(tag[1]);
  let text = inTag ? header.message : tagged.slice(tag[0].length);
  const repeated = /^message repeated (\d{1,15}) times: \[ ?/.exec(text);
  let extra = 0;
  if (repeated !== null && Number(repeated[1]) >= 1) {
    extra = Number(repeated[1]) - 1;
    text = text.slice(repeated[0].length).replace(/\]$/, '');
  }
  const host = header.host ?? (inTag || header.app === '' ? undefined : header.app);
  const said = readMessage(number, text, host);
  if ('line' in said) return said;
  const repeat = Math.min(65_535, (said.repeat ?? 0) + extra);
  return {
    ...said,
    ...(header.time === undefined ? {} : { time: header.time }),
    ...(repeat === 0 ? {} : { repeat }),
  };
}

function readMessage(number: number, text: string, host: string | undefined): PlainLine {
  const message = MESSAGES.get(number >= 400_000 && number <= 400_999 ? 400_000 : number);
  if (message === undefined) return IGNORED;
  switch (message.shape) {
    case Shape.ignored:
    case Shape.lost:
      return IGNORED;
    case Shape.built:
      return built(text, message, host);
    case Shape.teardown:
      return teardown(text, message, host);
    case Shape.icmpBuilt:
      return icmp(text, message, false);
    case Shape.icmpTeardown:
      return icmp(text, message, true);
    case Shape.fromTo:
      return fromTo(text, message);
    case Shape.srcDst:
      return srcDst(text, message);
    case Shape.accessList:
      return accessList(text);
    case Shape.from:
      return fromOnly(text, message);
    case Shape.deviceLogin:
      return deviceLogin(text, message);
    case Shape.aaa:
      return aaa(text, message);
    case Shape.group:
      return group(text, message);
    case Shape.proxyLogin:
      return proxyLogin(text, message);
    case Shape.event:
      return event(number, text, host);
    case Shape.repeated:
      return { kind: Kind.login, outcome: Outcome.unknown, detail: true };
    case Shape.ids: {
      const said = fromTo(text, message);
      if ('line' in said) return said;
      const { protocol: _, ...row } = said;
      return { ...row, kind: Kind.alert, content: Content.signature };
    }
  }
}

type Row = { -readonly [K in keyof PlainContact]: PlainContact[K] };

/** A row with both ends, undefined if they are of different families. */
function ends(
  kind: Kind,
  message: Message,
  source: End,
  destination: End,
  protocol: number,
): Row | undefined {
  const { address: from } = source;
  const { address: to } = destination;
  const families = [from, to].filter((one) => one !== undefined).map((one) => one.includes(':'));
  if (families.length === 2 && families[0] !== families[1]) return undefined;
  const known = protocol === 1 && families.includes(true) ? 58 : protocol;
  const isIcmp = known === 1 || known === 58;
  const row: Row = { kind, outcome: message.outcome };
  if (from !== undefined) row.source = from;
  if (to !== undefined) row.destination = to;
  if (known !== 0) row.protocol = known;
  if (message.direction !== 0) row.direction = message.direction;
  if (!isIcmp && source.port > 0) row.sourcePort = source.port;
  if (!isIcmp && destination.port > 0) row.destinationPort = destination.port;
  return row;
}

function protocolOf(word: string): number {
  if (word === 'IP') return 0;
  if (word === '' || word === '-') return 0;
  if (/^\d{1,15}$/.test(word)) return Math.min(Number(word), 255);
  return Object.hasOwn(PROTOCOL_NAMES, word.toLowerCase()) ? PROTOCOL_NAMES[word.toLowerCase()]! : 255;
}

function icmpType(text: string): number {
  const at = text.includes('(type ') ? text.indexOf('(type ') : text.indexOf(' type ');
  if (at < 0) return 0;
  const type = /^\d{1,15}(?!\d)/.exec(text.slice(at + 6))?.[0];
  if (type === undefined || Number(type) > 255) return 0;
  const behind = text.slice(at + 6 + type.length);
  const codeAt = behind.slice(0, 8).indexOf('code ');
  const code = codeAt < 0 ? 0 : Number(/^\d{1,15}(?!\d)/.exec(behind.slice(codeAt + 5))?.[0] ?? 0);
  return Number(type) * 256 + (code > 255 ? 0 : code);
}

function equalsType(text: string): number {
  const at = text.slice(0, 64).indexOf('type=');
  if (at < 0) return 0;
  const type = /^\d{1,15}(?!\d)/.exec(text.slice(at + 5))?.[0];
  if (type === undefined || Number(type) > 255) return 0;
  const behind = text.slice(at + 5 + type.length);
  const codeAt = behind.slice(0, 12).indexOf('code=');
  const code = codeAt < 0 ? 0 : Number(/^\d{1,15}(?!\d)/.exec(behind.slice(codeAt + 5))?.[0] ?? 0);
  return Number(type) * 256 + (code > 255 ? 0 : code);
}

function isIcmp(row: Row): boolean {
  return row.protocol === 1 || row.protocol === 58;
}

function fromTo(text: string, message: Message): PlainLine {
  const at = text.indexOf('from ');
  if (at < 0) return UNREADABLE;
  let protocol = message.protocol;
  if (protocol === 0) {
    const before = text.slice(0, at).replace(/^Deny /, '');
    protocol = before.includes(' ') ? protocolOf(before.split(' ')[0]!) : 0;
  }
  const source = asaEnd(text.slice(at + 5).replace(/^laddr /, ''));
  const to = source?.rest.indexOf(' to ') ?? -1;
  if (source === undefined || to < 0) return UNREADABLE;
  const destination = asaEnd(source.rest.slice(to + 4).replace(/^PAT address /, ''));
  if (destination === undefined) return UNREADABLE;
  const row = ends(Kind.packet, message, source, destination, protocol);
  if (row === undefined) return UNREADABLE;
  const flags = destination.rest.indexOf(' flags ');
  if (protocol === 6 && flags >= 0) {
    row.tcp = 0;
    for (const word of destination.rest.slice(flags + 7).split(' ')) {
      if (word === '') continue;
      if (!Object.hasOwn(FLAGS, word)) break;
      row.tcp |= FLAGS[word]!;
    }
  }
  const type = isIcmp(row) ? equalsType(text) : 0;
  return type === 0 ? row : { ...row, destinationPort: type };
}

const NOBODY: End = { port: -1, rest: '' };

function fromOnly(text: string, message: Message): PlainLine {
  const at = text.indexOf('from ');
  const source = at < 0 ? undefined : asaEnd(text.slice(at + 5));
  if (source === undefined) return UNREADABLE;
  const row = ends(Kind.packet, message, { ...source, port: -1 }, NOBODY, message.protocol)!;
  const type = equalsType(text);
  return type === 0 ? row : { ...row, destinationPort: type };
}

function srcDst(text: string, message: Message): PlainLine {
  const src = text.indexOf('src ');
  if (src <= 0 || text[src - 1] !== ' ') return UNREADABLE;
  let protocol = message.protocol;
  if (protocol === 0) {
    const words = text.slice(0, src - 1).split(' ');
    protocol = protocolOf(words.at(-1)!);
    if (protocol === 255) protocol = words.length > 1 ? protocolOf(words[0]!) : 255;
  }
  const source = asaEnd(text.slice(src + 4));
  if (source === undefined) return UNREADABLE;
  const behind = skipBrackets(source.rest);
  const dst = behind.indexOf(' dst ');
  const dest = behind.indexOf(' dest ');
  if (dst < 0 && dest < 0) return UNREADABLE;
  const destination = asaEnd(dst >= 0 ? behind.slice(dst + 5) : behind.slice(dest + 6));
  if (destination === undefined) return UNREADABLE;
  const row = ends(Kind.packet, message, source, destination, protocol);
  if (row === undefined) return UNREADABLE;
  const type = isIcmp(row) ? icmpType(destination.rest) : 0;
  return type === 0 ? row : { ...row, destinationPort: type };
}

function accessList(text: string): PlainLine {
  const head = /^access-list ([^ ]*) ([^ ]*) ([^ ]*) (for user )?/.exec(text);
  if (head === null) return UNREADABLE;
  const verdict = { permitted: Outcome.accepted, 'est-allowed': Outcome.accepted, denied: Outcome.denied };
  const outcome = new Map(Object.entries(verdict)).get(head[2]!.toLowerCase());
  if (outcome === undefined) return UNREADABLE;
  let rest = text.slice(head[0].length);
  let user = '';
  if (head[4] !== undefined) {
    const arrow = text.lastIndexOf(' -> ');
    const bare = Math.max(arrow, head[0].length - 9);
    let at = bare;
    while (at > head[0].length && text[at - 1] !== ' ') at--;
    user = text.slice(head[0].length, Math.max(head[0].length, at - 1)).replace(/^'(.*)'$/s, '$1');
    rest = text.slice(at);
  }
  const source = asaEnd(rest, '/');
  if (source === undefined) return UNREADABLE;
  const behind = skipBrackets(source.rest);
  const arrow = behind.indexOf(' -> ');
  const destination = arrow < 0 ? undefined : asaEnd(behind.slice(arrow + 4), '/');
  if (destination === undefined) return UNREADABLE;
  const hits = skipBrackets(destination.rest);
  const hitAt = hits.indexOf(' hit-cnt ');
  const count = hitAt < 0 ? undefined : /^\d{1,15}(?!\d)/.exec(hits.slice(hitAt + 9))?.[0];
  if (count === undefined) return UNREADABLE;
  const message = { outcome, direction: 0 } as Message;
  const row = ends(Kind.packet, message, source, destination, protocolOf(head[3]!));
  if (row === undefined) return UNREADABLE;
  if (isIcmp(row)) {
    const [type, code] = [source.port, destination.port];
    if (type >= 0 && type < 256 && code >= 0 && code < 256 && type * 256 + code > 0)
      row.destinationPort = type * 256 + code;
  }
  if (user !== '') row.account = plainHash(user);
  if (Number(count) > 1) row.repeat = Math.min(65_535, Number(count) - 1);
  return row;
}

/** Key of a connection: its number, with the device's name in the second half. */
function keyOf(number: string, host: string | undefined): string {
  const key = plainHash(number);
  if (host === undefined) return key;
  const first = Number.parseInt(plainHash(host).slice(0, 8), 16);
  const second = (Number.parseInt(key.slice(8), 16) ^ first) >>> 0;
  return key.slice(0, 8) + second.toString(16).padStart(8, '0');
}

const CONNECTION = /^connection (\d{1,15}) (?:for|from) /;

function forTo(text: string): { number: string; foreign: End; own: End } | undefined {
  const at = text.slice(0, 64).indexOf('connection ');
  const head = at < 0 ? null : CONNECTION.exec(text.slice(at));
  if (head === null) return undefined;
  const foreign = asaEnd(text.slice(at + head[0].length));
  if (foreign === undefined) return undefined;
  const behind = skipBrackets(foreign.rest);
  const to = behind.indexOf(' to ');
  const own = to < 0 ? undefined : asaEnd(behind.slice(to + 4));
  return own === undefined ? undefined : { number: head[1]!, foreign, own };
}

function built(text: string, message: Message, host: string | undefined): PlainLine {
  if (!text.startsWith('Built ')) return UNREADABLE;
  const way = /^Built (inbound|outbound) /.exec(text)?.[1];
  if (way === undefined) return IGNORED;
  const parts = forTo(text);
  if (parts === undefined) return UNREADABLE;
  const { foreign, own } = parts;
  const inbound = way === 'inbound';
  const row = ends(Kind.flow, message, inbound ? foreign : own, inbound ? own : foreign, message.protocol);
  if (row === undefined) return UNREADABLE;
  return { ...row, direction: inbound ? 1 : 2, key: keyOf(parts.number, host) };
}

function teardown(text: string, message: Message, host: string | undefined): PlainLine {
  if (!text.startsWith('Teardown ')) return UNREADABLE;
  const parts = forTo(text);
  if (parts === undefined) return UNREADABLE;
  const behind = skipBrackets(parts.own.rest);
  const at = behind.indexOf(' duration ');
  const ended =
    at < 0
      ? null
      : /^ duration (\d{1,15}):(\d{1,15}):(\d{1,15}) bytes (\d{1,15})(?!\d)(?:.(.*))?$/s.exec(
          behind.slice(at),
        );
  if (ended === null) return UNREADABLE;
  const [hours, minutes, seconds, size] = ended.slice(1, 5).map(Number) as [number, number, number, number];
  const row = ends(Kind.flow, message, parts.foreign, parts.own, message.protocol);
  if (row === undefined) return UNREADABLE;
  const reason = ended[5] ?? '';
  let outcome: Outcome = Outcome.unknown;
  if (message.protocol === 6) {
    if (size > 0 || reason.startsWith('TCP FINs')) outcome = Outcome.established;
    else if (reason.startsWith('SYN Timeout')) outcome = Outcome.noAnswer;
    else if (reason.startsWith('TCP Reset-I')) outcome = Outcome.rejected;
  }
  const millis = Math.min((hours * 3600 + minutes * 60 + seconds) * 1000, 0xffff_fffe);
  const key = keyOf(parts.number, host);
  return { ...row, outcome, size: Math.min(size, 0xffff_fffe), millis, key, detail: true };
}

function icmp(text: string, message: Message, isEnd: boolean): PlainLine {
  const way = /^.{6}(inbound|outbound) /s.exec(text)?.[1];
  if (!isEnd && way === undefined) return IGNORED;
  const outbound = !isEnd && way === 'outbound';
  const at = text.slice(0, 64).indexOf('faddr ');
  const foreign = at < 0 ? undefined : asaEnd(text.slice(at + 6));
  if (foreign === undefined) return UNREADABLE;
  const behind = skipBrackets(foreign.rest);
  const laddr = behind.indexOf(' laddr ');
  const own = laddr < 0 ? undefined : asaEnd(behind.slice(laddr + 7));
  if (own === undefined) return UNREADABLE;
  const row = ends(Kind.flow, message, outbound ? own : foreign, outbound ? foreign : own, message.protocol);
  if (row === undefined) return UNREADABLE;
  const type = icmpType(skipBrackets(own.rest));
  return {
    ...row,
    ...(type === 0 ? {} : { destinationPort: type }),
    ...(isEnd ? { detail: true } : { direction: outbound ? 2 : 1 }),
  };
}

function login(message: Message, source: End, destination: End, name: string): PlainLine {
  const row = ends(Kind.login, message, source, destination, message.protocol);
  if (row === undefined) return UNREADABLE;
  return name === '' ? row : { ...row, account: plainHash(name) };
}

function deviceLogin(text: string, message: Message): PlainLine {
  const at = text.slice(0, 24).indexOf(' from ');
  if (at < 0) return UNREADABLE;
  let rest = text.slice(at + 6);
  let source: End = NOBODY;
  let destination: End = NOBODY;
  if (rest.startsWith('serial')) {
    rest = rest.slice(6);
  } else {
    const end = asaEnd(rest);
    if (end === undefined) return UNREADABLE;
    source = end;
    rest = end.rest;
  }
  if (rest.startsWith(' to ')) {
    const end = asaEnd(rest.slice(4));
    if (end === undefined) return UNREADABLE;
    destination = end;
    rest = end.rest;
  }
  if (!rest.startsWith(' for user "')) return UNREADABLE;
  const name = rest.slice(11);
  const quote = name.lastIndexOf('"');
  return login(message, source, destination, quote < 0 ? name : name.slice(0, quote));
}

function aaa(text: string, message: Message): PlainLine {
  const at = text.indexOf(' : user = ');
  if (at < 0) return UNREADABLE;
  const rest = text.slice(at + 10);
  const ip = rest.lastIndexOf(' : user IP = ');
  const source = ip < 0 ? NOBODY : asaEnd(rest.slice(ip + 13));
  if (source === undefined) return UNREADABLE;
  return login(message, { ...source, port: -1 }, NOBODY, ip < 0 ? rest : rest.slice(0, ip));
}

function group(text: string, message: Message): PlainLine {
  const marked = text.includes('> User <');
  const at = text.indexOf(marked ? '> User <' : ' User ');
  if (at < 0) return UNREADABLE;
  const rest = text.slice(at + (marked ? 8 : 6));
  const mark = marked ? '> IP <' : ' IP ';
  const ip = rest.lastIndexOf(mark);
  if (ip < 0) return UNREADABLE;
  const source = asaEnd(rest.slice(ip + mark.length).split(/[ >]/)[0]!);
  if (source === undefined) return UNREADABLE;
  return login(message, { ...source, port: -1 }, NOBODY, rest.slice(0, ip));
}

function proxyLogin(text: string, message: Message): PlainLine {
  const at = text.indexOf("for user '");
  const behind = at < 0 ? -1 : text.lastIndexOf("' from ");
  if (at < 0 || behind < at) return UNREADABLE;
  const source = asaEnd(text.slice(behind + 7));
  const destination = source?.rest.startsWith(' to ') ? asaEnd(source.rest.slice(4)) : undefined;
  if (source === undefined || destination === undefined) return UNREADABLE;
  return login(message, source, destination, text.slice(at + 10, Math.max(at + 10, behind)));
}

function event(number: number, text: string, host: string | undefined): PlainLine {
  const value = (key: string, from: number) => {
    const at = text.indexOf(key, from);
    return at < 0 ? undefined : text.slice(at + key.length).split(/,(?= |$)/)[0]!;
  };
  const whole = (key: string, from: number) => {
    const found = value(key, from);
    return found !== undefined && /^\d{1,15}$/.test(found) ? Number(found) : -1;
  };
  const src = value('SrcIP: ', 0);
  const source = src === undefined ? undefined : asaEnd(src);
  if (src === undefined || source?.address === undefined) return UNREADABLE;
  const srcAt = text.indexOf('SrcIP: ') + 7;
  const dst = value(', DstIP: ', srcAt + src.length);
  const destination = dst === undefined ? undefined : asaEnd(dst);
  if (dst === undefined || destination === undefined) return UNREADABLE;
  const behind = text.indexOf(', DstIP: ', srcAt + src.length) + 9 + dst.length;
  const isAlert = number === 430_001;
  const protocol = protocolOf((value(', Protocol: ', behind) ?? '').replace(/^IP$/, 'x'));
  const message = { outcome: Outcome.unknown, direction: 0 } as Message;
  const bare = { ...source, port: -1 };
  const row = ends(isAlert ? Kind.alert : Kind.flow, message, bare, { ...destination, port: -1 }, protocol);
  if (row === undefined) return UNREADABLE;
  // An event names ICMPv6 as such.
  if (protocol === 1) row.protocol = 1;
  if (protocol === 1 || protocol === 58) {
    const type = whole(', ICMPType: ', behind);
    const code = whole(', ICMPCode: ', behind);
    const both = type * 256 + (code >= 0 && code < 256 ? code : 0);
    if (type >= 0 && type < 256 && both > 0) row.destinationPort = both;
  } else {
    const sport = whole(', SrcPort: ', behind);
    const dport = whole(', DstPort: ', behind);
    if (sport > 0 && sport < 65_536) row.sourcePort = sport;
    if (dport > 0 && dport < 65_536) row.destinationPort = dport;
  }
  if (isAlert) {
    row.content = Content.signature;
    if (/^(Dropped|Blocked)/.test(value('InlineResult: ', 0) ?? '')) row.outcome = Outcome.blocked;
    return row;
  }
  const isBlocked = (value('AccessControlRuleAction: ', 0) ?? '').startsWith('Block');
  const back = whole(', ResponderBytes: ', behind);
  const seconds = whole(', ConnectionDuration: ', behind);
  if (back >= 0) row.size = Math.min(back, 0xffff_fffe);
  if (seconds >= 0) row.millis = Math.min(seconds * 1000, 0xffff_fffe);
  row.outcome = isBlocked ? Outcome.denied : back > 0 ? Outcome.established : Outcome.accepted;
  const id = text.indexOf('ConnectionID: ');
  if (id >= 0 && id + 14 <= srcAt) row.key = keyOf(value('ConnectionID: ', 0)!, host);
  return row;
}
