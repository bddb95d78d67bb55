/**
 * Mailboxes of Microsoft 365, over Microsoft Graph 1.0 as an application. Numbers of messages are asked for as immutable ones: they stay
 * the same when a message is moved within its mailbox. https://learn.microsoft.com/graph/outlook-immutable-id
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
  askedBytes,
  askedFor,
  HOSTED_LIMITS,
  HostedFault,
  type HostedLimits,
  type HostedService,
  hostedWork,
} from './ask.ts';
import { fetchedOf } from './fetched.ts';
import { type GraphApplication, graphTokens } from './tokens.ts';

/** What mailboxes of a tenant need. */
export type GraphMailboxesOptions = GraphApplication & { readonly limits?: Partial<HostedLimits> };

/** Messages of one page of a list: more than a hundred make answers late. */
const PAGE = 100;

/** Pages of one list, beyond what is wanted: pages may be empty. */
const MOST_PAGES = 1_000;

/** Messages of one Message-ID that are compared. */
const MOST_COMPARED = 10;

/** What was never received, and what was thrown away, by the names that Graph knows everywhere. */
const LEFT_OUT = ['sentitems', 'drafts', 'outbox', 'deleteditems'] as const;

/** There are no generations of numbers here. */
const UID_VALIDITY = 'graph';

const Id = Type.String({ minLength: 1, maxLength: 1_024 });

const Item = Type.Object({
  id: Id,
  parentFolderId: Id,
  receivedDateTime: Type.String({ maxLength: 40 }),
  internetMessageId: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  isDraft: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
  isRead: Type.Optional(Type.Union([Type.Boolean(), Type.Null()])),
  flag: Type.Optional(Type.Object({ flagStatus: Type.Optional(Type.String()) })),
  categories: Type.Optional(Type.Array(Type.String({ maxLength: 300 }), { maxItems: 100 })),
});

type Item = Static<typeof Item>;

const ITEM_FIELDS =
  'id,parentFolderId,receivedDateTime,internetMessageId,isDraft,isRead,flag,categories' as const;

const Page = Type.Object({
  value: Type.Array(Item, { maxItems: 1_000 }),
  '@odata.nextLink': Type.Optional(Type.String({ maxLength: 8_192 })),
});

const Folder = Type.Object({ id: Id });

const Folders = Type.Object({
  value: Type.Array(Type.Object({ id: Id, displayName: Type.String() }), { maxItems: 1_000 }),
});

