/** Failures of the rooms under the commands `backup`, `restore` and `doctor`, as they are told to a person. */
import { BACKUP_ERRORS, type BackupError } from '../backup/errors.ts';
import { PLATFORM_ERRORS } from '../errors.ts';
import { LOG_ERRORS, type LogErrorCode } from '../evidence/errors.ts';
import type { FolderError } from '../folder.ts';
import { POSTGRES_ERRORS, type PostgresError } from '../postgres/errors.ts';

/** A failure of one of them. */
export type Failure =
  | BackupError
  | FolderError
  | PostgresError
  | { readonly code: LogErrorCode; readonly reason: string };

const ALL = { ...BACKUP_ERRORS, ...LOG_ERRORS, ...PLATFORM_ERRORS, ...POSTGRES_ERRORS };

/** What can be done about it. */
export function helpFor({ code }: Failure): string {
  return ALL[code].help;
}

/** What happened, and what to do. */
export function describeFailure(failure: Failure): string {
  const { code, reason } = failure;
  return `${ALL[code].message} ${reason}\n  ${helpFor(failure)} (${code})`;
}
