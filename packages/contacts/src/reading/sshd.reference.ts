/** Plain reading of sshd's messages: what `sshd.ts` must agree with. */
import { Kind, Outcome } from '../contact.ts';
import type { PlainEnvelope } from './envelope.reference.ts';
import { type PlainContact, type PlainLine, plainHash } from './plain.ts';
import { plainZoned } from './plain-ip.ts';

/** What a message says, with its source as text. */
type Said = {
  readonly host: string | undefined;
  readonly port?: string | undefined;
  readonly outcome: number;
  readonly account?: string | undefined;
  readonly invalid?: boolean;
  readonly detail?: boolean;
  readonly pid?: number;
  readonly own?: { readonly host: string; readonly port?: string | undefined } | undefined;
};
type Answer = Said | 'ignored' | 'unreadable' | undefined;

const { failed, succeeded, established, unknown } = Outcome;

const FROM_TAIL = /^(.*) from ([^ ]{1,255}) port (\d{1,5})$/s;
const PLAIN_TAIL = /^(.*) ([^ ]{1,255}) port (\d{1,5})$/s;
const FROM_HOST = /^(.*) from ([^ ]{1,255})$/s;

/** Reads one message of sshd, without its syslog header. */
export function readSshd(message: string, header: Omit<PlainEnvelope, 'message'>): PlainLine {
  if (!header.found) return { line: 'unreadable' };
  if (!/^sshd(?:$|[-(])/.test(header.app ?? '')) return { line: 'ignored' };
  const trimmed = message.replace(/ +$/, '');
  const cut = trimmed.length > (header.repeated > 0 ? 779 : 959);
  const preauth = trimmed.endsWith(' [preauth]');
  const text = trimmed
    .replace(/ \[preauth\]$/, '')
    .replace(/^\[ID [^\]]*\]./s, '')
    .replace(/^(?:error|fatal): /, '');
  if (text.length < 8) return { line: 'ignored' };
  if (text.startsWith('exited MaxStartups throttling')) {
    const digits = /(\d*)$/.exec(text.slice(0, Math.max(0, text.lastIndexOf(' connections dropped'))))![1]!;
    const dropped = digits.length > 15 ? 0 : Number(digits);
    return { line: 'ignored', ...(dropped > 1 ? { lost: dropped - 1 } : {}) };
  }
  const answer = answerTo(text, preauth);
  if (answer === 'unreadable' || answer === 'ignored') return { line: answer };
  if (answer === undefined) return { line: isCut(text) ? 'unreadable' : 'ignored' };
  return contact(answer, header, cut);
}

function contact(said: Said, header: Omit<PlainEnvelope, 'message'>, cut: boolean): PlainLine {
  const { host, account, own } = said;
  const source = cut && account ? undefined : host === undefined ? undefined : plainZoned(host);
  const ours = own === undefined || source === undefined ? undefined : plainZoned(own.host);
  const known = ours !== undefined && ours.includes(':') === source!.includes(':') ? ours : undefined;
  const pid = said.pid ?? header.pid ?? 0;
  const row: PlainContact = {
    kind: Kind.login,
    outcome: said.outcome,
    protocol: 6,
    destinationPort: (isAddress(own?.host) ? Number(own?.port ?? 22) : 22) || 22,
    ...(header.time === undefined ? {} : { time: header.time }),
    ...(source === undefined ? {} : { source }),
    ...(known === undefined ? {} : { destination: known }),
    ...(source === undefined ? {} : portOf(said.port)),
    ...(account ? { account: plainHash(account) } : {}),
    ...(pid > 0 ? { key: String(pid) } : {}),
    ...(said.invalid ? { invalidAccount: true } : {}),
    ...(said.detail ? { detail: true } : {}),
    ...(header.repeated > 1 ? { repeat: Math.min(65_535, header.repeated - 1) } : {}),
  };
  return row;
}

function portOf(port: string | undefined): { sourcePort?: number } {
  return Number(port ?? 0) ? { sourcePort: Number(port) } : {};
}

/** Address, or a name; undefined if it is neither: damage. */
function hostKind(host: string): 'address' | 'name' | undefined {
  if (isAddress(host)) return 'address';
  return host.includes(':') || !/[a-z]/i.test(host) ? undefined : 'name';
}

function isAddress(host: string | undefined): boolean {
  return host !== undefined && plainZoned(host) !== undefined;
}

