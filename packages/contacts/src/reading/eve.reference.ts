/** Plain reading of EVE events: what `eve.ts` must agree with. */
import { Content, Kind, Outcome, Protocol, Tcp } from '../contact.ts';
import { parseObject, valueAt } from './json.reference.ts';
import type { PlainContact, PlainLine } from './plain.ts';
import { plainHash } from './plain.ts';
import { plainIsoTime } from './plain-fields.ts';
import { plainZoned } from './plain-ip.ts';

type Row = { -readonly [K in keyof PlainContact]: PlainContact[K] };

const PATHS = [
  ...[
    'timestamp',
    'flow_id',
    'event_type',
    'src_ip',
    'src_port',
    'dest_ip',
    'dest_port',
    'proto',
    'icmp_type',
  ],
  ...[
    'icmp_code',
    'direction',
    'host',
    'xff',
    'flow/pkts_toserver',
    'flow/pkts_toclient',
    'flow/bytes_toclient',
  ],
  ...['flow/start', 'flow/age', 'flow/state', 'flow/action', 'flow/src_ip', 'flow/dest_ip', 'flow/src_port'],
  ...[
    'flow/dest_port',
    'tcp/tcp_flags_ts',
    'tcp/tcp_flags_tc',
    'tcp/state',
    'alert/action',
    'alert/signature',
  ],
  ...['alert/category', 'alert/severity', 'http/url', 'http/status', 'http/http_user_agent', 'http/length'],
  ...['http/xff', 'http/x_forwarded_for', 'drop/reason', 'drop/fin', 'drop/syn', 'drop/rst', 'drop/psh'],
  ...['drop/ack', 'drop/urg', 'netflow/start', 'netflow/age', 'netflow/bytes', 'dns/type'],
  ...[
    'stats/capture/kernel_drops',
    'stats/capture/kernel_drops_delta',
    'stats/flow/memcap',
    'stats/flow/memcap_delta',
  ],
];

const INFORMATION =
  /^(Not Suspicious Traffic|Unknown Traffic|Misc activity|Generic Protocol Command Decode|Generic ICMP event|Potential Corporate Privacy Violation|A TCP connection was detected|A client was using an unusual port|Device Retrieving External IP Address Detected|Possibly Unwanted Program Detected)/;

const UNREADABLE: PlainLine = { line: 'unreadable' };
const IGNORED: PlainLine = { line: 'ignored' };

/** Reads one line (bytes as latin1 characters) that stands in no syslog header. */
export function readEve(line: string): PlainLine {
  if (line === '') return IGNORED;
  const text = line.replace(/^@cee: */, '');
  const event = text.startsWith('{') ? parseObject(text, PATHS) : undefined;
  if (event === undefined) return UNREADABLE;
  const string = (path: string): string | undefined => {
    const value = valueAt(event, path);
    return typeof value === 'string' ? value : undefined;
  };
  const count = (path: string): number => {
    const value = string(path);
    return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : -1;
  };
  const type = string('event_type');
  if (type === undefined) return UNREADABLE;
  if (type === 'stats') {
    const deltas = [count('stats/capture/kernel_drops_delta'), count('stats/flow/memcap_delta')];
    return { line: 'ignored', lost: deltas.reduce((sum, delta) => sum + Math.max(0, delta), 0) };
  }
  if (event.src_ip === undefined || event.dest_ip === undefined) return IGNORED;
  const start =
    type === 'flow' ? string('flow/start') : type === 'netflow' ? string('netflow/start') : undefined;
  const time = timeOf(start ?? string('timestamp'));
  const ends = endsOf(string, count, type === 'alert' || type === 'drop', event);
  if (time === undefined || ends === undefined) return UNREADABLE;
  const key = /^\d+$/.test(string('flow_id') ?? '') ? keyOf(string('flow_id')!) : undefined;
  const row: Row = { kind: Kind.flow, outcome: Outcome.unknown, time, ...ends, ...(key ? { key } : {}) };
  if (type === 'flow') readFlow(string, count, row);
  else if (type === 'http') readHttp(string, count, row);
  else if (type === 'alert') readAlert(string, row);
  else if (type === 'drop') readDrop(event, string, row);
  else if (type === 'netflow') {
    row.outcome = Outcome.oneSided;
    if (count('netflow/age') >= 0) row.millis = Math.min(count('netflow/age') * 1000, 0xffff_fffe);
  } else if (type === 'fileinfo' || type === 'anomaly') {
    if (key === undefined) return IGNORED;
    row.detail = true;
  } else if (type === 'dns') {
    if (/^(answer|response)$/.test(string('dns/type') ?? '')) row.outcome = Outcome.established;
  } else if (row.protocol === Protocol.tcp) row.outcome = Outcome.established;
  if (type === 'http' || type === 'alert') {
    const forwarded = string('http/x_forwarded_for') ?? string('http/xff') ?? string('xff');
    if (forwarded !== undefined) row.forwarded = forwarded;
  }
  return row;
}

