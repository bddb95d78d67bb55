/**
 * Which file it was that we read, and how far: the same after a rename, a restart of the machine or a copy. A file is known
 * by its device and inode and by a digest of its first bytes, because inodes are given out again and files are emptied.
 *
 *     2049:1835024:1024-9f86d081884c7d65        device, inode, so many first bytes, their SHA-256 (8 bytes of it)
 */
import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** A file as it is written into the journal. */
export type FileMark = {
  readonly device: bigint;
  readonly inode: bigint;
  /** How many first bytes the digest is of: no more than were read, as only those cannot change. */
  readonly head: number;
  readonly digest: string;
};

/** First bytes that tell files apart: several lines with their times. */
const HEAD = 1_024;

/** What is known of a file that nothing was read of. */
export const EMPTY_HEAD = { head: 0, digest: createHash('sha256').digest('hex').slice(0, 16) } as const;

/** The mark of an open file of which more was read by now: `offset` bytes. */
export async function grownMark(file: FileHandle, mark: FileMark, offset: number): Promise<FileMark> {
  const head = Math.min(offset, HEAD);
  if (head <= mark.head) return mark;
  const digest = await digestOf(file, head);
  // Shorter than what was read a moment ago: it was emptied, and the next look will tell.
  return digest === undefined ? mark : { ...mark, head, digest };
}

/** Whether an open file still begins as the marked one did. */
export async function beginsAs(file: FileHandle, mark: FileMark): Promise<boolean> {
  return (await digestOf(file, mark.head)) === mark.digest;
}

/** Whether it is the same place on the disk. The device is left out: it may have another number after a restart. */
export function sameInode(stats: BigIntStats, mark: FileMark): boolean {
  return stats.ino === mark.inode;
}

/** The mark as text. */
export function formatMark({ device, inode, head, digest }: FileMark): string {
  return `${device}:${inode}:${head}-${digest}`;
}

/** Reads a mark back; undefined for what is none. */
export function parseMark(text: string): FileMark | undefined {
  const parts = /^(\d{1,20}):(\d{1,20}):(\d{1,4})-([0-9a-f]{16})$/.exec(text);
  if (parts === null) return undefined;
  const [, device = '', inode = '', head = '', digest = ''] = parts;
  return { device: BigInt(device), inode: BigInt(inode), head: Number(head), digest };
}

/** Of the first `length` bytes; undefined where the file is shorter. */
async function digestOf(file: FileHandle, length: number): Promise<string | undefined> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, filled);
    if (bytesRead === 0) return undefined;
    filled += bytesRead;
  }
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
