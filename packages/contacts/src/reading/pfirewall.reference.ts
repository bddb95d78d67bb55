/** Plain reading of pfirewall.log: what `pfirewall.ts` must agree with. */
import { Direction, Kind, Outcome, Tcp } from '../contact.ts';
import type { Clock } from './clock.ts';
import type { PlainContact, PlainLine } from './plain.ts';
import { plainZoned } from './plain-ip.ts';
import { OTHER_PROTOCOL, PROTOCOL_NAMES } from './protocols.ts';

/** The fields of version 1.5. */
export const PFIREWALL_FIELDS =
  'date time action protocol src-ip dst-ip src-port dst-port size tcpflags tcpsyn tcpack tcpwin icmptype icmpcode info path';

const FLAGS: Readonly<Record<string, number>> = {
  S: Tcp.syn,
  A: Tcp.ack,
  F: Tcp.fin,
  R: Tcp.rst,
  P: Tcp.psh,
  U: Tcp.urg,
  E: 0,
  C: 0,
};
const OUTCOMES: Readonly<Record<string, number>> = {
  drop: Outcome.denied,
  allow: Outcome.accepted,
  open: Outcome.accepted,
  'open-inbound': Outcome.accepted,
  close: Outcome.unknown,
};
const DIRECTIONS: Readonly<Record<string, number>> = { send: Direction.outbound, receive: Direction.inbound };

/** Reads one line; `fields` are the names of the last `#Fields`. */
export function readPfirewall(line: string, fields: string, clock: Clock): PlainLine {
  if (line.startsWith('#')) return { line: 'ignored' };
  const names = fields.split(' ');
  const words = line.split(' ');
  if (words.length !== names.length) return { line: 'unreadable' };
  const get = (name: string): string => words[names.indexOf(name)] ?? '-';
  const action = get('action').toLowerCase();
  if (action === 'info-events-lost') {
    const lost = /^\d{1,15}$/.test(get('info')) ? { lost: Number(get('info')) } : {};
    return { line: 'ignored', ...lost };
  }
  const outcome = OUTCOMES[action];
  const source = plainZoned(get('src-ip'));
  const destination = plainZoned(get('dst-ip'));
  if (outcome === undefined || source === undefined || destination === undefined)
    return { line: 'unreadable' };
  if (source.includes(':') !== destination.includes(':')) return { line: 'unreadable' };
  const protocol = protocolOf(get('protocol'));
  const ported = protocol === 6 || protocol === 17;
  const ports = ported ? [portOf(get('src-port')), portOf(get('dst-port'))] : [0, 0];
  const type = ported ? 0 : typeOf(get('icmptype'), get('icmpcode'));
  if (ports.includes(-1) || type < 0) return { line: 'unreadable' };
  const time = timeOf(get('date'), get('time'), clock);
  const direction = DIRECTIONS[get('path').toLowerCase()] ?? { open: 2, 'open-inbound': 1 }[action] ?? 0;
  const row: PlainContact = {
    kind: Kind.packet,
    outcome,
    source,
    destination,
    ...(Number.isNaN(time) ? {} : { time }),
    ...(ports[0] ? { sourcePort: ports[0] } : {}),
    ...(ports[1] || type ? { destinationPort: ports[1] || type } : {}),
    ...(protocol ? { protocol } : {}),
    ...(direction ? { direction } : {}),
    ...(protocol === 6 ? flagsOf(get('tcpflags'), get('tcpsyn')) : {}),
    ...(action === 'close' ? { detail: true } : {}),
  };
  return row;
}

function protocolOf(word: string): number {
  if (word === '' || word === '-') return 0;
  if (/^\d{1,15}$/.test(word)) return Number(word) > 255 ? OTHER_PROTOCOL : Number(word);
  return PROTOCOL_NAMES[word.toLowerCase()] ?? OTHER_PROTOCOL;
}

function portOf(word: string): number {
  if (word === '-') return 0;
  return /^\d{1,15}$/.test(word) && Number(word) < 65_536 ? Number(word) : -1;
}

function typeOf(type: string, code: string): number {
  if (type === '' || type === '-') return 0;
  const numbers = [type, code === '' || code === '-' ? '0' : code];
  if (!numbers.every((word) => /^\d{1,15}$/.test(word) && Number(word) < 256)) return -1;
  return Number(numbers[0]) * 256 + Number(numbers[1]);
}

function flagsOf(word: string, sequence: string): { tcp?: number } {
  if (word === '' || word === '-') return sequence === '' || sequence === '-' ? {} : { tcp: 0 };
  const bits = [...word].map((letter) => FLAGS[letter] ?? -1);
  return bits.includes(-1) ? {} : { tcp: bits.reduce((all, bit) => all | bit, 0) };
}

function timeOf(date: string, time: string, clock: Clock): number {
  const match = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(`${date} ${time}`);
  if (match === null) return Number.NaN;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  return clock.utc(year!, month!, day!, hour!, minute!, second!, 0);
}
