/** What can go wrong with mailboxes on a mail server and a person can do something about. docs/reference/errors.md is written from it. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const MAILBOX_ERRORS = defineErrors({
  MAILBOX_SERVER_UNREACHABLE: {
    message: 'The mail server cannot be reached.',
    status: 502,
    help: 'Check its name, its port, its certificate and the network. Nothing was moved; it can be tried again.',
  },
  MAILBOX_SERVER_UNSAFE: {
    message: 'The mail server would be asked without encryption.',
    status: 422,
    help: 'Set TLS, from the start or by STARTTLS. Only a server on this machine may be asked without.',
  },
  MAILBOX_LOGIN_REFUSED: {
    message: 'The mail server does not let us into the mailbox.',
    status: 403,
    help: 'Check the account and its password, and that it may read and move mail of this mailbox.',
  },
  MAILBOX_SERVER_STOPPED: {
    message: 'The mail server stopped in the middle.',
    status: 502,
    help: 'What was done until then is told. Do the same again: what is moved already is not moved twice.',
  },
  MAILBOX_SERVER_SLOW: {
    message: 'The mail server took too long.',
    status: 504,
    help: 'What was done until then is told. Do the same again later: what is moved already is not moved twice.',
  },
  MAILBOX_REFUSED: {
    message: 'The mail server refused what it was asked for.',
    status: 502,
    help: 'Its own words are given. A full mailbox and missing rights are the usual reasons; nothing was deleted.',
  },
  MAILBOX_ANSWER_WRONG: {
    message: 'The mail service answered something that makes no sense.',
    status: 502,
    help: 'Check the address of the service, and what stands between: a proxy that asks for a password answers like this.',
  },
  MAILBOX_CANNOT_MOVE: {
    message: 'The mail server cannot move a message safely.',
    status: 501,
    help: 'It knows neither MOVE (RFC 6851) nor UIDPLUS (RFC 4315). Move the message by hand.',
  },
  MAILBOX_FOLDER_WRONG: {
    message: 'The name of a folder makes no sense.',
    status: 422,
    help: 'Take 1 to 100 characters, without line ends, quotes, backslashes, "*", "%" and slashes.',
  },
  MAILBOX_MESSAGE_GONE: {
    message: 'The message is no longer in the mailbox.',
    status: 404,
    help: 'Somebody deleted it or moved it out. Nothing was moved; look into the trash with the owner of the mailbox.',
  },
});

export type MailboxErrorCode = keyof typeof MAILBOX_ERRORS;

/**
 * What had been done when it failed. `nothing`: the message is where it was. `copied`: it is where it was,
 * and perhaps in the other folder as well.
 * `unknown`: the server was told to move it and did not answer; it is in one of both folders.
 */
export type DoneUntilThen = 'nothing' | 'copied' | 'unknown';

/** One failure: its code, what happened in this case, and what was done until then. */
export type MailboxError = {
  readonly code: MailboxErrorCode;
  readonly detail: string;
  readonly done: DoneUntilThen;
};
