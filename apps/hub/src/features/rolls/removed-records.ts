/**
 * Handles of records that were removed, by record number: `removed.ndjson`, for the owner alone. The book has them no more, and
 * whoever is erased has to be found.
 */
import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type RollPaths, readBounded, writeFileWhole } from './roll-files.ts';
import type { SignedBatch } from './rolls-files.ts';

/** One line. */
type Removed = { readonly recordId: string; readonly handle: string; readonly batch: number };

/** Keeps what a batch removes. Kept before the log has the batch: a line too many does no harm. */
export async function keepRemoved(paths: RollPaths, { entry, changes }: SignedBatch): Promise<void> {
  const lines = changes
    .filter(({ kind }) => kind === 'removed')
    .map(
      ({ recordId, handle }) =>
        `${JSON.stringify({ recordId, handle, batch: entry.batch } satisfies Removed)}\n`,
    );
  if (lines.length === 0) return;
  const path = pathOf(paths);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await open(path, 'a', 0o600);
  try {
    await file.writeFile(lines.join(''));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Handles that a record had, hex. */
export async function removedHandles(paths: RollPaths, recordId: string): Promise<readonly string[]> {
  const handles = (await readRemoved(paths))
    .filter((one) => one.recordId === recordId)
    .map(({ handle }) => handle);
  return [...new Set(handles)];
}

/** Numbers of all records that were removed. */
export async function removedRecords(paths: RollPaths): Promise<ReadonlySet<string>> {
  return new Set((await readRemoved(paths)).map(({ recordId }) => recordId));
}

/** Forgets a record. */
export async function forgetRemoved(paths: RollPaths, recordId: string): Promise<void> {
  const left = (await readRemoved(paths)).filter((one) => one.recordId !== recordId);
  await writeFileWhole(pathOf(paths), left.map((one) => `${JSON.stringify(one)}\n`).join(''));
}

async function readRemoved(paths: RollPaths): Promise<readonly Removed[]> {
  const bytes = await readBounded(pathOf(paths));
  // A line that was cut off by a crash belongs to a batch that is not in the log.
  const lines = (bytes?.toString('utf8') ?? '').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Removed);
}

function pathOf({ rolls }: RollPaths): string {
  return join(rolls, 'removed.ndjson');
}
