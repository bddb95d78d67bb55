/** What can go wrong with questions of the desk, and what to do. docs/reference/errors.md is written from this catalogue. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const DESK_ERRORS = defineErrors({
  DESK_AUTHORITY_UNKNOWN: {
    message: 'There is no such authority.',
    status: 404,
    help: 'Use the five digits of the authority (29380 is Kansas City), or `state` where the sensors of the state are meant.',
  },
  DESK_PERIOD_INVALID: {
    message: 'That is no period of the account.',
    status: 400,
    help: 'Give `from` and `to` on full hours, `from` first; or a day as `2026-11-03`.',
  },
  DESK_SOURCE_INVALID: {
    message: 'That is no address.',
    status: 400,
    help: 'Give an IPv4 address, an IPv6 address, or the /64 of one.',
  },
  DESK_INCIDENT_UNKNOWN: {
    message: 'There is no incident of that number.',
    status: 404,
    help: 'Load the list again.',
  },
  DESK_INCIDENT_AGAIN: {
    message: 'The same thing has happened again since, and is an incident of its own that is open.',
    status: 409,
    help: 'Work on the open one; this one stays closed.',
  },
  DESK_QUESTION_UNKNOWN: {
    message: 'That question is not open.',
    status: 404,
    help: 'Load the questions again: somebody else may have answered it.',
  },
  DESK_NAME_MISSING: {
    message: 'A service of yours needs a name.',
    status: 422,
    help: 'Say what it is called, for example `office mail`.',
  },
});

export type DeskErrorCode = keyof typeof DESK_ERRORS;

/** One failure: its code, and what happened in this case. */
export type DeskError = { readonly code: DeskErrorCode; readonly detail: string };
