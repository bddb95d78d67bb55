/** Which networks are ours, as far as what was served can tell. */
import { type Cidr, formatCidr, masked } from '@bellwether/basics';
import { addSeen, cidrOf, type Draft, nothingSeen, type Seen, siteOf } from './draft.ts';
import { compare, counted, sortKey, span, times, yamlText } from './draft-text.ts';

/** A place as the draft is written from it. */
export type DraftPlace = Draft['places'][number];

/** Networks begin as these: the smallest that is routed on the internet, and what a site gets (RFC 6177). */
const NETWORK_BITS = { 4: 24, 6: 48 } as const;

/** Neighbours are joined up to this length: beyond, whose it is should be said by somebody. */
const WIDEST_BITS = 16;

/**
 * Tells our places from places outside that we used ourselves, where sensors did not say the direction: sites with a
 * place that is used from many other sites are ours (all of ours may use one resolver outside, but few sites are
 * ours), and a place elsewhere that only those use is outside. Ours come in order.
 */
export function partPlaces(places: readonly DraftPlace[]): {
  readonly ours: readonly DraftPlace[];
  readonly outside: number;
} {
  const home = new Set<number | string>();
  for (const { destination, moreSites } of places) {
    if (destination !== null && moreSites) home.add(siteOf(destination));
  }
  const ours = places.filter(({ destination, sites, moreSites }) => {
    if (destination === null || home.size === 0 || home.has(siteOf(destination))) return true;
    return moreSites || [...sites].some((site) => !home.has(site));
  });
  const sorted = ours
    .map((place) => ({ place, key: sortKey(place.destination) }))
    .sort(
      (a, b) =>
        compare(a.key, b.key) ||
        compare(a.place.sensor, b.place.sensor) ||
        a.place.protocol - b.place.protocol ||
        a.place.port - b.place.port,
    )
    .map(({ place }) => place);
  return { ours: sorted, outside: places.length - ours.length };
}

type Network = { readonly cidr: Cidr; readonly seen: Seen; places: number };

/** The section `networks`. */
export function networkLines(places: readonly DraftPlace[]): string[] {
  const networks = new Map<string, Network>();
  for (const place of places) {
    if (place.destination === null) continue;
    const address = cidrOf(place.destination);
    const cidr = masked({ ...address, bits: NETWORK_BITS[address.family] });
    const key = formatCidr(cidr);
    const network = networks.get(key) ?? { cidr, seen: nothingSeen(), places: 0 };
    addSeen(network.seen, place);
    network.places++;
    networks.set(key, network);
  }
  if (networks.size === 0) return [];
  joinNeighbours(networks);
  const lines = [...networks].map(([key, { seen, places: found }]) => {
    const confirm = `seen ${times(seen.count)} at ${counted(found, 'place')}, ${span(seen)}`;
    return `  - ${yamlText(key)} # confirm: ${confirm}`;
  });
  return ['networks:', ...lines];
}

/** Makes one of the two halves of an IPv4 network, again and again. */
function joinNeighbours(networks: Map<string, Network>): void {
  for (let bits: number = NETWORK_BITS[4]; bits > WIDEST_BITS; bits--) {
    const size = 2 ** (32 - bits);
    for (const [key, { cidr, seen, places }] of [...networks]) {
      const address = cidr.words[3];
      if (cidr.family !== 4 || cidr.bits !== bits || (address / size) % 2 !== 0) continue;
      const otherKey = formatCidr({ ...cidr, words: [0, 0, 0, address + size] });
      const other = networks.get(otherKey);
      if (!other) continue;
      networks.delete(key);
      networks.delete(otherKey);
      addSeen(seen, other.seen);
      const joined: Cidr = { ...cidr, bits: bits - 1 };
      networks.set(formatCidr(joined), { cidr: joined, seen, places: places + other.places });
    }
  }
}
