/** Plain reading of FortiGate lines: what `fortinet.ts` must agree with. */
import { Content, Direction, Kind, Outcome } from '../contact.ts';
import {
  FORTINET_ADMIN,
  FORTINET_ALERTS,
  FORTINET_KEYS,
  FORTINET_ROLES,
  FORTINET_SIGNATURES,
  FORTINET_TRAFFIC,
  sessionOutcome,
  TrafficAction,
} from './fortinet-words.ts';
import { type PlainContact, type PlainLine, plainHash } from './plain.ts';
import {
  lookUp,
  plainAddress,
  plainEpoch,
  plainNumber,
  plainProtocol,
  plainSlashTime,
  said,
  sameFamily,
} from './plain-fields.ts';

type Values = ReadonlyMap<string, string>;

/** Reads one line that begins with its first key; `headerTime` comes from the syslog header, NaN if there is none. */
export function readFortinet(message: string, headerTime: number): PlainLine {
  const values = split(message);
  if (values === undefined) return { line: 'unreadable' };
  const type = (values.get('type') ?? '').toLowerCase();
  if (type === '') return { line: 'unreadable' };
  if (type === 'event') return event(values, headerTime);
  if (!['traffic', 'utm', 'anomaly', 'ips', 'waf'].includes(type)) return { line: 'ignored' };
  return session(values, headerTime, type === 'traffic');
}

function split(message: string): Values | undefined {
  const values = new Map<string, string>();
  const known: readonly string[] = FORTINET_KEYS;
  let rest = message;
  for (;;) {
    rest = rest.replace(/^ +/, '');
    if (rest === '') return values;
    const key = /^([^ "=]+)=/.exec(rest)?.[1];
    if (key === undefined) return undefined;
    rest = rest.slice(key.length + 1);
    let value: string;
    if (rest.startsWith('"')) {
      const quoted = /^"((?:[^"\\]|\\.)*)"/s.exec(rest);
      if (quoted === null) return values;
      value = quoted[1]!;
      rest = rest.slice(quoted[0].length);
      if (known.includes(key) && values.has(key)) return undefined;
      values.set(key, value);
      if (rest !== '' && !rest.startsWith(' ')) return undefined;
      continue;
    }
    value = /^[^ ]*/.exec(rest)![0];
    rest = rest.slice(value.length);
    if (known.includes(key) && values.has(key)) return undefined;
    values.set(key, value);
  }
}

function session(values: Values, headerTime: number, traffic: boolean): PlainLine {
  const at = (key: string) => values.get(key) ?? '';
  if (at('srcip') === '' && at('dstip') === '') return { line: traffic ? 'unreadable' : 'ignored' };
  const pair = endpoints(at('srcip'), at('dstip'));
  if (pair === undefined) return { line: 'unreadable' };
  const protocol = plainProtocol(at('proto'));
  const icmp = protocol === 1 || protocol === 58;
  const [sport, dport] = [port(at('srcport')), port(at('dstport'))];
  if (!icmp && (sport < 0 || dport < 0)) return { line: 'unreadable' };
  const [type, code] = [icmpNumber(at('icmptype')), icmpNumber(at('icmpcode'))];
  const icmpPort = type >= 0 && type < 256 && code < 256 ? type * 256 + Math.max(0, code) : 0;
  const common: PlainContact = said<PlainContact>({
    kind: traffic ? Kind.flow : Kind.alert,
    outcome: Outcome.unknown,
    time: timeOf(values, headerTime),
    ...pair,
    sourcePort: icmp ? undefined : sport || undefined,
    destinationPort: (icmp ? icmpPort : dport) || undefined,
    protocol: protocol || undefined,
    direction: direction(at('srcintfrole'), at('dstintfrole')),
    key: plainNumber(at('sessionid')) > 0 ? plainHash(`${at('sessionid')}/${at('srcport')}`) : undefined,
  });
  if (!traffic) return alert(values, common);
  const action = lookUp(FORTINET_TRAFFIC, at('action'));
  if (action === undefined) return common;
  if (action === TrafficAction.deny) return { ...common, outcome: Outcome.denied };
  if (action === TrafficAction.start) return { ...common, outcome: Outcome.accepted };
  const received = plainNumber(at('rcvdbyte'));
  const duration = plainNumber(at('duration'));
  const wide = [pair.source, pair.destination].some((address) => address?.includes(':'));
  const outcome = sessionOutcome(action, protocol, wide, received, plainNumber(at('rcvdpkt')));
  const blocked = outcome !== Outcome.established && at('utmaction').startsWith('block');
  return {
    ...common,
    outcome: blocked ? Outcome.blocked : outcome,
    ...(received >= 0 ? { size: Math.min(received, 0xffff_fffe) } : {}),
    ...(duration >= 0 ? { millis: Math.min(duration * 1000, 0xffff_fffe) } : {}),
  };
}

