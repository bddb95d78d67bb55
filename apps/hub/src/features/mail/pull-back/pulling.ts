/** A pull-back as its settings ask for it: mailboxes wherever they are kept, the journal in the data folder, owners told by mail. */
import { join } from 'node:path';
import type { CampaignKnowing } from '@bellwether/mail';
import { createTransport, type Transporter } from 'nodemailer';
import { gmailMailboxes } from '../hosted/gmail-mailboxes.ts';
import { graphMailboxes } from '../hosted/graph-mailboxes.ts';
import { imapMailboxes } from '../mailboxes/imap-mailboxes.ts';
import type { Mailboxes } from '../mailboxes/mailbox-types.ts';
import type { PullGround } from './pull-back.ts';
import { PullJournal } from './pull-journal.ts';
import type { BoxSettings, PullSettings } from './settings.ts';

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
  { contact, mailboxes: kept, answers, pull }: PullSettings,
  knowing: CampaignKnowing,
  data: string,
  told: (what: string) => void,
  onEntry: PullGround['onEntry'],
): Pulling {
  const { mailboxes, offices } = allBoxes(kept);
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
  return {
    ground: {
      mailboxes,
      offices,
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

/** Where Microsoft gives tokens, and where it keeps mail. https://learn.microsoft.com/graph/deployments */
const CLOUDS = {
  worldwide: { login: 'https://login.microsoftonline.com', service: 'https://graph.microsoft.com' },
  'us-government': { login: 'https://login.microsoftonline.us', service: 'https://graph.microsoft.us' },
  'us-government-dod': {
    login: 'https://login.microsoftonline.us',
    service: 'https://dod-graph.microsoft.us',
  },
} as const;

const GMAIL = 'https://gmail.googleapis.com';

/** All mailboxes as one, each asked where it is kept. */
function allBoxes(kept: readonly BoxSettings[]): Pick<PullGround, 'mailboxes' | 'offices'> {
  const keepers = kept.map((boxes) => ({ boxes, keeper: keeperOf(boxes) }));
  const placed = new Map<string, Mailboxes>();
  for (const { boxes, keeper } of keepers)
    for (const address of Object.values(boxes.offices).flat()) placed.set(address, keeper);
  const of = (mailbox: string): Mailboxes => placed.get(mailbox) ?? keepers[0]!.keeper;
  return {
    mailboxes: {
      search: (mailbox, since, limit) => of(mailbox).search(mailbox, since, limit),
      holdStored: (message, hold) => of(message.mailbox).holdStored(message, hold),
      releaseHeld: (held) => of(held.message.mailbox).releaseHeld(held),
      close: () => {
        for (const { keeper } of keepers) keeper.close();
      },
    },
    offices: keepers.flatMap(({ boxes: { offices, veto = [] } }) =>
      Object.entries(offices).map(([office, addresses]) => {
        return { office, mailboxes: addresses, isVetoed: veto.includes(office) };
      }),
    ),
  };
}

function keeperOf(boxes: BoxSettings): Mailboxes {
  if (boxes.kind === 'microsoft-365') {
    const { cloud = 'worldwide', tenant, application, credential } = boxes;
    return graphMailboxes({ ...CLOUDS[cloud], tenant, application, credential });
  }
  if (boxes.kind === 'google-workspace') return gmailMailboxes({ service: GMAIL, account: boxes.account });
  const { host, port, tls, caText, user, password } = boxes;
  return imapMailboxes({
    ...{ host, port, tls },
    ...(caText === undefined ? {} : { ca: caText }),
    user: (mailbox) => ({ user: user.replaceAll('%', mailbox), pass: password }),
  });
}
