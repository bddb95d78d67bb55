/**
 * What is kept of a checkpoint that the log signed and the witness refused: a log that shows two things which cannot both be
 * true has signed the proof against itself.
 *
 *     STATE.evidence/<first 8 bytes of SHA-256(origin), hex>-<size>-<first 8 bytes of the root, hex>/
 *       cosigned        the note that the witness had cosigned
 *       refused         the note that it refused
 *       why             one sentence
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Checkpoint } from '@bellwether/evidence';
import { syncFolder, writeWhole } from './whole-file.ts';

/** Refusals that are kept. The first tell everything; a log that goes on for ever must not fill the disk. */
const MAX_KEPT = 200;

/** Keeps both notes once; gives the folder. Throws what the file system throws. */
export async function keepRefused(
  evidence: string,
  { origin, size, root }: Checkpoint,
  notes: { readonly cosigned: string; readonly refused: string; readonly why: string },
): Promise<string> {
  const log = createHash('sha256').update(origin).digest('hex').slice(0, 16);
  const folder = join(evidence, `${log}-${size}-${Buffer.from(root).toString('hex', 0, 8)}`);
  await mkdir(evidence, { recursive: true, mode: 0o700 });
  if ((await readdir(evidence)).length >= MAX_KEPT) return evidence;
  if ((await mkdir(folder, { recursive: true, mode: 0o700 })) === undefined) return folder;
  await writeWhole(join(folder, 'cosigned'), notes.cosigned, 0o600);
  await writeWhole(join(folder, 'refused'), notes.refused, 0o600);
  await writeWhole(join(folder, 'why'), `${notes.why}\n`, 0o600);
  await syncFolder(evidence);
  await syncFolder(dirname(evidence));
  return folder;
}