function timeOf(text: string | undefined): number | undefined {
  const time = plainIsoTime(text ?? '');
  return Number.isNaN(time) ? undefined : time;
}

type Reader<T> = (path: string) => T;
type Ends = Pick<PlainContact, 'source' | 'destination' | 'sourcePort' | 'destinationPort' | 'protocol'>;

function endsOf(
  string: Reader<string | undefined>,
  count: Reader<number>,
  perPacket: boolean,
  event: Record<string, unknown>,
): Ends | undefined {
  let names = ['src_ip', 'dest_ip', 'src_port', 'dest_port'];
  if (perPacket && string('flow/src_ip') !== undefined && string('flow/dest_ip') !== undefined)
    names = names.map((name) => `flow/${name}`);
  else if (perPacket && string('direction') === 'to_client')
    names = ['dest_ip', 'src_ip', 'dest_port', 'src_port'];
  const [source, destination] = names.slice(0, 2).map((name) => plainZoned(string(name) ?? ''));
  if (source === undefined || destination === undefined) return undefined;
  if (source.includes(':') !== destination.includes(':')) return undefined;
  const name = valueAt(event, 'proto') ?? '';
  if (typeof name !== 'string') return undefined;
  const protocol = protocolOf(name, source.includes(':'), valueAt(event, 'proto') !== undefined);
  const ports = names.slice(2).map((path) => (valueAt(event, path) == null ? 0 : count(path)));
  if (ports.some((port) => port < 0 || port > 65_535)) return undefined;
  const icmp = protocol === Protocol.icmp || protocol === Protocol.icmp6;
  let [sourcePort, destinationPort] = ports as [number, number];
  if (icmp) {
    const [type, code] = [count('icmp_type'), Math.max(0, count('icmp_code'))];
    if (type > 255 || code > 255) return undefined;
    sourcePort = 0;
    destinationPort = type < 0 ? 0 : type * 256 + code;
  }
  return {
    source,
    destination,
    ...(sourcePort ? { sourcePort } : {}),
    ...(destinationPort ? { destinationPort } : {}),
    ...(protocol ? { protocol } : {}),
  };
}

function protocolOf(name: string, six: boolean, given: boolean): number {
  if (!given) return 0;
  const known: Readonly<Record<string, number>> = {
    tcp: Protocol.tcp,
    udp: Protocol.udp,
    icmp: six ? Protocol.icmp6 : Protocol.icmp,
    'ipv6-icmp': Protocol.icmp6,
  };
  const lower = name.toLowerCase();
  if (Object.hasOwn(known, lower)) return known[lower]!;
  return /^\d{1,15}$/.test(name) && Number(name) < 256 ? Number(name) : 255;
}

/** What `eve-event.ts` makes of a flow_id: its last nine digits and the ones before, each mixed. */
function keyOf(id: string): string {
  const mix = (value: number): number => {
    let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  };
  const high = Number(BigInt.asIntN(32, BigInt(id.slice(0, -9) || '0')));
  const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
  return hex(mix(Number(id.slice(-9)))) + hex(mix(high ^ 0x1e3779b9) | 1);
}

