/** What receivers saw under the name of a domain: by source, what proved itself and what became of the rest. */
import type { Cidr } from '@bellwether/basics';
import type { PublishedPolicy } from './dmarc-report.ts';

/** A service that may send in our name: the office's own server, or one that it pays. */
export type KnownSender = {
  /** As people call it. */
  readonly name: string;
  /** Networks that it sends from. */
  readonly networks: readonly Cidr[];
  /** Domains that it signs with or bounces to, lower case; names below them count. Others may share them. */
  readonly domains: readonly string[];
};

/** Messages; each stands in one of the first three. */
export type MessageCounts = {
  readonly messages: number;
  /** Proved to be the domain's, by signature or by SPF under the same name. */
  readonly aligned: number;
  /** Did not. */
  readonly notAligned: number;
  /** The reports do not say which. */
  readonly unclear: number;
  /** Of those not aligned: the receiver says that a list or a forwarder had changed them. */
  readonly forwarded: number;
  /** Of those not aligned and not forwarded: what was done. What became of the rest was not told. */
  readonly letThrough: number;
  readonly quarantined: number;
  readonly rejected: number;
};

/** Where mail came from. */
export type SourceSummary = MessageCounts & {
  /** CIDR: /24 of IPv4, /48 of IPv6. */
  readonly network: string;
  /** Known sender; null: nobody listed one. */
  readonly sender: string | null;
  /** How it was known: by its address, or only by a domain that others may share. */
  readonly knownBy: 'network' | 'domain' | null;
  /** Names in From, the first five. */
  readonly names: readonly string[];
};

/** A domain. */
export type DomainSummary = MessageCounts & {
  readonly domain: string;
  /** The time that its reports cover, ms since 1970; null where none says. */
  readonly from: number | null;
  readonly to: number | null;
  /** Reports that were counted, and organisations that sent them. */
  readonly reports: number;
  readonly reporters: number;
  /** Reports that came again and were not counted again. */
  readonly repeated: number;
  /** Rows that could not be read or were too many, in all of them. */
  readonly rowsMissing: number;
  /** Reports that broke off. */
  readonly brokenOff: number;
  /** The record, as the latest report has it. */
  readonly policy: PublishedPolicy;
  /** Most unproven mail first; at most a thousand. */
  readonly sources: readonly SourceSummary[];
  /** Further sources; their messages are in the sums. */
  readonly sourcesLeftOut: number;
  /** The same, for people. */
  readonly sentences: readonly string[];
};
