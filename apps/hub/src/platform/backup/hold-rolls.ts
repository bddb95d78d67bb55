/**
 * Takes hold of the roll for a backup, together with the log that it has to agree with. While both are held the log must not
 * grow, and no other book come into force: then what is held is what a crash of that moment would have left, and is mended in
 * the same way when the roll is opened. If something was signed or sealed meanwhile, both are held anew.
 *
 * Left out are the vault, keys, what a comparison has left and nobody has sealed yet (it is made again), and digests of rows,
 * which only save time.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { err, ok, type Result } from '@bellwether/basics';
import { SIGNING } from '../evidence/signing-file.ts';
import { type BackupError, backupError } from './errors.ts';
import { holdLog } from './hold-log.ts';
import type { Holding } from './holding.ts';

/** Times that it is tried: even on the evening before a deadline offices sign some minutes apart. */
const MOST_TRIES = 20;

/** Wait between two tries, in ms: what was being signed is done by then. */
const BETWEEN = 500;

const HEAD = 'rolls/roll.json';
const SIGNED = `log-private/${SIGNING}`;
/** Comes before all others: an erasure that is not done in the backup blanks its traces again after a restore. */
const ERASURES = 'rolls/erasures';
const STATE_FILE = /^rolls\/public\/[0-9a-f]{64}$/;
const BOOK = /^rolls\/book\/([^/]+)$/;
const LEFT_OUT = /^rolls\/(?:nights\/pending\.json|book\/[^/]+\/known-rows)$/;

/** Takes hold of the log and the roll as they are at one moment; a hub without them is no failure. */
export async function holdLogAndRolls(
  holding: Holding,
  withKey: boolean,
): Promise<Result<void, BackupError>> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if (tries > 0) await sleep(BETWEEN);
    // Most of it never changes: held before, it costs no time while the log has to stand still.
    holding.holdTree('rolls/public');
    const log = await holdLog(holding, withKey);
    if (log.isErr()) return log;
    if (!holding.hold(HEAD)) {
      holding.dropTree('rolls');
      return ok();
    }
    const books = booksOf(holding);
    holding.holdTree(ERASURES);
    holding.holdTree('rolls', (path) => {
      const book = BOOK.exec(path)?.[1];
      return book === undefined ? !LEFT_OUT.test(path) : books.has(book);
    });
    // A state file that still grows is of a night that is not sealed.
    for (const { path, bytes } of holding.files())
      if (STATE_FILE.test(path) && (bytes === 0 || !holding.isSameSize(path))) holding.drop(path);
    if (holding.isSame(HEAD) && holding.isSame(SIGNED)) return ok();
    for (const folder of ['log', 'log-private', 'rolls']) holding.dropTree(folder);
  }
  return err(backupError('BACKUP_ROLL_BUSY', `${SIGNED} or ${HEAD} changed ${MOST_TRIES} times`));
}

/** The book in force, and the next one where the log may have its seal already. */
function booksOf(holding: Holding): ReadonlySet<string> {
  const { generation, epoch } = jsonAt(holding, HEAD) as { generation: string; epoch: number };
  const books = new Set([generation]);
  const sealing = `rolls/nights/${epoch + 1}.json`;
  if (holding.hold(sealing)) books.add((jsonAt(holding, sealing) as { next: string }).next);
  return books;
}

function jsonAt(holding: Holding, path: string): unknown {
  return JSON.parse(readFileSync(holding.at(path), 'utf8'));
}
