/**
 * An aggregate report (RFC 7489, appendix C; RFC 9990): what one receiver saw in a day under the name of a domain. Everything in
 * it is what its sender says. What is null was not there, or was nothing that the standard knows: it is never filled in.
 */

/** What a domain asks receivers to do with mail that does not prove itself. */
export type DmarcRequest = 'none' | 'quarantine' | 'reject';

/** The record as the receiver found it. */
export type PublishedPolicy = {
  /** Lower case, without a dot at its end. */
  readonly domain: string;
  /** For the domain; for names below it; for names below it that do not exist. */
  readonly p: DmarcRequest | null;
  readonly sp: DmarcRequest | null;
  readonly np: DmarcRequest | null;
  /** Alignment: relaxed or strict. */
  readonly adkim: 'r' | 's' | null;
  readonly aspf: 'r' | 's' | null;
  /** Share of mail that the request is meant for, [0,100]; RFC 9990 has `testing` instead. */
  readonly pct: number | null;
  readonly testing: boolean | null;
  /** How the receiver found the record (RFC 9990). */
  readonly discovery: 'psl' | 'treewalk' | null;
};

/** Why a receiver did something else than it was asked. */
export type PolicyOverride = {
  /** Lower case: `forwarded`, `mailing_list`, `trusted_forwarder`, `local_policy`, `sampled_out`, `policy_test_mode`, `other`, or what else was said. */
  readonly type: string;
  readonly comment: string | null;
};

/** A signature, and what became of its check (RFC 8601: `pass`, `fail`, `none`, ...). */
export type DkimSeen = {
  readonly domain: string | null;
  readonly selector: string | null;
  /** Lower case, as said. */
  readonly result: string | null;
};

/** An SPF check. */
export type SpfSeen = {
  readonly domain: string | null;
  readonly scope: 'mfrom' | 'helo' | null;
  /** Lower case, as said. */
  readonly result: string | null;
};

/** Messages of one address that fared alike. */
export type DmarcRow = {
  /** IPv4 in decimals or IPv6 as RFC 5952 writes it. */
  readonly source: string;
  /** Messages. */
  readonly count: number;
  /** What was done; `pass` (RFC 9990): nothing had to be. */
  readonly disposition: DmarcRequest | 'pass' | null;
  /** Whether a signature, and whether SPF, passed under the name in From. */
  readonly dkim: 'pass' | 'fail' | null;
  readonly spf: 'pass' | 'fail' | null;
  readonly overrides: readonly PolicyOverride[];
  readonly headerFrom: string | null;
  readonly envelopeFrom: string | null;
  readonly envelopeTo: string | null;
  readonly dkimSeen: readonly DkimSeen[];
  readonly spfSeen: readonly SpfSeen[];
};

/** What could not be read and was left out. */
export type Unread = {
  readonly count: number;
  /** The first of them: its place, from 1, and what is wrong. */
  readonly first: readonly { readonly at: number; readonly why: string }[];
};

/** A report. */
export type DmarcReport = {
  readonly organisation: string | null;
  readonly email: string | null;
  readonly contact: string | null;
  readonly reportId: string | null;
  readonly generator: string | null;
  /** The time that it covers, ms since 1970. */
  readonly from: number | null;
  readonly to: number | null;
  /** What the receiver says went wrong on its side. */
  readonly errors: readonly string[];
  readonly policy: PublishedPolicy;
  readonly rows: readonly DmarcRow[];
  readonly unread: Unread;
  /** Rows beyond the limit. */
  readonly rowsLeftOut: number;
  /** False: the document breaks off, and rows may be missing. */
  readonly isWhole: boolean;
};
