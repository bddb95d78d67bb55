/**
 * Packets and connections, as columns: what happened on the one link that every network sensor watches.
 */
import { FIRST_EVENTS, grown, roomFor } from './columns.ts';

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
  time = new Float64Array(FIRST_EVENTS);
  source = new Uint32Array(FIRST_EVENTS);
  destination = new Uint32Array(FIRST_EVENTS);
  sourcePort = new Uint16Array(FIRST_EVENTS);
  port = new Uint16Array(FIRST_EVENTS);
  kind = new Uint8Array(FIRST_EVENTS);
  fate = new Uint8Array(FIRST_EVENTS);
  marks = new Uint8Array(FIRST_EVENTS);
  connection = new Uint32Array(FIRST_EVENTS);
  duration = new Float64Array(FIRST_EVENTS);
  sent = new Uint32Array(FIRST_EVENTS);
  received = new Uint32Array(FIRST_EVENTS);
  private readonly kept: boolean;

  /** @param kept false to count the events and forget them, when no format tells them */
  constructor(kept: boolean) {
    this.kept = kept;
  }

  /** Adds an event. */
  add(event: NetworkEvent): void {
    const row = this.count++;
    if (!this.kept) return;
    if (row >= this.time.length) this.grow();
    this.time[row] = event.time;
    this.source[row] = event.source;
    this.destination[row] = event.destination;
    this.sourcePort[row] = event.sourcePort;
    this.port[row] = event.port;
    this.kind[row] = event.kind;
    this.fate[row] = event.fate;
    this.connection[row] = event.connection;
    if (event.marks !== undefined) this.marks[row] = event.marks;
    if (event.duration !== undefined) this.duration[row] = event.duration;
    if (event.sent !== undefined) this.sent[row] = event.sent;
    if (event.received !== undefined) this.received[row] = event.received;
  }

  private grow(): void {
    const rows = roomFor(this.time.length);
    this.time = grown(this.time, rows);
    this.source = grown(this.source, rows);
    this.destination = grown(this.destination, rows);
    this.sourcePort = grown(this.sourcePort, rows);
    this.port = grown(this.port, rows);
    this.kind = grown(this.kind, rows);
    this.fate = grown(this.fate, rows);
    this.marks = grown(this.marks, rows);
    this.connection = grown(this.connection, rows);
    this.duration = grown(this.duration, rows);
    this.sent = grown(this.sent, rows);
    this.received = grown(this.received, rows);
  }
}
