/** The journal of a process that starts: where it is, and whether this process writes it. */
import { ok, type Result } from '@bellwether/basics';
import { type FollowedJournal, type Journal, type JournalPlace, openJournal } from '../platform/bus/index.ts';
import type { DataFolder } from '../platform/folder.ts';
import type { CoreOptions } from './core.ts';
import { startError, type UpError } from './errors.ts';

/** Bytes of the disk that lines never take: PostgreSQL, the history and a backup still need room when intake stops. */
const RESERVE = 512 * 1024 * 1024;

/** A journal that is open: `written` where this process writes it. */
export type OpenedJournal = {
  readonly journal: FollowedJournal;
  readonly written: Journal | undefined;
  readonly place: JournalPlace;
};

/** Opens the journal as the role of this process needs it: in the folder, or in the stream that several share. */
export async function openJournalFor(
  { spread, reserve, now }: Pick<CoreOptions, 'spread' | 'reserve' | 'now'>,
  folder: DataFolder,
  undo: (() => Promise<unknown>)[],
): Promise<Result<OpenedJournal, UpError>> {
  const place: JournalPlace =
    spread === undefined ? { kind: 'folder', folder: folder.journal } : { kind: 'stream', ...spread.place };
  if (spread?.role === 'judge') {
    const followed = await spread.followJournal();
    if (followed.isErr()) return startError(followed.error);
    undo.push(() => followed.value.close());
    return ok({ journal: followed.value, written: undefined, place });
  }
  const journal =
    spread === undefined
      ? await openJournal(folder.journal, { reserve: reserve ?? RESERVE, now })
      : await spread.writeJournal();
  if (journal.isErr()) return startError(journal.error);
  undo.push(() => journal.value.close());
  return ok({ journal: journal.value, written: journal.value, place });
}
