/** What can go wrong with reports about our domains. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const DOMAIN_REPORT_ERRORS = defineErrors({
  DOMAIN_REPORT_NONE: {
    message: 'There is no report of this kind in it.',
    status: 422,
    help: 'Give the message as it came (`.eml`), or the file that was attached to it.',
  },
  DOMAIN_REPORT_TOO_LARGE: {
    message: 'A report is larger than reports are.',
    status: 413,
    help: 'It was not read, since packed files can be made to fill a machine. If its sender is known, ask for smaller ones.',
  },
  DOMAIN_REPORT_DAMAGED: {
    message: 'A packed report is damaged.',
    status: 422,
    help: 'Nothing in it was counted. Look at the message that it came with; the next report of this sender may be whole.',
  },
  DOMAIN_REPORT_FORBIDDEN: {
    message: 'A report declares a document type or entities, which no report needs.',
    status: 422,
    help: 'It was not read: such declarations are used to attack programs. Look at who sent it.',
  },
  DOMAIN_REPORT_UNREADABLE: {
    message: 'A report lacks what it needs to be read, or is not written as the standard says.',
    status: 422,
    help: 'Nothing in it was counted; what is missing is named. Its sender can mend it.',
  },
});

export type DomainReportErrorCode = keyof typeof DOMAIN_REPORT_ERRORS;

/** One failure: its code, and what happened in this case. */
export type DomainReportError = { readonly code: DomainReportErrorCode; readonly detail: string };
