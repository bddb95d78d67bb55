/**
 * Mailboxes of Google Workspace, over Gmail 1 in the name of each mailbox. There are labels instead of folders: what is held has the label
 * of the hold and none that shows it elsewhere. https://developers.google.com/workspace/gmail/api/guides/labels
 */
import { err, type Result } from '@bellwether/basics';
import { READ_LIMITS } from '@bellwether/mail';
import { type Static, Type } from 'typebox';
import type { DoneUntilThen, MailboxError } from '../mailboxes/errors.ts';
import { sha256Of } from '../mailboxes/imap-find.ts';
import { checkedFolder } from '../mailboxes/imap-folders.ts';
import {
  type HeldAt,
  HOLD_FOLDER,
  type Mailboxes,
  type StoredId,
  type StoredMessage,
} from '../mailboxes/mailbox-types.ts';
import {
  askedFor,
  HOSTED_LIMITS,
  HostedFault,
  type HostedLimits,
  type HostedService,
  hostedWork,
} from './ask.ts';
import { fetchedOf } from './fetched.ts';
import { type GoogleAccount, googleTokens } from './tokens.ts';

/** What mailboxes of a domain need. */
export type GmailMailboxesOptions = {
  /** `https://gmail.googleapis.com`. */
  readonly service: string;
  readonly account: GoogleAccount;
  readonly limits?: Partial<HostedLimits>;
};

/** Messages of one page of a list. */
const PAGE = 100;

/** Pages of one list, beyond what is wanted: pages may be empty. */
const MOST_PAGES = 1_000;

/** Messages of one Message-ID that are compared. */
const MOST_COMPARED = 10;

/** A message in base64 within JSON, and what stands around it. Bytes. */
const MOST_MESSAGE = Math.ceil(READ_LIMITS.messageBytes / 3) * 4 + 65_536;

/** There are no generations of numbers here. */
const UID_VALIDITY = 'gmail';

/** What was never received, and what was thrown away. */
const LEFT_OUT = new Set(['SENT', 'DRAFT', 'TRASH', 'CHAT']);

/** Labels that tell of a message and do not show it anywhere; they stay as they are. */
const KEPT = new Set(['UNREAD', 'STARRED', 'IMPORTANT']);

const Id = Type.String({ minLength: 1, maxLength: 512, pattern: '^\\S+$' });

const Labels = Type.Object({
  labels: Type.Optional(Type.Array(Type.Object({ id: Id, name: Type.String() }), { maxItems: 10_000 })),
});

const List = Type.Object({
  messages: Type.Optional(Type.Array(Type.Object({ id: Id }), { maxItems: 500 })),
  nextPageToken: Type.Optional(Type.String({ maxLength: 4_096 })),
});

const Minimal = Type.Object({
  id: Id,
  labelIds: Type.Optional(Type.Array(Id, { maxItems: 10_000 })),
});

const Raw = Type.Object({
  id: Id,
  labelIds: Type.Optional(Type.Array(Id, { maxItems: 10_000 })),
  /** ms since 1970, decimal. */
  internalDate: Type.String({ pattern: '^\\d{1,16}$' }),
  raw: Type.String({ pattern: '^[A-Za-z0-9_=-]*$' }),
});

const Made = Type.Object({ id: Id });

/** Mailboxes of one domain. */
export function gmailMailboxes({ service: address, account, limits }: GmailMailboxesOptions): Mailboxes {
  const service: HostedService = {
    address,
    headers: { accept: 'application/json' },
    token: googleTokens(account),
    isBusy: (status, named) =>
      status === 403 && ['rateLimitExceeded', 'userRateLimitExceeded', 'RESOURCE_EXHAUSTED'].includes(named),
    // A token in the name of nobody is refused before.
    noMailbox: [],
    limits: { ...HOSTED_LIMITS, ...limits },
  };
  return {
    search: (mailbox, since, limit) => searched(service, mailbox, since, limit),
    async holdStored(message, { folder }) {
      const checked = checkedFolder(folder);
      if (checked.isErr()) return checked;
      return await hostedWork((progress) => held(service, message, folder, progress));
    },
    releaseHeld: (at) => hostedWork((progress) => released(service, at, progress)),
    close: () => {},
  };
}

