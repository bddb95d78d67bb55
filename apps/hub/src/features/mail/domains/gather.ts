/** Reports of receivers about our domains, gathered from files: messages as they came, or what was attached to them. */
import { ok, type Result } from '@bellwether/basics';
import {
  type DmarcReport,
  domainReportsIn,
  type FailureReport,
  readDmarcReport,
  readMessage,
  readTlsReport,
  type TlsReport,
} from '@bellwether/mail';
import type { MailFileError } from '../files/errors.ts';
import { mailPaths, messagesOf } from '../files/mail-files.ts';

/** What was found. */
export type GatheredReports = {
  readonly dmarc: DmarcReport[];
  readonly tls: TlsReport[];
  readonly failures: FailureReport[];
  /** Files, or messages in them, that bring no report, or one that cannot be read; with the reason. */
  readonly unread: { readonly path: string; readonly why: string }[];
};

/** Gathers them. Fails only where a path cannot be opened at all. */
export function gatherReports(paths: readonly string[]): Result<GatheredReports, MailFileError> {
  const files = mailPaths(paths);
  if (files.isErr()) return files;
  const found: GatheredReports = { dmarc: [], tls: [], failures: [], unread: [] };
  for (const file of files.value) {
    const messages = messagesOf(file);
    if (messages.isErr()) found.unread.push({ path: file, why: messages.error.detail });
    else for (const { path, bytes } of messages.value) addFrom(path, bytes, found);
  }
  return ok(found);
}

function addFrom(path: string, bytes: Uint8Array, { dmarc, tls, failures, unread }: GatheredReports): void {
  const asFile = readDmarcReport(bytes);
  const asTls = asFile.isOk() ? null : readTlsReport(bytes);
  const message = readMessage(bytes);
  const inside = message.isOk() ? domainReportsIn(message.value) : null;
  const isMessage = inside !== null && inside.dmarc.length + inside.tls.length + inside.failures.length > 0;
  if (isMessage) {
    dmarc.push(...inside.dmarc);
    tls.push(...inside.tls);
    failures.push(...inside.failures);
    for (const { path: part, error } of inside.unread)
      unread.push({ path: `${path} ${part}`, why: error.detail });
  } else if (asFile.isOk()) dmarc.push(asFile.value);
  else if (asTls?.isOk() === true) tls.push(asTls.value);
  else unread.push({ path, why: inside?.unread[0]?.error.detail ?? asFile.error.detail });
}
