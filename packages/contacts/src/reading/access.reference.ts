/** Plain reading of access and error logs: what access.ts and errorlog.ts must agree with. */
import { Content, Kind, Outcome, Protocol } from '../contact.ts';
import type { Clock } from './clock.ts';
import { readErrorLog } from './errorlog.reference.ts';
import { type PlainLine, plainHash } from './plain.ts';
import { plainIp } from './plain-ip.ts';
import { agentContent, plainContent } from './web.reference.ts';

/** What the syslog header around a line says, as far as it matters here. */
export type PlainHeader = { readonly found: boolean; readonly app?: string };

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const FAST_TIME = /^- \[.{26}\]."./s;
const QUOTED = /^((?:[^"\\]|\\.)*)"/s;

/** Reads one message (latin1 characters) of an access or error log. */
export function readAccess(message: string, header: PlainHeader, clock: Clock): PlainLine {
  if (message[0] === '[' || message[4] === '/') return readErrorLog(message, clock);
  const ours = /^(nginx|apache|httpd)/.test(header.app ?? '');
  const other: PlainLine = { line: header.found && !ours ? 'ignored' : 'unreadable' };
  const first = clientWord(message);
  if (first === undefined) return other;
  let client = first;
  let port = 0;
  let rest = message.slice(first.length + 1);
  if (rest.startsWith('- ')) {
    rest = rest.slice(2);
  } else {
    const second = clientWord(rest);
    if (second === undefined) return other;
    rest = rest.slice(second.length + 1);
    if (/^- [^[]/.test(rest)) {
      client = second;
      port = Number(/.:(\d{1,15})$/s.exec(first)?.[1] ?? 0);
      if (port > 65_535) port = 0;
      rest = rest.slice(2);
    }
  }
  const empty = rest.startsWith('""') ? 2 : 0;
  const user = QUOTED.exec(rest.slice(empty));
  const quote = FAST_TIME.test(rest) ? 31 : user === null ? -1 : empty + user[1]!.length;
  if (quote < 0) return other;
  const before = rest.slice(0, quote);
  const bracket = before.lastIndexOf('[', quote - 3);
  if (!before.endsWith('] ') || bracket < 0 || quote - 3 - bracket > 40) return { line: 'unreadable' };
  if (bracket > 0 && before[bracket - 1] !== ' ') return { line: 'unreadable' };
  const request = QUOTED.exec(rest.slice(quote + 1));
  if (request === null) return { line: 'unreadable' };
  const behind = rest.slice(quote + 1 + request[0].length);
  const numbers = /^ (?:(\d{3})|-)(?: -| (\d{1,15})(?!\d))/.exec(behind);
  if (numbers === null) return { line: 'unreadable' };
  const time = accessTime(before.slice(bracket + 1, quote - 2), clock);
  const asked = plainRequest(request[1]!);
  const extras = plainExtras(behind.slice(numbers[0].length));
  const account = before.slice(0, Math.max(0, bracket - 1));
  const status = Number(numbers[1] ?? 0);
  const named = account !== '' && account !== '-' && account !== '""';
  const failed = named && status === 401;
  const source = plainIp(client.replace(/%.{0,255}$/, ''));
  const content = asked.content | extras.content;
  const destinationPort = port || asked.port;
  return {
    kind: failed ? Kind.login : Kind.web,
    outcome: failed ? Outcome.failed : Outcome.answered,
    ...(Number.isNaN(time) ? {} : { time }),
    ...(source === undefined ? {} : { source }),
    ...(destinationPort === 0 ? {} : { destinationPort }),
    protocol: asked.protocol,
    ...(failed ? {} : { status }),
    size: Math.min(Number(numbers[2] ?? 0), 0xffff_fffe),
    ...(extras.millis === undefined ? {} : { millis: extras.millis }),
    ...(named ? { account: plainHash(account) } : {}),
    ...(content === 0 ? {} : { content }),
    ...(extras.forwarded === undefined ? {} : { forwarded: extras.forwarded }),
  };
}

/** The word at the beginning of `text`, if a client's name or address can be one. */
function clientWord(text: string): string | undefined {
  const word = /^([^ ]*) /.exec(text)?.[1];
  if (word === undefined || /^(["[]|$)/.test(word)) return undefined;
  if (plainIp(word.replace(/%.{0,255}$/, '')) !== undefined) return word;
  return word.length > 255 ? undefined : word;
}

/** `09/Oct/2026:22:33:20 -0500`, with a fraction or in ISO 8601 where the administrator wants it. */
function accessTime(text: string, clock: Clock): number {
  const usual =
    /^(\d\d).([A-Z][a-z]{2}).(\d{4}).(\d\d).(\d\d).(\d\d)(?:\.(\d{0,15}))? ([+-])(\d\d)(\d\d)$/s.exec(text);
  if (text[2] === '/') {
    if (usual === null || !MONTHS.includes(usual[2]!)) return Number.NaN;
    const [day, year, hour, minute, second] = [usual[1], usual[3], usual[4], usual[5], usual[6]].map(Number);
    if (hour! > 23 || minute! > 59 || second! > 60) return Number.NaN;
    const start = clock.dayStart(year!, MONTHS.indexOf(usual[2]!) + 1, day!);
    const ms = usual[7] === undefined ? 0 : Number(`${usual[7]}000`.slice(0, 3));
    const offset = (Number(usual[9]) * 60 + Number(usual[10])) * (usual[8] === '-' ? -1 : 1);
    return start + hour! * 3_600_000 + (minute! - offset) * 60_000 + second! * 1000 + ms;
  }
  const iso =
    /^(\d{4})-(\d\d)-(\d\d)[T t](\d\d):(\d\d):(\d\d)(?:[.,](\d{0,15}))?(?:([Zz])|([+-])(\d\d):?(\d\d)?)?/s.exec(
      text,
    );
  if (iso === null) return Number.NaN;
  const [year, month, day, hour, minute, second] = iso.slice(1, 7).map(Number);
  const ms = iso[7] === undefined ? 0 : Number(`${iso[7]}000`.slice(0, 3));
  if (iso[8] === undefined && iso[9] === undefined) {
    if (/^[+-]/.test(text.slice(iso[0].length))) return Number.NaN;
    return clock.utc(year!, month!, day!, hour!, minute!, second!, ms);
  }
  if (hour! > 23 || minute! > 59 || second! > 60 || Number(iso[10] ?? 0) > 18) return Number.NaN;
  const offset = (Number(iso[10] ?? 0) * 60 + Number(iso[11] ?? 0)) * (iso[9] === '-' ? -1 : 1);
  return (
    clock.dayStart(year!, month!, day!) +
    hour! * 3_600_000 +
    (minute! - offset) * 60_000 +
    second! * 1000 +
    ms
  );
}

type PlainRequest = { readonly content: number; readonly port: number; readonly protocol: number };

function plainRequest(request: string): PlainRequest {
  const method = /^[A-Z_-]{1,24}(?= )/.exec(request)?.[0];
  const noPort = { port: 0, protocol: Protocol.tcp };
  if (method === undefined) return { content: Content.malformed, ...noPort };
  const usual = request.length - 9;
  const end = usual > method.length && request[usual] === ' ' ? usual : request.lastIndexOf(' ');
  if (end <= method.length + 1) return { content: Content.malformed, ...noPort };
  const target = request.slice(method.length + 1, end);
  const version = request.slice(end + 1);
  if (!version.startsWith('HTTP/')) {
    return { content: Content.malformed | plainContent(request.slice(method.length + 1)), ...noPort };
  }
  const content = plainContent(target) | (method === 'CONNECT' && target[0] !== '/' ? Content.probePath : 0);
  const port = target.startsWith('https://') ? 443 : target.startsWith('http://') ? 80 : 0;
  return { content, port, protocol: version.startsWith('HTTP/3') ? Protocol.udp : Protocol.tcp };
}

type PlainExtras = { readonly content: number; readonly millis?: number; readonly forwarded?: string };

function plainExtras(text: string): PlainExtras {
  const millisOf = (part: string) => {
    const found = /(?:^|[ =])(\d{1,7})\.(\d{3})(?= |$)/s.exec(part);
    return found === null || Number(found[1]) > 4_000_000
      ? undefined
      : Number(found[1]) * 1000 + Number(found[2]);
  };
  if (!text.startsWith(' "')) {
    const millis = millisOf(text);
    return { content: 0, ...(millis === undefined ? {} : { millis }) };
  }
  const referer = QUOTED.exec(text.slice(2));
  if (referer === null) return { content: 0 };
  const payload = /[$(, ]/.test(referer[1]!) ? agentContent(referer[1]!) & Content.codeExecution : 0;
  let rest = text.slice(2 + referer[0].length);
  let content = payload;
  if (rest.startsWith(' "')) {
    const agent = QUOTED.exec(rest.slice(2));
    if (agent === null) return { content: 0 };
    content |= agentContent(agent[1]!);
    rest = rest.slice(2 + agent[0].length);
  }
  let millis: number | undefined;
  let forwarded: string | undefined;
  while (rest !== '') {
    const quote = rest.indexOf('"');
    millis ??= millisOf(quote < 0 ? rest : rest.slice(0, quote));
    const field = quote < 0 ? null : QUOTED.exec(rest.slice(quote + 1));
    if (field === null) break;
    rest = rest.slice(quote + 1 + field[0].length);
    if (!beginsWithAddress(field[1]!)) continue;
    forwarded = field[1]!;
    millis ??= millisOf(rest);
    break;
  }
  return {
    content,
    ...(millis === undefined ? {} : { millis }),
    ...(forwarded === undefined ? {} : { forwarded }),
  };
}

function beginsWithAddress(text: string): boolean {
  const first = text.split(/[, ]/)[0]!;
  return plainIp(first) !== undefined || plainIp(first.replace(/:.*$/s, '')) !== undefined;
}
