/**
 * Which file it was that was read, and how far: the same after a rename, a restart or a copy. Inodes are given out again and
 * files are emptied, so a digest of the first bytes goes with them.
 */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';

/** A file, and the offset behind what was read of it. */
export type FileMark = {
  readonly inode: string;
  /** So many first bytes the digest is of: they were there once, and what is only written behind them does not change them. */
  readonly head: number;
  /** SHA-256, its first 16 hex digits. */
  readonly digest: string;
  readonly offset: number;
};

/** The place of a followed path: the file that is read, and the one before it, which old processes may still write to. */
export type FilePlace = { readonly current: FileMark; readonly left?: FileMark };

/** First bytes that tell files apart: several lines with their times. */
const HEAD = 1_024;

/** The mark of a file that was just opened, and of which nothing was read. */
export async function firstMark(file: FileHandle): Promise<FileMark> {
  const { ino, size } = await file.stat({ bigint: true });
  const empty: FileMark = { inode: String(ino), head: 0, digest: '', offset: 0 };
  const head = Math.min(Number(size), HEAD);
  const digest = head === 0 ? undefined : await digestOf(file, head);
  return digest === undefined ? empty : { ...empty, head, digest };
}

/** The mark of an open file that was read up to `offset`. */
export async function markAt(file: FileHandle, before: FileMark, offset: number): Promise<FileMark> {
  const head = Math.min(offset, HEAD);
  const digest = head <= before.head ? undefined : await digestOf(file, head);
  // Shorter than what was read of it a moment ago: it was emptied, and the next look tells.
  return digest === undefined ? { ...before, offset } : { ...before, head, digest, offset };
}

/** Whether an open file still begins as the marked one did. */
export async function beginsAs(file: FileHandle, { head, digest }: FileMark): Promise<boolean> {
  return head === 0 || (await digestOf(file, head)) === digest;
}

/** Reads a place back; undefined for what is none. */
export function parsePlace(text: string | undefined): FilePlace | undefined {
  if (text === undefined) return undefined;
  try {
    const { current, left } = JSON.parse(text) as FilePlace;
    if (!isMark(current)) return undefined;
    return isMark(left) ? { current, left } : { current };
  } catch {
    return undefined;
  }
}

function isMark(mark: FileMark | undefined): mark is FileMark {
  return (
    mark !== undefined &&
    typeof mark.inode === 'string' &&
    typeof mark.digest === 'string' &&
    Number.isSafeInteger(mark.head) &&
    mark.head >= 0 &&
    mark.head <= HEAD &&
    Number.isSafeInteger(mark.offset)
  );
}

/** Of the first `length` bytes; undefined where the file is shorter. */
async function digestOf(file: FileHandle, length: number): Promise<string | undefined> {
  const bytes = Buffer.allocUnsafe(length);
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, filled);
    if (bytesRead === 0) return undefined;
    filled += bytesRead;
  }
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
