/**
 * Web requests of one web host, as columns, and visits: several requests over one connection.
 */
import { FIRST_EVENTS, grown, roomFor } from './columns.ts';
import type { FormatName } from './formats.ts';
import { Fate, Kind, Mark } from './network-events.ts';
import type { World } from './world.ts';

/** The requests that a web host answered. Texts are as sent, one character a byte. */
export class WebRequests {
  count = 0;
  time = new Float64Array(FIRST_EVENTS);
  /** Who connected. */
  peer = new Uint32Array(FIRST_EVENTS);
  /** Who is named by X-Forwarded-For plus one; zero when the header is absent. */
  forwarded = new Uint32Array(FIRST_EVENTS);
  /** The source that the request belongs to. */
  owner = new Uint32Array(FIRST_EVENTS);
  status = new Uint16Array(FIRST_EVENTS);
  size = new Uint32Array(FIRST_EVENTS);
  connection = new Uint32Array(FIRST_EVENTS);
  sourcePort = new Uint16Array(FIRST_EVENTS);
  /** Which request of its connection this is, from 1. */
  depth = new Uint16Array(FIRST_EVENTS);
  marks = new Uint8Array(FIRST_EVENTS);
  readonly method: string[] = [];
  readonly url: string[] = [];
  readonly agent: string[] = [];
  readonly referer: string[] = [];
  readonly user: string[] = [];
  private readonly kept: boolean;

  /** @param kept false to count the requests and forget them, when no format tells them */
  constructor(kept: boolean) {
    this.kept = kept;
  }

  /** Adds a request. */
  add(request: WebRequest, visit: Visit): void {
    const row = this.count++;
    if (!this.kept) return;
    if (row >= this.time.length) this.grow();
    this.time[row] = visit.now;
    this.peer[row] = visit.peer;
    this.forwarded[row] = visit.forwarded;
    this.owner[row] = visit.owner;
    this.status[row] = request.status;
    this.size[row] = request.size;
    this.connection[row] = visit.connection;
    this.sourcePort[row] = visit.sourcePort;
    this.depth[row] = visit.depth;
    if (request.through === true) this.marks[row] = Mark.through;
    this.method.push(request.method ?? 'GET');
    this.url.push(request.url);
    this.agent.push(request.agent);
    this.referer.push(request.referer ?? '-');
    this.user.push(request.user ?? '-');
  }

  private grow(): void {
    const rows = roomFor(this.time.length);
    this.time = grown(this.time, rows);
    this.peer = grown(this.peer, rows);
    this.forwarded = grown(this.forwarded, rows);
    this.owner = grown(this.owner, rows);
    this.status = grown(this.status, rows);
    this.size = grown(this.size, rows);
    this.connection = grown(this.connection, rows);
    this.sourcePort = grown(this.sourcePort, rows);
    this.depth = grown(this.depth, rows);
    this.marks = grown(this.marks, rows);
  }
}

/** One request. A `method` of '' says that `url` is the whole request line, for those that are no HTTP. */
export type WebRequest = {
  /** Milliseconds since the request before it. */
  readonly after: number;
  readonly method?: string;
  readonly url: string;
  readonly status: number;
  /** Bytes of the body. */
  readonly size: number;
  readonly agent: string;
  readonly referer?: string;
  readonly user?: string;
  readonly through?: boolean;
};

/** A web host: where it stands, and which file tells its requests. */
export type WebHost = {
  readonly format: FormatName | undefined;
  readonly destination: number;
  readonly port: number;
  /** Whether its connections cross the link that the network sensors watch. */
  readonly onLink: boolean;
  readonly requests: WebRequests;
};

/** The address of a web host that a peer connects to: the portal also has an IPv6 one. */
export function destinationFor({ book, estate }: World, host: WebHost, peer: number): number {
  return book.isIPv6(peer) ? estate.portalIPv6 : host.destination;
}

/** One connection to a web host. Make requests, then `end` it, which tells the network. */
export class Visit {
  readonly connection: number;
  readonly sourcePort: number;
  depth = 0;
  now: number;
  private readonly world: World;
  private readonly host: WebHost;
  readonly peer: number;
  readonly owner: number;
  readonly forwarded: number;
  private readonly destination: number;
  private readonly start: number;
  private sent = 0;
  private received = 0;

  /**
   * @param peer the address that connects
   * @param time microseconds from the start
   * @param forwarded the address in X-Forwarded-For, where there is one; with `behind` it is the client itself
   */
  constructor(world: World, host: WebHost, peer: number, time: number, forwarded?: number, behind = false) {
    this.world = world;
    this.host = host;
    this.peer = peer;
    this.owner = world.book.ownerOf(behind && forwarded !== undefined ? forwarded : peer);
    this.forwarded = forwarded === undefined ? 0 : forwarded + 1;
    this.connection = world.nextConnection();
    this.sourcePort = 1_024 + ((Math.imul(this.connection, 40_503) >>> 0) % 64_000);
    this.destination = destinationFor(world, host, peer);
    this.start = time;
    this.now = time + HANDSHAKE;
  }

  /** Sends one request; one after the end of the run is not sent. */
  request(request: WebRequest): void {
    this.now += request.after * 1_000;
    if (this.now >= this.world.span) return;
    this.depth++;
    this.sent += 380 + request.url.length;
    this.received += 300 + request.size;
    this.host.requests.add(request, this);
    this.world.sources.contact(this.owner, this.now, this.destination, this.host.port);
  }

  /** Closes the connection. */
  end(): void {
    if (this.depth === 0 || !this.host.onLink) return;
    this.world.network.add({
      time: this.start,
      source: this.peer,
      destination: this.destination,
      sourcePort: this.sourcePort,
      port: this.host.port,
      kind: Kind.syn,
      fate: Fate.answered,
      connection: this.connection,
      duration: this.now - this.start + HANDSHAKE,
      sent: this.sent,
      received: this.received,
    });
  }
}

/** Microseconds between the first packet and the first request: two round trips for TCP and TLS at 25 ms. */
const HANDSHAKE = 50_000;