/** A match whose host may be one and whose port is one. */
function sound(host: string | undefined, port: string | undefined): boolean {
  return host !== undefined && hostKind(host) !== undefined && Number(port ?? 0) < 65_536;
}

type Tail = { readonly host: string; readonly port: string | undefined; readonly before: string };

function tail(pattern: RegExp, text: string): Tail | undefined {
  const match = pattern.exec(text);
  if (match === null || !sound(match[2], match[3])) return undefined;
  return { before: match[1] ?? '', host: match[2]!, port: match[3] };
}

/** Every prefix of `text` that ends before one of the marks and is `X from A port P` or `X A port P`. */
function candidates(text: string, mark: RegExp, pattern: RegExp): Tail[] {
  return [...text.matchAll(mark)].flatMap((match) => tail(pattern, text.slice(0, match.index)) ?? []);
}

/** `A[ port P]` where fixed text has just ended. */
function head(
  text: string,
): { readonly host: string; readonly port?: string; readonly rest: string } | undefined {
  const word = /^[^ ,]+/.exec(text)?.[0];
  if (word === undefined) return undefined;
  const shorter = word.replace(/:$/, '');
  const host = hostKind(word) !== undefined ? word : shorter;
  if (host === '' || hostKind(host) === undefined) return undefined;
  const behind = text.slice(host.length);
  if (!/^ port ./s.test(behind)) return { host, rest: behind };
  const port = /^ port (\d{1,15})(?!\d)/.exec(behind);
  if (port === null || Number(port[1]) > 65_535) return undefined;
  return { host, port: port[1]!, rest: behind.slice(port[0].length) };
}

function connection(text: string, more: Partial<Said> = {}): Answer {
  const found = head(text);
  if (found === undefined) return 'unreadable';
  return { host: found.host, port: found.port, outcome: established, ...more };
}

function authentication(text: string, outcome: number): Answer {
  const match = /^[^ ]+ for (invalid user |illegal user )?(.*)$/s.exec(text);
  if (match === null) return 'unreadable';
  const rest = match[2]!;
  const invalid = match[1] !== undefined;
  if (rest.endsWith(' ssh2')) {
    const end = tail(FROM_TAIL, rest.slice(0, -5));
    if (end === undefined) return 'unreadable';
    if (!end.before.includes(':')) return { ...end, outcome, account: end.before, invalid };
  }
  const all = candidates(rest, / ssh2(?=$|:$|: )/g, FROM_TAIL);
  if (all.length === 0) return 'unreadable';
  if (all.length > 1) return { host: undefined, outcome, invalid };
  return { ...all[0]!, outcome, account: all[0]!.before, invalid };
}

function attempt(
  text: string,
): { readonly invalid: boolean; readonly rest: string; readonly later: boolean } | undefined {
  const match = /^(authenticating user |invalid user |illegal user |user )(.*)$/s.exec(text);
  if (match === null) return undefined;
  return { invalid: /^i/.test(match[1]!), later: match[1] === 'user ', rest: match[2]! };
}

function departure(text: string, preauth: boolean, detailLater: boolean): Answer {
  const who = attempt(text);
  if (who === undefined) {
    return detailLater && !preauth ? connection(text, { outcome: unknown, detail: true }) : connection(text);
  }
  const found = tail(PLAIN_TAIL, who.rest);
  if (found === undefined) return 'unreadable';
  return user(found, who);
}

function user(found: Tail, who: { readonly invalid: boolean; readonly later: boolean }): Answer {
  if (who.later) return { ...found, outcome: unknown, account: found.before, detail: true };
  return { ...found, outcome: failed, account: found.before, invalid: who.invalid };
}

function disconnecting(text: string, last: boolean): Answer {
  const who = attempt(text);
  if (who === undefined) return connection(text);
  const all = candidates(who.rest, /:(?= |$)/g, PLAIN_TAIL);
  if (all.length === 0) return 'unreadable';
  if (last) return user(all.at(-1)!, who);
  if (all.length === 1) return user(all[0]!, who);
  return { ...(user({ host: '', port: undefined, before: '' }, who) as Said), host: undefined };
}

