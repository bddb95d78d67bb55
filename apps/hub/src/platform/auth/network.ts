/**
 * The network that an address belongs to: what a session is bound to, and what guesses are counted by. An office has one
 * or a few networks of this size, and machines in them change their addresses within it (RFC 6177: a site gets a /48).
 */
import { isIPv4, isIPv6 } from 'node:net';

/** This machine itself. */
export const LOOPBACK = 'loopback';

/** What is no address: nobody is told apart by it. */
export const NO_NETWORK = 'unknown';

/** `loopback`, `192.0.2.0/24`, `2001:db8:12::/48`, or `unknown`. IPv4 in IPv6 (RFC 4291, 2.5.5.2) is IPv4. */
export function networkOf(address: string): string {
  // A scope, as in fe80::1%eth0, is a name of this machine's own.
  const bare = address.slice(0, 64).split('%')[0] as string;
  if (isIPv4(bare)) return ofIPv4(bare.split('.').map(Number));
  if (!isIPv6(bare)) return NO_NETWORK;
  const groups = groupsOf(bare);
  const leading = groups.slice(0, 5).every((group) => group === 0);
  const [g0, g1, g2] = groups as [number, number, number];
  if (leading && groups[5] === 0xffff) {
    const [high, low] = groups.slice(6) as [number, number];
    return ofIPv4([high >> 8, high & 255, low >> 8, low & 255]);
  }
  if (leading && groups[5] === 0 && groups[6] === 0 && groups[7] === 1) return LOOPBACK;
  return `${g0.toString(16)}:${g1.toString(16)}:${g2.toString(16)}::/48`;
}

function ofIPv4([a, b, c]: readonly number[]): string {
  return a === 127 ? LOOPBACK : `${a}.${b}.${c}.0/24`;
}

/** The eight groups of an IPv6 address that is one. */
function groupsOf(address: string): readonly number[] {
  const [head = '', tail] = address.split('::');
  const left = numbersOf(head);
  if (tail === undefined) return left;
  const right = numbersOf(tail);
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
}

function numbersOf(part: string): readonly number[] {
  if (part === '') return [];
  return part.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a, b, c, d] = group.split('.').map(Number) as [number, number, number, number];
    return [(a << 8) | b, (c << 8) | d];
  });
}
