/** What can go wrong around mail in files and a person can do something about. docs/reference/errors.md is written from it. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const MAIL_FILE_ERRORS = defineErrors({
  MAIL_FILE_MISSING: {
    message: 'A file does not exist.',
    status: 404,
    help: 'Check the spelling and the folder; nothing was judged.',
  },
  MAIL_FILE_UNREADABLE: {
    message: 'A file could not be read.',
    status: 403,
    help: 'Check its permissions and the disk, or run as a user who may read it.',
  },
  MAIL_FILE_TOO_LARGE: {
    message: 'A file is larger than a mailbox may be.',
    status: 413,
    help: 'Split the mailbox into messages, and name the folder that they are in.',
  },
  MAIL_FILES_TOO_MANY: {
    message: 'There are more files than one command reads.',
    status: 413,
    help: 'Name parts of the folder, one after the other.',
  },
  MAIL_MANIFEST_WRONG: {
    message: 'The list of labelled messages makes no sense.',
    status: 422,
    help: 'It is CSV with a first line `path,label`, and labels phish, spam or ham; what is wrong, and where, is in the message.',
  },
  MAIL_SETTINGS_WRONG: {
    message: 'The settings of reports and of the pull-back make no sense.',
    status: 422,
    help: 'It is YAML as docs/how/mail.md shows it; what is wrong, and where, is in the message.',
  },
  MAIL_ZONE_WRONG: {
    message: 'The file that answers for DNS makes no sense.',
    status: 422,
    help: 'It is JSON: a list of { "name", "type", "value" }, as `bellwether testkit mail` writes it.',
  },
});

export type MailFileErrorCode = keyof typeof MAIL_FILE_ERRORS;

/** One failure: its code, and what happened in this case. */
export type MailFileError = { readonly code: MailFileErrorCode; readonly detail: string };