/** Content of a URL is found by `content.ts` and compared there: only the signature is said here. */
function alert(values: Values, common: PlainContact): PlainContact {
  const at = (key: string) => values.get(key) ?? '';
  const answer = at('direction') === 'incoming' || at('direction') === 'response';
  const attack = lookUp(FORTINET_SIGNATURES, at('subtype')) !== undefined;
  const count = plainNumber(at('count'));
  return {
    ...common,
    outcome: lookUp(FORTINET_ALERTS, at('action')) ?? Outcome.unknown,
    ...(count > 1 ? { repeat: Math.min(count - 1, 65_535) } : {}),
    ...(attack && !answer && !at('severity').startsWith('info') ? { content: Content.signature } : {}),
  };
}

function event(values: Values, headerTime: number): PlainLine {
  const at = (key: string) => values.get(key) ?? '';
  const failing = at('status').startsWith('fail');
  if (at('subtype') === 'vpn') {
    const action = at('action');
    if (action === 'negotiate') {
      if (!failing && at('status') !== 'negotiate_error') return { line: 'ignored' };
      const pair = endpoints(at('remip'), at('locip'));
      if (pair === undefined) return { line: 'unreadable' };
      return said<PlainContact>({
        kind: Kind.flow,
        outcome: Outcome.rejected,
        time: timeOf(values, headerTime),
        ...pair,
        sourcePort: Math.max(0, port(at('remport'))) || undefined,
        destinationPort: Math.max(0, port(at('locport'))) || undefined,
        protocol: 17,
        key: at('cookies') === '' ? undefined : plainHash(at('cookies')),
      });
    }
    const up = action === 'tunnel-up' && at('tunneltype').startsWith('ssl');
    if (action !== 'ssl-login-fail' && !up) return { line: 'ignored' };
    const login = signIn(
      values,
      headerTime,
      at('remip'),
      at('locip'),
      up ? Outcome.succeeded : Outcome.failed,
    );
    if ('line' in login) return login;
    const numbered = up && plainNumber(at('tunnelid')) > 0;
    return {
      ...login,
      destinationPort: 443,
      ...(numbered ? { key: plainHash(`${at('tunnelid')}/${at('remip')}`) } : {}),
    };
  }
  const admin = at('subtype') === 'system' && at('action') === 'login' && at('user') !== '';
  const user = at('subtype') === 'user' && at('action') === 'authentication';
  if (!admin && !user) return { line: 'ignored' };
  const outcome = at('status').startsWith('success')
    ? Outcome.succeeded
    : failing
      ? Outcome.failed
      : undefined;
  if (outcome === undefined) return { line: 'ignored' };
  const login = signIn(values, headerTime, at('srcip'), at('dstip'), outcome);
  const adminPort = lookUp(FORTINET_ADMIN, at('method'));
  return 'line' in login || adminPort === undefined ? login : { ...login, destinationPort: adminPort };
}

function signIn(
  values: Values,
  headerTime: number,
  source: string,
  destination: string,
  outcome: number,
): PlainLine {
  const pair = endpoints(source, destination);
  if (pair === undefined) return { line: 'unreadable' };
  const user = values.get('user') ?? '';
  const unknown = outcome === Outcome.failed && /unknown_user|name_invalid/.test(values.get('reason') ?? '');
  return said<PlainContact>({
    kind: Kind.login,
    outcome,
    time: timeOf(values, headerTime),
    ...pair,
    protocol: 6,
    account: user === '' || user === 'N/A' ? undefined : plainHash(user),
    invalidAccount: unknown ? true : undefined,
  });
}

function endpoints(from: string, to: string): { source?: string; destination?: string } | undefined {
  const source = plainAddress(from);
  const destination = plainAddress(to);
  if (source === undefined || destination === undefined || !sameFamily(source, destination)) return undefined;
  return { ...(source ? { source } : {}), ...(destination ? { destination } : {}) };
}

function port(field: string): number {
  if (field === '') return 0;
  const number = plainNumber(field);
  return number > 65_535 ? -1 : number;
}

function icmpNumber(field: string): number {
  return /^0x[0-9a-f]{2}$/.test(field) ? Number(field) : plainNumber(field);
}

function direction(source: string, destination: string): number | undefined {
  const [from, to] = [lookUp(FORTINET_ROLES, source), lookUp(FORTINET_ROLES, destination)];
  if (from === undefined || to === undefined || (from === 0 && to === 0)) return undefined;
  if (from === 0) return Direction.inbound;
  return to === 1 ? Direction.internal : Direction.outbound;
}

function timeOf(values: Values, headerTime: number): number | undefined {
  const at = (key: string) => values.get(key) ?? '';
  let time = plainEpoch(at('eventtime'));
  const [date, zone] = [at('date'), at('tz')];
  if (Number.isNaN(time) && /^....-..-..$/.test(date) && !/^ |^$/.test(at('time')))
    time = plainSlashTime(`${date.replaceAll('-', '/')} ${at('time')}${zone === '' ? '' : zone}`);
  if (Number.isNaN(time)) time = headerTime;
  return Number.isNaN(time) ? undefined : time;
}