async function* searched(
  service: HostedService,
  mailbox: string,
  since: number,
  limit: number,
): AsyncGenerator<Result<StoredMessage, MailboxError>> {
  const hold = await hostedWork(() => labelNamed(service, mailbox, HOLD_FOLDER));
  if (hold.isErr()) {
    yield err(hold.error);
    return;
  }
  // Spam is looked through too: its owner can read it there. A second before: the service counts whole ones.
  const question = `after:${Math.max(0, Math.floor(since / 1_000) - 1)} -in:sent -in:drafts -in:trash`;
  let left = limit;
  let next: string | undefined;
  for (let pages = 0; left > 0 && pages < MOST_PAGES; pages++) {
    const path = `${root(mailbox)}/messages?${new URLSearchParams({
      ...{ q: question, includeSpamTrash: 'true', maxResults: String(PAGE) },
      ...(next === undefined ? {} : { pageToken: next }),
    })}`;
    const page = await hostedWork(() => askedFor(service, { mailbox, method: 'GET', path }, List));
    if (page.isErr()) {
      yield err(page.error);
      return;
    }
    const listed = page.value.messages ?? [];
    for await (const message of fetchedOf(listed, ({ id }) => messageOf(service, mailbox, id))) {
      if (message.isErr()) {
        yield message;
        return;
      }
      const labels = message.value.id.folder.split(' ');
      if (labels.some((label) => LEFT_OUT.has(label) || label === hold.value)) continue;
      if (message.value.at < since || left <= 0) continue;
      left--;
      yield message;
    }
    next = page.value.nextPageToken;
    if (next === undefined) return;
  }
}

async function messageOf(service: HostedService, mailbox: string, id: string): Promise<StoredMessage> {
  const path = `${root(mailbox)}/messages/${encodeURIComponent(id)}?format=raw`;
  const got = await askedFor(service, { mailbox, method: 'GET', path, most: MOST_MESSAGE }, Raw);
  const whole = Buffer.from(got.raw, 'base64url');
  const bytes = whole.subarray(0, READ_LIMITS.messageBytes);
  return {
    id: {
      ...{ mailbox, folder: folderFrom(got.labelIds ?? []), uidValidity: UID_VALIDITY, uid: got.id },
      messageId: messageIdIn(bytes),
      size: whole.length,
      sha256: sha256Of(bytes),
    },
    at: Number(got.internalDate),
    bytes,
    isCut: whole.length > READ_LIMITS.messageBytes,
  };
}

async function held(
  service: HostedService,
  stored: StoredId,
  folder: string,
  progress: { done: DoneUntilThen },
): Promise<HeldAt> {
  const { mailbox } = stored;
  const to = await labelMade(service, mailbox, folder);
  const { id, labelIds = [] } = await found(service, stored);
  const message = { ...stored, folder: folderFrom([to]), uid: id };
  const flags = labelIds.includes('UNREAD') ? [] : ['\\Seen'];
  if (labelIds.includes(to)) {
    const before = stored.folder.split(' ').filter((label) => label !== to);
    return { message, from: folderFrom(before.length === 0 ? ['INBOX'] : before), flags };
  }
  const shownBy = labelIds.filter((label) => !KEPT.has(label));
  progress.done = 'unknown';
  await labelled(service, { mailbox, id, add: [to], remove: shownBy, progress });
  return { message, from: folderFrom(labelIds), flags };
}

async function released(
  service: HostedService,
  { message, from, flags }: HeldAt,
  progress: { done: DoneUntilThen },
): Promise<void> {
  const { mailbox, folder } = message;
  const { id, labelIds = [] } = await found(service, message);
  if (!labelIds.includes(folder)) return;
  // A label that its owner took away meanwhile would be refused, and all with it.
  const there = new Set((await labelsOf(service, mailbox)).map((label) => label.id));
  const before = from.split(' ').filter((label) => there.has(label) && !KEPT.has(label));
  const isUnread = !flags.includes('\\Seen');
  await labelled(service, {
    ...{ mailbox, id, progress },
    add: [...(before.length === 0 ? ['INBOX'] : before), ...(isUnread ? ['UNREAD'] : [])],
    remove: [folder, ...(isUnread ? [] : ['UNREAD'])],
  });
}

