/** A report on encrypted delivery (RFC 8460): how often one sender reached our mail servers safely, and what went wrong. */
import type { Unread } from './dmarc-report.ts';

/** Sessions that failed alike. */
export type TlsFailure = {
  /** Lower case: `certificate-expired`, `starttls-not-supported`, `sts-policy-fetch-error`, ... (RFC 8460, 4.3). */
  readonly type: string;
  readonly sessions: number;
  readonly sendingAddress: string | null;
  readonly receivingAddress: string | null;
  readonly receivingHost: string | null;
  readonly receivingHelo: string | null;
  readonly more: string | null;
  readonly reason: string | null;
};

/** What the sender went by, and how it fared. */
export type TlsPolicy = {
  readonly type: 'sts' | 'tlsa' | 'no-policy-found' | null;
  /** Lower case. */
  readonly domain: string;
  /** Lines of the policy, as found. */
  readonly lines: readonly string[];
  readonly hosts: readonly string[];
  /** Sessions. */
  readonly succeeded: number;
  readonly failed: number;
  readonly failures: readonly TlsFailure[];
};

/** A report. What is null was not there or could not be read. */
export type TlsReport = {
  readonly organisation: string | null;
  readonly contact: string | null;
  readonly reportId: string | null;
  /** The time that it covers, ms since 1970. */
  readonly from: number | null;
  readonly to: number | null;
  readonly policies: readonly TlsPolicy[];
  /** Policies and failures that could not be read; their places count both, in order. */
  readonly unread: Unread;
};
