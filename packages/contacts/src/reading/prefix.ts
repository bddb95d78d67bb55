/**
 * What the prefix of a packet filter's log line says about the packet. The words are the administrator's own; the
 * surface (`sensors[].prefixes`) comes first, then the words that distributions and block lists use.
 */
import { Outcome } from '../contact.ts';
import type { ReaderOptions } from './reader.ts';

/** Words of products that block what had been decided before. */
const BLOCK_LISTS = [
  'CROWDSEC',
  'FAIL2BAN',
  'F2B',
  'BELLWETHER',
  'BLOCKLIST',
  'BLACKLIST',
  'BANNED',
  'IPSET',
];
/** Words for let in: ufw writes `[UFW ALLOW]`, Shorewall `ACCEPT`. */
const ACCEPTS = ['ACCEPT', 'ALLOW', 'PASS', 'PERMIT'];

/**
 * Outcome that the prefix in [from, to) stands for. A line without a known word is a denial: logging just before the
 * drop is what every manual shows, and to take a packet for denied never hides one that got through where the surface
 * names the sensor's prefixes.
 */
export function prefixOutcome(
  bytes: Uint8Array,
  from: number,
  to: number,
  prefixes: ReaderOptions['prefixes'],
): Outcome {
  const text = String.fromCharCode(...bytes.subarray(from, Math.min(to, from + 256)));
  for (const prefix of prefixes ?? []) if (text.includes(prefix.text)) return prefix.outcome;
  const upper = text.toUpperCase();
  if (BLOCK_LISTS.some((word) => upper.includes(word))) return Outcome.blocked;
  return ACCEPTS.some((word) => upper.includes(word)) ? Outcome.accepted : Outcome.denied;
}