function pamFailure(text: string, detail: boolean): Answer {
  const match =
    /^logname=[^ ]* uid=[^ ]* euid=[^ ]* tty=[^ ]* ruser=([^ ]*) rhost=([^ ]*) *(?:user=(.*)|.*)$/s.exec(
      text,
    );
  if (match === null || (match[2] !== '' && hostKind(match[2]!) === undefined)) return 'unreadable';
  const doubtful = match[1] !== '' && text.split(' rhost=').length > 2;
  return {
    host: doubtful || match[2] === '' ? undefined : match[2],
    outcome: failed,
    account: match[3],
    detail,
  };
}

/** `X from A` where the whole of what stands before is X, and ` from ` needs its space. */
function fromBare(text: string): Tail | undefined {
  return / port \d+$/.test(text) ? tail(FROM_TAIL, text) : tail(FROM_HOST, text);
}

type Rule = readonly [string, (rest: string, preauth: boolean) => Answer];

const RULES: readonly Rule[] = [
  ['Failed ', (rest) => authentication(rest, failed)],
  ['Accepted ', (rest) => authentication(rest, succeeded)],
  ['Postponed ', (rest) => authentication(rest, unknown)],
  ['Partial ', (rest) => authentication(rest, unknown)],
  ['Invalid user ', invalidUser],
  ['Illegal user ', invalidUser],
  ['Connection closed by ', (rest, preauth) => departure(rest, preauth, false)],
  ['Connection reset by ', (rest, preauth) => departure(rest, preauth, false)],
  ['Disconnected from ', (rest, preauth) => departure(rest, preauth, true)],
  ['Received disconnect from ', (rest, preauth) => departure(rest, preauth, true)],
  ['Disconnecting: ', () => 'ignored'],
  ['Disconnecting ', (rest) => disconnecting(rest, false)],
  ['Connection from ', connectionFrom],
  ['maximum authentication attempts exceeded for ', tooMany],
  ['Did not receive identification string from ', (rest) => connection(rest)],
  ['Unable to negotiate with ', (rest) => connection(rest)],
  ['Protocol major versions differ for ', (rest) => connection(rest)],
  ['banner exchange: Connection from ', (rest) => connection(rest)],
  ['Bad protocol version identification ', badVersion],
  ['ssh_dispatch_run_fatal: Connection from ', (rest) => disconnecting(rest, true)],
  ['Timeout before authentication for ', timeout],
  ['Timeout, client not responding from user ', silentClient],
  ['reverse mapping checking getaddrinfo for ', reverseMapping],
  [
    'Address ',
    (rest) => (/^[^ ,]+ maps to /.test(rest) && isAddress(rest.split(' ')[0]) ? connection(rest) : 'ignored'),
  ],
  ['Nasty PTR record ', nastyRecord],
  ['User ', notAllowed],
  ['ROOT LOGIN REFUSED FROM ', (rest) => connection(rest, { outcome: failed, account: 'ROOT' })],
  ['Authentication tried for ', wrongHost],
  ['authentication failure; ', (rest) => pamFailure(rest, false)],
  ['PAM: ', pamError],
  ['PAM ', pamMore],
  ['refused connect from ', refused],
  ['drop connection ', dropConnection],
  ['Starting session: ', session],
  ['Close session: ', session],
  ['kex_exchange_identification: ', () => ({ host: undefined, outcome: unknown, detail: true })],
];

function isCut(text: string): boolean {
  return RULES.some(([begin]) => begin.length > text.length && begin.startsWith(text));
}

function answerTo(text: string, preauth: boolean): Answer {
  const module = /^pam_[^)]*\): authentication failure; (.*)$/s.exec(text);
  if (module !== null && text.indexOf(')') < 64) return pamFailure(module[1]!, false);
  for (const [begin, read] of RULES)
    if (text.startsWith(begin)) return read(text.slice(begin.length), preauth);
  return undefined;
}

function invalidUser(rest: string): Answer {
  const found = fromBare(rest);
  return found === undefined
    ? 'unreadable'
    : { ...found, outcome: failed, account: found.before, invalid: true };
}

function connectionFrom(rest: string): Answer {
  const found = head(rest);
  if (found === undefined) return 'unreadable';
  const own = isAddress(found.host) && found.rest.startsWith(' on ') ? head(found.rest.slice(4)) : undefined;
  return { host: found.host, port: found.port, outcome: established, own };
}

function tooMany(rest: string): Answer {
  const match = /^(invalid user |illegal user )?(.*) ssh2$/s.exec(rest);
  const found = match === null ? undefined : tail(FROM_TAIL, match[2]!);
  if (found === undefined) return 'unreadable';
  return { ...found, outcome: failed, account: found.before, invalid: match![1] !== undefined };
}

