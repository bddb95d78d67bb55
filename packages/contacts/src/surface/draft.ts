/**
 * What `bellwether surface suggest` collects, and how much of it is kept: memory is bounded whatever is read, and what
 * did not fit is counted. `suggest.ts` collects, `draft-yaml.ts` writes it down.
 */

import { type Cidr, parseCidr } from '@bellwether/basics';

/** Somebody was served. Addresses are numbers (IPv4) or texts (either family). */
export type ServedContact = {
  /** What was reached; null where the line names none. */
  readonly destination: number | string | null;
  /** Name of the sensor that told it, the start of the names of its files. */
  readonly sensor: string;
  /** 0 where the line does not tell. */
  readonly port: number;
  /** IANA number. */
  readonly protocol: number;
  readonly source: number | string;
  /** The client that a forwarding header names; null if there was none. */
  readonly client: number | string | null;
  /** How it was told: a request to a web server, a login that was accepted, or traffic. */
  readonly seen: 'web' | 'login' | 'traffic';
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
};

/** How often, and when. */
export type Seen = { count: number; first: number; last: number };

/** A place that serves: an address or a sensor, a port, a protocol. IPv4 is a number, IPv6 its one spelling. */
export type Place = Seen & {
  readonly destination: number | string | null;
  readonly sensor: string;
  readonly port: number;
  readonly protocol: number;
  web: boolean;
  login: boolean;
  /** Sites (`siteOf`) of its sources, as many as are kept. */
  readonly sites: Set<number | string>;
  /** It has sources from more sites than are kept. */
  moreSites: boolean;
};

/** Somebody who was served. */
export type Visitor = Seen & {
  readonly source: number | string;
  /** Number of the last hour in which it came, and in how many hours it came. */
  hour: number;
  hours: number;
  /** Places that it was served by, as many as are kept. */
  readonly places: Set<Place>;
  /** Clients that its forwarding headers named, as many as are kept. */
  readonly clients: Set<number | string>;
};

/** What has been collected. */
export type Draft = {
  readonly places: readonly (Place & { readonly sources: number })[];
  readonly visitors: readonly Visitor[];
  readonly contacts: Seen;
  readonly caps: DraftCaps;
  /** Contacts with places beyond the cap, which are in no line of the draft. */
  readonly placesLeftOut: number;
  /** Contacts by protocols that a surface has no name for. */
  readonly unnamed: number;
  /** Contacts of sources beyond the cap, who are no candidates for proxies and monitoring. */
  readonly visitorsLeftOut: number;
};

/** How much is told apart. */
export type DraftCaps = { readonly places: number; readonly visitors: number };

/**
 * Places: an office has hundreds, and what we contacted outside may pass for one at first. Visitors are looked at as
 * possible proxies and monitoring: both come early and often. 40 MB when full.
 */
export const DRAFT_CAPS: DraftCaps = { places: 20_000, visitors: 50_000 };
/** Sites kept for each place: from so many it is no question who uses it. */
export const MAX_SITES = 8;
/** Places kept for each source: monitoring asks few. */
export const MAX_VISITED = 8;
/** Sources from which something is for everybody: the staff and vendors of one service are fewer. */
export const MANY_SOURCES = 20;
/** Clients kept for each source: from so many, it is a proxy if it is not lying. */
export const MANY_CLIENTS = 20;

/** The network that an address is most likely one of: /16 of IPv4, /48 of IPv6 (RFC 6177: what a site gets). */
export function siteOf(address: number | string): number | string {
  if (typeof address === 'number') return address >>> 16;
  const [head = ''] = address.split('::', 1);
  return [...head.split(':'), '0', '0', '0'].slice(0, 3).join(':');
}

/** An address as a prefix of its full length. */
export function cidrOf(address: number | string): Cidr {
  if (typeof address === 'number') return { family: 4, words: [0, 0, 0, address], bits: 32 };
  return parseCidr(address).okOrThrow();
}

/** Nobody yet. */
export function nothingSeen(): Seen {
  return { count: 0, first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
}

/** Adds what was seen elsewhere. */
export function addSeen(to: Seen, more: Seen): void {
  to.count += more.count;
  to.first = Math.min(to.first, more.first);
  to.last = Math.max(to.last, more.last);
}
