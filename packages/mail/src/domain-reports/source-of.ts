/** Where a row came from: its network, and the sender that an office knows there. */
import { type Cidr, contains, formatCidr, masked, parseCidr } from '@bellwether/basics';
import type { DmarcRow } from './dmarc-report.ts';
import type { KnownSender, SourceSummary } from './domain-summary.ts';

/** Networks that are told as one: the smallest that are routed alone, and mostly one sender. */
const BITS = { 4: 24, 6: 48 } as const;

/** A source of mail. */
export type Source = Pick<SourceSummary, 'network' | 'sender' | 'knownBy'>;

/** Tells it. By address before by domain: an address is one sender's, and a domain of a service is shared by its customers. */
export function sourceOf(row: DmarcRow, senders: readonly KnownSender[]): Source {
  const address = parseCidr(row.source);
  if (address.isErr()) return { network: row.source, sender: null, knownBy: null };
  const network = formatCidr(masked({ ...address.value, bits: BITS[address.value.family] }));
  const byNetwork = senders.find(({ networks }) => isIn(networks, address.value));
  if (byNetwork !== undefined) return { network, sender: byNetwork.name, knownBy: 'network' };
  const proven = [...row.dkimSeen, ...row.spfSeen]
    .filter(({ result }) => result === 'pass')
    .map(({ domain }) => domain)
    .filter((domain) => domain !== null);
  const byDomain = senders.find(({ domains }) =>
    domains.some((known) => proven.some((name) => isBelow(name, known))),
  );
  return byDomain === undefined
    ? { network, sender: null, knownBy: null }
    : { network, sender: byDomain.name, knownBy: 'domain' };
}

function isIn(networks: readonly Cidr[], address: Cidr): boolean {
  return networks.some((network) => contains(network, address));
}

function isBelow(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}
