/** What can go wrong in the mail room. docs/reference/errors.md lists it. */
import { defineErrors, type ErrorEntry } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const MAIL_ROOM_ERRORS = defineErrors({
  MAIL_UNKNOWN: {
    message: 'There is no such message here.',
    status: 404,
    help: 'Open the list again. What was delivered is forgotten after ninety days.',
  },
  MAIL_NOT_HELD: {
    message: 'The message is not held any more.',
    status: 409,
    help: 'Somebody let it go already, or it was refused, and then its sender has it.',
  },
  MAIL_NOT_KEPT: {
    message: 'The message itself is not kept here.',
    status: 404,
    help: 'The mail server that holds it has it; whoever looks after that server can show it.',
  },
  MAIL_NOT_READABLE: {
    message: 'This is no mail message.',
    status: 422,
    help: 'Give the message with all its headers: save it as a file (.eml), or copy "show original".',
  },
  MAIL_PART_UNKNOWN: {
    message: 'The message has no such part.',
    status: 404,
    help: 'Open the message again; its files are listed with their numbers.',
  },
  MAIL_PART_NOT_SHOWN: {
    message: 'This file cannot be shown safely.',
    status: 422,
    help: 'Ask who sent it for the same as a PDF, by a way that you know is theirs.',
  },
  MAIL_REPORT_UNKNOWN: {
    message: 'No such report waits for an answer.',
    status: 404,
    help: 'Open the list again: somebody else answered it.',
  },
  MAIL_REPORT_OF_STATE: {
    message: 'Only the state office says that a reported message is fraud.',
    status: 403,
    help: 'It is moved out of the mailboxes of all offices then. Call the state office if it is urgent.',
  },
  MAIL_INDICATOR_WRONG: {
    message: 'Mail cannot be known by this.',
    status: 422,
    help: 'Give a whole link with its path (https://host/path), of nobody who is on the list, or the SHA-256 of a file as 64 hex digits.',
  },
  MAIL_ORDER_UNKNOWN: {
    message: 'There is no such order, or it is done.',
    status: 404,
    help: 'Ask for the orders again.',
  },
  MAIL_LIST_WRONG: {
    message: 'The list cannot be read.',
    status: 422,
    help: 'The mistakes are told with their lines (docs/reference/office-file.md). The list stays as it was.',
  },
  MAIL_LIST_CHANGED: {
    message: 'Somebody else changed the list meanwhile.',
    status: 409,
    help: 'Copy what you wrote, open the list again, and put it in.',
  },
  MAIL_OFFICE_UNKNOWN: {
    message: 'A hook told of an office that there is not.',
    status: 422,
    help: 'Set "own" in the office file of the hook to the number of an office, or to "state".',
  },
});

export type MailRoomErrorCode = keyof typeof MAIL_ROOM_ERRORS;

/** One failure: its code, and what happened in this case. */
export type MailRoomError = { readonly code: MailRoomErrorCode; readonly detail: string };

/** What the catalogue says of a failure. */
export function mailRoomEntry({ code }: MailRoomError): ErrorEntry {
  return MAIL_ROOM_ERRORS[code];
}
