/**
 * The mailbox to which people forward what they do not trust. Each message is handed over, answered, marked and moved to a folder, in that
 * order: whoever ends this program in between makes it hand over again, with the same id, and loses nothing.
 */
import { READ_LIMITS } from '@bellwether/mail';
import type { FetchMessageObject, ImapFlow } from 'imapflow';
import { ANSWER_LIMITS, type AnswerLimits, answerLimit } from './answer-limit.ts';
import { bytesOf, messageIdOf, sha256Of } from './imap-find.ts';
import { folderMade, folderOpened } from './imap-folders.ts';
import { flagged, markable, moved } from './imap-move.ts';
import {
  connectImap,
  IMAP_LIMITS,
  type ImapAccount,
  type ImapLimits,
  type ImapServer,
  imapClient,
  refused,
} from './imap-server.ts';
import { type MailReport, type ReadReport, reportOf } from './report-of.ts';

/** Where reports come in, and what becomes of them. */
export type ReportMailbox = ImapServer & {
  readonly account: ImapAccount;
  /** Addresses of this mailbox and of what answers for it: what comes from there is never answered. */
  readonly addresses: readonly string[];
  /**
   * Takes a report in; gives the answer in plain words, or null for none. May be given the same report again: by its id it counts once.
   * What it throws is told, and the report comes again.
   */
  readonly onReport: (report: MailReport) => Promise<string | null>;
  /** Sends an answer; queues it where it has to wait. What it throws is told, and the answer is not tried again. */
  readonly answer: (to: string, subject: string, text: string, inReplyTo: string | null) => Promise<void>;
  /** Whether an address may be answered: a sender is easily forged, so strangers are better not. */
  readonly mayAnswer: (address: string) => boolean;
  /** What went wrong, in words for the log. */
  readonly told: (what: string) => void;
  /** ms since 1970. */
  readonly now: () => number;
  /** How often it is looked into where the server does not tell of new messages, and anyhow, ms. */
  readonly pollEvery?: number;
  readonly answers?: AnswerLimits;
  readonly limits?: Partial<ImapLimits>;
};

/** A report mailbox that is watched. */
export type WatchedReports = {
  /** Ends it after the message that it is at. */
  close(): Promise<void>;
};

/** Where messages go that were handed over. */
export const DONE_FOLDER = 'Done';

/** Says of a message that it was handed over and answered, and has only to be moved. */
export const TAKEN = '$BellwetherTaken';

/** Said to people who write and forward nothing. */
export const HOW_TO_REPORT = `We got your message, but no email was attached to it.

To report an email, forward it to us as an attachment:
- Outlook: select the email, press Ctrl+Alt+F, and send it to this address.
- Gmail: open the email, click the three dots, then "Forward as attachment".
- Apple Mail: select the email, then Message > Forward as Attachment.

Do not click on links in it and do not open its files.
`;

/** How often it is looked into, ms. */
const POLL_EVERY = 30_000;

/** Messages of one pass: the rest waits for the next. */
const MOST_IN_PASS = 1_000;

/** A message that could not be taken comes again after so many polls. */
const POLLS_UNTIL_AGAIN = 10;

/** Reports that are known to be handed over while this program runs. */
const MOST_KNOWN = 10_000;

/** Watches it until it is closed, whatever the server does. */
export function watchReports(mailbox: ReportMailbox): WatchedReports {
  const watch = new Watch(mailbox);
  const ended = watch.run();
  return {
    close() {
      watch.close();
      return ended;
    },
  };
}

/** What one watch keeps between connections. */
class Watch {
  readonly #mailbox: ReportMailbox;
  readonly #limits: ImapLimits;
  readonly #pollEvery: number;
  readonly #own: ReadonlySet<string>;
  readonly #hasRoom: (address: string, now: number) => boolean;
  readonly #handed = new Set<string>();
  #client: ImapFlow | null = null;
  #isClosed = false;
  #failures = 0;
  #wake = (): void => {};

