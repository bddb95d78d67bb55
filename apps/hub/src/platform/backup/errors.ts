/** Everything that can go wrong with `bellwether backup` and `bellwether restore` and that a person can mend. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const BACKUP_ERRORS = defineErrors({
  BACKUP_TARGET_EXISTS: {
    message: 'There is something already where the backup is to lie.',
    status: 409,
    help: 'Name a folder that does not exist yet; nothing was changed.',
  },
  BACKUP_TARGET_UNWRITABLE: {
    message: 'The backup could not be written.',
    status: 507,
    help: 'Check the free disk and the permissions there; what was begun was removed, and the hub is untouched.',
  },
  BACKUP_SOURCE_UNREADABLE: {
    message: 'A file of the hub could not be read for the backup.',
    status: 500,
    help: 'Run `bellwether doctor`, which looks at all of them, and mend what it names.',
  },
  BACKUP_SOURCE_EMPTY: {
    message: 'There is no database to back up yet.',
    status: 409,
    help: 'Start the hub once with `bellwether up`.',
  },
  BACKUP_ROLL_BUSY: {
    message: 'The roll was signed or sealed again and again while it was to be backed up.',
    status: 503,
    help: 'Run the backup again, best when no office signs.',
  },
  BACKUP_DATABASE_LOST: {
    message: 'The database broke off while it was being read.',
    status: 503,
    help: 'Run the backup again; if it happens again, run `bellwether doctor`.',
  },
  RESTORE_MISSING: {
    message: 'There is no backup there.',
    status: 404,
    help: 'Name the folder that `bellwether backup` made: it holds manifest.json.',
  },
  RESTORE_DAMAGED: {
    message: 'The backup is damaged.',
    status: 422,
    help: 'Take another backup or another copy of this one; nothing was restored.',
  },
  RESTORE_NEWER: {
    message: 'The backup was made by a newer version of Bellwether.',
    status: 409,
    help: 'Install that version and restore with it; nothing was restored.',
  },
  RESTORE_CHANGED: {
    message: 'The database in the backup was made by other steps than this version knows.',
    status: 409,
    help: 'Restore with the version that made it; nothing was restored.',
  },
  RESTORE_TARGET_NOT_EMPTY: {
    message: 'The folder to restore into is not empty.',
    status: 409,
    help: 'Name a folder that is empty or does not exist yet; nothing is ever restored over data.',
  },
  RESTORE_DATABASE_NOT_EMPTY: {
    message: 'The database that `DATABASE_URL` names is not empty.',
    status: 409,
    help: 'Make an empty one, and name that; nothing is ever restored over data.',
  },
  RESTORE_FAILED: {
    message: 'The backup could not be restored.',
    status: 500,
    help: 'Mend what the reason names and restore again; what was begun was removed.',
  },
  RESTORE_DIFFERS: {
    message: 'What was restored is not what was backed up.',
    status: 500,
    help: 'Please report the reason; what was begun was removed, and the backup is untouched.',
  },
});

export type BackupErrorCode = keyof typeof BACKUP_ERRORS;

/** A failure: its code, and what happened in this case. */
export type BackupError = { readonly code: BackupErrorCode; readonly reason: string };

/** A failure. */
export function backupError(code: BackupErrorCode, reason: string): BackupError {
  return { code, reason };
}
