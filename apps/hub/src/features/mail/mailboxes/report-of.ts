/** What a person reports with a message to the report mailbox, and whether it is a person at all. */
import { createHash } from 'node:crypto';
import { type Message, readMessage, viewHtml } from '@bellwether/mail';
import { attachedMessages } from './attached.ts';
import { sha256Of } from './imap-find.ts';
import { type InlineForward, inlineForward } from './inline-forward.ts';

/** A message that was reported. `inline`: nothing but what the text shows; there is no header to check. */
export type ReportedMessage =
  | {
      readonly kind: 'attached';
      readonly sha256: string;
      readonly bytes: Uint8Array;
      readonly isCut: boolean;
    }
  | ({ readonly kind: 'inline'; readonly sha256: string } & InlineForward);

/** A report. */
export type MailReport = {
  /** The same for the same report however often it comes: SHA-256 of its Message-ID, reporter and what it reports, hex. */
  readonly id: string;
  /** Address in its From field; empty where there is not exactly one. Nobody has proven it. */
  readonly reporter: string;
  readonly isReporterProven: false;
  /** When the report mailbox took it in, ms since 1970. */
  readonly at: number;
  readonly subject: string;
  /** Without angle brackets; null where there is none. */
  readonly messageId: string | null;
  /** Empty: there is nothing but words in it. */
  readonly reported: readonly ReportedMessage[];
  /** What the reporter wrote, in part. */
  readonly words: string;
};

/**
 * Who is behind a message. `echo`: it came of a message of ours (a bounce, an automatic reply), or is one. `automatic`: a program or a
 * list; it may report, and is not answered.
 */
export type Standing = 'person' | 'automatic' | 'echo';

/** A message as the report mailbox reads it. */
export type ReadReport = { readonly report: MailReport; readonly standing: Standing };

/** Characters of the reporter's words that are kept. */
const MOST_WORDS = 4_000;

/** Reads one; null where there is nothing. `own`: addresses of the report mailbox and of what answers for it, lower case. */
export function reportOf(
  bytes: Uint8Array,
  isCut: boolean,
  at: number,
  own: ReadonlySet<string>,
): ReadReport | null {
  const message = readMessage(bytes);
  if (message.isErr()) return null;
  const { messageId, subject, from, text, html } = message.value;
  const words = text.trim() === '' ? viewHtml(html).text : text;
  const reported = reportedIn(bytes, isCut, words);
  const reporter = from.length === 1 ? from[0]!.address : '';
  const identity = [
    messageId ?? sha256Of(bytes),
    reporter.toLowerCase(),
    ...reported.map(({ sha256 }) => sha256),
  ];
  const report: MailReport = {
    id: createHash('sha256').update(JSON.stringify(identity)).digest('hex'),
    ...{ reporter, isReporterProven: false, at, subject, messageId, reported },
    words: words.slice(0, MOST_WORDS),
  };
  return { report, standing: standingOf(message.value, own) };
}

function reportedIn(bytes: Uint8Array, isCut: boolean, words: string): ReportedMessage[] {
  const attached = attachedMessages(bytes, isCut);
  if (attached.length > 0)
    return attached.map((message) => ({ kind: 'attached', sha256: sha256Of(message.bytes), ...message }));
  const inline = inlineForward(words);
  if (inline === null) return [];
  return [{ kind: 'inline', sha256: sha256Of(Buffer.from(JSON.stringify(inline))), ...inline }];
}

/** Programs that write for others; RFC 3834 and what was there before it. */
const PROGRAMS = /^(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)(?:[+=-].*)?@/i;

/** One address, and nothing that a mail program could take for two. */
const ANSWERABLE = /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[a-z0-9.-]{1,253}$/i;

/** Tells. Whoever hides it is answered a few times within the hour, and no more. */
export function standingOf(message: Message, own: ReadonlySet<string>): Standing {
  const header = (name: string): string =>
    message.headers
      .find((field) => field.name === name)
      ?.value.trim()
      .toLowerCase() ?? '';
  const submitted = /^[a-z-]*/.exec(header('auto-submitted'))?.[0] ?? '';
  const senders = message.from.map(({ address }) => address.toLowerCase());
  if (
    submitted === 'auto-replied' ||
    /^<\s*>$/.test(header('return-path')) ||
    header('content-type').startsWith('multipart/report') ||
    senders.some((address) => own.has(address))
  )
    return 'echo';
  if (
    (submitted !== '' && submitted !== 'no') ||
    /^(?:bulk|junk|list|auto_reply)\b/.test(header('precedence')) ||
    /\b(?:all|autoreply)\b/.test(header('x-auto-response-suppress')) ||
    ['list-id', 'list-unsubscribe', 'x-autoreply', 'x-autorespond'].some((name) => header(name) !== '') ||
    senders.length !== 1 ||
    !ANSWERABLE.test(senders[0]!) ||
    PROGRAMS.test(senders[0]!)
  )
    return 'automatic';
  return 'person';
}
