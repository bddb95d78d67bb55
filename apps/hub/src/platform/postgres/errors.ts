/** Everything that can go wrong with the hub's database and that a person can do something about. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const POSTGRES_ERRORS = defineErrors({
  POSTGRES_BINARIES_MISSING: {
    message: 'No PostgreSQL was found that fits.',
    status: 501,
    help: 'Install PostgreSQL 15 or newer (`apt install postgresql`), run `npm run setup` again, or set `DATABASE_URL`.',
  },
  POSTGRES_ACCOUNT_MISSING: {
    message: 'There is no user that PostgreSQL could run as.',
    status: 501,
    help: 'Start the hub as a user with a name in /etc/passwd; for root, create a user `postgres`.',
  },
  POSTGRES_FOLDER_UNREACHABLE: {
    message: 'The user that PostgreSQL runs as cannot get into the data folder.',
    status: 403,
    help: 'Name a folder outside of a closed one with `--data`, for example `/var/lib/bellwether`.',
  },
  POSTGRES_INIT_FAILED: {
    message: 'The database could not be made.',
    status: 500,
    help: 'The reason says what PostgreSQL reported; nothing was left behind.',
  },
  POSTGRES_START_FAILED: {
    message: 'PostgreSQL does not start.',
    status: 500,
    help: 'The reason says what PostgreSQL reported; `bellwether doctor` tells more.',
  },
  POSTGRES_IN_USE: {
    message: 'Another process has this database running.',
    status: 409,
    help: 'Stop the hub that runs on this data folder first.',
  },
  POSTGRES_UNREACHABLE: {
    message: 'The database does not answer.',
    status: 503,
    help: 'Check that it runs, and `DATABASE_URL` if you set it.',
  },
  POSTGRES_TOO_OLD: {
    message: 'The PostgreSQL that `DATABASE_URL` names is too old.',
    status: 501,
    help: 'Use PostgreSQL 15 or newer.',
  },
  DATABASE_NEWER: {
    message: 'The database was written by a newer version of Bellwether.',
    status: 409,
    help: 'Install that version again; nothing was changed.',
  },
  DATABASE_OLDER: {
    message: 'The database was written by an older version of Bellwether.',
    status: 409,
    help: 'Start the hub of this version once (`bellwether up`): it makes a backup and brings the database up to date.',
  },
  DATABASE_CHANGED: {
    message: 'The database was made by other steps than this version knows.',
    status: 409,
    help: 'Install the version again that made it, or restore a backup; nothing was changed.',
  },
  DATABASE_NO_ROOM: {
    message: 'There is not enough free disk to bring the database up to this version.',
    status: 507,
    help: 'Free as much as the reason says and start again; nothing was changed.',
  },
  DATABASE_BACKUP_FAILED: {
    message: 'The backup before bringing the database up to this version failed.',
    status: 500,
    help: 'Mend what the reason names and start again; nothing was changed.',
  },
  DATABASE_STEP_FAILED: {
    message: 'The database could not be brought up to this version.',
    status: 500,
    help: 'It is as it was before; install the earlier version again, and please report the reason.',
  },
});

export type PostgresErrorCode = keyof typeof POSTGRES_ERRORS;

/** A failure: its code, and what happened in this case. */
export type PostgresError = { readonly code: PostgresErrorCode; readonly reason: string };

/** A failure. */
export function postgresError(code: PostgresErrorCode, reason: string): PostgresError {
  return { code, reason };
}
