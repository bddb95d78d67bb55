/** What can go wrong where a bouncer is given a certificate. docs/reference/errors.md lists it. */
import { defineErrors, type ErrorEntry } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const BOUNCERS_ERRORS = defineErrors({
  BOUNCERS_OFF: {
    message: 'This hub lets nobody in by a certificate.',
    status: 409,
    help: 'Name `agents.name` and `agents.listen` in the configuration, and start the hub again. Until then the bouncer sends its key.',
  },
  BOUNCER_KEY_SENDS_LINES: {
    message: 'This key sends lines: it is not that of a bouncer.',
    status: 409,
    help: 'Choose the key that asks what is blocked, or make one.',
  },
  BOUNCER_REQUEST_REFUSED: {
    message: 'The request for a certificate cannot be read.',
    status: 422,
    help: 'Make it with a key of P-256, in PEM: docs/how/bouncers.md has the line for openssl.',
  },
});

export type BouncersErrorCode = keyof typeof BOUNCERS_ERRORS;

/** One failure: its code, and what happened in this case. */
export type BouncersError = { readonly code: BouncersErrorCode; readonly detail: string };

/** A failure. */
export function bouncersError(code: BouncersErrorCode, detail: string): BouncersError {
  return { code, detail };
}

/** What the catalogue says of a failure. */
export function bouncersEntry({ code }: BouncersError): ErrorEntry {
  return BOUNCERS_ERRORS[code];
}
