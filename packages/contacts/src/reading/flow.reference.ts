/** Plain reading of flow records: what `flow.ts` must agree with. */
import { Direction, Kind, Outcome, Tcp } from '../contact.ts';
import type { Clock } from './clock.ts';
import type { PlainContact, PlainLine } from './plain.ts';
import { plainZoned } from './plain-ip.ts';
import { OTHER_PROTOCOL, PROTOCOL_NAMES } from './protocols.ts';

const unreadable: PlainLine = { line: 'unreadable' };
const ignored: PlainLine = { line: 'ignored' };

/** Reads a record of AWS; `header` names the fields. The key of a row is `key`, or absent. */
export function readAwsFlow(line: string, header: string): PlainLine {
  const names = header.split(' ');
  const exported = line.length > 20 && line[4] === '-' && line[10] === 'T';
  const words = (exported ? line.replace(/^[^ ]* ?/, '') : line).split(' ');
  if (words.length !== names.length) return unreadable;
  const get = (name: string): string => words[names.indexOf(name)] ?? '-';
  const status = get('log-status').toLowerCase();
  if (status === 'nodata' || status === 'skipdata') return ignored;
  if (status !== 'ok') return unreadable;
  const ends = readEnds(get('srcaddr'), get('dstaddr'), get('srcport'), get('dstport'), get('protocol'));
  const outcome = { accept: Outcome.accepted, reject: Outcome.denied }[get('action').toLowerCase()];
  if (ends === undefined || outcome === undefined) return unreadable;
  const start = whole(get('start'));
  const direction =
    { ingress: Direction.inbound, egress: Direction.outbound }[get('flow-direction').toLowerCase()] ?? 0;
  const row: PlainContact = {
    kind: Kind.flow,
    outcome,
    ...ends,
    ...(start < 0 ? {} : { time: start * 1000 }),
    ...(direction ? { direction } : {}),
  };
  const flags = get('tcp-flags');
  if (ends.protocol !== 6 || flags === '-' || flags === '') return row;
  const bits = whole(flags);
  if (bits < 0 || bits > 255) return unreadable;
  if ((bits & 18) === 18)
    return outcome === Outcome.accepted ? swapped(row, direction, whole(get('bytes'))) : row;
  return bits & 2 ? { ...row, tcp: bits & 63 } : row;
}

function swapped(row: PlainContact, direction: number, size: number): PlainContact {
  const { source, destination, sourcePort, destinationPort, direction: _, ...rest } = row;
  return {
    ...rest,
    outcome: Outcome.established,
    source: destination!,
    destination: source!,
    ...(destinationPort === undefined ? {} : { sourcePort: destinationPort }),
    ...(sourcePort === undefined ? {} : { destinationPort: sourcePort }),
    ...(direction ? { direction: 3 - direction } : {}),
    ...(size < 0 ? {} : { size: Math.min(size, 0xffff_fffe) }),
  };
}

/** Reads a record of nfdump's CSV; `header` names the fields. */
export function readNfdump(line: string, header: string, clock: Clock): PlainLine {
  if (line.startsWith('Summary') || line.startsWith('flows,bytes,packets,')) return ignored;
  const names = header.split(',');
  const words = line.split(',');
  if (words.length !== names.length)
    return words.length === 6 && /^[\d,]*$/.test(line) ? ignored : unreadable;
  const get = (name: string): string => words[names.indexOf(name)] ?? '-';
  const ends = readEnds(get('sa'), get('da'), get('sp'), get('dp'), get('pr'));
  const tcp = ends?.protocol === 6 ? flagsOf(get('flg')) : 0;
  if (ends === undefined || tcp < 0) return unreadable;
  const time = timeOf(get('ts'), clock);
  const seconds = /^(\d{1,15})(?:\.(\d{0,15}))?$/.exec(get('td'));
  const millis =
    seconds === null ? -1 : Number(seconds[1]) * 1000 + Number((seconds[2] ?? '').slice(0, 3).padEnd(3, '0'));
  const answers = whole(get('opkt'));
  const size = whole(get('obyt'));
  const dropped = whole(get('fwd')) >= 128 && whole(get('fwd')) < 192;
  const wide = ends.source.includes(':');
  return {
    kind: Kind.flow,
    outcome: dropped ? Outcome.denied : outcomeOf(ends, tcp, answers, size, wide ? 60 : 40),
    ...ends,
    ...(Number.isNaN(time) ? {} : { time }),
    ...(millis < 0 ? {} : { millis: Math.min(millis, 0xffff_fffe) }),
    ...(answers > 0 && size >= 0 ? { size: Math.min(size, 0xffff_fffe) } : {}),
    ...(tcp > 0 ? { tcp } : {}),
  };
}

