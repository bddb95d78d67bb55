/** What can be in the way of checking, and what a check can say. docs/reference/errors.md lists it. */
import { defineErrors } from '@bellwether/basics';
import { EVIDENCE_ERRORS, type EvidenceErrorCode } from '@bellwether/evidence';
import { ROLLS_ERRORS, type RollsErrorCode } from '@bellwether/rolls';

/** The catalogue: by code, what happened and what to do. */
export const VERIFY_ERRORS = defineErrors({
  VERIFY_UNREADABLE: {
    message: 'What is to be checked cannot be read.',
    status: 400,
    help: 'Check the path that is named, and that the file is the one you mean.',
  },
  VERIFY_LOG_AWAY: {
    message: 'The log does not answer.',
    status: 502,
    help: 'Check the address, or take a copy of the log from somebody else: any copy will do.',
  },
  VERIFY_NOT_FRESH: {
    message: 'What enough witnesses signed is too old.',
    status: 422,
    help: 'Ask again later. If it stays so, the log has stopped or is being hidden from you: call the state office and a witness.',
  },
  VERIFY_NOT_IN_LOG: {
    message: 'This does not stand in the log.',
    status: 422,
    help: 'Do not rely on it. Ask whoever gave it to you where it comes from.',
  },
  VERIFY_ENTRIES_DIFFER: {
    message: 'The entries are not those that the witnesses have seen.',
    status: 422,
    help: 'This copy of the log is damaged or changed. Keep it, get another copy, and call a witness.',
  },
  VERIFY_RECORD_DIFFERS: {
    message: 'The roll has something else than what you hold.',
    status: 422,
    help: 'Call your election office with your receipt in your hand.',
  },
  VERIFY_NO_ROLL: {
    message: 'No night of a roll was sealed in this log yet.',
    status: 422,
    help: 'Wait for the first night, or check that it is the right log.',
  },
  VERIFY_OTHER_GENESIS: {
    message: 'This log begins with another genesis than the one that you named.',
    status: 422,
    help: 'Do not rely on it. Compare the hash with where you have it from.',
  },
  VERIFY_OTHER_LOG: {
    message: 'This belongs to another log.',
    status: 422,
    help: 'Use the policy and the address of the log that it is of.',
  },
  VERIFY_STOPPED: {
    message: 'The check was stopped before its end.',
    status: 499,
    help: 'Nothing was found wrong so far, and nothing is proven. Start it again.',
  },
});

export type VerifyErrorCode = keyof typeof VERIFY_ERRORS;

/** One failure: its code (of a package, or of ours), and what happened in this case. */
export type VerifyError = {
  readonly code: VerifyErrorCode | EvidenceErrorCode | RollsErrorCode;
  readonly detail: string;
};

/** Failures that leave the question open: something could not be read. With all others it was looked at, and the answer is "no". */
const OPEN: ReadonlySet<string> = new Set<VerifyError['code']>([
  'VERIFY_UNREADABLE',
  'VERIFY_LOG_AWAY',
  'VERIFY_STOPPED',
  'VERIFY_NO_ROLL',
  'EVIDENCE_MALFORMED',
  'EVIDENCE_TILE_MISSING',
  'ROLLS_RECEIPT_MALFORMED',
]);

/** Whether it was checked, and is wrong. */
export function isAnsweredNo({ code }: VerifyError): boolean {
  return !OPEN.has(code);
}

/** What a failure says to people: what happened, and what to do. */
export function explainFailure({ code }: VerifyError): { readonly message: string; readonly help: string } {
  return { ...EVIDENCE_ERRORS, ...ROLLS_ERRORS, ...VERIFY_ERRORS }[code];
}
