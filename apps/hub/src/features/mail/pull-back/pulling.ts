/** A pull-back as its settings ask for it: mailboxes over IMAP, the journal in the data folder, owners told by mail. */
import { join } from 'node:path';
import type { CampaignKnowing } from '@bellwether/mail';
import { createTransport, type Transporter } from 'nodemailer';
import { imapMailboxes } from '../mailboxes/imap-mailboxes.ts';
import type { PullGround } from './pull-back.ts';
import { PullJournal } from './pull-journal.ts';
import type { PullSettings } from './settings.ts';

/** A quarter of a year: a report may come late. Days. */
const USUAL_DAYS = 90;

/** Several times what one campaign leaves behind in a state, and far from all that it has. */
const USUAL_PER_HOUR = 1_000;

/** A mail server of ours answers at once. ms. */
const SEND_WITHIN = 30_000;

/** What mail is sent with, and what moves it. */
export type Pulling = {
  readonly ground: PullGround;
  /** Sends an answer, marked as automatic (RFC 3834), so that no other program answers it. */
  readonly send: (to: string, subject: string, text: string, inReplyTo: string | null) => Promise<void>;
  readonly close: () => void;
};

/** Makes it; nothing is connected yet. Throws where the journal cannot be read. `told`: one line for the log. */
export function pullingFrom(
  { contact, mailboxes: server, answers, pull, passwords, cas }: PullSettings,
  knowing: CampaignKnowing,
  data: string,
  told: (what: string) => void,
  onEntry: PullGround['onEntry'],
): Pulling {
  const { host, port, tls } = server;
  const mailboxes = imapMailboxes({
    ...{ host, port, tls },
    ...(cas.mailboxes === undefined ? {} : { ca: cas.mailboxes }),
    user: (mailbox) => ({ user: server.user.replaceAll('%', mailbox), pass: passwords.mailboxes }),
  });
  const transport: Transporter = createTransport({
    ...{ host: answers.host, port: answers.port, secure: answers.tls === true },
    ...{ connectionTimeout: SEND_WITHIN, greetingTimeout: SEND_WITHIN, socketTimeout: SEND_WITHIN },
    pool: true,
  });
  const send: Pulling['send'] = async (to, subject, text, inReplyTo) => {
    await transport.sendMail({
      ...{ from: answers.from, to, subject, text },
      ...(inReplyTo === null ? {} : { inReplyTo: `<${inReplyTo}>`, references: `<${inReplyTo}>` }),
      headers: { 'Auto-Submitted': 'auto-replied' },
    });
  };
  const veto = new Set(server.veto);
  return {
    ground: {
      mailboxes,
      offices: Object.entries(server.offices).map(([office, addresses]) => {
        return { office, mailboxes: addresses, isVetoed: veto.has(office) };
      }),
      knowing,
      journal: new PullJournal(join(data, 'mail/pulls.ndjson')),
      perHour: pull?.perHour ?? USUAL_PER_HOUR,
      lookBack: (pull?.days ?? USUAL_DAYS) * 86_400_000,
      tellOwner: (mailbox, text) =>
        send(mailbox, 'A message was moved', `${text}\n\nQuestions: ${contact}.\n`, null),
      told,
      onEntry,
      now: Date.now,
    },
    send,
    close: () => {
      mailboxes.close();
      transport.close();
    },
  };
}
