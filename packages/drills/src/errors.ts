/** What can go wrong with drills. docs/reference/errors.md lists it. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const DRILLS_ERRORS = defineErrors({
  DRILLS_MIXTURE_MALFORMED: {
    message: 'This is no mixture of drills.',
    status: 422,
    help: 'It is JSON as `bellwether drill list --mixture` prints it: kinds of the list, each with a weight above 0.',
  },
  DRILLS_SEAL_OTHER: {
    message: 'What was opened is not what was sealed.',
    status: 422,
    help: 'Keep both texts. Somebody changed the drills after they were fixed, or gives the wrong ones.',
  },
});

export type DrillsErrorCode = keyof typeof DRILLS_ERRORS;

/** One failure: its code, and what happened in this case. */
export type DrillsError = { readonly code: DrillsErrorCode; readonly detail: string };
