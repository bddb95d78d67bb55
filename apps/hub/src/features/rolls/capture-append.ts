/**
 * Transactions that were captured, at the end of a file like `transactions.ndjson`. On disk when this returns; a line that a
 * power cut left half is cut off first. What was written and not yet acknowledged to its source comes again, with the same
 * number: whoever reads the file counts the first.
 */
import { constants } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ChangeClass } from '@bellwether/rolls';

/** One line. */
export type CapturedTransaction = {
  readonly id: string;
  readonly day: string;
  /** ISO 8601. */
  readonly at: string;
  readonly office: string;
  readonly source: string;
  readonly clerk: string | null;
  readonly device: string | null;
  readonly address: string | null;
  readonly class: ChangeClass;
  readonly record: string;
  readonly fields: Readonly<Record<string, string>>;
};

const OWNER_ONLY = 0o600;
const NEWLINE = 10;

/** Bytes looked at for the end of the last whole line: no line is longer (capture-transactions.ts). */
const TAIL = 64 * 1024;

/** Appends, and waits for the disk. Throws what the file system throws. */
export async function appendCaptured(path: string, lines: readonly CapturedTransaction[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, OWNER_ONLY);
  try {
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(size, TAIL));
    const { bytesRead } = await file.read(tail, 0, tail.length, size - tail.length);
    if (bytesRead < tail.length) throw new Error(`${path} was cut while it was read`);
    const whole = tail.length === 0 ? 0 : size - tail.length + tail.lastIndexOf(NEWLINE) + 1;
    if (whole < size) await file.truncate(whole);
    await file.write(
      Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
      0,
      undefined,
      whole,
    );
    await file.sync();
  } finally {
    await file.close();
  }
}
