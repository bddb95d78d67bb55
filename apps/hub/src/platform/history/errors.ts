/**
 * Everything that can go wrong with the history of a hub and that a person can do something about.
 * docs/reference/errors.md is written from this catalogue.
 */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const HISTORY_ERRORS = defineErrors({
  HISTORY_QUERY_INVALID: {
    message: 'A search of the history asks for something that cannot be.',
    status: 400,
    help: 'Correct what the message names: an address or prefix, a rule, a time, or the cursor of a page.',
  },
  HISTORY_QUERY_TIMEOUT: {
    message: 'A search of the history took too long and was stopped.',
    status: 503,
    help: 'Ask for fewer days, or for one source, office or port.',
  },
  HISTORY_BUSY: {
    message: 'Too many searches of the history wait already.',
    status: 503,
    help: 'Wait a moment and ask again.',
  },
  HISTORY_UNREADABLE: {
    message: 'Files of the history are damaged or missing.',
    status: 500,
    help: 'Run `bellwether doctor`, which names them, and bring them back from a backup; other days can be searched.',
  },
  HISTORY_UNWRITABLE: {
    message: 'A file of the history cannot be written.',
    status: 507,
    help: 'Check that the disk of the data folder has room and may be written to; nothing is lost meanwhile.',
  },
});

export type HistoryErrorCode = keyof typeof HISTORY_ERRORS;

/** The history cannot be written: thrown, with everything that waits kept, so that it can be tried again. */
export class HistoryUnwritable extends Error {
  override readonly name = 'HistoryUnwritable';
  readonly code = 'HISTORY_UNWRITABLE';
}

/** The history cannot tell what was asked: thrown where there is no `Result` to say so. */
export class HistoryUnreadable extends Error {
  override readonly name = 'HistoryUnreadable';
  readonly problem: { readonly code: HistoryErrorCode; readonly detail: string };

  constructor(problem: { readonly code: HistoryErrorCode; readonly detail: string }) {
    super(problem.detail);
    this.problem = problem;
  }
}
