/**
 * The journal in a folder of this machine, for the one process that writes it: each group is one write and one fdatasync.
 */
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { type Lock, lockFolder } from '../lock.ts';
import { DiskRoom } from './disk-room.ts';
import { fromSystem, journalError } from './errors.ts';
import { GroupingJournal } from './grouping.ts';
import type { Journal, JournalError } from './journal-types.ts';
import { openSegments } from './opening.ts';
import { SegmentWriter } from './segment-writer.ts';
import { syncFolder } from './segments.ts';

/** A segment is what is removed at once: small beside the space that a hub needs anyway, and opening reads one in
 * a tenth of a second. */
const SEGMENT_BYTES = 64 * 1024 * 1024;

/** How a journal is opened. */
export type JournalOptions = {
  /** Bytes that stay free on the disk, for the database: below, lines are refused before anything is written. */
  readonly reserve?: number;
  /** Bytes of a segment; smaller in tests. */
  readonly segmentBytes?: number;
  /** Ms since 1970. */
  readonly now?: () => number;
};

/**
 * Opens the journal in a folder, which is made if it is not there, for this process alone. What a crash left half
 * written is cut off. JOURNAL_LOCKED names the process that has it; JOURNAL_DAMAGED and JOURNAL_NEWER the file.
 */
export async function openJournal(
  folder: string,
  options: JournalOptions = {},
): Promise<Result<Journal, JournalError>> {
  const now = options.now ?? Date.now;
  let lock: Lock | undefined;
  try {
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (made !== undefined) await syncFolder(dirname(made));
    const locked = await lockFolder(folder);
    if (locked.isErr()) return err(journalError('JOURNAL_LOCKED', `${folder}: process ${locked.error.pid}`));
    lock = locked.value;
    const opened = await openSegments(folder, now());
    if (opened.isErr()) {
      await lock.unlock();
      return opened;
    }
    const writer = await SegmentWriter.open(folder, opened.value, options.segmentBytes ?? SEGMENT_BYTES);
    const room = new DiskRoom(folder, options.reserve ?? 0);
    const unlock = lock.unlock.bind(lock);
    return ok(new GroupingJournal(writer, room, unlock, opened.value.arrival, now));
  } catch (cause) {
    await lock?.unlock();
    return err(fromSystem(cause, folder));
  }
}
