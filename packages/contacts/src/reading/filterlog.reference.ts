/** Plain reading of filterlog lines: what `filterlog.ts` must agree with. */
import { Direction, Kind, Outcome, Protocol, Tcp } from '../contact.ts';
import type { PlainEnvelope } from './envelope.reference.ts';
import type { PlainContact, PlainLine } from './plain.ts';
import { plainZoned } from './plain-ip.ts';

const FLAGS: Readonly<Record<string, number>> = {
  S: Tcp.syn,
  A: Tcp.ack,
  F: Tcp.fin,
  P: Tcp.psh,
  R: Tcp.rst,
  U: Tcp.urg,
  E: 0,
  C: 0,
  W: 0,
};
const ICMP: Readonly<Record<string, readonly [number, number]>> = {
  reply: [0, 0],
  unreach: [3, 0],
  unreachproto: [3, 2],
  unreachport: [3, 3],
  needfrag: [3, 4],
  redirect: [5, 0],
  request: [8, 0],
  timexceed: [11, 0],
  paramprob: [12, 0],
  tstamp: [13, 0],
  tstampreply: [14, 0],
  maskreply: [18, 0],
};
const LISTS = /CROWDSEC|FAIL2BAN|F2B|BELLWETHER|BLOCKLIST|BLACKLIST|BANNED|IPSET/i;

/** Reads one message, without its syslog header. */
export function readFilterlog(
  message: string,
  header: Pick<PlainEnvelope, 'found' | 'time' | 'app'>,
): PlainLine {
  if (header.found && header.app !== 'filterlog') return { line: 'ignored' };
  const fields = message.split(',');
  const [action, direction, version] = fields.slice(6, 9);
  if (direction !== 'in' && direction !== 'out') return { line: 'unreadable' };
  // A field is only whole if a comma follows it.
  const rest = fields.slice(9, -1);
  const packet = version === '4' ? ipv4(rest) : version === '6' ? ipv6(rest) : undefined;
  if (packet === undefined) return { line: 'unreadable' };
  const what = readProtocol(packet, fields.at(-1)!);
  const source = plainZoned(packet.source);
  const destination = plainZoned(packet.destination);
  if (what === undefined || source === undefined || destination === undefined) return { line: 'unreadable' };
  if (source.includes(':') !== destination.includes(':')) return { line: 'unreadable' };
  const listed = LISTS.test(fields.slice(0, 4).join(','));
  const outcome = { block: listed ? Outcome.blocked : Outcome.denied, pass: Outcome.accepted }[action!];
  return {
    kind: Kind.packet,
    outcome: outcome ?? Outcome.unknown,
    direction: direction === 'in' ? Direction.inbound : Direction.outbound,
    source,
    destination,
    ...(header.time === undefined ? {} : { time: header.time }),
    ...(packet.protocol ? { protocol: packet.protocol } : {}),
    ...what,
  };
}

type Packet = {
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  readonly fragment: boolean;
  readonly behind: readonly string[];
};

function ipv4(fields: readonly string[]): Packet | undefined {
  const [, , , , offset, , number, , , source, destination, ...behind] = fields;
  if (destination === undefined || !isProtocol(number!)) return undefined;
  const start = /^\d{1,15}(?!\d)/.exec(offset!);
  const fragment = start !== null && Number(start[0]) > 0;
  return { protocol: Number(number), source: source!, destination, fragment, behind };
}

function ipv6(fields: readonly string[]): Packet | undefined {
  const [, , , , number, , source, destination, ...behind] = fields;
  if (destination === undefined || !isProtocol(number!)) return undefined;
  return { protocol: Number(number), source: source!, destination, fragment: false, behind };
}

function isProtocol(text: string): boolean {
  return /^\d{1,15}$/.test(text) && Number(text) < 256;
}

/** What follows the addresses; `last` is the field behind the last comma. */
function readProtocol(packet: Packet, last: string): Partial<PlainContact> | undefined {
  const { protocol, behind } = packet;
  if (protocol === Protocol.icmp) {
    const [type, code] = ICMP[(behind[0] ?? last).toLowerCase()] ?? [0, 0];
    return type * 256 + code === 0 ? {} : { destinationPort: type * 256 + code };
  }
  if (packet.fragment || (protocol !== Protocol.tcp && protocol !== Protocol.udp)) return {};
  if ([...behind, last].join(',').startsWith('errormsg=')) return {};
  const [sport, dport] = behind.map(Number);
  if (![0, 1].every((i) => /^\d{1,15}$/.test(behind[i] ?? '') && Number(behind[i]) < 65_536))
    return undefined;
  const flags = protocol === Protocol.tcp ? behind[3] : undefined;
  const known = flags !== undefined && [...flags].every((letter) => letter in FLAGS);
  return {
    ...(sport ? { sourcePort: sport } : {}),
    ...(dport ? { destinationPort: dport } : {}),
    ...(known ? { tcp: [...flags].reduce((sum, letter) => sum | FLAGS[letter]!, 0) } : {}),
  };
}
