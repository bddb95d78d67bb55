/**
 * The surface: what the office offers on the network, to whom, and how its sensors see it.
 *
 * An office writes it as YAML (docs/reference/surface.md names every key); `parseSurface` reads that text into these
 * types and `compileSurface` makes the lookups from them. Everything here is stated by people, so everything has a
 * time from which and until which it holds: a contact is settled by what held at its own time.
 */
import type { Cidr } from '@bellwether/basics';
import type { Outcome } from '../contact.ts';

/** A surface as it was stated. */
export type Surface = {
  /** Networks that are ours: an address inside is a target, never a suspect. */
  readonly networks: readonly Cidr[];
  /** What we offer, in the order of the file: where two are equally specific, the first listed wins. */
  readonly services: readonly Service[];
  /** Who may use services that are not for everybody. */
  readonly authorised: readonly Authorised[];
  /** Addresses that no decision may ever cover: monitoring, vendors, the office's own way in. */
  readonly neverBlock: readonly Cidr[];
  /** Proxies and CDNs in front of us, whose forwarding header is believed. */
  readonly proxies: readonly ForwardingProxy[];
  /** Addresses that many people share (carrier NAT, libraries, campuses): rate limits only. */
  readonly shared: readonly Cidr[];
  readonly sensors: readonly Sensor[];
  /** Permitted tests. */
  readonly engagements: readonly Engagement[];
};

/** When something holds, milliseconds since 1970-01-01T00:00Z: `from` included, `until` not. */
export type Validity = {
  /** -Infinity where the surface does not say. */
  readonly from: number;
  /** Infinity where the surface does not say. */
  readonly until: number;
};

/** Whom a service is for: anybody; voters, which is anybody, and never to be turned away by mistake; our staff. */
export const AUDIENCES = ['public', 'voters', 'staff'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** One thing that we offer. */
export type Service = Validity & {
  readonly name: string;
  /** Where it is reached; empty if it is only known by its sensor. */
  readonly addresses: readonly Cidr[];
  /** Id of the sensor whose lines without a destination are contacts with this service. */
  readonly sensor: string | null;
  /** For ICMP, where a port is type times 256 plus code, the whole range unless stated. */
  readonly ports: readonly PortRange[];
  /** IP protocol numbers (IANA). */
  readonly protocols: readonly number[];
  readonly audience: Audience;
};

/** Ports `low` to `high`, both included, 0 to 65535. */
export type PortRange = { readonly low: number; readonly high: number };

/** Somebody who may use what is not for everybody. */
export type Authorised = Validity & {
  readonly who: string;
  readonly sources: readonly Cidr[];
  /** Names of services; null is every service for staff. */
  readonly services: readonly string[] | null;
};

/** Machines of ours, or hired by us, that pass on the requests of others. */
export type ForwardingProxy = {
  readonly networks: readonly Cidr[];
  /** Header that names the client, lower case. */
  readonly header: string;
  /** How many proxies of ours a request passes. */
  readonly hops: number;
};

/** Where a sensor sits: which addresses it sees. */
export const PLACES = ['before-nat', 'behind-nat', 'behind-proxy'] as const;
export type Place = (typeof PLACES)[number];

/** How much of what happened a sensor records. */
export const COMPLETENESS = ['complete', 'best-effort', 'sampled'] as const;
export type Completeness = (typeof COMPLETENESS)[number];

/** Which directions a sensor sees. */
export const SIGHTS = ['both', 'inbound'] as const;
export type Sight = (typeof SIGHTS)[number];

/** Whether somebody on the way could have written lines in the sensor's name. */
export const TRANSPORTS = ['authenticated', 'unauthenticated'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/** One source of log files. Null: the surface does not say, and what its format tells decides. */
export type Sensor = {
  readonly id: string;
  /** Patterns of file names without folder, `*` and `?` (see `matchesGlob`). */
  readonly files: readonly string[];
  readonly place: Place;
  /** IANA name of the zone of its wall clock. */
  readonly timezone: string | null;
  /** Year of its first line, where lines carry none. */
  readonly year: number | null;
  /** One of how many contacts is recorded; 1 is all. */
  readonly sampling: number;
  readonly completeness: Completeness;
  readonly sees: Sight | null;
  /** Name of the service that its lines without a destination are about, whatever their port. */
  readonly service: string | null;
  /** What the prefixes of its lines mean, in order: the first whose text stands in the line's prefix wins. */
  readonly prefixes: ReadonlyArray<{ readonly text: string; readonly outcome: Outcome }>;
  readonly transport: Transport | null;
  /** It logs what it denies and never what it lets in, so its lines have no error rate. */
  readonly denialsOnly: boolean | null;
};

/** What a permitted test may do. */
export const TECHNIQUES = ['scan', 'web', 'login', 'any'] as const;
export type Technique = (typeof TECHNIQUES)[number];

/** A permitted test. */
export type Engagement = Validity & {
  readonly name: string;
  readonly sources: readonly Cidr[];
  readonly targets: readonly Cidr[];
  readonly technique: Technique;
};
