/** What an office's firewall is told of the office: its own allow list, and which services are for whom. */
import type { Cidr } from '@bellwether/basics';

/** A service, by where packets to it go. */
export type FirewallService = { readonly protocol: 'tcp' | 'udp'; readonly port: number };

/** The office, as its table in the kernel has it. */
export type OfficeFirewall = {
  /** Networks that the office lets in whatever anybody orders. */
  readonly allow: readonly Cidr[];
  /** Services for voters: no block closes them. A judged source is let in more slowly. */
  readonly voters: readonly FirewallService[];
  /** Services for the public: closed by blocks that cover everything, and by no other. */
  readonly public: readonly FirewallService[];
};

/** New connections that a judged source may make to voters' services: so many in a second, and so many at once. */
export const VOTERS_PACE = { perSecond: 10, burst: 40 } as const;
