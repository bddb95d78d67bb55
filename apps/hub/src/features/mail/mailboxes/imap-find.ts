/** A message in an open folder: by its number, or, where that is no longer true, by what it is. */
import { createHash } from 'node:crypto';
import { READ_LIMITS } from '@bellwether/mail';
import type { FetchMessageObject, ImapFlow } from 'imapflow';
import { folderOpened } from './imap-folders.ts';
import { refused } from './imap-server.ts';
import type { StoredId } from './mailbox-types.ts';

/** What a message is, wherever it lies. */
export type MessagePrint = Pick<StoredId, 'messageId' | 'size' | 'sha256'>;

/** A message that was found. */
export type FoundMessage = {
  readonly folder: string;
  readonly uidValidity: string;
  readonly uid: number;
  readonly flags: readonly string[];
};

/** Messages of one Message-ID or one size that are compared, the newest first. */
const MOST_COMPARED = 50;

/** Characters of a Message-ID: one line of RFC 5322. */
const MOST_ID = 998;

/** Message-IDs that a server can be asked for as they are; others are found by size. */
const ASKABLE = /^[!#-[\]-~]{1,250}$/;

/** SHA-256 of the bytes, hex. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The bytes of a message of the open folder, within the limit; null where it is gone. */
export async function bytesOf(client: ImapFlow, uid: number): Promise<FetchMessageObject | null> {
  const source = { maxLength: READ_LIMITS.messageBytes };
  const found = await client.fetchOne(
    String(uid),
    { uid: true, size: true, flags: true, envelope: true, internalDate: true, source },
    { uid: true },
  );
  return found === false || found === undefined || found.uid !== uid ? null : found;
}

/** The message where it was said to be; null where it is not, or where numbers have changed. */
export async function inItsPlace(client: ImapFlow, stored: StoredId): Promise<FoundMessage | null> {
  const { folder, uidValidity, uid } = stored;
  const opened = await folderOpened(client, folder, 'to-change');
  if (opened === null || String(opened.uidValidity) !== uidValidity || !/^\d{1,10}$/.test(uid)) return null;
  const found = await client.fetchOne(uid, { uid: true, flags: true, size: true }, { uid: true });
  if (!found || found.size !== stored.size) return null;
  return { folder, uidValidity, uid: found.uid, flags: flagsOf(found) };
}

/** The message in a folder, by what it is. `flag`: only one that carries it. */
export async function byPrint(
  client: ImapFlow,
  folder: string,
  print: MessagePrint,
  flag?: string,
): Promise<FoundMessage | null> {
  const opened = await folderOpened(client, folder, 'to-change');
  if (opened === null) return null;
  const { messageId, size } = print;
  const question =
    messageId !== null && ASKABLE.test(messageId)
      ? { header: { 'message-id': messageId } }
      : { larger: Math.max(0, size - 1), smaller: size + 1 };
  const uids = await client.search(question, { uid: true });
  if (!Array.isArray(uids)) throw refused(client, 'SEARCH');
  for (const uid of uids.slice(-MOST_COMPARED).reverse()) {
    const head = await client.fetchOne(String(uid), { uid: true, flags: true, size: true }, { uid: true });
    if (!head || head.size !== size || (flag !== undefined && !head.flags?.has(flag))) continue;
    const found = await bytesOf(client, uid);
    if (found?.source === undefined || sha256Of(found.source) !== print.sha256) continue;
    return { folder, uidValidity: String(opened.uidValidity), uid, flags: flagsOf(found) };
  }
  return null;
}

/** `Message-ID` without angle brackets; null where there is none. */
export function messageIdOf({ envelope }: FetchMessageObject): string | null {
  const id = envelope?.messageId ?? '';
  if (id.length > MOST_ID) return null;
  return id.replaceAll(/^[<\s]+|[>\s]+$/g, '') || null;
}

/** Flags that can be set again: `\Recent` is the server's own. */
function flagsOf({ flags }: FetchMessageObject): string[] {
  return [...(flags ?? [])].filter((flag) => flag.toLowerCase() !== '\\recent').sort();
}