function outcomeOf(ends: Ends, tcp: number, answers: number, size: number, bare: number): number {
  const [syn, ack, rst] = [Tcp.syn, Tcp.ack, Tcp.rst].map((flag) => (tcp & flag) !== 0);
  if (ends.protocol !== 6) return answers > 0 ? Outcome.established : Outcome.noAnswer;
  if (answers > 0) {
    if (!(syn && ack) && size >= 0 && size / answers <= bare) return Outcome.rejected;
    return syn && !ack ? Outcome.accepted : Outcome.established;
  }
  if (syn && ack) {
    const server = (ends.destinationPort ?? 0) < 1024 && (ends.sourcePort ?? 0) >= 1024;
    return server ? Outcome.established : Outcome.oneSided;
  }
  if (!syn) return Outcome.oneSided;
  return rst ? Outcome.accepted : Outcome.noAnswer;
}

type Ends = {
  readonly source: string;
  readonly destination: string;
  readonly protocol?: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly key?: string;
};

function readEnds(from: string, to: string, sp: string, dp: string, name: string): Ends | undefined {
  const source = plainZoned(from);
  const destination = plainZoned(to);
  if (source === undefined || destination === undefined) return undefined;
  if (source.includes(':') !== destination.includes(':')) return undefined;
  const protocol = protocolOf(name);
  const common = { source, destination, ...(protocol ? { protocol } : {}) };
  if (protocol === 6 || protocol === 17) {
    const [sourcePort, destinationPort] = [port(sp), port(dp)];
    if (sourcePort < 0 || destinationPort < 0) return undefined;
    return {
      ...common,
      ...(sourcePort ? { sourcePort } : {}),
      ...(destinationPort ? { destinationPort } : {}),
      key: 'of both ends',
    };
  }
  if (protocol !== 1 && protocol !== 58) return common;
  const pointed = /^(\d{1,15})\.(.*)$/s.exec(dp);
  if (pointed !== null && port(pointed[1]!) >= 0) {
    const [type, code] = [whole(pointed[1]!), whole(pointed[2]!)];
    if (type > 255 || code < 0 || code > 255) return undefined;
    return { ...common, ...(type * 256 + code ? { destinationPort: type * 256 + code } : {}) };
  }
  return port(dp) > 0 ? { ...common, destinationPort: port(dp) } : common;
}

function protocolOf(word: string): number {
  if (word === '' || word === '-') return 0;
  if (/^\d{1,15}$/.test(word)) return Number(word) > 255 ? OTHER_PROTOCOL : Number(word);
  return PROTOCOL_NAMES[word.toLowerCase()] ?? OTHER_PROTOCOL;
}

function whole(word: string): number {
  return /^\d{1,15}$/.test(word) ? Number(word) : -1;
}

function port(word: string): number {
  return whole(word) > 65_535 ? -1 : whole(word);
}

const LETTERS: Readonly<Record<string, number>> = {
  C: 0,
  E: 0,
  U: 32,
  A: 16,
  P: 8,
  R: 4,
  S: 2,
  F: 1,
  '.': 0,
  ' ': 0,
};

function flagsOf(word: string): number {
  if (word === '' || word === '-') return 0;
  if (/^\d+$/.test(word)) return Number(word) < 256 ? Number(word) & 63 : -1;
  const bits = [...word].map((letter) => LETTERS[letter] ?? -1);
  return bits.includes(-1) ? -1 : bits.reduce((all, bit) => all | bit, 0);
}

function timeOf(word: string, clock: Clock): number {
  const match = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,](\d{0,15}))?/.exec(word);
  if (match === null) return Number.NaN;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const ms = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  return clock.utc(year!, month!, day!, hour!, minute!, second!, ms);
}