async function labelled(
  service: HostedService,
  change: {
    readonly mailbox: string;
    readonly id: string;
    readonly add: readonly string[];
    readonly remove: readonly string[];
    readonly progress: { done: DoneUntilThen };
  },
): Promise<void> {
  const { mailbox, id, add, remove, progress } = change;
  const path = `${root(mailbox)}/messages/${encodeURIComponent(id)}/modify`;
  const body = { addLabelIds: add, removeLabelIds: remove };
  progress.done = 'unknown';
  try {
    await askedFor(service, { mailbox, method: 'POST', path, body }, Minimal);
  } catch (cause) {
    if (cause instanceof HostedFault && cause.status >= 400 && cause.status < 500) progress.done = 'nothing';
    throw cause;
  }
}

/** The message by its number; else by what it is. */
async function found(service: HostedService, stored: StoredId): Promise<Static<typeof Minimal>> {
  const { mailbox, uid, messageId } = stored;
  try {
    const path = `${root(mailbox)}/messages/${encodeURIComponent(uid)}?format=minimal`;
    return await askedFor(service, { mailbox, method: 'GET', path }, Minimal);
  } catch (cause) {
    if (!(cause instanceof HostedFault) || cause.code !== 'MAILBOX_MESSAGE_GONE' || messageId === null)
      throw cause;
    const path = `${root(mailbox)}/messages?${new URLSearchParams({
      ...{ q: `rfc822msgid:${messageId}`, includeSpamTrash: 'true', maxResults: String(MOST_COMPARED) },
    })}`;
    const { messages = [] } = await askedFor(service, { mailbox, method: 'GET', path }, List);
    for (const { id } of messages.slice(0, MOST_COMPARED)) {
      const candidate = await messageOf(service, mailbox, id);
      if (candidate.id.sha256 === stored.sha256) return { id, labelIds: candidate.id.folder.split(' ') };
    }
    throw cause;
  }
}

async function labelsOf(service: HostedService, mailbox: string) {
  const path = `${root(mailbox)}/labels`;
  return (await askedFor(service, { mailbox, method: 'GET', path }, Labels)).labels ?? [];
}

async function labelNamed(service: HostedService, mailbox: string, wanted: string): Promise<string | null> {
  return (await labelsOf(service, mailbox)).find(({ name }) => name === wanted)?.id ?? null;
}

/** Makes a label where it is missing; two at once make one. */
async function labelMade(service: HostedService, mailbox: string, name: string): Promise<string> {
  const there = await labelNamed(service, mailbox, name);
  if (there !== null) return there;
  try {
    const body = { name, labelListVisibility: 'labelShow', messageListVisibility: 'show' };
    const path = `${root(mailbox)}/labels`;
    return (await askedFor(service, { mailbox, method: 'POST', path, body }, Made)).id;
  } catch (cause) {
    const meanwhile =
      cause instanceof HostedFault && cause.status === 409 ? await labelNamed(service, mailbox, name) : null;
    if (meanwhile === null) throw cause;
    return meanwhile;
  }
}

function folderFrom(labels: readonly string[]): string {
  return [...labels].sort().join(' ');
}

/** `Message-ID` without angle brackets, out of the head; null where there is none. */
function messageIdIn(bytes: Buffer): string | null {
  const head = bytes
    .subarray(0, 65_536)
    .toString('latin1')
    .split(/\r?\n\r?\n/, 1)[0]!;
  return /^message-id:\s*<([^<>\s]{1,998})>/im.exec(head)?.[1] ?? null;
}

function root(mailbox: string): string {
  return `/gmail/v1/users/${encodeURIComponent(mailbox)}`;
}
