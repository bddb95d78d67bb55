/** What can go wrong when a way in is opened, and what a person can do. docs/reference/errors.md lists it. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const SOCKETS_ERRORS = defineErrors({
  SOCKETS_ADDRESS_REFUSED: {
    message: 'A listener was to open on an address that other machines reach.',
    status: 403,
    help: 'Use 127.0.0.1 or ::1 until sign-in and TLS are set up; the way in stays closed.',
  },
  SOCKETS_ADDRESS_TAKEN: {
    message: 'Another program listens on that address and port already.',
    status: 409,
    help: 'Stop it, or give the listener another port.',
  },
  SOCKETS_ADDRESS_UNUSABLE: {
    message: 'The system does not let us listen on that address and port.',
    status: 500,
    help: 'Use a port above 1023, and an address that this machine has.',
  },
  SOCKETS_TLS_UNREADABLE: {
    message: 'A key or certificate file cannot be read.',
    status: 422,
    help: 'Check its path, and that the user of the hub may read it.',
  },
  SOCKETS_TLS_INVALID: {
    message: 'The key and the certificate cannot be used together.',
    status: 422,
    help: 'Give both in PEM, the certificate of that key first and then its issuers.',
  },
  SOCKETS_SENSOR_MISSING: {
    message: 'A listener names no sensor that its lines could belong to.',
    status: 422,
    help: 'Give it an authority and a sensor, or a list of host names with an authority and a sensor for each.',
  },
});

export type SocketsErrorCode = keyof typeof SOCKETS_ERRORS;

/** One failure: its code, and what happened in this case. */
export type SocketsError = { readonly code: SocketsErrorCode; readonly detail: string };
