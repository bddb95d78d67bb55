/** Failures around mail as they are told at a command line. */
import { MAIL_ERRORS, type MailError } from '@bellwether/mail';
import { MAIL_FILE_ERRORS, type MailFileError } from './files/errors.ts';

/** What happened, and what to do. */
export function describeMailError({ code, detail }: MailError | MailFileError): string {
  const { message, help } =
    code in MAIL_FILE_ERRORS
      ? MAIL_FILE_ERRORS[code as keyof typeof MAIL_FILE_ERRORS]
      : MAIL_ERRORS[code as keyof typeof MAIL_ERRORS];
  return `${message} ${detail}\n  ${help} (${code})`;
}
