/** Plain reading of Zeek's logs: what `zeek.ts` must agree with. */
import { Content, Direction, Kind, Outcome, Protocol, Tcp } from '../contact.ts';
import { parseObject, valueAt } from './json.reference.ts';
import type { PlainContact, PlainLine } from './plain.ts';
import { plainHash } from './plain.ts';
import { plainIsoTime } from './plain-fields.ts';
import { plainZoned } from './plain-ip.ts';

type Row = { -readonly [K in keyof PlainContact]: PlainContact[K] };
type Record_ = (name: string) => string;

/** Columns of conn.log where no header says them. */
const CONN =
  'ts uid id.orig_h id.orig_p id.resp_h id.resp_p proto service duration orig_bytes resp_bytes conn_state local_orig ' +
  'local_resp missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents';

const IGNORED: PlainLine = { line: 'ignored' };
const UNREADABLE: PlainLine = { line: 'unreadable' };

/** Everything that a JSON line is asked for. */
const JSON_NAMES = [
  ...[
    'ts',
    'uid',
    'proto',
    'duration',
    'resp_bytes',
    'conn_state',
    'local_orig',
    'local_resp',
    'missed_bytes',
  ],
  ...[
    'history',
    'orig_pkts',
    'resp_pkts',
    'status_code',
    'uri',
    'response_body_len',
    'username',
    'user_agent',
  ],
  ...[
    'proxied',
    'auth_success',
    'direction',
    'note',
    'src',
    'dst',
    'p',
    'gaps',
    'pkts_dropped',
    'message',
    'msg',
  ],
  ...['_path', 'trans_depth', 'auth_attempts', 'id/orig_h', 'id/orig_p', 'id/resp_h', 'id/resp_p'],
  ...['id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p'],
];

/** Reads the lines of one file, one after the other. */
export class ZeekReference {
  #path = '';
  #columns: readonly string[] | undefined;
  #separator = '\t';
  #setSeparator = ',';
  #unset = '-';
  #empty = '(empty)';

