/** What can be wrong with rolls. docs/reference/errors.md lists it. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const ROLLS_ERRORS = defineErrors({
  ROLLS_MAPPING_INVALID: {
    message: 'The mapping does not say what it has to.',
    status: 422,
    help: 'Mend the line that is named; nothing was read or sealed.',
  },
  ROLLS_ROW_UNREADABLE: {
    message: 'A row of the registration database cannot be read.',
    status: 422,
    help: 'Look at the row that is named. Nothing was sealed; take the dump again if it was cut off.',
  },
  ROLLS_DUMP_INCOMPLETE: {
    message: 'The dump is not whole.',
    status: 422,
    help: 'Take it again: it ends in the middle, misses a column, or is far smaller than the last one. Nothing was sealed.',
  },
  ROLLS_ENTRY_MALFORMED: {
    message: 'An entry of the log is not in the form that it has to be.',
    status: 422,
    help: 'The log was written by a broken program or changed. Keep a copy of it, and tell the witnesses.',
  },
  ROLLS_FOLD_REFUSED: {
    message: 'The log changes the roll in a way that its own rules forbid.',
    status: 422,
    help: 'The entry that is named should not be there. Keep a copy of the log, and call the state office and the witnesses.',
  },
  ROLLS_SIGNATURE_WRONG: {
    message: 'A batch is not signed as it has to be.',
    status: 422,
    help: 'Do not rely on it. The office has to sign again what it sees on its own screen.',
  },
  ROLLS_STATE_DIFFERS: {
    message: 'What is computed is not the root that the log tells.',
    status: 422,
    help: 'The state was changed without a transaction, or a file is damaged. Get the files again; if it stays so, call the state office.',
  },
  ROLLS_PROOF_WRONG: {
    message: 'The proof does not lead to the root.',
    status: 422,
    help: 'Get it again from the log. If it stays so, the record is not in the roll as you were told.',
  },
  ROLLS_RECEIPT_MALFORMED: {
    message: 'This is no receipt.',
    status: 422,
    help: 'Scan or type it again; the last letters are a check on the others.',
  },
  ROLLS_OPENINGS_MALFORMED: {
    message: 'These are no openings of records, or they do not belong to what was sealed.',
    status: 422,
    help: 'Ask the hub for them again. If it stays so, tell the state office and two witnesses; nothing was stated.',
  },
});

export type RollsErrorCode = keyof typeof ROLLS_ERRORS;

/** One failure: its code, and what happened in this case. */
export type RollsError = { readonly code: RollsErrorCode; readonly detail: string };
