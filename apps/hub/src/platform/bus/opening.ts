/**
 * What is done before the journal is written again: its segments are looked at, and what a crash left behind the last
 * acknowledged record is cut off.
 *
 * A record that is cut off or whose sum is wrong, at the end of the last segment, was being written when the process
 * or the machine stopped; nobody was told that it is there. It is damage instead if a later record says that these
 * bytes had been on disk. One case cannot be told apart: a change of the very last group of a journal that was not
 * closed. So the next group, however small, also guards the one before it.
 *
 * Reads synchronously: one segment at most, before anything else runs.
 */
import { randomBytes } from 'node:crypto';
import { closeSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { journalError } from './errors.ts';
import type { JournalError } from './journal-types.ts';
import { claimedLength, MARK, RECORD_HEADER, RECORD_MAGIC, readRecord } from './record.ts';
import { SegmentCursor } from './segment-cursor.ts';
import {
  createSegment,
  listSegments,
  openSegment,
  removeFiles,
  SEGMENT_HEAD,
  type Segment,
  type SegmentHead,
  unfinishedSegments,
} from './segments.ts';

/** A journal that may be written on. */
export type OpenedSegments = {
  readonly journalId: Buffer;
  readonly seed: number;
  /** The last one is written on; its size is where. */
  readonly segments: readonly Segment[];
  /** Of the last record. */
  readonly arrival: number;
  /** Whether nothing was written since it was closed. */
  readonly closed: boolean;
};

/** Where the last segment ends. */
type Tail = {
  readonly end: number;
  /** All before was on disk when something was written behind it. */
  readonly proven: number;
  readonly arrival: number;
  readonly closed: boolean;
};

/** Makes the folder ready. Throws what the file system throws. */
export async function openSegments(
  folder: string,
  now: number,
): Promise<Result<OpenedSegments, JournalError>> {
  await removeFiles(
    folder,
    unfinishedSegments(folder).map((name) => join(folder, name)),
  );
  if (listSegments(folder).length === 0) {
    await createSegment(folder, { journalId: randomBytes(16), start: 0, since: now });
  }
  const segments = listSegments(folder);
  const head = checkRow(segments);
  if (head.isErr()) return head;
  const last = segments.at(-1)!;
  const tail = findTail(last, head.value);
  if (tail.isErr()) return tail;
  await settleTail(last, tail.value);

  const { journalId, seed } = head.value;
  const { arrival, closed, end } = tail.value;
  const settled = { ...last, size: end - last.start };
  return ok({ journalId, seed, segments: [...segments.slice(0, -1), settled], arrival, closed });
}

/** Whether the segments are of one journal and follow each other; gives the head of the last. */
function checkRow(segments: readonly Segment[]): Result<SegmentHead, JournalError> {
  let before: (SegmentHead & { readonly end: number }) | undefined;
  for (const { path, start, size } of segments) {
    if (before !== undefined && start !== before.end) {
      return err(
        journalError('JOURNAL_DAMAGED', `${path}: the segment before it ends at offset ${before.end}`),
      );
    }
    const head = openSegment(path, start);
    if (head.isErr()) return head;
    closeSync(head.value.fd);
    if (before !== undefined && !head.value.journalId.equals(before.journalId)) {
      return err(journalError('JOURNAL_DAMAGED', `${path} belongs to another journal`));
    }
    before = { ...head.value, end: start + size };
  }
  return ok(before!);
}

function findTail(segment: Segment, head: SegmentHead): Result<Tail, JournalError> {
  const opened = openSegment(segment.path, segment.start);
  if (opened.isErr()) return opened;
  const first = segment.start + SEGMENT_HEAD;
  const limit = segment.start + segment.size;
  const cursor = new SegmentCursor({ ...opened.value, path: segment.path }, first);
  let tail: Tail = { end: first, proven: first, arrival: head.since, closed: false };
  let record = cursor.next(limit);
  for (; typeof record !== 'string'; record = cursor.next(limit)) {
    tail = {
      end: record.last ? record.end : tail.end,
      proven: Math.max(tail.proven, record.durable),
      arrival: record.arrival,
      closed: record.kind === MARK,
    };
  }
  const at = cursor.offset;
  const acknowledged = record !== 'end' && isProvenLater(cursor, limit, head.seed);
  cursor.close();
  if (!acknowledged) return ok({ ...tail, closed: tail.closed && tail.end === limit });
  return err(journalError('JOURNAL_DAMAGED', `${segment.path}: the record at offset ${at} was changed`));
}

/** Whether any whole record behind the bad one says that the bad one had been on disk. */
function isProvenLater(cursor: SegmentCursor, limit: number, seed: number): boolean {
  const bytes = cursor.rest(limit);
  for (let at = bytes.indexOf(RECORD_MAGIC, 1); at !== -1; at = bytes.indexOf(RECORD_MAGIC, at + 1)) {
    if (at + RECORD_HEADER > bytes.length) return false;
    const length = claimedLength(bytes.subarray(at), cursor.offset + at);
    if (length === undefined || at + length > bytes.length) continue;
    const record = readRecord(bytes.subarray(at, at + length), seed);
    if (record !== undefined && record.durable > cursor.offset) return true;
  }
  return false;
}

/**
 * Cuts off what was torn. What is whole behind the last proven byte is written once more where it stands: after an
 * fsync that failed, the system may hold it in memory alone and think that it is on disk.
 */
async function settleTail(segment: Segment, tail: Tail): Promise<void> {
  if (tail.closed) return;
  const file = await open(segment.path, 'r+');
  try {
    await file.truncate(tail.end - segment.start);
    const bytes = Buffer.alloc(tail.end - tail.proven);
    const at = tail.proven - segment.start;
    const { bytesRead } = await file.read(bytes, 0, bytes.length, at);
    const { bytesWritten } = await file.write(bytes, 0, bytesRead, at);
    if (bytesWritten < bytes.length) throw new Error('the end of the segment cannot be written once more');
    await file.sync();
  } finally {
    await file.close();
  }
}
