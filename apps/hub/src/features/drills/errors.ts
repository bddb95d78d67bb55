/** What can go wrong with drills in the hub. docs/reference/errors.md lists it. */
import { defineErrors, type ErrorEntry } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const DRILL_RUN_ERRORS = defineErrors({
  DRILL_PAUSED: {
    message: 'Drills rest around an election.',
    status: 409,
    help: 'Run the next one when the election is over: offices have enough to do, and a drill must not be taken for an attack.',
  },
  DRILL_NOT_DUE: {
    message: 'No drill is due at this office.',
    status: 409,
    help: 'Ask again later. An office has one drill a day at most, at a moment that nobody knows before.',
  },
  DRILL_OFFICE_UNKNOWN: {
    message: 'There is no such office.',
    status: 422,
    help: 'Name the number of an office, or `state`; the list of offices has them.',
  },
  DRILL_KIND_UNKNOWN: {
    message: 'There is no such kind of drill.',
    status: 422,
    help: '`bellwether drill list` names all kinds.',
  },
  DRILL_SOURCE_KNOWN: {
    message: 'The hub suspects this source already, so it could not be missed any more.',
    status: 409,
    help: 'Let the drill come from another address.',
  },
  DRILL_NOT_SEALED: {
    message: 'The seal of the drill could not be put into the log.',
    status: 503,
    help: 'No drill is told before its seal stands in the log. Run `bellwether doctor`, then ask again: the same drill is given.',
  },
  DRILL_UNKNOWN: {
    message: 'No such drill can be taken.',
    status: 404,
    help: 'A drill is told once that it ran; and only what was missed is repeated.',
  },
  DRILL_TIMES_WRONG: {
    message: 'The drill cannot have run at these times.',
    status: 422,
    help: 'Set the clock of the machine that runs drills: it has to agree with that of the hub within a minute.',
  },
});

export type DrillErrorCode = keyof typeof DRILL_RUN_ERRORS;

/** One failure: its code, and what happened in this case. */
export type DrillError = { readonly code: DrillErrorCode; readonly detail: string };

/** What the catalogue says of a failure. */
export function drillEntry({ code }: DrillError): ErrorEntry {
  return DRILL_RUN_ERRORS[code];
}
