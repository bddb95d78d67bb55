/**
 * What becomes of a report: the message is judged, and one that the judge would have held is pulled back everywhere at once. Whoever
 * reports proves nothing by it: on their word alone nothing moves, and a person of the state looks at it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { campaignMessage, type Judgement } from '@bellwether/mail';
import { HOW_TO_REPORT } from '../mailboxes/report-mailbox.ts';
import type { MailReport } from '../mailboxes/report-of.ts';
import { type PulledBack, type PullGround, pullBack } from './pull-back.ts';

/** What it stands on. */
export type ReportDeskGround = {
  readonly pull: PullGround;
  /** Judges a message as if it came now; null: there is none in it. */
  readonly judge: (bytes: Uint8Array) => Promise<Judgement | null>;
  /** Where reported messages are kept for a person. */
  readonly folder: string;
  readonly contact: string;
  /** A line for whoever watches, and the message itself. */
  readonly note: (line: ReportNote, bytes: Uint8Array | null) => void;
};

/** What became of one reported message. */
export type ReportNote = {
  readonly report: string;
  readonly reporter: string;
  readonly sha256: string;
  readonly subject: string;
  readonly outcome: 'pulled-back' | 'waits' | 'inline';
  readonly decision: Judgement['decision'] | null;
  readonly pulled: PulledBack | null;
};

/** An answer comes within a minute: a pull-back that takes longer goes on behind it. ms. */
const ANSWERED_WITHIN = 40_000;

/** Takes a report in; gives the answer in plain words. */
export async function takeReport(report: MailReport, ground: ReportDeskGround): Promise<string> {
  if (report.reported.length === 0) return HOW_TO_REPORT;
  const answers: string[] = [];
  for (const one of report.reported) {
    if (one.kind === 'inline') {
      const common = {
        report: report.id,
        reporter: report.reporter,
        sha256: one.sha256,
        subject: report.subject,
      };
      ground.note({ ...common, outcome: 'inline', decision: null, pulled: null }, null);
      answers.push(INLINE);
      continue;
    }
    answers.push(await takeMessage(report, one.bytes, one.sha256, ground));
  }
  return `${[...new Set(answers)].join('\n\n')}\n\nDo not click on links in it and do not open its files. Questions: ${ground.contact}.\n`;
}

const INLINE = `Thank you. You forwarded the text of a message, and from that alone it cannot be told who sent it. Please send it again as an attachment (Outlook: select it, press Ctrl+Alt+F).`;

async function takeMessage(
  { id, reporter }: MailReport,
  bytes: Uint8Array,
  sha256: string,
  { pull, judge, folder, contact, note }: ReportDeskGround,
): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${sha256}.eml`);
  writeFileSync(path, bytes, { mode: 0o600 });
  const judged = await judge(bytes);
  const read = await campaignMessage(bytes, pull.knowing);
  const isBad = judged?.decision === 'hold' || judged?.decision === 'block';
  const subject = read.isOk() ? read.value.subject : '';
  const common = { report: id, reporter, sha256, subject, decision: judged?.decision ?? null };
  if (!isBad || read.isErr()) {
    note({ ...common, outcome: 'waits', pulled: null }, bytes);
    return 'Thank you. We see no sure sign of fraud in it, so a person of the state office looks at it now. Leave it alone until you hear from us.';
  }
  const why = `it is fraudulent (${judged.reasons[0]?.text ?? 'our check says so'}) Call ${contact} if it is not.`;
  const cause = { campaign: sha256.slice(0, 12), by: reporter === '' ? 'a report' : reporter, why };
  const pulling = pullBack(read.value, cause, pull).then((pulled) => {
    note({ ...common, outcome: 'pulled-back', pulled }, bytes);
    return pulled;
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((done) => {
    timer = setTimeout(done, ANSWERED_WITHIN, null);
  });
  const pulled = await Promise.race([pulling, late]);
  clearTimeout(timer);
  const reasons = judged.reasons.slice(0, 3).map(({ text }) => `- ${text}`);
  return [`Thank you: you were right. ${doneIn(pulled)}`, 'Why we think that it is fraud:', ...reasons].join(
    '\n',
  );
}

function doneIn(pulled: PulledBack | null): string {
  if (pulled === null) return 'It is being moved out of all mailboxes that have it.';
  const { held, mailboxes, offices } = pulled;
  if (held === 0) return 'No other mailbox has it.';
  return `It was moved out of ${mailboxes} ${mailboxes === 1 ? 'mailbox' : 'mailboxes'} at ${offices} ${offices === 1 ? 'office' : 'offices'}, within ${Math.max(1, Math.round(pulled.seconds))} s.`;
}
