/** Mailboxes on an IMAP server: Dovecot, Exchange, Courier, and whatever else speaks it. */
import { err, ok, type Result } from '@bellwether/basics';
import { READ_LIMITS } from '@bellwether/mail';
import type { ImapFlow } from 'imapflow';
import type { MailboxError } from './errors.ts';
import { byPrint, bytesOf, type FoundMessage, inItsPlace, messageIdOf, sha256Of } from './imap-find.ts';
import { checkedFolder, folderMade, folderOpened, foldersToSearch } from './imap-folders.ts';
import { MOVING, moved } from './imap-move.ts';
import { type ListedMessage, listedSince } from './imap-search.ts';
import {
  IMAP_LIMITS,
  type ImapAccount,
  ImapFault,
  type ImapLimits,
  type ImapServer,
  refused,
} from './imap-server.ts';
import { type ImapTurns, imapTurns, type Progress } from './imap-turns.ts';
import {
  type HeldAt,
  HOLD_FOLDER,
  type Mailboxes,
  type StoredId,
  type StoredMessage,
} from './mailbox-types.ts';

/** What mailboxes of a server need. */
export type ImapMailboxesOptions = ImapServer & {
  /** Who signs in for a mailbox: each owner, or a service account with rights for all. */
  readonly user: (mailbox: string) => ImapAccount;
  /** Folders that are not searched beside the usual ones. */
  readonly notSearched?: readonly string[];
  readonly limits?: Partial<ImapLimits>;
};

/** Messages that are fetched before they are given out, and their bytes: for the first of them nobody waits long. */
const BATCH = 20;
const BATCH_BYTES = 8_388_608;

/** Mailboxes of one server. */
export function imapMailboxes(options: ImapMailboxesOptions): Mailboxes {
  const turns = imapTurns(options, options.user, { ...IMAP_LIMITS, ...options.limits });
  const notSearched = [HOLD_FOLDER, ...(options.notSearched ?? [])];
  return {
    search: (mailbox, since, limit) => searched(turns, mailbox, since, limit, notSearched),
    async holdStored(message, { folder }) {
      const checked = checkedFolder(folder);
      if (checked.isErr()) return checked;
      return turns.inMailbox(message.mailbox, (client, progress) => held(client, message, folder, progress));
    },
    async releaseHeld({ message, from, flags }) {
      return turns.inMailbox(message.mailbox, (client, progress) =>
        released(client, { message, from, flags }, progress),
      );
    },
    close: turns.close,
  };
}

async function* searched(
  turns: ImapTurns,
  mailbox: string,
  since: number,
  limit: number,
  notSearched: readonly string[],
): AsyncGenerator<Result<StoredMessage, MailboxError>> {
  const listed = await turns.inMailbox(mailbox, (client) => listedSince(client, since, limit, notSearched));
  if (listed.isErr()) {
    yield listed;
    return;
  }
  for (const batch of batches(listed.value)) {
    const fetched = await turns.inMailbox(mailbox, (client) => fetchedOf(client, mailbox, batch));
    if (fetched.isErr()) {
      yield err(fetched.error);
      return;
    }
    for (const message of fetched.value) yield ok(message);
  }
}

function* batches(listed: readonly ListedMessage[]): Generator<readonly ListedMessage[]> {
  let batch: ListedMessage[] = [];
  let bytes = 0;
  for (const message of listed) {
    if (batch.length >= BATCH || (batch.length > 0 && bytes + message.size > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(message);
    bytes += message.size;
  }
  if (batch.length > 0) yield batch;
}

/** The messages of a batch that are still there. */
async function fetchedOf(
  client: ImapFlow,
  mailbox: string,
  batch: readonly ListedMessage[],
): Promise<StoredMessage[]> {
  const messages: StoredMessage[] = [];
  for (const { folder, uidValidity, uid, at } of batch) {
    const opened = await folderOpened(client, folder, 'to-read');
    if (opened === null || String(opened.uidValidity) !== uidValidity) continue;
    const found = await bytesOf(client, uid);
    if (found?.source === undefined) continue;
    const bytes = found.source;
    const size = found.size ?? bytes.length;
    const id: StoredId = {
      ...{ mailbox, folder, uidValidity, uid: String(uid), size },
      messageId: messageIdOf(found),
      sha256: sha256Of(bytes),
    };
    messages.push({ id, at, bytes, isCut: size > READ_LIMITS.messageBytes });
  }
  return messages;
}

async function held(client: ImapFlow, stored: StoredId, folder: string, progress: Progress): Promise<HeldAt> {
  const to = await folderMade(client, folder);
  const isHere = stored.folder === to;
  const there = isHere ? null : await inItsPlace(client, stored);
  const already = there === null ? await byPrint(client, to, stored) : null;
  if (already !== null) return heldAt(stored, already, isHere ? 'INBOX' : stored.folder);
  const found = there ?? (await elsewhere(client, stored, [to]));
  if (found === null) throw gone(progress);
  progress.done = 'nothing';
  const place = await moved(client, found, stored, to, progress);
  const now = place === null ? await byPrint(client, to, stored) : { ...found, ...place, folder: to };
  if (now === null) throw gone(progress);
  return heldAt(stored, { ...now, flags: found.flags }, found.folder);
}

async function released(
  client: ImapFlow,
  { message, from, flags }: HeldAt,
  progress: Progress,
): Promise<void> {
  const to = await folderMade(client, from);
  const found =
    (await inItsPlace(client, message)) ??
    (message.folder === to ? null : await byPrint(client, message.folder, message));
  if (found === null) {
    const back =
      (await byPrint(client, to, message)) ?? (await elsewhere(client, message, [to, message.folder]));
    if (back === null) throw gone(progress);
    return;
  }
  progress.done = 'nothing';
  // Before it is moved: whoever stops in between finds it held, with the flags that it is to have.
  await folderOpened(client, found.folder, 'to-change');
  const kept = found.flags.filter((flag) => flag === MOVING);
  const wanted = [...flags, ...kept].sort();
  if (wanted.join(' ') !== found.flags.join(' ')) {
    const isSet = await client.messageFlagsSet(String(found.uid), wanted, { uid: true });
    if (!isSet) throw refused(client, 'STORE');
  }
  const place = await moved(client, found, message, to, progress);
  if (place === null && (await byPrint(client, to, message)) === null) throw gone(progress);
}

/** In any folder that is searched. */
async function elsewhere(
  client: ImapFlow,
  stored: StoredId,
  leftOut: readonly string[],
): Promise<FoundMessage | null> {
  for (const folder of await foldersToSearch(client, leftOut)) {
    const found = await byPrint(client, folder, stored);
    if (found !== null) return found;
  }
  return null;
}

function heldAt(stored: StoredId, at: FoundMessage, from: string): HeldAt {
  const { folder, uidValidity, uid } = at;
  const flags = at.flags.filter((flag) => flag !== MOVING);
  return { message: { ...stored, folder, uidValidity, uid: String(uid) }, from, flags };
}

function gone(progress: Progress): ImapFault {
  progress.done = 'nothing';
  return new ImapFault('MAILBOX_MESSAGE_GONE', 'neither in its folder nor in another');
}
