/**
 * Zeek's conn.log (base/protocols/conn/main.zeek), as tab-separated values and as JSON. Zeek writes a connection when
 * it ends, so that `ts` is not in order.
 */

import { Fate, Kind, Mark } from '../network-events.ts';
import type { World } from '../world.ts';
import { detailOf, flowOf } from './packet.ts';
import { type Desk, noteThrough, oddLines, type Writer } from './writer.ts';

/** Columns and their types. */
const COLUMNS = [
  ['ts', 'time'],
  ['uid', 'string'],
  ['id.orig_h', 'addr'],
  ['id.orig_p', 'port'],
  ['id.resp_h', 'addr'],
  ['id.resp_p', 'port'],
  ['proto', 'enum'],
  ['service', 'string'],
  ['duration', 'interval'],
  ['orig_bytes', 'count'],
  ['resp_bytes', 'count'],
  ['conn_state', 'string'],
  ['local_orig', 'bool'],
  ['local_resp', 'bool'],
  ['missed_bytes', 'count'],
  ['history', 'string'],
  ['orig_pkts', 'count'],
  ['orig_ip_bytes', 'count'],
  ['resp_pkts', 'count'],
  ['resp_ip_bytes', 'count'],
  ['tunnel_parents', 'set[string]'],
] as const;

/** Microseconds after which Zeek gives up on a first packet that nobody answers (`tcp_attempt_delay`). */
const ATTEMPT_DELAY = 5_000_000;

/** Ports that make Zeek take the other side for the client when it saw no first packet (`likely_server_ports`). */
const SERVER_PORTS: ReadonlySet<number> = new Set([53, 123]);

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Zeek's id of a connection: C and 17 characters. */
export function uidOf(connection: number): string {
  let uid = 'C';
  let state = detailOf(connection);
  for (let part = 0; part < 3; part++) {
    let word = state;
    for (let at = 0; at < 5; at++) {
      uid += BASE62[word % 62];
      word = Math.floor(word / 62);
    }
    state = detailOf(state ^ part);
  }
  return `${uid}${BASE62[connection % 62]}${BASE62[(connection >>> 6) % 62]}`;
}

/** The fields of one connection. */
type Conn = {
  readonly orig: number;
  readonly origPort: number;
  readonly resp: number;
  readonly respPort: number;
  readonly proto: string;
  readonly service: string;
  readonly state: string;
  readonly history: string;
};

/** The writer of tab-separated values. */
export function zeekConnWriter(desk: Desk): Writer {
  const { world, utc, file } = desk;
  const { network, book } = world;
  return {
    begin: () => writeHead(desk, 'conn', COLUMNS),
    delay: (row) => connDelay(world, row),
    write(row) {
      const time = network.time[row]!;
      const conn = connOf(world, row);
      const flow = flowOf(network, row);
      const payload = flow.receivedPackets > 0 || flow.sentBytes > 0;
      const head = book.isIPv6(conn.orig) ? 40 : 20;
      const transport = conn.proto === 'tcp' ? 20 + head : 8 + head;
      const flipped = conn.orig !== network.source[row]!;
      const sent = `${flow.sentPackets}\t${flow.sentBytes + flow.sentPackets * transport}`;
      const received = `${flow.receivedPackets}\t${flow.receivedBytes + flow.receivedPackets * transport}`;
      const duration = payload && flow.duration > 0 ? (flow.duration / 1_000_000).toFixed(6) : '-';
      const bytes =
        duration === '-'
          ? '-\t-'
          : flipped
            ? `0\t${flow.sentBytes}`
            : `${flow.sentBytes}\t${flow.receivedBytes}`;
      const ours = book.ownerOf(conn.orig) < 0 ? 'T\tF' : 'F\tT';
      const line = `${utc.epoch(time)}\t${uidOf(network.connection[row]!)}\t${book.text(conn.orig)}\t${conn.origPort}\t${book.text(conn.resp)}\t${conn.respPort}\t${conn.proto}\t${conn.service}\t${duration}\t${bytes}\t${conn.state}\t${ours}\t0\t${conn.history}\t${flipped ? `${received}\t${sent}` : `${sent}\t${received}`}\t-`;
      file.tell(line, ownerOf(world, row));
      throughOf(desk, row, time);
    },
    end: () => file.ignored(`#close\t${stamp(desk, world.span)}`),
  };
}

/** The writer of JSON, one object a line, with the fields that are not set left out. */
export function zeekJsonWriter(desk: Desk): Writer {
  const { world, utc, file } = desk;
  const { network, book } = world;
  const odd = oddLines(desk, (_, turn) => {
    if (turn % 3 === 0) file.junk('{"ts":1791349200.1,"uid":"CcutOf');
  });
  return {
    delay: (row) => connDelay(world, row),
    write(row) {
      const time = network.time[row]!;
      odd(time);
      const conn = connOf(world, row);
      const flow = flowOf(network, row);
      const head = book.isIPv6(conn.orig) ? 40 : 20;
      const transport = conn.proto === 'tcp' ? 20 + head : 8 + head;
      const service = conn.service === '-' ? '' : `,"service":"${conn.service}"`;
      const lasted =
        flow.duration === 0
          ? ''
          : `,"duration":${flow.duration / 1_000_000},"orig_bytes":${flow.sentBytes},"resp_bytes":${flow.receivedBytes}`;
      const local = book.ownerOf(conn.orig) < 0;
      const line = `{"ts":${utc.epoch(time)},"uid":"${uidOf(network.connection[row]!)}","id.orig_h":"${book.text(conn.orig)}","id.orig_p":${conn.origPort},"id.resp_h":"${book.text(conn.resp)}","id.resp_p":${conn.respPort},"proto":"${conn.proto}"${service}${lasted},"conn_state":"${conn.state}","local_orig":${local},"local_resp":${!local},"missed_bytes":0${conn.history === '-' ? '' : `,"history":"${conn.history}"`},"orig_pkts":${flow.sentPackets},"orig_ip_bytes":${flow.sentBytes + flow.sentPackets * transport},"resp_pkts":${flow.receivedPackets},"resp_ip_bytes":${flow.receivedBytes + flow.receivedPackets * transport}}`;
      file.tell(line, ownerOf(world, row));
      throughOf(desk, row, time);
    },
  };
}