  /** Reads one line (bytes as latin1 characters). `lostUnknown` counts as a loss of NaN. */
  line(text: string): PlainLine {
    if (text === '') return IGNORED;
    if (text.startsWith('{')) return this.#json(text);
    if (text.startsWith('#')) return this.#comment(text);
    const cells = text.split(this.#separator);
    const columns = this.#columns ?? CONN.split(' ');
    const count = this.#columns?.length;
    if (count === undefined ? cells.length !== 21 && cells.length !== 22 : cells.length !== count)
      return UNREADABLE;
    if (cells.length > 160) return UNREADABLE;
    const path = this.#columns === undefined ? 'conn' : this.#path;
    const get: Record_ = (name) => {
      const cell = cells[columns.indexOf(name)] ?? '';
      // No field of conn.log is ever empty, so it is not looked for there.
      const empty = cell === this.#empty && (path !== 'conn' || this.#unset !== '-');
      return cell === this.#unset || empty ? '' : cell;
    };
    return readRecord(path, get, columns.includes('history'), this.#setSeparator);
  }

  #comment(text: string): PlainLine {
    const separator = /^#separator (?:\\x([0-9a-fA-F]{2})|(.))$/s.exec(text);
    if (separator) {
      this.#separator = separator[2] ?? String.fromCharCode(Number.parseInt(separator[1]!, 16));
      this.#path = '';
      return IGNORED;
    }
    const [name, value = '', ...rest] = text.split(this.#separator);
    if (name === '#set_separator') this.#setSeparator = value || ',';
    if (name === '#unset_field') this.#unset = value;
    if (name === '#empty_field') this.#empty = value;
    if (name === '#path') this.#path = value;
    if (name === '#fields') this.#columns = [value, ...rest];
    return IGNORED;
  }

  #json(text: string): PlainLine {
    const object = parseObject(text, JSON_NAMES);
    if (object === undefined || object.ts === undefined) return UNREADABLE;
    const value = (name: string): unknown => {
      const flat = object[name];
      const nested = name.startsWith('id.') ? valueAt(object, name.replace('.', '/')) : undefined;
      return flat ?? nested;
    };
    for (const name of ['id.orig_h', 'id.orig_p', 'id.resp_h', 'id.resp_p'])
      if (object[name] !== undefined && valueAt(object, name.replace('.', '/')) !== undefined)
        return UNREADABLE;
    const get: Record_ = (name) => {
      const found = value(name);
      if (found === undefined || found === null) return '';
      if (typeof found === 'object') return JSON.stringify(found);
      return String(found);
    };
    return readRecord(jsonPath(object), get, true, ',');
  }
}

function jsonPath(object: Record<string, unknown>): string {
  if (typeof object._path === 'string') return object._path;
  const known = [
    ['conn_state', 'conn'],
    ['trans_depth', 'http'],
    ['auth_attempts', 'ssh'],
    ['note', 'notice'],
    ['gaps', 'capture_loss'],
    ['pkts_dropped', 'stats'],
    ['message', 'reporter'],
  ] as const;
  return known.find(([name]) => object[name] !== undefined)?.[1] ?? '';
}

function readRecord(path: string, get: Record_, hasHistory: boolean, setSeparator: string): PlainLine {
  const count = (name: string): number => (/^\d{1,15}$/.test(get(name)) ? Number(get(name)) : -1);
  if (path === 'capture_loss') return { line: 'ignored', lost: Math.max(0, count('gaps')) };
  if (path === 'stats') return { line: 'ignored', lost: Math.max(0, count('pkts_dropped')) };
  if (path === 'reporter') {
    const dropped = / packets received on interface (?:(?!, ).)*, (\d{1,15})(?!\d).{0,16}? dropped/s.exec(
      get('message'),
    );
    return { line: 'ignored', lost: Number(dropped?.[1] ?? 0) };
  }
  if (path === 'notice') return readNotice(get, count);
  if (path !== 'conn' && path !== 'http' && path !== 'ssh') return IGNORED;
  const ends = readEnds(get);
  if (ends === undefined) return UNREADABLE;
  if (path === 'ssh') {
    const success = /^[tT]/.test(get('auth_success')) ? Outcome.succeeded : Outcome.failed;
    return {
      kind: Kind.login,
      ...ends,
      protocol: Protocol.tcp,
      outcome: /^[tTfF]/.test(get('auth_success')) ? success : Outcome.unknown,
      ...directed({ INBOUND: Direction.inbound, OUTBOUND: Direction.outbound }[get('direction')] ?? 0),
    };
  }
  if (path === 'http') return readHttp(get, count, ends, setSeparator);
  return readConn(get, count, ends, hasHistory);
}

function directed(direction: number): { direction?: number } {
  return direction === 0 ? {} : { direction };
}

type Ends = Pick<PlainContact, 'time' | 'source' | 'destination' | 'sourcePort' | 'destinationPort' | 'key'>;

function readEnds(get: Record_): Ends | undefined {
  const time = readTime(get('ts'));
  const source = plainZoned(get('id.orig_h'));
  const destination = plainZoned(get('id.resp_h'));
  if (time === undefined || source === undefined || destination === undefined) return undefined;
  if (source.includes(':') !== destination.includes(':')) return undefined;
  const ports = ['id.orig_p', 'id.resp_p'].map(get);
  if (!ports.every((port) => port === '' || (/^\d{1,15}$/.test(port) && Number(port) < 65_536)))
    return undefined;
  const [from, to] = ports.map(Number);
  return {
    time,
    source,
    destination,
    ...(from ? { sourcePort: from } : {}),
    ...(to ? { destinationPort: to } : {}),
    ...(get('uid') ? { key: uidHash(get('uid')) } : {}),
  };
}

function readTime(text: string): number | undefined {
  if (text[4] === '-') {
    const time = plainIsoTime(text);
    return Number.isNaN(time) ? undefined : time;
  }
  const match = /^(\d{1,13})(?:\.(\d*))?$/.exec(text);
  if (!match) return undefined;
  const whole = Number(match[1]);
  if (match[1]!.length > 11) return whole;
  return whole * 1000 + Number((match[2] ?? '').slice(0, 3).padEnd(3, '0'));
}

/** What `uidInto` writes: two lanes, each over every other four bytes. */
function uidHash(uid: string): string {
  let [a, b] = [0x811c9dc5, 0x9747b28c];
  const word = (text: string): number =>
    [...text].reduce((sum, character, i) => sum | (character.charCodeAt(0) << (8 * i)), 0);
  for (let i = 0; i < uid.length; i += 8) {
    a = Math.imul(a ^ word(uid.slice(i, i + 4)), 0x01000193);
    b = Math.imul(b ^ word(uid.slice(i + 4, i + 8)), 0x85ebca6b);
  }
  a ^= uid.length;
  const mix = (value: number): number => {
    let h = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return (h ^ (h >>> 16)) >>> 0;
  };
  const hex = (word: number): string => word.toString(16).padStart(8, '0');
  return hex(mix(a)) + hex((mix(b ^ a) | 1) >>> 0);
}

function readConn(get: Record_, count: (name: string) => number, ends: Ends, hasHistory: boolean): PlainLine {
  const six = ends.source!.includes(':');
  const protocols: Readonly<Record<string, number>> = {
    tcp: Protocol.tcp,
    udp: Protocol.udp,
    icmp: six ? Protocol.icmp6 : Protocol.icmp,
    unknown_transport: 255,
  };
  const protocol = Object.hasOwn(protocols, get('proto')) ? protocols[get('proto')]! : -1;
  const state = get('conn_state');
  if (protocol < 0 || !/^(S[0123FH]|SHR|REJ|RST[OR]|RSTOS0|RSTRH|OTH|)$/.test(state)) return UNREADABLE;
  const millis = readDuration(get('duration'));
  const row: Row = { kind: Kind.flow, outcome: Outcome.unknown, ...ends, protocol };
  if (count('resp_bytes') >= 0) row.size = Math.min(count('resp_bytes'), 0xffff_fffe);
  if (millis >= 0) row.millis = Math.min(millis, 0xffff_fffe);
  const local = [get('local_orig'), get('local_resp')].map((value) =>
    /^[tTfF]/.exec(value)?.[0].toUpperCase(),
  );
  const direction = { FT: Direction.inbound, TF: Direction.outbound, TT: Direction.internal }[local.join('')];
  if (direction) row.direction = direction;
  const history = get('history');
  if (protocol === Protocol.tcp) {
    row.outcome = tcpOutcome(state, history, hasHistory, count('orig_pkts'), count('resp_bytes'));
    const flags = hasHistory ? opening(history, count('orig_pkts')) : undefined;
    if (flags !== undefined) row.tcp = flags;
    return row;
  }
  row.outcome = datagramOutcome(state, history, count('orig_pkts'), count('resp_pkts'), count('resp_bytes'));
  if (protocol === Protocol.icmp || protocol === Protocol.icmp6) {
    const type = ends.sourcePort ?? 0;
    const port = ends.destinationPort ?? 0;
    if (type > 255 || port > 255) return UNREADABLE;
    const pairs = six ? type >= 128 : [9, 10].includes(type) || type >= 13;
    const reply = (type === 0 && port === 8) || (pairs && Math.abs(type - port) === 1);
    delete row.sourcePort;
    delete row.destinationPort;
    const value = type * 256 + (reply ? 0 : port);
    if (value) row.destinationPort = value;
  }
  return row;
}

function readDuration(text: string): number {
  const match = /^(\d{1,9})(?:\.(\d*))?(?:[eE]-(\d+))?$/.exec(text);
  if (!match) return -1;
  const ms = Number(match[1]) * 1000 + Number((match[2] ?? '').slice(0, 3).padEnd(3, '0'));
  const power = Number(match[3] ?? 0);
  if ((match[3]?.length ?? 0) > 15) return -1;
  return power > 3 ? 0 : Math.floor(ms / 10 ** power);
}

function tcpOutcome(
  state: string,
  history: string,
  known: boolean,
  packets: number,
  bytesBack: number,
): Outcome {
  const upper = history.replace(/[^A-Z]/g, '');
  const lower = history.replace(/[^a-z]/g, '');
  const halfOpen = /h/.test(lower) && !/d/.test(lower) && /S/.test(upper) && !/[ADF]/.test(upper);
  const reset = /^[rcgtwx]*r[rcgtwx]*$/.test(lower) && (upper === '' ? packets > 0 : !/[SHD]/.test(upper));
  const silent =
    known && lower === '' && (upper === '' ? packets !== 0 : /^[FCGTWX]*F[FCGTWX]*$/.test(upper));
  if (state === 'S0') return Outcome.noAnswer;
  if (state === 'SHR') return Outcome.oneSided;
  if (state === 'RSTOS0')
    return lower === '' && (!known || upper.includes('S')) ? Outcome.noAnswer : Outcome.oneSided;
  if (state === 'SH') return lower === '' ? Outcome.noAnswer : Outcome.oneSided;
  if (halfOpen) return Outcome.accepted;
  if (state === 'REJ') return Outcome.rejected;
  if (/^S[123F]$/.test(state)) return Outcome.established;
  if (state === 'RSTO' || state === 'RSTR') {
    if (!known || /[hd]/.test(lower)) return Outcome.established;
    return lower.includes('r') ? Outcome.rejected : Outcome.oneSided;
  }
  if (state === 'RSTRH' || state === 'OTH') {
    if (reset) return Outcome.rejected;
    return silent ? Outcome.noAnswer : Outcome.oneSided;
  }
  if (/[hd]/.test(lower) || bytesBack > 0)
    return known && upper === '' ? Outcome.oneSided : Outcome.established;
  if (lower.includes('r')) return Outcome.rejected;
  return known && lower === '' && upper !== '' ? Outcome.noAnswer : Outcome.unknown;
}

function opening(history: string, packets: number): number | undefined {
  const upper = history.replace(/[^A-Z]/g, '');
  if (upper.startsWith('S')) return Tcp.syn;
  if (upper.startsWith('H')) return Tcp.syn | Tcp.ack;
  const flags = [...new Set(upper.replace(/[CGTWX]/g, ''))].join('');
  if (flags === 'F') return Tcp.fin;
  if (flags === 'A') return Tcp.ack;
  if (flags === 'R') return Tcp.rst;
  const silent = upper === '' && /^[rcgtwx]*$/.test(history.replace(/[^a-z]/g, ''));
  return silent && packets > 0 ? 0 : undefined;
}

function datagramOutcome(
  state: string,
  history: string,
  sent: number,
  back: number,
  bytesBack: number,
): Outcome {
  if (back > 0 || bytesBack > 0 || history.includes('d'))
    return sent === 0 || state === 'SHR' ? Outcome.oneSided : Outcome.established;
  if (state === 'SHR') return Outcome.oneSided;
  if (back === 0 || bytesBack === 0 || state === 'S0') return Outcome.noAnswer;
  return state === 'SF' ? Outcome.established : Outcome.unknown;
}

function readHttp(
  get: Record_,
  count: (name: string) => number,
  ends: Ends,
  setSeparator: string,
): PlainLine {
  const status = count('status_code');
  if (status > 999) return UNREADABLE;
  const row: Row = { kind: Kind.web, outcome: Outcome.unknown, ...ends, protocol: Protocol.tcp };
  if (status >= 0) {
    row.outcome = Outcome.answered;
    row.status = status;
    if (count('response_body_len') >= 0) row.size = Math.min(count('response_body_len'), 0xffff_fffe);
  }
  if (status === 401 && get('username') !== '') {
    row.kind = Kind.login;
    row.outcome = Outcome.failed;
    row.account = plainHash(get('username'));
    delete row.status;
  }
  const members = get('proxied').replace(/^\[/, '').split(setSeparator);
  for (const member of members) {
    const forwarded = /^[ "[]*x-forwarded-for -> ([^"]*)/i.exec(member);
    if (!forwarded) continue;
    row.forwarded = forwarded[1]!;
    break;
  }
  return row;
}

function readNotice(get: Record_, count: (name: string) => number): PlainLine {
  const note = get('note');
  if (note === '') return UNREADABLE;
  if (note.startsWith('CaptureLoss::')) return IGNORED;
  if (note.startsWith('PacketFilter::Dropped_Packets')) {
    return { line: 'ignored', lost: Number(/^\d{1,15}(?!\d)/.exec(get('msg'))?.[0] ?? 0) };
  }
  const time = readTime(get('ts'));
  if (time === undefined) return UNREADABLE;
  const attack = !/^(SSL|Software|Weird|PacketFilter|ProtocolDetector|Log|Notice|Stats|DNS|Conn|Site)::/.test(
    note,
  );
  const quiet = /^SSH::(Interesting_Hostname_Login|Watched_Country_Login)/.test(note);
  const content = attack && !quiet ? { content: Content.signature } : {};
  if (get('id.orig_h') !== '' && get('id.resp_h') !== '') {
    const ends = readEnds(get);
    if (ends === undefined) return UNREADABLE;
    const icmp = ends.source!.includes(':') ? Protocol.icmp6 : Protocol.icmp;
    const protocol = { tcp: Protocol.tcp, udp: Protocol.udp, icmp, unknown_transport: 255 }[get('proto')];
    return {
      kind: Kind.alert,
      outcome: Outcome.unknown,
      ...ends,
      ...content,
      ...(protocol ? { protocol } : {}),
    };
  }
  const source = plainZoned(get('src'));
  if (source === undefined) return IGNORED;
  const destination = plainZoned(get('dst'));
  const port = count('p');
  return {
    kind: Kind.alert,
    outcome: Outcome.unknown,
    time,
    source,
    ...(destination?.includes(':') === source.includes(':') ? { destination } : {}),
    ...(port > 0 && port < 65_536 ? { destinationPort: port } : {}),
    ...content,
    detail: true,
  };
}