  constructor(mailbox: ReportMailbox) {
    this.#mailbox = mailbox;
    this.#pollEvery = mailbox.pollEvery ?? POLL_EVERY;
    const limits = { ...IMAP_LIMITS, ...mailbox.limits };
    // Between two polls nothing is said, and that is no failure.
    this.#limits = { ...limits, silence: Math.max(limits.silence, 2 * this.#pollEvery) };
    this.#own = new Set(mailbox.addresses.map((address) => address.toLowerCase()));
    this.#hasRoom = answerLimit(mailbox.answers ?? ANSWER_LIMITS);
  }

  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  async run(): Promise<void> {
    while (!this.#isClosed) {
      try {
        this.#client = imapClient(this.#mailbox, this.#mailbox.account, this.#limits);
        await connectImap(this.#client);
        await this.#serve(this.#client);
      } catch (cause) {
        this.#tell('the report mailbox', cause);
      }
      this.#client?.close();
      const pause = Math.min(this.#pollEvery, this.#limits.pause * 2 ** Math.min(this.#failures++, 16));
      if (!this.#isClosed) await this.#rest(null, pause);
    }
  }

  /** Until it is closed; throws where the connection is gone. */
  async #serve(client: ImapFlow): Promise<void> {
    const done = await folderMade(client, DONE_FOLDER);
    const later = new Map<number, number>();
    let hasNews = false;
    client.on('exists', () => {
      hasNews = true;
      this.#wake();
    });
    while (!this.#isClosed) {
      hasNews = false;
      await this.#pass(client, done, later);
      this.#failures = 0;
      if (this.#isClosed) return;
      if (!client.usable) throw refused(client, 'the watch');
      if (!hasNews) await this.#rest(client, this.#pollEvery);
    }
  }

  /** Waits: for news, for the time, or for the end of the connection. */
  async #rest(client: ImapFlow | null, ms: number): Promise<void> {
    const rested = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    const timer = setTimeout(() => this.#wake(), ms);
    const left = (): void => this.#wake();
    client?.once('close', left);
    // RFC 2177; the next command ends it.
    if (client?.capabilities.has('IDLE') === true) client.idle().catch(() => {});
    await rested;
    clearTimeout(timer);
    client?.off('close', left);
    this.#wake = () => {};
  }

  async #pass(client: ImapFlow, done: string, later: Map<number, number>): Promise<void> {
    await folderOpened(client, 'INBOX', 'to-change');
    await client.noop();
    const uids = await client.search({ all: true }, { uid: true });
    if (!Array.isArray(uids)) throw refused(client, 'SEARCH');
    const now = this.#mailbox.now();
    for (const [uid, until] of later) if (until <= now) later.delete(uid);
    for (const uid of uids.filter((one) => !later.has(one)).slice(0, MOST_IN_PASS)) {
      if (this.#isClosed) return;
      try {
        await this.#take(client, uid, done);
      } catch (cause) {
        if (!client.usable) throw cause;
        // One that fails does not keep the others waiting.
        later.set(uid, now + POLLS_UNTIL_AGAIN * this.#pollEvery);
        this.#tell(`message ${uid} of the report mailbox`, cause);
      }
    }
  }

  /** One message, from the first step that is not done yet. */
  async #take(client: ImapFlow, uid: number, done: string): Promise<void> {
    const opened = await folderOpened(client, 'INBOX', 'to-change');
    const found = await bytesOf(client, uid);
    if (opened === null || found?.source === undefined) return;
    const { source } = found;
    const size = found.size ?? source.length;
    if (!found.flags?.has(TAKEN)) {
      const at = timeOf(found, this.#mailbox.now());
      const read = reportOf(source, size > READ_LIMITS.messageBytes, at, this.#own);
      if (read !== null) await this.#handOver(read);
      if (markable(client)) await flagged(client, uid, 'add', TAKEN);
    }
    await flagged(client, uid, 'add', '\\Seen');
    const place = { folder: 'INBOX', uidValidity: String(opened.uidValidity), uid };
    const flags = [...(found.flags ?? [])];
    const print = { messageId: messageIdOf(found), size, sha256: sha256Of(source) };
    await moved(client, { ...place, flags }, print, done, { done: 'nothing' });
  }

  /** Hands it over and answers; not again where the connection broke since. */
  async #handOver({ report, standing }: ReadReport): Promise<void> {
    const { onReport, answer, mayAnswer, now } = this.#mailbox;
    const isReport = standing === 'person' || (standing === 'automatic' && report.reported.length > 0);
    if (!isReport || this.#handed.has(report.id)) return;
    const words = (await onReport(report)) ?? (report.reported.length === 0 ? HOW_TO_REPORT : null);
    this.#handed.add(report.id);
    const [oldest] = this.#handed;
    if (this.#handed.size > MOST_KNOWN && oldest !== undefined) this.#handed.delete(oldest);
    const { reporter, subject, messageId } = report;
    if (words === null || standing !== 'person' || !mayAnswer(reporter)) return;
    if (!this.#hasRoom(reporter, now())) {
      this.#mailbox.told('a report was not answered, since there were too many answers within the hour');
      return;
    }
    try {
      await answer(reporter, /^re:/i.test(subject) ? subject : `Re: ${subject}`, words, messageId);
    } catch (cause) {
      this.#tell('the answer to a report', cause);
    }
  }

  #tell(what: string, cause: unknown): void {
    if (!this.#isClosed) this.#mailbox.told(`${what}: ${(cause as Error).message}`);
  }
}

/** When the server took it in, ms; `now` where it says nothing that is a time. */
function timeOf({ internalDate }: FetchMessageObject, now: number): number {
  const time = new Date(internalDate ?? Number.NaN).getTime();
  return Number.isNaN(time) ? now : time;
}
