/**
 * The made-up world while scenarios play in it: one link, some web hosts, login services, and the truth beside them.
 *
 * Scenarios call `probe`, `connect` and `Visit`; the world decides what becomes of each packet, as the estate's
 * firewall would, so that all sensors tell the same story.
 */
import type { Random } from '../random.ts';
import { PEOPLE, STAFF } from './accounts.ts';
import { AddressBook, NOBODY } from './address-book.ts';
import { type ClassName, CONTACT_CLASSES } from './contact-classes.ts';
import { Estate, type Site } from './estate.ts';
import type { Groups } from './ip.ts';
import { SignIns, SshLines } from './logins.ts';
import { Fate, Kind, Mark, NetworkEvents } from './network-events.ts';
import { ALONE, Sources } from './sources.ts';
import type { WebHost } from './web-requests.ts';

/** Microseconds. */
export const SECOND = 1_000_000;
/** Microseconds. */
export const MINUTE = 60 * SECOND;
/** Microseconds. */
export const HOUR = 60 * MINUTE;
/** Microseconds. */
export const DAY = 24 * HOUR;

/** One /24 in so many has a firewall that answers with resets instead of silence, as some offices do. */
const REJECTING_NETWORKS = 10;

/** Ports that the data centre's firewall lets through to its hosts though nothing listens there any more. */
const FORGOTTEN_PORTS: ReadonlySet<number> = new Set([8080, 8443]);

/** Which stores a run keeps, because a format tells them; `sshLines`: whether SSH is counted in lines of a daemon. */
export type Kept = { readonly network: boolean; readonly ssh: boolean; readonly sshLines: boolean };

/** What differs from one made-up world to another beside the estate. */
export type Customs = {
  /** Accounts of the bastion host that are guessed at, and those whose owners sign in. */
  readonly guessedAccounts: readonly string[];
  readonly staffAccounts: readonly string[];
  /** The same at Windows and Entra ID. */
  readonly guessedPeople: readonly string[];
  readonly people: readonly string[];
  /** Whether those who break in get in; where not, the last door holds (a second factor, a mended rule). */
  readonly breakInsSucceed: boolean;
  /** Ports that the firewall lets through to hosts though nothing listens there any more. */
  readonly forgottenPorts: ReadonlySet<number>;
};

/** Guessers and staff share their accounts, some get in, and two ports were forgotten. */
export const USUAL_CUSTOMS: Customs = {
  guessedAccounts: STAFF,
  staffAccounts: STAFF,
  guessedPeople: PEOPLE,
  people: PEOPLE,
  breakInsSucceed: true,
  forgottenPorts: FORGOTTEN_PORTS,
};

/** What a world does not make for itself. */
export type WorldParts = {
  /** A world whose addresses, sources and numbers of connections this one shares: another place, the same people. */
  readonly neighbour?: World;
  readonly site?: Site;
  readonly customs?: Customs;
  /** Where the packets of its link go. */
  readonly network?: NetworkEvents;
};

/** The world of one run. */
export class World {
  readonly book: AddressBook;
  readonly sources: Sources;
  readonly estate: Estate;
  readonly network: NetworkEvents;
  readonly ssh: SshLines;
  readonly windows = new SignIns();
  readonly entra = new SignIns();
  readonly webHosts: WebHost[] = [];
  /** Length of the run in microseconds. */
  readonly span: number;
  readonly customs: Customs;
  private readonly connections: { last: number };

  constructor(random: Random, span: number, lines: number, kept: Kept, parts: WorldParts = {}) {
    const { neighbour } = parts;
    this.book = neighbour?.book ?? new AddressBook(random.fork('addresses'), lines);
    this.sources = neighbour?.sources ?? new Sources();
    this.connections = neighbour?.connections ?? { last: 0 };
    this.estate = new Estate(this.book, parts.site);
    this.customs = parts.customs ?? USUAL_CUSTOMS;
    this.network = parts.network ?? new NetworkEvents(kept.network);
    this.ssh = new SshLines(kept.ssh, kept.sshLines);
    this.span = span;
  }

  /** A number for a new connection; sensors make their own ids of it. */
  nextConnection(): number {
    return ++this.connections.last;
  }

  /** A new source with a foreign IPv4 address of its own; returns the address. */
  foreign(random: Random, of: ClassName, campaign: number = ALONE): number {
    const source = this.sources.add(of, campaign);
    const address = this.book.foreign(random, source, CONTACT_CLASSES[of].nature === 'benign');
    this.sources.identify(source, this.book.text(address));
    return address;
  }

  /** New sources inside one /24 (at most 200). */
  neighbours(random: Random, of: ClassName, count: number, campaign: number, crowded: boolean): number[] {
    const sources = Array.from({ length: count }, () => this.sources.add(of, campaign));
    const addresses = this.book.neighbours(random, sources, crowded);
    sources.forEach((source, at) => {
      this.sources.identify(source, this.book.text(addresses[at] as number));
    });
    return addresses;
  }

