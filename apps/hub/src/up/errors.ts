/** What can keep a hub from starting. docs/reference/errors.md is written from this catalogue. */
import { defineErrors, err, type Result } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const UP_ERRORS = defineErrors({
  UP_RUNNING: {
    message: 'A hub runs on this data folder already.',
    status: 409,
    help: 'Use that one, or name another folder with `--data` and another port with `--port`.',
  },
  UP_JOURNAL_OF_ANOTHER: {
    message: 'The database belongs to another journal than the one in the data folder.',
    status: 409,
    help: 'Bring both back from one backup with `bellwether restore`; nothing was changed.',
  },
  UP_JOURNAL_BEHIND: {
    message: 'The journal ends before what the database has counted already.',
    status: 409,
    help: 'Bring both back from one backup with `bellwether restore`; nothing was changed.',
  },
  UP_STOPPED: {
    message: 'The process was stopped while it stood by.',
    status: 503,
    help: 'Nothing to do: another process has this role.',
  },
  UP_SURFACE_INVALID: {
    message: 'There are mistakes in the surface.',
    status: 422,
    help: 'Mend the lines that are named; the surface that held before still holds.',
  },
});

/** A failure to start: its code, or that of the part which failed, and what happened. */
export type UpError = { readonly code: string; readonly detail: string };

/** What a part that could not start says, as a failure of the whole. */
export function startError(error: {
  code: string;
  detail?: string;
  reason?: string;
}): Result<never, UpError> {
  return err({ code: error.code, detail: error.detail ?? error.reason ?? '' });
}
