/**
 * What a packet carries besides addresses and ports, the same for every sensor that saw it: derived from the numbers
 * of its connection and source, so that nothing has to be stored.
 */
import { mix32 } from '../../random.ts';
import { Fate, Kind, type NetworkEvents } from '../network-events.ts';

/** Window sizes of scanners (nmap draws 1024 to 4096, masscan 1024, zmap 65535) and of operating systems. */
const WINDOWS = [1024, 1024, 2048, 3072, 4096, 65535, 65535, 64240, 29200, 42340, 14600, 8192];

/** Where packets set out with, by operating system: Linux, Windows, network devices. */
const INITIAL_TTLS = [64, 64, 128, 255];

/** A number for the connection that any sensor may draw details from. */
export function detailOf(connection: number): number {
  return mix32(connection ^ 0x5bd1e995) >>> 0;
}

/** Time to live on arrival. */
export function ttlOf(source: number): number {
  const hash = mix32(source ^ 0x2545f491) >>> 0;
  return (INITIAL_TTLS[hash & 3] as number) - 4 - ((hash >>> 8) % 24);
}

/** TCP window of the first packet. */
export function windowOf(source: number): number {
  return WINDOWS[(mix32(source ^ 0x1b873593) >>> 0) % WINDOWS.length] as number;
}

/** Length of the first packet on the wire, with the IPv4 header. */
export function lengthOf(events: NetworkEvents, row: number): number {
  const kind = events.kind[row]!;
  const detail = detailOf(events.connection[row]!);
  if (kind === Kind.udp) return 28 + udpPayload(events, row, detail);
  if (kind === Kind.echo) return detail % 3 === 0 ? 28 : 84;
  if (kind === Kind.syn || kind === Kind.synAck) return 40 + [0, 4, 20][detail % 3]!;
  return 40;
}

/** What a whole flow looked like; sizes are payload bytes and packets. One object is reused: read it at once. */
export type Flow = {
  sentPackets: number;
  sentBytes: number;
  receivedPackets: number;
  receivedBytes: number;
  /** Microseconds; 0 for single packets. */
  duration: number;
};

const flow: Flow = { sentPackets: 0, sentBytes: 0, receivedPackets: 0, receivedBytes: 0, duration: 0 };

/** The flow of an event. The answer is valid until the next call. */
export function flowOf(events: NetworkEvents, row: number): Readonly<Flow> {
  const kind = events.kind[row]!;
  const fate = events.fate[row]!;
  const detail = detailOf(events.connection[row]!);
  flow.sentPackets = 1;
  flow.sentBytes = kind === Kind.udp ? udpPayload(events, row, detail) : kind === Kind.echo ? 56 : 0;
  flow.receivedPackets = 0;
  flow.receivedBytes = 0;
  flow.duration = 0;
  if (fate === Fate.dropped || fate === Fate.blocked || fate === Fate.silent) return flow;
  flow.receivedPackets = 1;
  flow.duration = 200 + (detail % 180_000);
  if (fate === Fate.halfOpen) flow.sentPackets = 2;
  if (fate === Fate.unfinished) flow.receivedPackets = 6;
  if (fate === Fate.rejected) flow.receivedPackets = kind === Kind.udp ? 0 : 1;
  if (fate !== Fate.answered) return flow;
  if (kind !== Kind.syn) {
    flow.receivedBytes = events.received[row]! || flow.sentBytes;
    if (events.sent[row]! > 0) flow.sentBytes = events.sent[row]!;
    flow.duration = events.duration[row]! || flow.duration;
    return flow;
  }
  flow.sentBytes = events.sent[row]!;
  flow.receivedBytes = events.received[row]!;
  flow.sentPackets = 4 + Math.ceil(flow.sentBytes / 1_400) + Math.ceil(flow.receivedBytes / 2_900);
  flow.receivedPackets = 3 + Math.ceil(flow.receivedBytes / 1_448);
  flow.duration = Math.max(flow.duration, events.duration[row]!);
  return flow;
}

/** Payload of a probe of this UDP port, as the probes of nmap and zmap have it. */
function udpPayload(events: NetworkEvents, row: number, detail: number): number {
  if (events.sent[row]! > 0) return events.sent[row]!;
  const port = events.port[row]!;
  if (events.sourcePort[row]! === 53 && port > 1_024) return 400 + (detail % 3_000);
  if (port === 53) return 30 + (detail % 20);
  if (port === 123) return 48;
  if (port === 161) return 60;
  if (port === 1900) return 94;
  if (port === 5060) return 400 + (detail % 60);
  return detail % 2 === 0 ? 0 : detail % 200;
}
