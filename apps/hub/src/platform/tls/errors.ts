/** What can go wrong with HTTPS of the hub, and what to do. docs/reference/errors.md lists it. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const TLS_ERRORS = defineErrors({
  TLS_FILE_UNREADABLE: {
    message: 'A certificate or its key cannot be read.',
    status: 500,
    help: 'Check the path in bellwether.yaml under `https`, and that the user of the hub may read the file.',
  },
  TLS_FILE_UNWRITABLE: {
    message: 'A certificate, its key or a list of revoked ones cannot be kept.',
    status: 500,
    help: 'Check that the folder `tls` in the data folder belongs to the user of the hub, and that the disk has room.',
  },
  TLS_CERTIFICATE_INVALID: {
    message: 'The certificate cannot be used.',
    status: 422,
    help: 'Give the whole chain as PEM, the leaf first, with the key that belongs to it; it has to name the hub and be in force.',
  },
  TLS_KEY_MISMATCH: {
    message: 'The key does not belong to the certificate.',
    status: 422,
    help: 'Give the key that the certificate was asked for with.',
  },
  TLS_KEY_OPEN: {
    message: 'Others may read the key of the certificate.',
    status: 422,
    help: 'Run `chmod 600` on the key file, or give it to the group of the hub alone.',
  },
  TLS_ACME_FAILED: {
    message: 'No certificate was issued by the directory.',
    status: 502,
    help: 'Check that the name of the hub leads to this machine and that port 80 of it is reached from outside; the hub tries again by itself.',
  },
  TLS_OWN_CA_DAMAGED: {
    message: 'The own small CA of the hub cannot be read.',
    status: 500,
    help: 'Put back your copy of the folder `tls` (backups do not hold it); if there is none, remove it, and let people trust the new one.',
  },
  TLS_OWN_CA_OVER: {
    message: 'The own small CA of the hub has come to its end.',
    status: 500,
    help: 'Move the folder `tls/own` away and start again: the hub makes another CA, which people then have to trust.',
  },
  TLS_REQUEST_REFUSED: {
    message: 'No certificate is given for this request.',
    status: 422,
    help: 'Make the request again, with a fresh key on the curve P-256, and send it whole as PEM.',
  },
});

export type TlsErrorCode = keyof typeof TLS_ERRORS;

/** One failure: its code, and what happened in this case. */
export type TlsError = { readonly code: TlsErrorCode; readonly detail: string };

/** A failure. */
export function tlsError(code: TlsErrorCode, detail: string): TlsError {
  return { code, detail };
}