/** Mailboxes of one tenant. */
export function graphMailboxes(options: GraphMailboxesOptions): Mailboxes {
  const service: HostedService = {
    address: options.service,
    headers: { prefer: 'IdType="ImmutableId"', accept: 'application/json' },
    token: graphTokens(options),
    isBusy: () => false,
    noMailbox: [
      'ErrorInvalidUser',
      'MailboxNotEnabledForRESTAPI',
      'Request_ResourceNotFound',
      'ResourceNotFound',
    ],
    limits: { ...HOSTED_LIMITS, ...options.limits },
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
  const leftOut = await hostedWork(() => foldersLeftOut(service, mailbox));
  if (leftOut.isErr()) {
    yield err(leftOut.error);
    return;
  }
  const at = new Date(Math.max(0, since)).toISOString();
  let path: string | undefined = `${root(mailbox)}/messages?${new URLSearchParams({
    $filter: `receivedDateTime ge ${at}`,
    $orderby: 'receivedDateTime desc',
    $select: ITEM_FIELDS,
    $top: String(PAGE),
  })}`;
  let left = limit;
  for (let pages = 0; path !== undefined && left > 0 && pages < MOST_PAGES; pages++) {
    const asked: string = path;
    const page = await hostedWork(() => askedFor(service, { mailbox, method: 'GET', path: asked }, Page));
    if (page.isErr()) {
      yield err(page.error);
      return;
    }
    const wanted = page.value.value.filter(
      ({ parentFolderId, isDraft }) => isDraft !== true && !leftOut.value.has(parentFolderId),
    );
    const fetching = wanted.slice(0, left);
    for await (const message of fetchedOf(fetching, (item) => messageOf(service, mailbox, item))) {
      yield message;
      if (message.isErr()) return;
    }
    left -= wanted.length;
    path = page.value['@odata.nextLink'];
  }
}

async function messageOf(service: HostedService, mailbox: string, item: Item): Promise<StoredMessage> {
  const { bytes, isCut } = await mimeOf(service, mailbox, item.id);
  const at = Date.parse(item.receivedDateTime);
  return { id: storedId(mailbox, item, bytes), at: Number.isNaN(at) ? Date.now() : at, bytes, isCut };
}

function mimeOf(service: HostedService, mailbox: string, id: string) {
  const path = `${root(mailbox)}/messages/${encodeURIComponent(id)}/$value`;
  return askedBytes(service, { mailbox, method: 'GET', path, most: READ_LIMITS.messageBytes });
}

function storedId(mailbox: string, item: Item, bytes: Buffer): StoredId {
  return {
    ...{ mailbox, folder: item.parentFolderId, uidValidity: UID_VALIDITY, uid: item.id },
    messageId: item.internetMessageId?.replaceAll(/^[<\s]+|[>\s]+$/g, '') || null,
    size: bytes.length,
    sha256: sha256Of(bytes),
  };
}

async function held(
  service: HostedService,
  stored: StoredId,
  folder: string,
  progress: { done: DoneUntilThen },
): Promise<HeldAt> {
  const { mailbox } = stored;
  const to = await folderMade(service, mailbox, folder);
  const item = await found(service, stored);
  const message = { ...stored, folder: to, uid: item.id };
  if (item.parentFolderId === to)
    return { message, from: stored.folder === to ? 'inbox' : stored.folder, flags: flagsOf(item) };
  const uid = await moved(service, mailbox, item.id, to, progress);
  return { message: { ...message, uid }, from: item.parentFolderId, flags: flagsOf(item) };
}

async function released(
  service: HostedService,
  { message, from, flags }: HeldAt,
  progress: { done: DoneUntilThen },
): Promise<void> {
  const { mailbox } = message;
  const item = await found(service, message);
  if (item.parentFolderId !== message.folder) return;
  await flaggedAs(service, mailbox, item, flags);
  try {
    await moved(service, mailbox, item.id, from, progress);
  } catch (cause) {
    // Its owner took the folder away meanwhile.
    if (!(cause instanceof HostedFault) || ![400, 404].includes(cause.status)) throw cause;
    await moved(service, mailbox, item.id, 'inbox', progress);
  }
}

/** Moves it; gives its number there. */
async function moved(
  service: HostedService,
  mailbox: string,
  id: string,
  destinationId: string,
  progress: { done: DoneUntilThen },
): Promise<string> {
  const path = `${root(mailbox)}/messages/${encodeURIComponent(id)}/move`;
  progress.done = 'unknown';
  try {
    const now = await askedFor(service, { mailbox, method: 'POST', path, body: { destinationId } }, Folder);
    return now.id;
  } catch (cause) {
    // After a no it is where it was.
    if (cause instanceof HostedFault && cause.status >= 400 && cause.status < 500) progress.done = 'nothing';
    throw cause;
  }
}

/** The message by its number; else by what it is: a mailbox that was moved to another place has new numbers. */
async function found(service: HostedService, stored: StoredId): Promise<Item> {
  const { mailbox, uid, messageId } = stored;
  try {
    const path = `${root(mailbox)}/messages/${encodeURIComponent(uid)}?${new URLSearchParams({ $select: ITEM_FIELDS })}`;
    return await askedFor(service, { mailbox, method: 'GET', path }, Item);
  } catch (cause) {
    if (!(cause instanceof HostedFault) || cause.code !== 'MAILBOX_MESSAGE_GONE' || messageId === null)
      throw cause;
    const path = `${root(mailbox)}/messages?${new URLSearchParams({
      $filter: `internetMessageId eq '<${messageId.replaceAll("'", "''")}>'`,
      $select: ITEM_FIELDS,
      $top: String(MOST_COMPARED),
    })}`;
    const { value } = await askedFor(service, { mailbox, method: 'GET', path }, Page);
    for (const item of value.slice(0, MOST_COMPARED))
      if (sha256Of((await mimeOf(service, mailbox, item.id)).bytes) === stored.sha256) return item;
    throw cause;
  }
}

/** What its owner sees of it as before: read, marked, sorted by colours. */
async function flaggedAs(
  service: HostedService,
  mailbox: string,
  item: Item,
  flags: readonly string[],
): Promise<void> {
  if (flagsOf(item).join('\n') === flags.join('\n')) return;
  const body = {
    isRead: flags.includes('\\Seen'),
    flag: { flagStatus: flags.includes('\\Flagged') ? 'flagged' : 'notFlagged' },
    categories: flags.filter((flag) => !flag.startsWith('\\')),
  };
  const path = `${root(mailbox)}/messages/${encodeURIComponent(item.id)}`;
  await askedFor(service, { mailbox, method: 'PATCH', path, body }, Folder);
}

function flagsOf({ isRead, flag, categories = [] }: Item): string[] {
  return [
    ...(isRead === true ? ['\\Seen'] : []),
    ...(flag?.flagStatus === 'flagged' ? ['\\Flagged'] : []),
    ...categories,
  ];
}

async function foldersLeftOut(service: HostedService, mailbox: string): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for (const name of LEFT_OUT) {
    const id = await folderOf(service, mailbox, name);
    if (id !== null) ids.add(id);
  }
  const hold = await folderNamed(service, mailbox, HOLD_FOLDER);
  if (hold !== null) ids.add(hold);
  return ids;
}

/** A folder by the name that Graph knows everywhere; null where the mailbox has none. */
async function folderOf(service: HostedService, mailbox: string, name: string): Promise<string | null> {
  try {
    const path = `${root(mailbox)}/mailFolders/${name}?$select=id`;
    return (await askedFor(service, { mailbox, method: 'GET', path }, Folder)).id;
  } catch (cause) {
    if (cause instanceof HostedFault && cause.named === 'ErrorItemNotFound') return null;
    throw cause;
  }
}

async function folderNamed(service: HostedService, mailbox: string, name: string): Promise<string | null> {
  const path = `${root(mailbox)}/mailFolders?${new URLSearchParams({
    $filter: `displayName eq '${name.replaceAll("'", "''")}'`,
    $select: 'id,displayName',
  })}`;
  const { value } = await askedFor(service, { mailbox, method: 'GET', path }, Folders);
  return value.find(({ displayName }) => displayName === name)?.id ?? null;
}

/** Makes a folder where it is missing; two at once make one. */
async function folderMade(service: HostedService, mailbox: string, name: string): Promise<string> {
  const there = await folderNamed(service, mailbox, name);
  if (there !== null) return there;
  try {
    const [path, body] = [`${root(mailbox)}/mailFolders`, { displayName: name }];
    return (await askedFor(service, { mailbox, method: 'POST', path, body }, Folder)).id;
  } catch (cause) {
    const meanwhile =
      cause instanceof HostedFault && cause.status === 409 ? await folderNamed(service, mailbox, name) : null;
    if (meanwhile === null) throw cause;
    return meanwhile;
  }
}

function root(mailbox: string): string {
  return `/v1.0/users/${encodeURIComponent(mailbox)}`;
}
