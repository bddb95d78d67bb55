/**
 * The files of one sensor's spool:
 *
 *     client                  the name that batches go under
 *     000000000001.lines      a segment: records one behind the other
 *     000000000001.sent       what was sent of it
 */
import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeWhole } from '../witness/whole-file.ts';
import { decodeRecord, encodeRecord, type SegmentHead, type SpoolRecord } from './record.ts';
import { readSentNotes, type SentNotes } from './sent-notes.ts';

/** Files of the spool are for their owner only: lines have names and addresses in them. */
export const FOR_OWNER = 0o600;
const FOLDER_FOR_OWNER = 0o700;

/** A whole segment is read into memory at a start: small beside the agent's 64 MB. */
export const SEGMENT_BYTES = 2 * 1024 * 1024;

const SEGMENT = /^(\d{12})\.lines$/;
const NOTES = /^(\d{12})\.sent$/;

/** What a segment on disk holds. */
export type ReadSegment = {
  readonly head: SegmentHead | undefined;
  readonly records: readonly SpoolRecord[];
  /** Where the records begin, behind the head. */
  readonly begins: number;
  /** Bytes that are whole records, and bytes that are there. */
  readonly valid: number;
  readonly size: number;
};

/** The numbers of the segments of a folder, in their order. */
export async function segmentNumbers(folder: string): Promise<number[]> {
  return numbersOf(await readdir(folder).catch(() => []), SEGMENT);
}

/** Removes notes whose segment is gone: it goes first, so that nothing of it is ever taken for unsent. */
export async function removeOrphans(folder: string): Promise<void> {
  const names = await readdir(folder);
  const segments = new Set(numbersOf(names, SEGMENT));
  for (const number of numbersOf(names, NOTES)) {
    if (!segments.has(number)) await rm(notesPath(folder, number), { force: true });
  }
}

/** Removes a segment and its notes, in this order. */
export async function removeSegment(folder: string, number: number): Promise<void> {
  await rm(linesPath(folder, number), { force: true });
  await syncFolder(folder);
  await rm(notesPath(folder, number), { force: true });
}

/** Makes a folder that only its owner can look into. */
export async function makeOwnFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: FOLDER_FOR_OWNER });
}

/** Makes a segment with its first record, in one step; gives its length. */
export async function makeSegment(folder: string, number: number, head: SegmentHead): Promise<number> {
  const record = encodeRecord(head, Buffer.alloc(0));
  await rm(notesPath(folder, number), { force: true });
  await writeWhole(linesPath(folder, number), record, FOR_OWNER);
  return record.length;
}

/** Reads a whole segment, up to the first record that is not whole. */
export async function readSegment(folder: string, number: number): Promise<ReadSegment> {
  const bytes = await readFile(linesPath(folder, number));
  const records = recordsIn(bytes);
  const [first] = records;
  const head = first !== undefined && 'sequence' in first.head ? first.head : undefined;
  const begins = first?.end ?? 0;
  return { head, records: records.slice(1), begins, valid: records.at(-1)?.end ?? 0, size: bytes.length };
}

/** The records that stand one behind the other in `bytes`. */
export function recordsIn(bytes: Buffer): SpoolRecord[] {
  const records: SpoolRecord[] = [];
  for (let at = 0; at < bytes.length; ) {
    const record = decodeRecord(bytes, at);
    if (record === undefined) break;
    records.push(record);
    at = record.end;
  }
  return records;
}

/** Bytes of a segment's file; less where the file is shorter. */
export async function readBetween(folder: string, number: number, from: number, to: number): Promise<Buffer> {
  const file = await open(linesPath(folder, number), 'r');
  try {
    const bytes = Buffer.allocUnsafe(Math.max(0, to - from));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  } finally {
    await file.close();
  }
}

/** How long a segment's file is. */
export async function sizeOfSegment(folder: string, number: number): Promise<number> {
  return (await stat(linesPath(folder, number))).size;
}

/** The notes of a segment; none where nothing of it was sent. */
export async function notesOf(folder: string, number: number): Promise<SentNotes> {
  return readSentNotes(await readFile(notesPath(folder, number), 'utf8').catch(() => ''));
}

/** Where a segment is. */
export function linesPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(12, '0')}.lines`);
}

/** Where its notes are. */
export function notesPath(folder: string, number: number): string {
  return join(folder, `${String(number).padStart(12, '0')}.sent`);
}

function numbersOf(names: readonly string[], pattern: RegExp): number[] {
  return names
    .flatMap((name) => pattern.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}