function badVersion(rest: string): Answer {
  const found = fromBare(rest);
  return found === undefined ? 'unreadable' : { host: found.host, port: found.port, outcome: established };
}

function timeout(rest: string): Answer {
  const prefix = 'connection from ';
  if (!rest.startsWith(prefix)) return connection(rest);
  const found = head(rest.slice(prefix.length));
  if (found === undefined) return 'unreadable';
  const own = isAddress(found.host) && found.rest.startsWith(' to ') ? head(found.rest.slice(4)) : undefined;
  const pid = /^.*, pid = (\d*)/s.exec(rest)?.[1] ?? '';
  return { host: found.host, outcome: established, own, pid: pid.length > 15 ? 0 : Number(pid) };
}

function silentClient(rest: string): Answer {
  const found = tail(PLAIN_TAIL, rest);
  return found === undefined ? 'unreadable' : { ...found, outcome: unknown, detail: true };
}

function reverseMapping(rest: string): Answer {
  const bracket = /^.*\[([^[]*)\] failed - POSSIBLE BREAK-IN ATTEMPT!$/s.exec(rest);
  if (bracket === null) {
    if (/.\] failed - POSSIBLE BREAK-IN ATTEMPT!$/s.test(rest)) return 'unreadable';
    return /. failed - POSSIBLE BREAK-IN ATTEMPT!$/s.test(rest)
      ? { host: undefined, outcome: established }
      : 'unreadable';
  }
  return sound(bracket[1], undefined) ? { host: bracket[1], outcome: established } : 'unreadable';
}

function nastyRecord(rest: string): Answer {
  const match = /^.*" is set up for (.*), ignoring$/s.exec(rest);
  return match !== null && sound(match[1], undefined)
    ? { host: match[1], outcome: established }
    : 'unreadable';
}

function notAllowed(rest: string): Answer {
  const end = rest.indexOf(' not allowed because ');
  const found = end < 0 ? undefined : fromBare(rest.slice(0, end));
  return found === undefined ? 'ignored' : { ...found, outcome: failed, account: found.before };
}

function wrongHost(rest: string): Answer {
  const match = /^, ip=([^),]*)[),]/.exec(rest.slice(Math.max(0, rest.lastIndexOf(', ip='))));
  return match !== null && sound(match[1], undefined) ? { host: match[1], outcome: failed } : 'unreadable';
}

function pamError(rest: string): Answer {
  const at = rest.indexOf(' for ');
  if (at < 0) return 'ignored';
  const match = /^(?:service for )?(invalid user |illegal user )?(.*)$/s.exec(rest.slice(at + 5))!;
  const found = fromBare(match[2]!);
  if (found === undefined) return 'unreadable';
  return { ...found, outcome: failed, account: found.before, invalid: match[1] !== undefined };
}

function pamMore(rest: string): Answer {
  if (!/^\d* more authentication failure/.test(rest)) return 'ignored';
  const match = /^\d* more authentication failures?; (.*)$/s.exec(rest);
  return match === null ? 'unreadable' : pamFailure(match[1]!, true);
}

function refused(rest: string): Answer {
  if (!rest.endsWith(')')) return connection(rest, { outcome: Outcome.denied });
  const host = /^.*\(([^(]*)\)$/s.exec(rest)?.[1] ?? rest.slice(1, -1);
  return sound(host, undefined) ? { host, outcome: Outcome.denied } : 'unreadable';
}

function dropConnection(rest: string): Answer {
  const match =
    /^#\d* from \[([^\]]*)\]:(\d{1,15})(?!\d) on \[([^\]]*)\]:(\d{1,15})(?!\d)( past MaxStartups| penalty: )/.exec(
      rest,
    );
  if (match === null) return 'unreadable';
  const [, host, port, ownHost, ownPort, why] = match;
  if (!sound(host, port) || !sound(ownHost, ownPort)) return 'unreadable';
  const outcome = why === ' penalty: ' ? Outcome.blocked : Outcome.denied;
  return { host, port, own: { host: ownHost!, port: ownPort }, outcome, pid: 0 };
}

function session(rest: string): Answer {
  const end = rest.lastIndexOf(' id ');
  const found = end < 0 ? undefined : tail(FROM_TAIL, rest.slice(0, end));
  return found === undefined
    ? 'ignored'
    : { host: found.host, port: found.port, outcome: unknown, detail: true };
}
