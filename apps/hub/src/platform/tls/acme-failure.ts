/** What went wrong between us and an ACME directory. What the directory says is foreign text: cut, and on one line. */
import { err, type Result } from '@bellwether/basics';

/** A failure. */
export type AcmeFailure = {
  readonly detail: string;
  /** Kind of a problem (RFC 8555, 6.7), without its prefix: `badNonce`, `rateLimited`. */
  readonly problem?: string;
  /** How long the directory wants us to wait, ms. */
  readonly retryAfter?: number | undefined;
};

/** Longest text of a directory that is shown: as much as anybody reads. */
const MOST_TEXT = 300;

/** A failure as a Result. */
export function acmeFailed(
  detail: string,
  more: Omit<AcmeFailure, 'detail'> = {},
): Result<never, AcmeFailure> {
  return err({ detail, ...more });
}

/** Text of a directory, as it may be shown. */
export function foreignText(text: string): string {
  return text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, MOST_TEXT);
}
