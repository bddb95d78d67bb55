/**
 * The reports that a message brings, found by what its parts are: subjects, names and stated types of files vary, and anyone can write
 * them. Messages that it encloses are not looked into: in a report on a forged message, that is the forger's own.
 */
import type { Message } from '../message.ts';
import type { DmarcReport } from './dmarc-report.ts';
import type { DomainReportError } from './errors.ts';
import type { FailureReport } from './failure-report.ts';
import { readDmarcXml } from './read-dmarc-xml.ts';
import { isFailureReport, readFailureReport } from './read-failure-report.ts';
import { readTlsJson } from './read-tls-json.ts';
import { reportBudget, reportFiles } from './report-files.ts';
import type { TlsReport } from './tls-report.ts';

/** What was found. All empty: the message brings no report. */
export type DomainReports = {
  readonly dmarc: readonly DmarcReport[];
  readonly tls: readonly TlsReport[];
  readonly failures: readonly FailureReport[];
  /** What is a report, or is packed so that nobody can tell, and was not read; `path` as in `MailPart`. */
  readonly unread: readonly { readonly path: string; readonly error: DomainReportError }[];
};

/** Finds and reads them, within limits that hold for the message as a whole. */
export function domainReportsIn(message: Message): DomainReports {
  const dmarc: DmarcReport[] = [];
  const tls: TlsReport[] = [];
  const failures: FailureReport[] = [];
  const unread: { path: string; error: DomainReportError }[] = [];
  if (isFailureReport(message)) {
    const read = readFailureReport(message);
    if (read.isOk()) failures.push(read.value);
    else unread.push({ path: '', error: read.error });
  }
  const budget = reportBudget();
  for (const { path, bytes, isCut } of message.parts) {
    const { files, faults } = reportFiles(bytes, isCut, budget);
    for (const error of faults) unread.push({ path, error });
    for (const { kind, text } of files) {
      const read = kind === 'dmarc' ? readDmarcXml(text) : readTlsJson(text);
      if (read.isErr()) unread.push({ path, error: read.error });
      else if ('rows' in read.value) dmarc.push(read.value);
      else tls.push(read.value);
    }
  }
  return { dmarc, tls, failures, unread };
}
