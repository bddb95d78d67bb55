/**
 * Takes the sample state out again: everything that lines left behind goes, people and what they did stay. Asked for
 * while the hub runs, done at its next start, before the journal is opened: a mark in the data folder is removed last, so
 * that a clearing that was cut off is finished by the start after it, and never done twice.
 */
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { DataFolder } from '../platform/folder.ts';
import type { Database } from '../platform/postgres/database.ts';

const MARK = 'clearing';

/** Tables that lines fill. */
const FILLED_BY_LINES = [
  'sensors',
  'progress',
  'account_minutes',
  'account_hours',
  'batches',
  'batch_floors',
  'followed',
  'incidents',
  'decisions',
  'history_files',
  'refusals',
  'surfaces',
] as const;

/** Fact that says that the sample state was cleared here: it is not loaded again. */
export const CLEARED = 'sample-cleared';

/** The next start clears. On disk when it returns. */
export function markForClearing(folder: DataFolder): void {
  closeSync(openSync(join(folder.path, MARK), 'w', 0o600));
  syncFolder(folder.path);
}

/** Clears if that was asked for; whether it was. */
export async function clearIfMarked(folder: DataFolder, db: Database): Promise<boolean> {
  const mark = join(folder.path, MARK);
  if (!existsSync(mark)) return false;
  for (const place of [folder.snapshots, folder.history, folder.journal]) {
    for (const name of readdirSync(place)) rmSync(join(place, name), { recursive: true });
    syncFolder(place);
  }
  await db.query.transaction().execute(async (tx) => {
    await sql`TRUNCATE ${sql.join(FILLED_BY_LINES.map((table) => sql.table(table)))}`.execute(tx);
    await tx.deleteFrom('facts').where('name', '=', 'sample').execute();
    await tx
      .insertInto('facts')
      .values({ name: CLEARED, value: 'true' })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
  rmSync(mark);
  syncFolder(folder.path);
  return true;
}

function syncFolder(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
