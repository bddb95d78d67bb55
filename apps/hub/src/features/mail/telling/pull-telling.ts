/** What the hub is told of reports, and of messages that were moved out of mailboxes and back. */
import type { ToldPull, ToldReport } from '@bellwether/api';
import type { PullEntry } from '../pull-back/pull-journal.ts';
import type { ReportNote } from '../pull-back/report-desk.ts';
import { shortText } from './short-text.ts';

/** Longest texts, as the API takes them. */
const LONGEST = { address: 320, subject: 400, why: 1_000 } as const;

const HOOKS = ['graph', 'gmail'] as const;

/** A message that was moved. `exposed`: seconds that it lay in the mailbox. */
export function pullTelling(
  { at, act, office, campaign, by, why, subject, held }: PullEntry,
  exposed: number,
): Omit<ToldPull, 'id'> {
  return {
    ...{ kind: 'pull', at: new Date(at).toISOString(), office, act, campaign },
    // Of those that have no generations of numbers, the name of the service stands there.
    hook: HOOKS.find((name) => name === held.message.uidValidity) ?? 'imap',
    sha256: held.message.sha256,
    mailbox: shortText(held.message.mailbox, LONGEST.address),
    subject: shortText(subject, LONGEST.subject),
    by: shortText(by, LONGEST.address),
    why: shortText(why, LONGEST.why),
    exposed,
  };
}

/** A report, and what it is called: however often it comes, it is the same. `at`: ms. */
export function reportTelling(
  { report, reporter, sha256, subject, outcome, pulled }: ReportNote,
  bytes: Uint8Array | null,
  { office, at }: { readonly office: string; readonly at: number },
): { readonly id: string; readonly telling: Omit<ToldReport, 'id'> } {
  return {
    id: `report-${report.slice(0, 32)}-${sha256.slice(0, 32)}`,
    telling: {
      ...{ kind: 'report', at: new Date(at).toISOString(), office, outcome, sha256 },
      reporter: shortText(reporter, LONGEST.address),
      subject: shortText(subject, LONGEST.subject),
      ...(pulled === null ? {} : { seconds: pulled.seconds }),
      ...(bytes === null ? {} : { message: Buffer.from(bytes).toString('base64') }),
    },
  };
}
