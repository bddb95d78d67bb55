/**
 * A list of networks as text, one a line, in the order of addresses. It holds no time, so that it changes only when its networks
 * do, and a firewall that asks every five minutes is nearly always told that there is nothing new.
 */
import { formatCidr } from '@bellwether/basics';
import { aggregated } from '../aggregated.ts';
import type { Entry } from '../lapi/block-view.ts';
import type { Flavour } from './flavours.ts';

/** IPv4, IPv6, or both: some firewalls want a list for each. */
export type ListFamily = 4 | 6 | 'all';

/** A list. `leftOut`: networks for which there is no room; those that end last are in it. */
export type ListText = { readonly text: string; readonly entries: number; readonly leftOut: number };

/** Writes it. `most`: what the key of the firewall says, if that is less than the flavour takes. */
export function listText(all: Iterable<Entry>, family: ListFamily, flavour: Flavour, most: number): ListText {
  const asked = [...all].filter(({ network }) => family === 'all' || network.family === family);
  // In a list nothing has an end: it is made anew whenever it is asked for.
  const endless = asked.map(({ network, until }) => ({
    network,
    until: Number.POSITIVE_INFINITY,
    last: until,
  }));
  const joined = aggregated(endless, (network, a, b) => ({
    network,
    until: Number.POSITIVE_INFINITY,
    last: Math.max(a.last, b.last),
  }));
  const room = Math.min(most, flavour.most);
  const kept = joined.length <= room ? joined : lastToEnd(joined, room);
  const leftOut = joined.length - kept.length;
  const lines = kept.map(({ network }) => formatCidr(network));
  const head = flavour.comments ? headOf(lines.length, leftOut) : [];
  return { text: [...head, ...lines, ''].join('\n'), entries: lines.length, leftOut };
}

function lastToEnd<T extends { readonly last: number }>(all: readonly T[], room: number): T[] {
  const chosen = new Set(all.toSorted((a, b) => b.last - a.last).slice(0, room));
  return all.filter((one) => chosen.has(one));
}

function headOf(entries: number, leftOut: number): string[] {
  const head = [`# Bellwether: ${entries} networks to be turned away`];
  return leftOut === 0
    ? head
    : [...head, `# ${leftOut} more are left out, for which this firewall has no room`];
}
