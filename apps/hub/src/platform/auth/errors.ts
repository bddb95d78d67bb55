/** What can go wrong when somebody shows who they are, or wants what is not theirs. docs/reference/errors.md lists it. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const AUTH_ERRORS = defineErrors({
  AUTH_SIGNED_OUT: {
    message: 'You are not signed in.',
    status: 401,
    help: 'Sign in with your passkey; if you have none yet, ask the state office for a code.',
  },
  AUTH_SESSION_IDLE: {
    message: 'You were signed out because nothing was done for half an hour.',
    status: 401,
    help: 'Sign in again with your passkey.',
  },
  AUTH_SESSION_OVER: {
    message: 'You were signed out because twelve hours had passed.',
    status: 401,
    help: 'Sign in again with your passkey.',
  },
  AUTH_SESSION_ELSEWHERE: {
    message: 'You were signed out because this page was asked for from another network.',
    status: 401,
    help: 'Sign in again. If you did not change your network, call the state office: somebody may have copied your sign-in.',
  },
  AUTH_SESSION_ENDED: {
    message: 'This sign-in was ended.',
    status: 401,
    help: 'Sign in again; if that does not work, ask the state office whether you still have access.',
  },
  AUTH_STEP_UP: {
    message: 'This needs your passkey once more.',
    status: 401,
    help: 'Show your passkey, and do it again within five minutes.',
  },
  AUTH_NOT_YOURS: {
    message: 'You may not do or see this.',
    status: 403,
    help: 'Ask the state office if you need it for your work; it can give you the role.',
  },
  AUTH_CODE_WRONG: {
    message: 'This code does not open anything.',
    status: 403,
    help: 'Check each digit. A code works once and for fifteen minutes; the state office can read you a new one.',
  },
  AUTH_CODE_MISTYPED: {
    message: 'There is a slip of the hand in this code.',
    status: 422,
    help: 'Compare each character with the printed page and type it again; it was not used up.',
  },
  AUTH_TEXT_INVALID: {
    message: 'This text cannot be kept.',
    status: 422,
    help: 'Write it in one line of ordinary letters, digits and signs.',
  },
  AUTH_TOO_OFTEN: {
    message: 'There were too many attempts.',
    status: 429,
    help: 'Wait a minute and try again, or call the state office.',
  },
  AUTH_PASSKEY_REFUSED: {
    message: 'The passkey was not accepted.',
    status: 403,
    help: 'Try again, with your fingerprint, face or PIN. If it stays so, ask the state office for a code for this device.',
  },
  AUTH_CEREMONY_OVER: {
    message: 'It took too long, or was begun in another window.',
    status: 409,
    help: 'Begin again on this page.',
  },
  AUTH_RECOVERY_WAITS: {
    message: 'A second administrator has to agree first.',
    status: 409,
    help: 'Call another administrator, who agrees under People and reads you a code.',
  },
  AUTH_DIRECTORY_REFUSED: {
    message: 'The sign-in of your office did not let you in here.',
    status: 403,
    help: 'Ask whoever runs the directory of your office whether you are in the group for Bellwether.',
  },
  AUTH_DIRECTORY_AWAY: {
    message: 'The directory of your office does not answer.',
    status: 502,
    help: 'Try again in a minute, or sign in with your passkey.',
  },
  AUTH_GRANT_INVALID: {
    message: 'This role cannot be given like this.',
    status: 422,
    help: 'Roles of the state are given at the state, those of an office at the office, and those of people from outside need an end within three months.',
  },
  AUTH_LAST_ADMINISTRATOR: {
    message: 'This is the last administrator.',
    status: 409,
    help: 'Invite another administrator first, and wait until they have signed in.',
  },
  AUTH_PERSON_UNKNOWN: {
    message: 'Nobody here has this number.',
    status: 404,
    help: 'Look the person up under People.',
  },
  AUTH_PERSON_STATE: {
    message: 'This cannot be done for this person now.',
    status: 409,
    help: 'Look at the person under People: they may be removed, not enrolled yet, or enrolled already.',
  },
  AUTH_LAST_PASSKEY: {
    message: 'This is your last passkey.',
    status: 409,
    help: 'Add another device first, or you could not sign in any more.',
  },
  AUTH_PASSKEY_UNKNOWN: {
    message: 'You have no such passkey.',
    status: 404,
    help: 'Load the list of your devices again: you may have removed it already.',
  },
  AUTH_TOO_MANY_PASSKEYS: {
    message: 'You have a dozen passkeys already.',
    status: 409,
    help: 'Remove one that you no longer use, then add this device.',
  },
  AUTH_KEY_UNKNOWN: {
    message: 'There is no such key.',
    status: 404,
    help: 'Look at the list of keys again: it may have been withdrawn already.',
  },
});

export type AuthErrorCode = keyof typeof AUTH_ERRORS;

/** One failure: its code, and what happened in this case. */
export type AuthError = { readonly code: AuthErrorCode; readonly detail: string };

/** A failure. */
export function authError(code: AuthErrorCode, detail: string): AuthError {
  return { code, detail };
}
