/** Which reports a file holds, by what is in it: its name and its stated type are anything. */
import { decodeText } from '../read/charset.ts';
import type { DomainReportError } from './errors.ts';
import { DOMAIN_REPORT_LIMITS } from './limits.ts';
import { type Packed, packedIn, type Unpacked } from './unpack.ts';

/** A report, unpacked. */
export type ReportFile = { readonly kind: 'dmarc' | 'tls'; readonly text: string };

/** What is left for the files of one message. */
export type ReportBudget = { files: number; bytes: number; reports: number };

/** The budget of one message. */
export function reportBudget(): ReportBudget {
  const { files, bytes, reports } = DOMAIN_REPORT_LIMITS;
  return { files, bytes, reports };
}

/** The reports of a file, and why others in it are none. A file that holds no report gives neither. */
export function reportFiles(
  bytes: Uint8Array,
  isCut: boolean,
  budget: ReportBudget,
): { readonly files: readonly ReportFile[]; readonly faults: readonly DomainReportError[] } {
  const files: ReportFile[] = [];
  const faults: DomainReportError[] = [];
  for (const packed of packedIn(bytes)) {
    const read = reportFile(packed, isCut, budget);
    if (read === null) continue;
    if ('kind' in read) files.push(read);
    else faults.push(read);
  }
  return { files, faults };
}

function reportFile(
  packed: Packed,
  isCut: boolean,
  budget: ReportBudget,
): ReportFile | DomainReportError | null {
  if (--budget.files < 0)
    return budget.files === -1 ? tooLarge('the message has more files than are looked at') : null;
  const peek = packed.unpack(DOMAIN_REPORT_LIMITS.peekBytes);
  if (peek.isBroken && peek.bytes.length === 0)
    return { code: 'DOMAIN_REPORT_DAMAGED', detail: `${packed.size} bytes that cannot be unpacked` };
  const kind = kindOfReport(peek);
  if (kind === null) return null;
  if (isCut) return tooLarge('it goes on beyond what is read of an attachment');
  if (--budget.reports < 0)
    return budget.reports === -1 ? tooLarge('the message has more reports than are read') : null;
  const { packedBytes } = DOMAIN_REPORT_LIMITS;
  // What is not packed is what it unpacks to.
  const whole = packed.unpack(budget.bytes);
  const isPacked = whole.bytes.length !== packed.size;
  if (isPacked && packed.size > packedBytes) return tooLarge(`${packed.size} bytes, packed`);
  budget.bytes -= whole.bytes.length;
  if (whole.isCut) return tooLarge(`${packed.size} bytes unpack to more than ${whole.bytes.length}`);
  return { kind, text: textOf(whole.bytes) };
}

function tooLarge(detail: string): DomainReportError {
  return { code: 'DOMAIN_REPORT_TOO_LARGE', detail };
}

/** By the first element or the first names; null: this is something else. */
function kindOfReport({ bytes }: Unpacked): ReportFile['kind'] | null {
  const text = textOf(bytes).trimStart();
  // RFC 8460, 4.4: the names stand in any order, and these are all that a report must have.
  if (text.startsWith('{'))
    return /"(?:organization-name|date-range|contact-info|report-id|policies)"\s*:/.test(text) ? 'tls' : null;
  return isFeedback(firstTag(text)) ? 'dmarc' : null;
}

/** Also behind a document type: such a report is refused, not overlooked. */
function isFeedback(text: string): boolean {
  const pattern = /<(?:!doctype\s+)?(?:[\w.-]{1,50}:)?feedback(?![\w.-])/i;
  return text.startsWith('<!') ? pattern.test(text) : pattern.exec(text)?.index === 0;
}

/** The text from the first tag on that is neither an instruction nor a comment. */
function firstTag(text: string): string {
  let rest = text;
  while (rest.startsWith('<?') || rest.startsWith('<!--')) {
    const mark = rest.startsWith('<?') ? '?>' : '-->';
    const end = rest.indexOf(mark);
    if (end === -1) return '';
    rest = rest.slice(end + mark.length).trimStart();
  }
  return rest;
}

/** By its mark of order, else by the encoding that its first line states, else UTF-8. */
function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer[0] === 0xff && buffer[1] === 0xfe) return decodeText(buffer, 'utf-16le');
  if (buffer[0] === 0xfe && buffer[1] === 0xff) return decodeText(buffer, 'utf-16be');
  const stated = /^\s*<\?xml[^>]{0,150}encoding\s*=\s*["']([\w.:-]{1,40})["']/i.exec(
    buffer.toString('latin1', 0, 200),
  );
  // What can be read a byte at a time is not UTF-16, whatever it states.
  const charset = stated?.[1]?.toLowerCase().startsWith('utf-16') ? undefined : stated?.[1];
  return decodeText(buffer, charset);
}
