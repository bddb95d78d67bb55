/** One report out of bytes: of a message, of the file that was attached to it, or of what was packed in that file. */
import { err, ok, type Result } from '@bellwether/basics';
import { readMessage } from '../read/read-message.ts';
import type { DmarcReport } from './dmarc-report.ts';
import { domainReportsIn } from './domain-reports-in.ts';
import type { DomainReportError } from './errors.ts';
import { readDmarcXml } from './read-dmarc-xml.ts';
import { readTlsJson } from './read-tls-json.ts';
import { type ReportFile, reportBudget, reportFiles } from './report-files.ts';
import type { TlsReport } from './tls-report.ts';

/** Reads an aggregate report (RFC 7489, RFC 9990). */
export function readDmarcReport(bytes: Uint8Array): Result<DmarcReport, DomainReportError> {
  return isFile(bytes)
    ? reportInFile(bytes, 'dmarc', readDmarcXml)
    : reportInMessage(bytes, (message) => message.dmarc);
}

/** Reads a report on encrypted delivery (RFC 8460). */
export function readTlsReport(bytes: Uint8Array): Result<TlsReport, DomainReportError> {
  return isFile(bytes)
    ? reportInFile(bytes, 'tls', readTlsJson)
    : reportInMessage(bytes, (message) => message.tls);
}

/** Packed, XML or JSON, and so no message: a header begins with a name. */
function isFile(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => byte > 0x20 && ![0xef, 0xbb, 0xbf, 0xfe, 0xff].includes(byte));
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3;
  return isZip || bytes[0] === 0x1f || first === 0x3c || first === 0x7b;
}

function reportInFile<Report>(
  bytes: Uint8Array,
  kind: ReportFile['kind'],
  readReportText: (text: string) => Result<Report, DomainReportError>,
): Result<Report, DomainReportError> {
  const { files, faults } = reportFiles(bytes, false, reportBudget());
  const [file, second] = files.filter((found) => found.kind === kind);
  if (second !== undefined) return severalReports();
  return file === undefined ? err(faults[0] ?? NONE) : readReportText(file.text);
}

function reportInMessage<Report>(
  bytes: Uint8Array,
  pick: (found: ReturnType<typeof domainReportsIn>) => readonly Report[],
): Result<Report, DomainReportError> {
  const message = readMessage(bytes);
  if (message.isErr()) return err(NONE);
  const found = domainReportsIn(message.value);
  const [report, second] = pick(found);
  if (second !== undefined) return severalReports();
  return report === undefined ? err(found.unread[0]?.error ?? NONE) : ok(report);
}

const NONE: DomainReportError = { code: 'DOMAIN_REPORT_NONE', detail: 'nothing in it has the form of one' };

function severalReports(): Result<never, DomainReportError> {
  return err({ code: 'DOMAIN_REPORT_UNREADABLE', detail: 'it holds several reports, and one was asked for' });
}
