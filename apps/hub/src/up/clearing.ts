/**
 * Takes the sample state out again: everything that lines left behind goes, and its roll with the log that tells of it;
 * people and what they did stay. Asked for
 * while the hub runs, done at its next start, before the journal is opened: a mark in the data folder is removed last, so
 * that a clearing that was cut off is finished by the start after it, and never done twice.
 */
import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { rollPaths } from '../features/rolls/roll-files.ts';
import type { DataFolder } from '../platform/folder.ts';
import type { Database } from '../platform/postgres/database.ts';
import { SAMPLE_MAIL } from './sample-mail.ts';
import { rollOwner } from './sample-mark.ts';
import { CLEARED, sampleHere } from './sample-wanted.ts';
import { SAMPLE_WITNESSES } from './sample-witnesses.ts';

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
  'lifted_decisions',
  'spared',
  // What became of them rests on lines, and their seals stand in the log that goes.
  'drills',
  'drill_series',
  'history_files',
  'refusals',
  'surfaces',
  // The sample's mail is told to a hub that heard nothing else; hooks of people begin when it is cleared.
  'mail_days',
  'mail_messages',
  'mail_prints',
  'mail_reports',
  'mail_pulls',
  'mail_orders',
  'mail_marks',
] as const;

/** The next start clears. On disk when it returns. */
export function markForClearing(folder: DataFolder): void {
  closeSync(openSync(join(folder.path, MARK), 'w', 0o600));
  syncFolder(folder.path);
}

/**
 * Files and folders of the evidence: the log tells of made-up voters, so it goes as a whole, with its key. The next start makes a log
 * with another key and another name.
 */
const OF_EVIDENCE = ['log', 'log-private', 'vault', 'rolls-keys', 'rolls-reader'] as const;

/** What is the sample's alone, whoever's the roll is. */
const OF_SAMPLE = ['sample-roll', SAMPLE_WITNESSES, 'mail/kept'] as const;

/** What `rolls` is called while it goes: in one step it is nobody's roll any more, so that a cut finds out nothing else. */
const GOING = 'rolls-cleared';

/** Clears if that was asked for; whether it was. */
export async function clearIfMarked(folder: DataFolder, db: Database): Promise<boolean> {
  const mark = join(folder.path, MARK);
  if (!existsSync(mark)) return false;
  for (const place of [folder.snapshots, folder.history, folder.journal]) {
    for (const name of readdirSync(place)) rmSync(join(place, name), { recursive: true });
    syncFolder(place);
  }
  // The fact goes with the tables, after the files: a clearing that goes on behind them finds no log of the sample to take.
  if ((await sampleHere(db)) !== undefined) clearEvidence(folder);
  await db.query.transaction().execute(async (tx) => {
    await sql`TRUNCATE ${sql.join(FILLED_BY_LINES.map((table) => sql.table(table)))}`.execute(tx);
    await tx.deleteFrom('facts').where('name', 'in', ['sample', SAMPLE_MAIL]).execute();
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

/** A roll that people began stays, with the log that tells of it. */
function clearEvidence({ path, rolls }: DataFolder): void {
  const at = (name: string): string => join(path, name);
  const owner = rollOwner(rollPaths(path).mapping);
  if (owner === 'sample') {
    rmSync(at(GOING), { recursive: true, force: true });
    renameSync(rolls, at(GOING));
    syncFolder(path);
  }
  const gone = owner === 'people' ? OF_SAMPLE : [GOING, ...OF_EVIDENCE, ...OF_SAMPLE];
  for (const name of gone) rmSync(at(name), { recursive: true, force: true });
  if (owner === 'nobody') rmSync(rolls, { recursive: true, force: true });
  syncFolder(path);
}

function syncFolder(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
