/** What can go wrong between the hub and who asks it over HTTP, and what to do. docs/reference/errors.md lists it. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const HTTP_ERRORS = defineErrors({
  HTTP_ADDRESS_REFUSED: {
    message: 'The hub was to listen on an address that other machines reach.',
    status: 403,
    help: 'Set up an administrator under /set-up, at the computer of the hub: then it opens the address by itself.',
  },
  HTTP_ADDRESS_TAKEN: {
    message: 'Another program listens on the port of the hub already.',
    status: 409,
    help: 'Stop that program, or give the hub another port with `--port`.',
  },
  HTTP_ADDRESS_UNUSABLE: {
    message: 'The system does not let the hub listen on its port.',
    status: 500,
    help: 'Use a port above 1023.',
  },
  HTTP_TOKEN_UNREADABLE: {
    message: 'The secret of the desk cannot be read or made.',
    status: 500,
    help: 'Check that the file `token` in the data folder belongs to the user of the hub; if it is damaged, remove it and start again: a new one is made.',
  },
  HTTP_TOKEN_MISSING: {
    message: 'Nobody is signed in.',
    status: 401,
    help: 'Open the address that the hub printed when it started, or send the header `Authorization: Bearer TOKEN`.',
  },
  HTTP_TOKEN_WRONG: {
    message: 'The token is not that of this hub.',
    status: 401,
    help: 'Open the address that the hub printed when it started; `bellwether up` prints it again.',
  },
  HTTP_TOKEN_TOO_OFTEN: {
    message: 'Wrong tokens came too often.',
    status: 429,
    help: 'Wait a minute; whoever has the right token is let in all the same.',
  },
  HTTP_HOST_REFUSED: {
    message: 'The hub was asked under a name that is not its own.',
    status: 421,
    help: 'Use https:// and the name of the hub; on its own machine also http://localhost with the port that it printed.',
  },
  HTTP_CROSS_SITE: {
    message: 'Another page tried to act in the name of who is signed in.',
    status: 403,
    help: 'Act from the pages of the hub itself; programs send the token in the header `Authorization`.',
  },
  HTTP_NOT_FOUND: {
    message: 'There is nothing at this address.',
    status: 404,
    help: 'Check the spelling; /api/openapi.json lists what there is.',
  },
  HTTP_REQUEST_INVALID: {
    message: 'The request cannot be understood.',
    status: 400,
    help: 'Correct what is named; /api/openapi.json says what every question may hold.',
  },
  HTTP_HEADERS_TOO_LARGE: {
    message: 'The headers or the address of the request are too long.',
    status: 431,
    help: 'Send fewer and shorter headers, 16 KiB in all.',
  },
  HTTP_TOO_SLOW: {
    message: 'The request took too long to arrive.',
    status: 408,
    help: 'Send it again; large batches in smaller parts.',
  },
  HTTP_MEDIA_TYPE: {
    message: 'The content is of a type that is not read here.',
    status: 415,
    help: 'JSON is read at most addresses; lines are read as text/plain, application/x-ndjson or application/octet-stream, packed with gzip or not.',
  },
  HTTP_BODY_TOO_LARGE: {
    message: 'The content is too large.',
    status: 413,
    help: 'Send it in smaller parts; nothing was kept.',
  },
  HTTP_BODY_DAMAGED: {
    message: 'The packed content is damaged or cut off.',
    status: 400,
    help: 'Pack and send it again; nothing was kept.',
  },
  HTTP_BODY_UNFINISHED: {
    message: 'The connection ended in the middle of the content.',
    status: 400,
    help: 'Send it again under the same number; nothing was kept.',
  },
  HTTP_BATCH_INVALID: {
    message: 'The header Bellwether-Batch cannot be read.',
    status: 422,
    help: 'Write `CLIENT/SEQUENCE`: up to 64 letters, digits, dots, hyphens and underscores, and a whole number.',
  },
  HTTP_BUSY: {
    message: 'Too much is asked of the hub at once.',
    status: 503,
    help: 'Do it again in a moment; lines are sent again under the same number.',
  },
  HTTP_DATABASE_AWAY: {
    message: 'The database of the hub does not answer.',
    status: 503,
    help: 'Wait a moment: the hub starts it again by itself, and takes in lines meanwhile.',
  },
  HTTP_DESK_MISSING: {
    message: 'The pages of the desk are not there.',
    status: 503,
    help: 'Run `npm run build` once and start the hub again.',
  },
  HTTP_STOPPING: {
    message: 'The hub is stopping.',
    status: 503,
    help: 'Ask again in a moment.',
  },
  HTTP_UNEXPECTED: {
    message: 'The hub met with a defect of its own.',
    status: 500,
    help: 'It starts again by itself, and nothing acknowledged is lost; please report what its log says.',
  },
});

export type HttpErrorCode = keyof typeof HTTP_ERRORS;

/** One failure: its code, and what happened in this case. */
export type HttpError = { readonly code: HttpErrorCode; readonly detail: string };

/** A failure. */
export function httpError(code: HttpErrorCode, detail: string): HttpError {
  return { code, detail };
}
