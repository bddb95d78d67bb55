/**
 * One event of the link in the words that all firewalls share. Writers of single products only spell it.
 */
import { Fate, Kind, Mark } from '../network-events.ts';
import { detailOf, flowOf, lengthOf } from './packet.ts';
import { type Desk, noteThrough } from './writer.ts';

/** An event with its addresses spelled out. */
export type NetworkStory = {
  readonly time: number;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly port: number;
  readonly kind: Kind;
  readonly fate: Fate;
  readonly six: boolean;
  readonly outbound: boolean;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** IANA protocol number. */
  readonly protocolNumber: number;
  /** ICMP type, for pings. */
  readonly icmpType: number;
  /** The connection's own number and a number to draw details from. */
  readonly connection: number;
  readonly detail: number;
  /** Length of the first packet. */
  readonly length: number;
  readonly sentPackets: number;
  readonly sentBytes: number;
  readonly receivedPackets: number;
  readonly receivedBytes: number;
  /** Microseconds. */
  readonly duration: number;
  /** Who the line is about: the foreign side. */
  readonly owner: number;
};

/** The story of a row. */
export function storyOf({ world }: Desk, row: number): NetworkStory {
  const { network, book } = world;
  const kind = network.kind[row]! as Kind;
  const source = network.source[row]!;
  const destination = network.destination[row]!;
  const connection = network.connection[row]!;
  const outbound = (network.marks[row]! & Mark.outbound) !== 0;
  const six = book.isIPv6(source);
  const flow = flowOf(network, row);
  const protocol = kind === Kind.udp ? 'udp' : kind === Kind.echo ? 'icmp' : 'tcp';
  const head = (six ? 40 : 20) + (protocol === 'tcp' ? 20 : 8);
  return {
    time: network.time[row]!,
    source: book.text(source),
    destination: book.text(destination),
    sourcePort: network.sourcePort[row]!,
    port: network.port[row]!,
    kind,
    fate: network.fate[row]! as Fate,
    six,
    outbound,
    protocol,
    protocolNumber: protocol === 'udp' ? 17 : protocol === 'tcp' ? 6 : six ? 58 : 1,
    icmpType: six ? 128 : 8,
    connection,
    detail: detailOf(connection),
    length: lengthOf(network, row),
    sentPackets: flow.sentPackets,
    sentBytes: flow.sentBytes + flow.sentPackets * head,
    receivedPackets: flow.receivedPackets,
    receivedBytes: flow.receivedBytes + flow.receivedPackets * head,
    duration: flow.duration,
    owner: book.ownerOf(outbound ? destination : source),
  };
}

/** Notes a row that came through, after its line was written. */
export function networkThrough(desk: Desk, row: number): void {
  const { network } = desk.world;
  if ((network.marks[row]! & Mark.through) === 0) return;
  const source = network.source[row]!;
  const time = network.time[row]!;
  noteThrough(desk, source, network.destination[row]!, network.port[row]!, time, 'reached-private-service');
}

/** Whether the firewall let it in. */
export function wasLetIn(fate: Fate): boolean {
  return fate >= Fate.answered;
}
