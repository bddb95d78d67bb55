/** A report on a single message that failed (RFC 5965, RFC 6591, RFC 7489 section 7.3). The body of that message is not kept. */
import type { HeaderField } from '../message.ts';

/** A report. What is null was not there or could not be read. */
export type FailureReport = {
  /** Lower case: `auth-failure`; `abuse` and others are complaints of readers. */
  readonly feedbackType: string;
  /** What made the report. */
  readonly userAgent: string | null;
  /** The address that the message came from, as in `DmarcRow.source`. */
  readonly source: string | null;
  /** ms since 1970. */
  readonly arrivedAt: number | null;
  /** Messages that this report stands for. */
  readonly incidents: number | null;
  /** Lower case. */
  readonly reportedDomains: readonly string[];
  /** Lower case: `dmarc`, `bodyhash`, `revoked`, `signature`, `spf`, `adsp`. */
  readonly authFailure: string | null;
  /** Which checks passed under the name in From; empty: none did. */
  readonly alignment: readonly ('dkim' | 'spf')[] | null;
  /** Lower case: `delivered`, `spam`, `policy`, `reject`, `other`. */
  readonly deliveryResult: string | null;
  readonly mailFrom: string | null;
  readonly recipients: readonly string[];
  readonly dkimDomain: string | null;
  readonly dkimSelector: string | null;
  readonly dkimIdentity: string | null;
  readonly spfRecord: string | null;
  /** `Authentication-Results` as the receiver wrote them. */
  readonly results: readonly string[];
  /** Header of the message that failed, in order, as far as limits allow; empty where the report has none. */
  readonly headers: readonly HeaderField[];
};
