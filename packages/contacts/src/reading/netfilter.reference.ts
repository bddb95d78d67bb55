/** Plain reading of netfilter lines: what `netfilter.ts` must agree with. */
import { Direction, Kind, Outcome, Protocol, Tcp } from '../contact.ts';
import type { PlainEnvelope } from './envelope.reference.ts';
import type { PlainContact, PlainLine } from './plain.ts';
import { plainIp } from './plain-ip.ts';
import { prefixOutcome } from './prefix.ts';
import type { ReaderOptions } from './reader.ts';

const PROTOCOLS: Readonly<Record<string, number>> = {
  TCP: 6,
  UDP: 17,
  ICMP: 1,
  ICMPv6: 58,
  UDPLITE: 136,
  AH: 51,
  ESP: 50,
};
const FLAGS: Readonly<Record<string, number>> = {
  SYN: Tcp.syn,
  ACK: Tcp.ack,
  FIN: Tcp.fin,
  PSH: Tcp.psh,
  RST: Tcp.rst,
  URG: Tcp.urg,
};
const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const KERNEL = /^(?:\[[ .0-9]+\] ?)?(.{0,256}?)IN=([^ ]*) OUT=([^ ]*)(?= )/s;
const DAMAGED = /^(?:\[[ .0-9]+\] ?)?(?:|.{0,255} )IN=/s;
const PROXMOX =
  /^\d{1,15} \d{1,15} ([^ ]+) (..)\/(...)\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)(.{0,63}?)(?: IN=[^ ]*(?: OUT=[^ ]*)?| OUT=[^ ]*)/s;
const FLAG_WORDS =
  /^(?: SEQ=[^ ]* [^ ]*)? WINDOW=(?=.)[^ ]*( RES=.{4}(?= ))?((?: (?:SYN|ACK|FIN|PSH|RST|URG|CWR|ECE)(?![^ ]))*)(?:( URGP)| ?$)/s;

/** Reads one message, without its syslog header; `time` comes from the header, and is absent without one. */
export function readNetfilter(
  message: string,
  header: Pick<PlainEnvelope, 'found' | 'time' | 'app' | 'pid'>,
  prefixes?: ReaderOptions['prefixes'],
): PlainLine {
  const proxmox = header.found ? null : PROXMOX.exec(message);
  if (proxmox !== null) return readProxmox(message, proxmox, prefixes);
  const own = header.app === undefined || ['kernel', 'ulogd', '-'].includes(header.app);
  if (!own && (header.pid !== undefined || !message.startsWith('IN='))) return { line: 'ignored' };
  const match = KERNEL.exec(message);
  if (match === null || (!own && match[1] !== '')) {
    return { line: header.found && !DAMAGED.test(message) ? 'ignored' : 'unreadable' };
  }
  const [all, inMessage = '', inside = '', outside = ''] = match;
  // The prefix looked like a program.
  const prefix = own ? inMessage : `${header.app}: `;
  const direction = inside && !outside ? Direction.inbound : outside && !inside ? Direction.outbound : 0;
  return readFields(message.slice(all.length), {
    outcome: outcomeOf(prefix, prefixes),
    ...(direction ? { direction } : {}),
    ...(header.time === undefined ? {} : { time: header.time }),
  });
}

function readProxmox(
  message: string,
  match: RegExpExecArray,
  prefixes: ReaderOptions['prefixes'],
): PlainLine {
  const [all, chain, day, month, year, hour, minute, second, sign, zoneHour, zoneMinute, verdict] = match;
  const number = 1 + MONTHS.indexOf(month!) / 3;
  const midnight = new Date(`${year}-${String(number).padStart(2, '0')}-${day}T00:00:00Z`).getTime();
  const sane = Number(hour) < 24 && Number(minute) < 60 && Number(second) <= 60;
  const zone = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60_000 * (sign === '+' ? 1 : -1);
  const dated = /^\d\d$/.test(day!) && Number(year) >= 1970;
  const real = new Date(midnight).getUTCDate() === Number(day);
  const time = midnight + (Number(hour) * 60 + Number(minute)) * 60_000 + Number(second) * 1000 - zone;
  const known = dated && real && sane && Number(zoneHour) <= 18 && Number(zoneMinute) < 60;
  const direction = chain!.endsWith('-IN') ? Direction.inbound : Direction.outbound;
  return readFields(message.slice(all.length), {
    outcome: verdict!.length > 1 ? outcomeOf(verdict!.slice(1), prefixes) : Outcome.unknown,
    ...(/-(IN|OUT)$/.test(chain!) ? { direction } : {}),
    ...(known ? { time } : {}),
  });
}

