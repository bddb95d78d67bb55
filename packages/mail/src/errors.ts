/** What can go wrong with mail. docs/reference/errors.md lists it. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const MAIL_ERRORS = defineErrors({
  MAIL_EMPTY: {
    message: 'This is no message: there is nothing in it.',
    status: 422,
    help: 'Nothing was judged. Give the message as it came, with its header (`.eml`).',
  },
  MAIL_NOTHING_TO_LEARN: {
    message: 'There are too few messages to learn from.',
    status: 422,
    help: 'A hundred of each kind are needed, bad and good; with fewer, nothing that is learned can be relied on.',
  },
  MAIL_OFFICE_UNREADABLE: {
    message: 'The file of an office cannot be used as it is.',
    status: 422,
    help: 'Mend the lines that are named. What a file takes stands in docs/reference/office-file.md.',
  },
  MAIL_WEIGHTS_UNREADABLE: {
    message: 'What was learned cannot be read.',
    status: 422,
    help: 'Learn again with `bellwether mail learn`; until then mail is judged with what is shipped.',
  },
});

export type MailErrorCode = keyof typeof MAIL_ERRORS;

/** One failure: its code, and what happened in this case. */
export type MailError = { readonly code: MailErrorCode; readonly detail: string };
