/**
 * Packets and connections, as columns: what happened on the one link that every network sensor watches.
 */
import { Column } from './columns.ts';

/** What the first packet was. */
export const Kind = {
  syn: 0,
  null: 1,
  fin: 2,
  xmas: 3,
  ack: 4,
  synAck: 5,
  rst: 6,
  udp: 7,
  echo: 8,
  unreachable: 9,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** What became of it. */
export const Fate = {
  /** The firewall's policy denied it without a word. */
  dropped: 0,
  /** The firewall's block list denied it. */
  blocked: 1,
  /** The firewall denied it with a reset or an ICMP message. */
  rejected: 2,
  /** Let in, answered, and closed in good order. */
  answered: 3,
  /** Let in and answered; the sender reset it before the handshake was whole (`nmap -sS`). */
  halfOpen: 4,
  /** Let in; the host has nothing on this port and said so. */
  refused: 5,
  /** Let in; nobody answered. */
  silent: 6,
  /** Let in and answered; the sender never spoke again, as forged senders cannot. */
  unfinished: 7,
} as const;
export type Fate = (typeof Fate)[keyof typeof Fate];

/** Bits of the column `marks`. */
export const Mark = {
  /** It must appear as `through` in the account. */
  through: 1,
  /** Only sensors that log packets tell it: it belongs to a flow already told. */
  packetOnly: 2,
  /** From us to the world. */
  outbound: 4,
} as const;

/** One event, when it is made. Times are microseconds from the start; sizes are payload bytes. */
export type NetworkEvent = {
  readonly time: number;
  readonly source: number;
  readonly destination: number;
  readonly sourcePort: number;
  readonly port: number;
  readonly kind: Kind;
  readonly fate: Fate;
  readonly connection: number;
  readonly marks?: number;
  readonly duration?: number;
  readonly sent?: number;
  readonly received?: number;
};

/** The events of the link. Addresses are numbers of the address book. */
export class NetworkEvents {
  count = 0;
  readonly time = new Column('f64');
  readonly source = new Column('u32');
  readonly destination = new Column('u32');
  readonly sourcePort = new Column('u16');
  readonly port = new Column('u16');
  readonly kind = new Column('u8');
  readonly fate = new Column('u8');
  readonly marks = new Column('u8');
  readonly connection = new Column('u32');
  readonly duration = new Column('f64');
  readonly sent = new Column('u32');
  readonly received = new Column('u32');
  private readonly kept: boolean;

  /** @param kept false to count the events and forget them, when no format tells them */
  constructor(kept: boolean) {
    this.kept = kept;
  }

  /** Adds an event. */
  add(event: NetworkEvent): void {
    const row = this.count++;
    if (!this.kept) return;
    this.time.set(row, event.time);
    this.source.set(row, event.source);
    this.destination.set(row, event.destination);
    this.sourcePort.set(row, event.sourcePort);
    this.port.set(row, event.port);
    this.kind.set(row, event.kind);
    this.fate.set(row, event.fate);
    this.connection.set(row, event.connection);
    if (event.marks !== undefined) this.marks.set(row, event.marks);
    if (event.duration !== undefined) this.duration.set(row, event.duration);
    if (event.sent !== undefined) this.sent.set(row, event.sent);
    if (event.received !== undefined) this.received.set(row, event.received);
  }
}