function readFields(rest: string, head: Omit<PlainContact, 'kind'>): PlainLine {
  const failed: PlainLine = {
    line: rest.includes(' MACPROTO=') && !rest.includes(' SRC=') ? 'ignored' : 'unreadable',
  };
  const at = rest.indexOf(' SRC=');
  const addresses = /^ SRC=([^ ]+) DST=([^ ]+)(?= )/.exec(at < 0 ? '' : rest.slice(at));
  const source = plainIp(addresses?.[1] ?? '');
  const destination = plainIp(addresses?.[2] ?? '');
  if (addresses === null || source === undefined || destination === undefined) return failed;
  if (addresses[1]!.includes(':') !== addresses[2]!.includes(':')) return failed;
  if (source.includes(':') !== destination.includes(':')) return failed;
  const behind = rest.slice(at + addresses[0].length);
  const named = / PROTO=([^ ]*)(.*)$/s.exec(behind);
  const name = named?.[1] ?? '';
  const protocol = PROTOCOLS[name] ?? (/^\d{1,3}$/.test(name.replace(/^0+(?=\d)/, '')) ? Number(name) : -1);
  if (named === null || protocol < 0 || protocol > 255 || (/^\d/.test(name) && name.length > 15))
    return failed;
  const ports = readPorts(protocol, named[2]!);
  if (ports === undefined) return failed;
  return {
    kind: Kind.packet,
    ...head,
    source,
    destination,
    ...(protocol ? { protocol } : {}),
    ...ports,
  };
}

function readPorts(protocol: number, text: string): Partial<PlainContact> | undefined {
  if (protocol === Protocol.icmp || protocol === Protocol.icmp6) {
    if (!text.startsWith(' TYPE=')) return {};
    const match = /^ TYPE=(\d{1,15})(?!\d) CODE=(\d{1,15})(?!\d)/.exec(text);
    const [type, code] = [Number(match?.[1] ?? 256), Number(match?.[2] ?? 256)];
    if (type > 255 || code > 255) return undefined;
    return type * 256 + code === 0 ? {} : { destinationPort: type * 256 + code };
  }
  if ((protocol !== Protocol.tcp && protocol !== Protocol.udp) || !text.startsWith(' SPT=')) return {};
  const match = /^ SPT=(\d{1,15}) DPT=(\d{1,15})(?= )/.exec(text);
  const [sourcePort, destinationPort] = [Number(match?.[1] ?? 65_536), Number(match?.[2] ?? 65_536)];
  if (match === null || sourcePort > 65_535 || destinationPort > 65_535) return undefined;
  return {
    ...(sourcePort ? { sourcePort } : {}),
    ...(destinationPort ? { destinationPort } : {}),
    ...(protocol === Protocol.tcp ? readFlags(text.slice(match[0].length)) : {}),
  };
}

function readFlags(text: string): Partial<PlainContact> {
  const match = FLAG_WORDS.exec(text);
  // The kernel, which writes RES, ends the flags with URGP: without it the line was cut.
  if (match === null || (match[1] !== undefined && match[3] === undefined)) return {};
  return { tcp: match[2]!.split(' ').reduce((flags, word) => flags | (FLAGS[word] ?? 0), 0) };
}

function outcomeOf(prefix: string, prefixes: ReaderOptions['prefixes']): Outcome {
  const bytes = Uint8Array.from(prefix, (character) => character.charCodeAt(0));
  return prefixOutcome(bytes, 0, bytes.length, prefixes);
}
