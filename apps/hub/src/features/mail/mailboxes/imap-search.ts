/** Which messages came into a mailbox since a time: newest first, without their bytes. */
import type { ImapFlow } from 'imapflow';
import { folderOpened, foldersToSearch } from './imap-folders.ts';
import { refused } from './imap-server.ts';

/** A message as a list has it. */
export type ListedMessage = {
  readonly folder: string;
  readonly uidValidity: string;
  readonly uid: number;
  /** When the server took it in, ms since 1970. */
  readonly at: number;
  /** Bytes. */
  readonly size: number;
};

/** Messages of one folder that are listed: those with the highest numbers, which came into it last. */
const MOST_LISTED = 20_000;

/** Numbers in one command: servers take lines of 8,000 characters (RFC 7162, 4). */
const UIDS_IN_LINE = 500;

/** A day, ms: servers search by day, in their own time zone. */
const DAY = 86_400_000;

/** Lists at most `limit`. */
export async function listedSince(
  client: ImapFlow,
  since: number,
  limit: number,
  notSearched: readonly string[],
): Promise<ListedMessage[]> {
  let listed: ListedMessage[] = [];
  for (const folder of await foldersToSearch(client, notSearched)) {
    listed.push(...(await listedIn(client, folder, since)));
    listed.sort((a, b) => b.at - a.at || b.uid - a.uid);
    listed = listed.slice(0, Math.max(0, limit));
  }
  return listed;
}

async function listedIn(client: ImapFlow, folder: string, since: number): Promise<ListedMessage[]> {
  const opened = await folderOpened(client, folder, 'to-read');
  if (opened === null) return [];
  const uids = await client.search({ since: new Date(Math.max(0, since - DAY)) }, { uid: true });
  if (!Array.isArray(uids)) throw refused(client, 'SEARCH');
  const newest = uids.slice(-MOST_LISTED);
  const listed: ListedMessage[] = [];
  for (let at = 0; at < newest.length; at += UIDS_IN_LINE) {
    const numbers = newest.slice(at, at + UIDS_IN_LINE).join(',');
    for await (const message of client.fetch(
      numbers,
      { uid: true, internalDate: true, size: true },
      { uid: true },
    )) {
      const time = new Date(message.internalDate ?? Number.NaN).getTime();
      // A time that makes no sense hides nothing.
      if (time < since) continue;
      const known = Number.isNaN(time) ? since : time;
      listed.push({
        ...{ folder, uid: message.uid, at: known, size: message.size ?? 0 },
        uidValidity: String(opened.uidValidity),
      });
    }
  }
  return listed;
}