function readFlow(string: Reader<string | undefined>, count: Reader<number>, row: Row): void {
  const sent = count('flow/pkts_toserver');
  const back = count('flow/pkts_toclient');
  if (count('flow/bytes_toclient') >= 0) row.size = Math.min(count('flow/bytes_toclient'), 0xffff_fffe);
  if (count('flow/age') >= 0) row.millis = Math.min(count('flow/age') * 1000, 0xffff_fffe);
  const state = string('flow/state') ?? '';
  const lasting = /^[ecb]/.test(state);
  if (row.protocol === Protocol.tcp) {
    const flags = ['tcp/tcp_flags_ts', 'tcp/tcp_flags_tc'].map((path) => {
      const text = string(path) ?? '';
      return /^[0-9a-fA-F]{2}$/.test(text) ? Number.parseInt(text, 16) : undefined;
    });
    const [client, server] = flags;
    const session = string('tcp/state') ?? 'none';
    const known =
      client !== undefined && server !== undefined && (session !== 'none' || (client | server) !== 0);
    if (known) {
      row.outcome = knownOutcome(sent, back, client, server);
      if (client & Tcp.syn) row.tcp = client === (Tcp.syn | Tcp.ack) ? Tcp.syn | Tcp.ack : Tcp.syn;
      else if (sent === 1 || back === 0 || row.outcome === Outcome.rejected) row.tcp = client & 63;
    } else if (sent === 0 && back > 0) row.outcome = Outcome.oneSided;
    else if (back === 0) row.outcome = Outcome.noAnswer;
    else if (session === 'syn_recv') row.outcome = Outcome.accepted;
    else if (session === 'syn_sent') row.outcome = Outcome.noAnswer;
    else if (session !== 'none') row.outcome = Outcome.established;
    else if (client !== undefined || server !== undefined) row.outcome = Outcome.oneSided;
    else if (lasting) row.outcome = Outcome.established;
  } else if (back > 0) row.outcome = sent === 0 ? Outcome.oneSided : Outcome.established;
  else if (back === 0) row.outcome = Outcome.noAnswer;
  else if (lasting) row.outcome = Outcome.established;
  if (string('flow/action') === 'drop') row.outcome = Outcome.blocked;
}

function knownOutcome(sent: number, back: number, client: number, server: number): Outcome {
  if (sent === 0 && back > 0) return Outcome.oneSided;
  if (back === 0) return client & Tcp.ack ? Outcome.oneSided : Outcome.noAnswer;
  if (server & Tcp.syn) return client & Tcp.ack ? Outcome.established : Outcome.accepted;
  if (server & Tcp.rst && !(client & Tcp.psh)) return Outcome.rejected;
  return Outcome.oneSided;
}

function readHttp(string: Reader<string | undefined>, count: Reader<number>, row: Row): void {
  row.kind = Kind.web;
  const status = count('http/status');
  if (status >= 0 && status <= 999) {
    row.status = status;
    row.outcome = Outcome.answered;
  }
  if (count('http/length') >= 0) row.size = Math.min(count('http/length'), 0xffff_fffe);
  void string;
}

function readAlert(string: Reader<string | undefined>, row: Row): void {
  row.kind = Kind.alert;
  if (string('alert/action') === 'blocked') row.outcome = Outcome.blocked;
  const quiet = /^(SURICATA |(ET|ETPRO) (INFO|POLICY) |ET (GAMES|CHAT) )/.test(
    string('alert/signature') ?? '',
  );
  const category = string('alert/category') ?? '';
  const severity = string('alert/severity');
  const grave = severity === undefined || /^[12]$/.test(severity);
  const scan = /^Detection of a (Network Scan|Denial of Service Attack)/.test(category);
  if (!quiet && !INFORMATION.test(category) && (scan || grave)) row.content = Content.signature;
}

function readDrop(event: Record<string, unknown>, string: Reader<string | undefined>, row: Row): void {
  row.kind = Kind.packet;
  const reason = valueAt(event, 'drop/reason');
  row.outcome = reason === undefined || string('drop/reason') === 'rules' ? Outcome.blocked : Outcome.denied;
  if (row.protocol !== Protocol.tcp || typeof valueAt(event, 'drop/syn') !== 'boolean') return;
  row.tcp = 0;
  for (const [name, bit] of Object.entries(Tcp)) if (valueAt(event, `drop/${name}`) === true) row.tcp |= bit;
}

/** The hash that the row's sensor gets from `host`, for tests. */
export function hostHash(line: string): string | undefined {
  const host = parseObject(line, PATHS)?.host;
  return typeof host === 'string' ? plainHash(host) : undefined;
}
