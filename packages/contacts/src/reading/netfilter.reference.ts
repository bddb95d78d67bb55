/** Plain reading of netfilter lines: what `netfilter.ts` must agree with. */
import { Direction, Kind, Protocol, Tcp } from '../contact.ts';
import type { PlainLine } from './plain.ts';
import { prefixOutcome } from './prefix.ts';

const PROTOCOLS: Readonly<Record<string, number>> = { TCP: 6, UDP: 17, ICMP: 1, ICMPv6: 58 };

/** Reads one message, without its syslog header; `time` comes from the header. */
export function readNetfilter(message: string, time: number): PlainLine {
  const match = /^(\[[ .0-9]+\])?(.*?)IN=(\S*) OUT=(\S*) (.*)$/s.exec(message.slice(0, 65_536));
  if (match === null) return { line: 'ignored' };
  const [, , prefix = '', inside = '', outside = '', rest = ''] = match;
  const fields = new Map<string, string>();
  const bare: string[] = [];
  for (const word of (rest.split(' [')[0] ?? '').split(' ')) {
    const equals = word.indexOf('=');
    if (equals < 0) bare.push(word);
    else if (!fields.has(word.slice(0, equals))) fields.set(word.slice(0, equals), word.slice(equals + 1));
  }
  const source = fields.get('SRC');
  const destination = fields.get('DST');
  const protocolName = fields.get('PROTO');
  if (source === undefined || destination === undefined || protocolName === undefined)
    return { line: 'unreadable' };
  const protocol = PROTOCOLS[protocolName] ?? (/^\d+$/.test(protocolName) ? Number(protocolName) : 255);
  const bytes = Uint8Array.from(prefix, (character) => character.charCodeAt(0));
  const ports = protocol === Protocol.tcp || protocol === Protocol.udp;
  const icmp = protocol === Protocol.icmp || protocol === Protocol.icmp6;
  const type = Number(fields.get('TYPE') ?? 0) * 256 + Number(fields.get('CODE') ?? 0);
  let tcp = 0;
  for (const word of bare)
    tcp |= { SYN: Tcp.syn, ACK: Tcp.ack, FIN: Tcp.fin, PSH: Tcp.psh, RST: Tcp.rst, URG: Tcp.urg }[word] ?? 0;
  const sourcePort = ports ? Number(fields.get('SPT') ?? 0) : 0;
  const destinationPort = ports ? Number(fields.get('DPT') ?? 0) : icmp ? type : 0;
  const direction = inside && !outside ? Direction.inbound : outside && !inside ? Direction.outbound : 0;
  return {
    kind: Kind.packet,
    outcome: prefixOutcome(bytes, 0, bytes.length, undefined),
    ...(Number.isNaN(time) ? {} : { time }),
    source,
    destination,
    ...(sourcePort ? { sourcePort } : {}),
    ...(destinationPort ? { destinationPort } : {}),
    ...(protocol ? { protocol } : {}),
    ...(direction ? { direction } : {}),
    ...(protocol === Protocol.tcp && fields.has('RES') && fields.has('SPT') ? { tcp } : {}),
  };
}
