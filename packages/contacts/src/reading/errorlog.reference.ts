/** Plain reading of the error logs of nginx and Apache: what errorlog.ts must agree with. */
import { Kind, Outcome, Protocol } from '../contact.ts';
import type { Clock } from './clock.ts';
import { type PlainLine, plainHash } from './plain.ts';
import { plainIp } from './plain-ip.ts';
import { plainContent } from './web.reference.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Reads one line of an error log. */
export function readErrorLog(message: string, clock: Clock): PlainLine {
  return message[0] === '[' ? apacheError(message, clock) : nginxError(message, clock);
}

function nginxError(message: string, clock: Clock): PlainLine {
  const head = /^.{4}\/.{2}\/.{2}..{2}:.{5} \[[^\]]{0,10}\] \d{1,15}#\d{1,15}: (?:\*\d{1,15}(?!\d).?)?/s.exec(
    message,
  );
  if (head === null) return { line: 'unreadable' };
  const stamp = /^(\d{4}).(\d\d).(\d\d).(\d\d).(\d\d).(\d\d)/s.exec(message);
  const [year, month, day, hour, minute, second] = (stamp ?? []).slice(1).map(Number);
  const time = stamp === null ? Number.NaN : clock.utc(year!, month!, day!, hour!, minute!, second!, 0);
  const text = message.slice(head[0].length);
  if (text.startsWith('[client ')) return modSecurity(text, time, false);
  const parts = text.split(', client: ');
  if (parts.length !== 2) return { line: 'ignored' };
  const [what = '', rest = ''] = parts;
  const mismatch = /^user "(.*)": password mismatch$/s.exec(what);
  const unknown = mismatch === null ? /^user "(.*)" was not found in "/s.exec(what) : null;
  const refused = /^(access forbidden by rule|limiting |directory index of )/.test(what);
  const name = mismatch?.[1] ?? unknown?.[1];
  if (name === undefined && !refused) return { line: 'ignored' };
  const source = plainIp(rest.split(', server: ')[0]!);
  if (source === undefined || !rest.includes(', server: ')) return { line: 'unreadable' };
  const asked = /, request: "(.*)/s.exec(rest)?.[1];
  const space = asked?.indexOf(' ') ?? -1;
  let content = 0;
  if (asked !== undefined && space >= 0) {
    const target = asked.slice(space + 1);
    const end = target.indexOf(' HTTP/');
    content = plainContent(end >= 0 ? target.slice(0, end) : target.split('"')[0]!);
  }
  return {
    kind: name === undefined ? Kind.web : Kind.login,
    outcome: name === undefined ? Outcome.denied : Outcome.failed,
    ...(Number.isNaN(time) ? {} : { time }),
    source,
    protocol: Protocol.tcp,
    ...(name === undefined ? {} : { account: plainHash(name) }),
    ...(content === 0 ? {} : { content }),
    ...(unknown === null ? {} : { invalidAccount: true }),
  };
}

function apacheError(message: string, clock: Clock): PlainLine {
  const stamp = /^\[.{4}([A-Z][a-z]{2}).(\d\d).(.{2}):(.{2}):(.{2})(?:\.(\d{0,15}))? (\d{1,15})\]/s.exec(
    message,
  );
  if (stamp === null || !MONTHS.includes(stamp[1]!)) return { line: 'unreadable' };
  const fields = [stamp[3], stamp[4], stamp[5]].map((text) => (/^\d\d$/.test(text!) ? Number(text) : -1));
  const ms = stamp[6] === undefined ? 0 : Number(`${stamp[6]}000`.slice(0, 3));
  const month = MONTHS.indexOf(stamp[1]!) + 1;
  const time = clock.utc(Number(stamp[7]), month, Number(stamp[2]), fields[0]!, fields[1]!, fields[2]!, ms);
  if (Number.isNaN(time)) return { line: 'unreadable' };
  let rest = message;
  let modern = false;
  for (let count = 0; count < 6 && rest[0] === '['; count++) {
    const close = rest.indexOf(']');
    if (rest.startsWith('[client ')) return apacheClient(rest, time, modern);
    if (close < 0) return { line: 'unreadable' };
    if (count === 1) modern = rest.slice(0, close).includes(':');
    rest = rest.slice(close + 2);
  }
  return { line: rest === '' ? 'unreadable' : 'ignored' };
}

function apacheClient(bracket: string, time: number, modern: boolean): PlainLine {
  const close = bracket.indexOf(']');
  const behind = close < 0 ? '' : bracket.slice(close + 2);
  const own = /^\[client [^\]]*\].(?=ModSecurity: )/s.exec(behind);
  if (own !== null || behind.startsWith('ModSecurity: ')) {
    return modSecurity(bracket.slice(0, close + 2) + behind.slice(own?.[0].length ?? 0), time, modern);
  }
  const text = /^AH.{5}:/s.test(behind) ? behind.slice(9) : behind;
  const denied = text.startsWith('client denied by server configuration');
  const unknown = /^user (.*) not found: /s.exec(text);
  const mismatch = unknown === null ? /^user (.*): authentication failure for /s.exec(text) : null;
  const name = unknown?.[1] ?? mismatch?.[1];
  if (!denied && name === undefined) return { line: 'ignored' };
  const client = bracketClient(bracket.slice(0, close + 1), modern);
  if (client === undefined) return { line: 'unreadable' };
  return {
    kind: denied ? Kind.web : Kind.login,
    outcome: denied ? Outcome.denied : Outcome.failed,
    time,
    ...client,
    protocol: Protocol.tcp,
    ...(denied ? {} : { account: plainHash(name!) }),
    ...(unknown === null || denied ? {} : { invalidAccount: true }),
  };
}

function modSecurity(bracket: string, time: number, port: boolean): PlainLine {
  const close = bracket.indexOf(']');
  const text = close < 0 ? '' : bracket.slice(close + 2);
  if (!text.startsWith('ModSecurity: ')) return { line: 'ignored' };
  const client = bracketClient(bracket.slice(0, close + 1), port);
  if (client === undefined) return { line: 'unreadable' };
  const denied = text.startsWith('ModSecurity: Access denied');
  return {
    kind: Kind.alert,
    outcome: denied ? Outcome.blocked : Outcome.unknown,
    ...(Number.isNaN(time) ? {} : { time }),
    ...client,
    protocol: Protocol.tcp,
  };
}

/** `[client 192.0.2.7:50229]`; `port`: the last colon of an IPv6 address is the port's, as Apache 2.4 writes it. */
function bracketClient(text: string, port: boolean): { source: string; sourcePort?: number } | undefined {
  const inside = /^\[client ([^\]]*)\]$/.exec(text)?.[1];
  if (inside === undefined) return undefined;
  const split = /^(.*):(\d{1,15})$/s.exec(inside);
  const wide = inside.split(':').length > 2;
  if (split === null || (wide && !port)) {
    const source = wide && port ? undefined : plainIp(inside);
    return source === undefined ? undefined : { source };
  }
  const source = plainIp(split[1]!);
  const sourcePort = Number(split[2]);
  if (source === undefined || sourcePort > 65_535) return undefined;
  return { source, ...(sourcePort === 0 ? {} : { sourcePort }) };
}
