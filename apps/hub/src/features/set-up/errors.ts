/** What can go wrong while a state is set up, and what to do. docs/reference/errors.md lists it. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const SET_UP_ERRORS = defineErrors({
  SET_UP_ZONE_UNKNOWN: {
    message: 'There is no such time zone.',
    status: 422,
    help: 'Write it as `America/Chicago`.',
  },
  SET_UP_OFFICES_INVALID: {
    message: 'The list of offices cannot be read.',
    status: 422,
    help: 'Correct the line that is named: a CSV file with a heading, the columns `lea_id` (five digits) and `name`, and if you like `fips`, `kind` and `registered`.',
  },
  SET_UP_OFFICES_IN_USE: {
    message: 'An office that is not in the list any more has sensors or people.',
    status: 409,
    help: 'Keep it in the list, or clear the sample state first and take the roles away there.',
  },
  SET_UP_ADMINISTRATOR_EXISTS: {
    message: 'This hub has an administrator already.',
    status: 409,
    help: 'Sign in with the passkey; an administrator invites others under People.',
  },
  SET_UP_HTTPS_INVALID: {
    message: 'HTTPS cannot be set up like this.',
    status: 422,
    help: 'Correct what is named; nothing was changed.',
  },
  SET_UP_NO_AUTHORITY: {
    message: 'This hub has no certificate authority of its own.',
    status: 404,
    help: 'Its certificate comes from elsewhere: browsers trust it, or whoever gave it says how.',
  },
  SET_UP_CONFIG_UNWRITABLE: {
    message: 'The configuration cannot be written.',
    status: 500,
    help: 'Check that `bellwether.yaml` in the data folder belongs to the user of the hub, and that the disk has room.',
  },
  SET_UP_NO_SAMPLE: {
    message: 'There is no sample state here.',
    status: 409,
    help: 'Nothing has to be cleared: what is here came from your own sensors.',
  },
});

export type SetUpErrorCode = keyof typeof SET_UP_ERRORS;

/** One failure: its code, and what happened in this case. */
export type SetUpError = { readonly code: SetUpErrorCode; readonly detail: string };

/** A failure. */
export function setUpError(code: SetUpErrorCode, detail: string): SetUpError {
  return { code, detail };
}