/** The comment lines with which each of Zeek's tab-separated logs begins. */
export function writeHead(desk: Desk, path: string, columns: readonly (readonly [string, string])[]): void {
  const { file } = desk;
  file.ignored('#separator \\x09');
  file.ignored('#set_separator\t,');
  file.ignored('#empty_field\t(empty)');
  file.ignored('#unset_field\t-');
  file.ignored(`#path\t${path}`);
  file.ignored(`#open\t${stamp(desk, 0)}`);
  file.ignored(`#fields\t${columns.map(([name]) => name).join('\t')}`);
  file.ignored(`#types\t${columns.map(([, type]) => type).join('\t')}`);
}

/** `2026-10-07-05-00-00`. */
export function stamp({ utc }: Desk, time: number): string {
  const at = utc.at(time);
  return `${at.date}-${at.time.replaceAll(':', '-')}`;
}

function connDelay(world: World, row: number): number {
  const flow = flowOf(world.network, row);
  return flow.receivedPackets === 0 ? ATTEMPT_DELAY : flow.duration + 20_000;
}

function ownerOf(world: World, row: number): number {
  const { network, book } = world;
  const outbound = (network.marks[row]! & Mark.outbound) !== 0;
  return book.ownerOf(outbound ? network.destination[row]! : network.source[row]!);
}

function throughOf(desk: Desk, row: number, time: number): void {
  const { network } = desk.world;
  if ((network.marks[row]! & Mark.through) === 0) return;
  const source = network.source[row]!;
  noteThrough(desk, source, network.destination[row]!, network.port[row]!, time, 'reached-private-service');
}

function connOf(world: World, row: number): Conn {
  const { network, book } = world;
  const kind = network.kind[row]!;
  const orig = network.source[row]!;
  const resp = network.destination[row]!;
  const origPort = network.sourcePort[row]!;
  const respPort = network.port[row]!;
  if (kind === Kind.echo) {
    const six = book.isIPv6(orig);
    const answered = network.fate[row]! === Fate.answered;
    return {
      orig,
      origPort: six ? 128 : 8,
      resp,
      respPort: six ? 129 : 0,
      proto: 'icmp',
      service: '-',
      state: 'OTH',
      history: answered ? '-' : '-',
    };
  }
  if (kind === Kind.udp) return udpConn(world, row, orig, origPort, resp, respPort);
  if (kind === Kind.synAck) {
    return {
      orig: resp,
      origPort: respPort,
      resp: orig,
      respPort: origPort,
      proto: 'tcp',
      service: '-',
      state: 'OTH',
      history: '^h',
    };
  }
  const [state, history] = tcpState(
    network.fate[row]!,
    kind,
    network.received[row]!,
    network.connection[row]!,
  );
  const service = state === 'SF' && network.received[row]! > 0 ? serviceOf(respPort) : '-';
  return { orig, origPort, resp, respPort, proto: 'tcp', service, state, history };
}

function udpConn(
  world: World,
  row: number,
  orig: number,
  origPort: number,
  resp: number,
  respPort: number,
): Conn {
  const answered = world.network.fate[row]! === Fate.answered;
  const service = answered ? serviceOf(respPort) : '-';
  const reply = !answered && SERVER_PORTS.has(origPort) && !SERVER_PORTS.has(respPort);
  if (!reply) {
    const history = answered ? 'Dd' : 'D';
    return { orig, origPort, resp, respPort, proto: 'udp', service, state: answered ? 'SF' : 'S0', history };
  }
  return {
    orig: resp,
    origPort: respPort,
    resp: orig,
    respPort: origPort,
    proto: 'udp',
    service: origPort === 53 ? 'dns' : '-',
    state: 'SHR',
    history: '^d',
  };
}

function tcpState(
  fate: number,
  kind: number,
  received: number,
  connection: number,
): readonly [string, string] {
  if (kind === Kind.null) return ['OTH', '-'];
  if (kind === Kind.fin || kind === Kind.xmas) return ['OTH', fate === Fate.rejected ? 'Fr' : 'F'];
  if (kind === Kind.ack) return ['OTH', fate === Fate.rejected ? 'Ar' : 'A'];
  if (kind === Kind.rst) return ['OTH', 'R'];
  switch (fate) {
    case Fate.rejected:
    case Fate.refused:
      return ['REJ', 'Sr'];
    case Fate.halfOpen:
      return ['RSTO', 'ShR'];
    case Fate.unfinished:
      return ['S1', 'Sh'];
    case Fate.answered:
      if (received === 0) return connection % 3 === 0 ? ['RSTO', 'ShAR'] : ['SF', 'ShAFf'];
      return connection % 40 === 0
        ? ['RSTR', 'ShADadr']
        : ['SF', connection % 4 === 0 ? 'ShADadFf' : 'ShADadfF'];
    default:
      return ['S0', 'S'];
  }
}

function serviceOf(port: number): string {
  if (port === 443) return 'ssl';
  if (port === 80) return 'http';
  if (port === 22) return 'ssh';
  if (port === 53) return 'dns';
  return port === 123 ? 'ntp' : '-';
}
