/** A report on encrypted delivery out of its JSON (RFC 8460, 4.4). Names that nobody knows are passed over. */
import { err, ok, type Result } from '@bellwether/basics';
import type { DomainReportError } from './errors.ts';
import {
  addressOf,
  countOf,
  domainOf,
  msOfMoment,
  oneOf,
  shownText,
  type UnreadCount,
  unreadCount,
  wordOf,
} from './fields.ts';
import { boundedJson, fieldIn, textFieldIn } from './json.ts';
import { DOMAIN_REPORT_LIMITS } from './limits.ts';
import type { TlsFailure, TlsPolicy, TlsReport } from './tls-report.ts';

/** Lines of one policy, and hosts: the longest real ones have some twenty. */
const MOST_LINES = 100;

/** Policies and failures, as they are read in order. */
type Reading = { readonly unread: UnreadCount; at: number };

/** Reads a report. Policies and failures that cannot be read are counted and told; the rest is kept. */
export function readTlsJson(text: string): Result<TlsReport, DomainReportError> {
  const unreadable = (detail: string): Result<TlsReport, DomainReportError> =>
    err({ code: 'DOMAIN_REPORT_UNREADABLE', detail });
  const report = boundedJson(text);
  if (report === undefined) return unreadable('it is no JSON, or larger or deeper than a report is');
  const stated = fieldIn(report, 'policies');
  if (!Array.isArray(stated)) return unreadable('it has no list of "policies"');
  const range = fieldIn(report, 'date-range');
  const from = msOfMoment(fieldIn(range, 'start-datetime'));
  const to = msOfMoment(fieldIn(range, 'end-datetime'));
  const isBackwards = from !== null && to !== null && from > to;
  const reading: Reading = { unread: unreadCount(), at: 0 };
  const policies = stated.map((policy) => policyOf(policy, reading)).filter((policy) => policy !== null);
  return ok({
    organisation: shownText(textFieldIn(report, 'organization-name')),
    contact: shownText(textFieldIn(report, 'contact-info')),
    reportId: shownText(textFieldIn(report, 'report-id')),
    from: isBackwards ? null : from,
    to: isBackwards ? null : to,
    policies,
    unread: reading.unread.all(),
  });
}

function policyOf(stated: unknown, reading: Reading): TlsPolicy | null {
  const at = ++reading.at;
  const leftOut = (why: string): null => {
    reading.unread.add(at, why);
    return null;
  };
  if (at > DOMAIN_REPORT_LIMITS.rows) return leftOut('it is beyond the rows that are kept');
  const policy = fieldIn(stated, 'policy');
  const domain = domainOf(fieldIn(policy, 'policy-domain'));
  if (domain === null) return leftOut('its "policy-domain" is no domain');
  const summary = fieldIn(stated, 'summary');
  const succeeded = countOf(fieldIn(summary, 'total-successful-session-count'));
  const failed = countOf(fieldIn(summary, 'total-failure-session-count'));
  if (succeeded === null || failed === null) return leftOut('its "summary" is no numbers of sessions');
  return {
    type: oneOf(['sts', 'tlsa', 'no-policy-found'], textFieldIn(policy, 'policy-type')),
    domain,
    lines: textsIn(policy, 'policy-string'),
    hosts: textsIn(policy, 'mx-host'),
    ...{ succeeded, failed },
    failures: listIn(stated, 'failure-details')
      .map((failure) => failureOf(failure, reading))
      .filter((failure) => failure !== null),
  };
}

function failureOf(stated: unknown, reading: Reading): TlsFailure | null {
  const at = ++reading.at;
  const type = wordOf(textFieldIn(stated, 'result-type'));
  const sessions = countOf(fieldIn(stated, 'failed-session-count'));
  const isBeyond = at > DOMAIN_REPORT_LIMITS.rows;
  if (isBeyond || type === null || sessions === null) {
    const missing =
      type === null ? 'its "result-type" is no word' : 'its "failed-session-count" is no number';
    reading.unread.add(at, isBeyond ? 'it is beyond the rows that are kept' : missing);
    return null;
  }
  return {
    ...{ type, sessions },
    sendingAddress: addressOf(fieldIn(stated, 'sending-mta-ip')),
    receivingAddress: addressOf(fieldIn(stated, 'receiving-ip')),
    receivingHost: domainOf(fieldIn(stated, 'receiving-mx-hostname')),
    receivingHelo: shownText(textFieldIn(stated, 'receiving-mx-helo')),
    more: shownText(textFieldIn(stated, 'additional-information')),
    reason: shownText(textFieldIn(stated, 'failure-reason-code')),
  };
}

/** A list, or one value that stands where a list may. */
function listIn(value: unknown, name: string): readonly unknown[] {
  const found = fieldIn(value, name);
  if (Array.isArray(found)) return found;
  return found === undefined || found === null ? [] : [found];
}

function textsIn(value: unknown, name: string): string[] {
  return listIn(value, name)
    .slice(0, MOST_LINES)
    .map((text) => (typeof text === 'string' ? shownText(text) : null))
    .filter((text) => text !== null);
}