  /** A new source with a given IPv4 address, for parties that the surface names. */
  named(value: number, of: ClassName): number {
    const known = this.book.fixed(value);
    if (this.book.ownerOf(known) !== NOBODY) return known;
    const source = this.sources.add(of);
    this.book.own(known, source);
    this.sources.identify(source, this.book.text(known));
    return known;
  }

  /** A new IPv6 source: its /64; `hostIn` gives addresses inside it. */
  foreignPrefix(
    prefix: readonly [number, number, number, number],
    of: ClassName,
    campaign: number = ALONE,
  ): SixSource {
    const source = this.sources.add(of, campaign);
    const text = this.book.text(this.book.ipv6([...prefix, 0, 0, 0, 0], source));
    this.sources.identify(source, `${text}/64`);
    return { source, prefix };
  }

  /** An address inside the /64 of an IPv6 source. */
  hostIn(random: Random, { source, prefix }: SixSource): number {
    const host = [
      random.below(65_536),
      random.below(65_536),
      random.below(65_536),
      random.integer(1, 65_535),
    ];
    return this.book.ipv6([...prefix, ...host] as unknown as Groups, source);
  }

  /**
   * One packet towards us, judged by the firewall. False when it would be after the end of the run.
   *
   * @param handshake true when the sender finishes the handshake (`connect()` scans), false for half-open scans
   */
  probe(
    source: number,
    destination: number,
    time: number,
    sourcePort: number,
    port: number,
    kind: Kind = Kind.syn,
    handshake = false,
  ): boolean {
    if (time >= this.span) return false;
    const door = kind === Kind.syn && this.estate.isOpenDoor(destination, port);
    const fate = this.fate(destination, port, kind, handshake, door);
    this.tell(source, destination, time, sourcePort, port, kind, fate, door ? Mark.through : 0);
    return true;
  }

  /** One packet towards us whose fate the caller knows. False when it would be after the end of the run. */
  tell(
    source: number,
    destination: number,
    time: number,
    sourcePort: number,
    port: number,
    kind: Kind,
    fate: Fate,
    marks = 0,
    connection: number = this.nextConnection(),
  ): boolean {
    if (time >= this.span || time < 0) return false;
    this.network.add({ time, source, destination, sourcePort, port, kind, fate, marks, connection });
    this.sources.contact(this.book.ownerOf(source), time, destination, port);
    return true;
  }

  /** A whole connection with payload. False when it would be after the end of the run. */
  connect(connection: WholeConnection): boolean {
    if (connection.time >= this.span || connection.time < 0) return false;
    const { source, destination, sourcePort, port, time, duration, sent, received } = connection;
    this.network.add({
      time,
      source,
      destination,
      sourcePort,
      port,
      duration,
      sent,
      received,
      marks: connection.marks ?? 0,
      kind: connection.kind ?? Kind.syn,
      fate: connection.fate ?? Fate.answered,
      connection: connection.connection ?? this.nextConnection(),
    });
    const outbound = ((connection.marks ?? 0) & Mark.outbound) !== 0;
    if (!outbound) this.sources.contact(this.book.ownerOf(source), time, destination, port);
    return true;
  }

  /** Whether the firewall before this address denies without a word. */
  isSilent(destination: number): boolean {
    return this.estate.networkOf(destination) % REJECTING_NETWORKS !== 7;
  }

  private fate(destination: number, port: number, kind: Kind, handshake: boolean, door: boolean): Fate {
    if (kind === Kind.syn) {
      if (door || this.estate.isOpen(destination, port)) return handshake ? Fate.answered : Fate.halfOpen;
      if (this.customs.forgottenPorts.has(port) && this.estate.isHost(destination)) return Fate.refused;
    }
    if (kind === Kind.udp && port === 53 && destination === this.estate.nameServer) return Fate.answered;
    if (kind === Kind.echo && this.estate.isHost(destination)) return Fate.answered;
    return this.isSilent(destination) ? Fate.dropped : Fate.rejected;
  }
}

/** An IPv6 source: its number and the first four groups of its addresses. */
export type SixSource = {
  readonly source: number;
  readonly prefix: readonly [number, number, number, number];
};

/** A connection that was answered, unless `fate` says otherwise. */
export type WholeConnection = {
  readonly time: number;
  readonly source: number;
  readonly destination: number;
  readonly sourcePort: number;
  readonly port: number;
  readonly duration: number;
  readonly sent: number;
  readonly received: number;
  readonly kind?: Kind;
  readonly fate?: Fate;
  readonly marks?: number;
  readonly connection?: number;
};
