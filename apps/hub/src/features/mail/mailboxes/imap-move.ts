/**
 * A message from one folder into another. MOVE (RFC 6851) does it in one step. Where that is missing: copy it, compare the copy byte for
 * byte, and only then take the original away, by its number (UIDPLUS, RFC 4315), so that nothing else goes with it.
 */
import type { ImapFlow } from 'imapflow';
import { byPrint, type FoundMessage, type MessagePrint } from './imap-find.ts';
import { folderOpened } from './imap-folders.ts';
import { ImapFault, refused } from './imap-server.ts';
import type { Progress } from './imap-turns.ts';

/** Says of an original that it is being copied: whoever begins again does not copy it twice. */
export const MOVING = '$BellwetherMoving';

/** Where it is now. */
type Place = { readonly uidValidity: string; readonly uid: number };

/** Moves it; null where the server does not say where to, or the message has just gone: look for it. */
export async function moved(
  client: ImapFlow,
  found: FoundMessage,
  print: MessagePrint,
  to: string,
  progress: Progress,
): Promise<Place | null> {
  await folderOpened(client, found.folder, 'to-change');
  if (client.capabilities.has('MOVE')) return movedAtOnce(client, found, to, progress);
  if (client.capabilities.has('UIDPLUS')) return movedByCopy(client, found, print, to, progress);
  throw new ImapFault('MAILBOX_CANNOT_MOVE', 'neither MOVE nor UIDPLUS');
}

async function movedAtOnce(
  client: ImapFlow,
  { uid }: FoundMessage,
  to: string,
  progress: Progress,
): Promise<Place | null> {
  progress.done = 'unknown';
  const answer = await client.messageMove(String(uid), to, { uid: true });
  if (!answer) throw moveFault(client, `MOVE to ${to}`, progress);
  const at = answer.uidMap?.get(uid);
  return at === undefined ? null : { uidValidity: String(answer.uidValidity), uid: at };
}

/** One message is moved, or copied, or it is not: after a no it is where it was. */
function moveFault(client: ImapFlow, command: string, progress: Progress): ImapFault {
  const fault = refused(client, command);
  if (fault.code === 'MAILBOX_REFUSED') progress.done = 'nothing';
  return fault;
}

async function movedByCopy(
  client: ImapFlow,
  found: FoundMessage,
  print: MessagePrint,
  to: string,
  progress: Progress,
): Promise<Place> {
  const canMark = markable(client);
  const before = found.flags.includes(MOVING) ? await byPrint(client, to, print, MOVING) : null;
  await folderOpened(client, found.folder, 'to-change');
  if (before === null) {
    if (canMark) await flagged(client, found.uid, 'add', MOVING);
    progress.done = 'copied';
    if (!(await client.messageCopy(String(found.uid), to, { uid: true })))
      throw moveFault(client, `COPY to ${to}`, progress);
  }
  progress.done = 'copied';
  const copy = before ?? (await byPrint(client, to, print, canMark ? MOVING : undefined));
  if (copy === null) throw new ImapFault('MAILBOX_REFUSED', `the copy in ${to} is not what was copied`);
  await folderOpened(client, found.folder, 'to-change');
  if (!(await client.messageDelete(String(found.uid), { uid: true }))) throw refused(client, 'UID EXPUNGE');
  if (await client.fetchOne(String(found.uid), { uid: true }, { uid: true }))
    throw new ImapFault('MAILBOX_REFUSED', `the original stays in ${found.folder}`);
  await folderOpened(client, to, 'to-change');
  if (canMark) await flagged(client, copy.uid, 'remove', MOVING);
  return copy;
}

/** Whether the owner's own words may be set as flags in the open folder. */
export function markable({ mailbox }: ImapFlow): boolean {
  return mailbox !== false && (mailbox.permanentFlags?.has('\\*') ?? false);
}

/** Sets or takes one flag of a message of the open folder. */
export async function flagged(
  client: ImapFlow,
  uid: number,
  what: 'add' | 'remove',
  flag: string,
): Promise<void> {
  const isDone =
    what === 'add'
      ? await client.messageFlagsAdd(String(uid), [flag], { uid: true })
      : await client.messageFlagsRemove(String(uid), [flag], { uid: true });
  if (!isDone) throw refused(client, 'STORE');
}
