/**
 * What can go wrong with the journal and that a person can do something about. docs/reference/errors.md is written
 * from this catalogue.
 */
import { defineErrors } from '@bellwether/basics';
import type { JournalError, JournalErrorCode } from './journal-types.ts';

/** The catalogue: by code, what happened and what to do. */
export const JOURNAL_ERRORS = defineErrors({
  JOURNAL_DISK_FULL: {
    message: 'The disk has no room for more lines.',
    status: 507,
    help: 'Make room on the disk that holds the data folder; intake goes on by itself, and nothing acknowledged is lost.',
  },
  JOURNAL_UNWRITABLE: {
    message: 'The journal cannot be written or read.',
    status: 500,
    help: 'Check the disk and the permissions of the data folder, then start the hub again; nothing acknowledged is lost.',
  },
  JOURNAL_UNREACHABLE: {
    message: 'The NATS server that holds the journal does not answer.',
    status: 503,
    help: 'Check the address after `--nats`, that the server runs with `-js`, and its credentials; nothing acknowledged is lost.',
  },
  JOURNAL_LOCKED: {
    message: 'Another process writes this journal.',
    status: 409,
    help: 'Stop the other hub, or give this one a data folder of its own.',
  },
  JOURNAL_DAMAGED: {
    message: 'Bytes of the journal that were acknowledged are missing or changed.',
    status: 500,
    help: 'Keep the data folder as it is, check the disk, and restore the newest backup into a new folder.',
  },
  JOURNAL_NEWER: {
    message: 'The journal was written by a newer version.',
    status: 409,
    help: 'Start that version again, or a newer one; nothing was changed.',
  },
});

/** Makes an error of the journal. `detail` names the file, and the offset where there is one. */
export function journalError(code: JournalErrorCode, detail: string): JournalError {
  return { code, detail };
}

/** The errors of the system that mean "no room", and not "broken": quotas too. */
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT']);

/** What a failed call of the file system means for who wanted to write. */
export function fromSystem(cause: unknown, where: string): JournalError {
  const code = (cause as NodeJS.ErrnoException).code;
  const detail = `${where}: ${cause instanceof Error ? cause.message : String(cause)}`;
  return journalError(
    code !== undefined && NO_ROOM.has(code) ? 'JOURNAL_DISK_FULL' : 'JOURNAL_UNWRITABLE',
    detail,
  );
}

/** Thrown by a reader that finds acknowledged bytes missing or changed: nobody expects it, and nothing may go on. */
export class JournalDamage extends Error {
  override readonly name = 'JournalDamage';
  readonly code = 'JOURNAL_DAMAGED';
  readonly offset: number;

  constructor(detail: string, offset: number) {
    super(`${JOURNAL_ERRORS.JOURNAL_DAMAGED.message} ${detail}, at offset ${offset}.`);
    this.offset = offset;
  }
}
