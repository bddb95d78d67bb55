/** Folders of a mailbox: which are looked through, which is open, and the one that is made where it is missing. */
import { err, ok, type Result } from '@bellwether/basics';
import type { ImapFlow, ListResponse, MailboxObject } from 'imapflow';
import type { MailboxError } from './errors.ts';
import { ImapFault } from './imap-server.ts';

/** Folders of one mailbox that are looked through: people have some dozens. */
const MOST_FOLDERS = 500;

/** What was never received, what was thrown away, and views of messages that lie elsewhere (RFC 6154). */
const LEFT_OUT = new Set(['\\Sent', '\\Drafts', '\\Trash', '\\All', '\\Flagged']);

/** A name that is one folder on every server, whatever parts its names. */
export function checkedFolder(name: string): Result<string, MailboxError> {
  if (/^[^\p{Cc}"\\*%/]{1,100}$/u.test(name) && name.trim() === name) return ok(name);
  return err({ code: 'MAILBOX_FOLDER_WRONG', detail: JSON.stringify(name.slice(0, 100)), done: 'nothing' });
}

/** Paths of the folders that are looked through, the inbox first. */
export async function foldersToSearch(client: ImapFlow, leftOut: readonly string[]): Promise<string[]> {
  const listed = await client.list();
  const searched = listed.filter(
    ({ path, name, flags, specialUse }) =>
      path !== '' &&
      !flags.has('\\Noselect') &&
      !flags.has('\\NonExistent') &&
      !LEFT_OUT.has(specialUse ?? '') &&
      !leftOut.includes(path) &&
      !leftOut.includes(name),
  );
  const paths = searched.slice(0, MOST_FOLDERS).map(({ path }) => path);
  return paths.sort((a, b) => Number(b === 'INBOX') - Number(a === 'INBOX'));
}

/** Makes a folder where it is missing; gives its path. Two at once make one. */
export async function folderMade(client: ImapFlow, name: string): Promise<string> {
  const there = (await client.list()).find((entry) => isNamed(client, entry, name));
  if (there !== undefined) return there.path;
  return (await client.mailboxCreate(name)).path;
}

/** With the prefix that some servers put before all folders (RFC 2342). */
function isNamed(client: ImapFlow, { path }: ListResponse, name: string): boolean {
  const { namespace } = client as { readonly namespace?: { readonly prefix?: string } | false };
  const prefix = typeof namespace === 'object' ? (namespace.prefix ?? '') : '';
  return path === name || path === `${prefix}${name}` || (name.toUpperCase() === 'INBOX' && path === 'INBOX');
}

/** Opens a folder; null where there is none of that name. */
export async function folderOpened(
  client: ImapFlow,
  path: string,
  how: 'to-read' | 'to-change',
): Promise<MailboxObject | null> {
  const { mailbox } = client;
  if (mailbox !== false && mailbox.path === path && (how === 'to-read' || mailbox.readOnly !== true))
    return mailbox;
  try {
    const opened = await client.mailboxOpen(path, { readOnly: how === 'to-read' });
    if (how === 'to-change' && opened.readOnly === true)
      throw new ImapFault('MAILBOX_REFUSED', `the folder ${path} may only be read`);
    return opened;
  } catch (cause) {
    const { mailboxMissing, serverResponseCode } = cause as {
      readonly mailboxMissing?: boolean;
      readonly serverResponseCode?: string;
    };
    if (mailboxMissing === true || serverResponseCode === 'NONEXISTENT') return null;
    throw cause;
  }
}
