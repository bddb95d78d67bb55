/** What can go wrong with a certificate, a request or a list that somebody gives us. docs/reference/errors.md lists it. */
import { defineErrors } from '../errors.ts';

/** The catalogue: by code, what happened and what to do. */
export const X509_ERRORS = defineErrors({
  X509_MALFORMED: {
    message: 'This is no certificate, request or list in its one spelling (DER).',
    status: 422,
    help: 'Make the file again, or copy the whole of it: something is missing or was changed on the way.',
  },
  X509_UNSUPPORTED: {
    message: 'This certificate, request or list has something that is not used here.',
    status: 422,
    help: 'Use a key on the curve P-256, signatures with SHA-256, and names of the kinds DNS, IP and URI.',
  },
});

export type X509ErrorCode = keyof typeof X509_ERRORS;

/** One failure: its code, and what is wrong, for whoever made the file. */
export type X509Error = { readonly code: X509ErrorCode; readonly detail: string };
