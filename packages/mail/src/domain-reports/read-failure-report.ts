/** A report on one message out of a message of three parts: for people, for programs, and the header of what failed (RFC 5965, RFC 6591). */
import { err, ok, type Result } from '@bellwether/basics';
import type { HeaderField, MailCut, MailPart, Message } from '../message.ts';
import { decodedValue, fieldOf, readHeaderSection } from '../read/header-section.ts';
import { READ_LIMITS } from '../read/limits.ts';
import type { DomainReportError } from './errors.ts';
import type { FailureReport } from './failure-report.ts';
import { addressOf, countOf, domainOf, shownText, wordOf } from './fields.ts';

/** Of the header of the message that failed. */
const MOST = {
  fields: 200,
  // Characters of one value: signatures and paths have some hundred.
  value: 2_000,
  // Of values that may stand several times in the report.
  repeated: 50,
} as const;

/** Whether a message has the part that makes it such a report, whatever else is in it. */
export function isFailureReport(message: Message): boolean {
  return feedbackPart(message) !== undefined;
}

/** Reads a report. Bodies are thrown away: of the message that failed, its header is kept within limits. */
export function readFailureReport(message: Message): Result<FailureReport, DomainReportError> {
  const part = feedbackPart(message);
  if (part === undefined)
    return err({ code: 'DOMAIN_REPORT_NONE', detail: 'no part is message/feedback-report' });
  const fields = fieldsOf(part.bytes);
  const feedbackType = wordOf(fieldOf(fields, 'feedback-type'));
  if (feedbackType === null)
    return err({ code: 'DOMAIN_REPORT_UNREADABLE', detail: 'it has no Feedback-Type' });
  const text = (name: string): string | null => shownText(fieldOf(fields, name));
  const texts = (name: string): string[] =>
    fields
      .filter((field) => field.name === name)
      .slice(0, MOST.repeated)
      .map(({ value }) => shownText(value, MOST.value))
      .filter((value) => value !== null);
  return ok({
    feedbackType,
    userAgent: text('user-agent'),
    source: addressOf(fieldOf(fields, 'source-ip')),
    arrivedAt: momentOf(fieldOf(fields, 'arrival-date') ?? fieldOf(fields, 'received-date')),
    incidents: countOf(fieldOf(fields, 'incidents')),
    reportedDomains: texts('reported-domain')
      .map(domainOf)
      .filter((domain) => domain !== null),
    authFailure: wordOf(fieldOf(fields, 'auth-failure')),
    alignment: alignmentOf(fieldOf(fields, 'identity-alignment')),
    deliveryResult: wordOf(fieldOf(fields, 'delivery-result')),
    mailFrom: text('original-mail-from'),
    recipients: texts('original-rcpt-to'),
    dkimDomain: domainOf(fieldOf(fields, 'dkim-domain')),
    dkimSelector: domainOf(fieldOf(fields, 'dkim-selector')),
    dkimIdentity: text('dkim-identity'),
    spfRecord: text('spf-dns'),
    results: texts('authentication-results'),
    headers: headersOfFailed(message),
  });
}

function feedbackPart({ parts }: Message): MailPart | undefined {
  return parts.find(({ type }) => type === 'message/feedback-report');
}

function fieldsOf(bytes: Uint8Array): readonly HeaderField[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Some begin with an empty line, which would end a header.
  let from = 0;
  while (buffer[from] === 13 || buffer[from] === 10) from += 1;
  return readHeaderSection(buffer, from, buffer.length, READ_LIMITS, new Set<MailCut>()).fields;
}

/** `dkim`, `spf`, both, or `none` (RFC 7489, 7.3.1); null where it says something else. */
function alignmentOf(value: string | undefined): FailureReport['alignment'] {
  if (value === undefined || value.length > 100) return null;
  const words = value
    .toLowerCase()
    .split(',')
    .map((word) => word.trim());
  if (words.length === 1 && words[0] === 'none') return [];
  if (!words.every((word) => word === 'dkim' || word === 'spf')) return null;
  return (['dkim', 'spf'] as const).filter((word) => words.includes(word));
}

/** RFC 5322 dates have their zone; what has none is no moment. */
function momentOf(value: string | undefined): number | null {
  const text = value?.slice(0, 100).trim() ?? '';
  if (!/(?:[+-]\d{4}|\bGMT|\bUTC?|Z)(?:\s*\([^()]*\))?$/.test(text)) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? null : ms;
}

/** From text/rfc822-headers, or from the whole message where the receiver enclosed it. */
function headersOfFailed({ parts, enclosed }: Message): readonly HeaderField[] {
  const part = parts.find(({ type }) => type === 'text/rfc822-headers' || type === 'text/rfc822');
  const fields = part === undefined ? (enclosed[0]?.headers ?? []) : fieldsOf(part.bytes);
  return fields.slice(0, MOST.fields).map(({ name, value }) => ({
    name: name.slice(0, 100),
    value: decodedValue(value.slice(0, MOST.value)),
  }));
}
