/**
 * The files of the journal. Each is named by the offset of its first byte, in 16 digits, so that names sort as offsets
 * do: `0000000000067108.journal`. The next one begins where this one ends: a missing file is seen from the names.
 *
 * The head of a segment, 64 bytes, little endian; its bytes count in offsets like all others:
 *
 *      0  8 bytes   'BWJOURNL'
 *      8  u32       CRC-32 of the bytes 12 to 64
 *     12  u32       version of the format, 1; magic, sum and version stay where they are in every version
 *     16  16 bytes  journal id, random, the same in all segments
 *     32  u64       offset of the first byte
 *     40  u64       no record in it arrived before, ms since 1970
 *     48  16 bytes  0
 *
 * A segment is written under another name, put on disk and then renamed, so that a file with a segment's name always
 * has a whole head, whatever happened while it was begun.
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { err, ok, type Result } from '@bellwether/basics';
import { journalError } from './errors.ts';
import type { JournalError } from './journal-types.ts';
import { readUInt64, seedOf, writeUInt64 } from './record.ts';

/** Bytes of a segment's head. */
export const SEGMENT_HEAD = 64;

/** The version that we write, and the newest that we read. */
const VERSION = 1;

const MAGIC = Buffer.from('BWJOURNL');
const NAME = /^(\d{16})\.journal$/;

/** A segment that was begun and did not get its name. */
const UNFINISHED = '.new';

/** A segment by its name. */
export type Segment = { readonly path: string; readonly start: number; readonly size: number };

/** What the head says. */
export type SegmentHead = {
  /** 16 bytes. */
  readonly journalId: Buffer;
  /** What the sums of its records begin with. */
  readonly seed: number;
  readonly start: number;
  readonly since: number;
};

/** Where the file of the segment lies that begins at `start`. */
export function segmentPath(folder: string, start: number): string {
  return join(folder, `${String(start).padStart(16, '0')}.journal`);
}

/** All segments, in the order of their offsets. Throws what the file system throws. */
export function listSegments(folder: string): Segment[] {
  return readdirSync(folder)
    .filter((name) => NAME.test(name))
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      const size = statSync(path, { throwIfNoEntry: false })?.size;
      // Released between the two looks.
      return size === undefined ? [] : [{ path, start: Number.parseInt(name, 10), size }];
    });
}

/** Names of what a crash left of a segment that was being begun. */
export function unfinishedSegments(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.endsWith(`.journal${UNFINISHED}`));
}

/** Opens a segment for reading and checks its head. The descriptor is the caller's to close. */
export function openSegment(path: string, start: number): Result<SegmentHead & { fd: number }, JournalError> {
  const fd = openSync(path, 'r');
  const bytes = Buffer.alloc(SEGMENT_HEAD);
  readSync(fd, bytes, 0, SEGMENT_HEAD, 0);
  const head = parseHead(bytes, fstatSync(fd).size, start);
  if (head.isOk()) return ok({ ...head.value, fd });
  closeSync(fd);
  return head.mapErr(({ code, detail }) => journalError(code, `${path}: ${detail}`));
}

function parseHead(bytes: Buffer, size: number, start: number): Result<SegmentHead, JournalError> {
  if (size < SEGMENT_HEAD || !bytes.subarray(0, 8).equals(MAGIC)) {
    return err(journalError('JOURNAL_DAMAGED', 'the head of the segment is not there'));
  }
  if (crc32(bytes.subarray(12)) !== bytes.readUInt32LE(8)) {
    return err(journalError('JOURNAL_DAMAGED', 'the head of the segment was changed'));
  }
  const version = bytes.readUInt32LE(12);
  if (version !== VERSION) {
    return err(journalError('JOURNAL_NEWER', `format ${version}; this program reads up to ${VERSION}`));
  }
  if (readUInt64(bytes, 32) !== start) {
    return err(journalError('JOURNAL_DAMAGED', 'the segment has the name of another'));
  }
  const journalId = bytes.subarray(16, 32);
  return ok({ journalId, seed: seedOf(journalId), start, since: readUInt64(bytes, 40) });
}

/** Begins a segment: when this resolves, its head and its name are on disk. Throws what the file system throws. */
export async function createSegment(
  folder: string,
  head: { readonly journalId: Buffer; readonly start: number; readonly since: number },
): Promise<Segment> {
  const bytes = Buffer.alloc(SEGMENT_HEAD);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(VERSION, 12);
  head.journalId.copy(bytes, 16);
  writeUInt64(bytes, head.start, 32);
  writeUInt64(bytes, head.since, 40);
  bytes.writeUInt32LE(crc32(bytes.subarray(12)), 8);

  const path = segmentPath(folder, head.start);
  const file = await open(path + UNFINISHED, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(path + UNFINISHED, path);
  await syncFolder(folder);
  return { path, start: head.start, size: SEGMENT_HEAD };
}

/** Removes files of the folder, oldest first, so that what is left has no gap after a crash in between. */
export async function removeFiles(folder: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) await rm(path, { force: true });
  if (paths.length > 0) await syncFolder(folder);
}

/** Puts on disk which names the folder has. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
