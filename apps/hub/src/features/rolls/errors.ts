/** What can go wrong with the roll in the hub, and what to do. docs/reference/errors.md lists it. */
import { defineErrors, err, type Result } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const ROLL_ERRORS = defineErrors({
  ROLL_ABSENT: {
    message: 'This hub keeps no roll yet.',
    status: 404,
    help: 'Begin one with `bellwether rolls genesis`.',
  },
  ROLL_EXISTS: {
    message: 'This hub keeps a roll already.',
    status: 409,
    help: 'A roll begins once. To try another one, use another data folder.',
  },
  ROLL_INPUT_WRONG: {
    message: 'A file that was named cannot be used.',
    status: 422,
    help: 'Mend what is named, and run the command again. Nothing was written or sealed.',
  },
  ROLL_VAULT_UNUSABLE: {
    message: 'The vault, which holds the keys of voters, cannot be used.',
    status: 500,
    help: 'What is wrong is named. The folder of the vault belongs to the account of the hub, and nobody else may read it.',
  },
  ROLL_VAULT_ABSENT: {
    message: 'The vault, which holds the keys of voters, is not here.',
    status: 503,
    help: 'It is in no backup of the hub. Bring back the vault itself, or the first copy of it that was made after the roll was sealed last, with all of its files: `rolls.vaultCopies` names the folder.',
  },
  ROLL_READER_ABSENT: {
    message: 'The key of the reader is not here, and no other key may sign what was read.',
    status: 503,
    help: 'It is in no backup of the hub. Put the file `rolls-reader` back from where it was kept.',
  },
  ROLL_VAULT_UNCOPIED: {
    message: 'The nightly copy of the vault was not made, or an old one is still there.',
    status: 500,
    help: 'The folder under `rolls.vaultCopies` has to be there, outside of the data folder, and the account of the hub has to write into it. The night went on without.',
  },
  ROLL_LOCKED: {
    message: 'Another program holds the roll.',
    status: 409,
    help: 'It is named. Stop it first, or do this in the desk of the hub that runs.',
  },
  ROLL_DAMAGED: {
    message: 'The files of the roll do not agree with the log.',
    status: 500,
    help: 'Nothing was written. Keep the folder as it is, and bring back the file that is named from a backup.',
  },
  ROLL_UNWRITABLE: {
    message: 'A file of the roll cannot be written.',
    status: 500,
    help: 'Make room, or check the owner of the folder, and try again. Nothing that was signed is lost.',
  },
  ROLL_LOG_REFUSED: {
    message: 'The log did not take the entry.',
    status: 503,
    help: 'What it said is named. Nothing was changed; try again.',
  },
  ROLL_RULE_BROKEN: {
    message: 'The rules of the roll do not allow this.',
    status: 409,
    help: 'The rule is named. Nothing was written into the log.',
  },
  ROLL_SHEET_UNKNOWN: {
    message: 'There is no such sheet.',
    status: 404,
    help: 'Look at the list again: it may have been replaced by a newer one.',
  },
  ROLL_SHEET_DONE: {
    message: 'This sheet is closed.',
    status: 409,
    help: 'It was signed, refused or has expired. Look at the list of sheets again.',
  },
  ROLL_SHEET_CHANGED: {
    message: 'The sheet has changed since it was shown.',
    status: 409,
    help: 'Load it again, compare the four words again, and then sign.',
  },
  ROLL_SHEET_UNLOOKED: {
    message: 'Nobody of the office has said yet that they looked at all changes of this sheet.',
    status: 409,
    help: 'Go through the list, refuse what is not yours, and say that you have looked. The words to compare come after that.',
  },
  ROLL_SHEET_GUARDED: {
    message: 'A sheet of protected voters is not given away as a file or as letters.',
    status: 409,
    help: 'Look at it here. Its words are compared at the state office, beside the batch in the log.',
  },
  ROLL_NOT_SEALED: {
    message: 'The changes of this sheet are not sealed yet.',
    status: 409,
    help: 'A receipt is checked against a sealed night. Try again after the next seal.',
  },
  ROLL_SHEET_LATER: {
    message: 'An older sheet of this office comes first.',
    status: 409,
    help: 'Sign or refuse the older sheet; then this one can be signed.',
  },
  ROLL_SIGNER_UNKNOWN: {
    message: 'This key may not sign here.',
    status: 403,
    help: 'It has to be announced in the log by an older key of the office, or by two other offices, and then be public for three days.',
  },
  ROLL_SIGNATURE_WRONG: {
    message: 'The signature is not over this sheet.',
    status: 422,
    help: 'Nothing was signed. Load the sheet again and compare the four words before you sign.',
  },
  ROLL_RECORDS_UNKNOWN: {
    message: 'Some of these records are not on the sheet.',
    status: 422,
    help: 'Load the sheet again: it may have changed.',
  },
  ROLL_NIGHT_ABSENT: {
    message: 'There is nothing to seal.',
    status: 409,
    help: 'Run `bellwether rolls reconcile` first.',
  },
  ROLL_NIGHT_STALE: {
    message: 'The comparison is older than the last signatures.',
    status: 409,
    help: 'Run `bellwether rolls reconcile` again, then seal.',
  },
  ROLL_NIGHT_WRONG: {
    message: 'What the comparison left behind does not agree with the log.',
    status: 422,
    help: 'Nothing was sealed. Run `bellwether rolls reconcile` again; if it stays so, call whoever looks after the hub.',
  },
  ROLL_RECORD_UNKNOWN: {
    message: 'There is no such record in the roll.',
    status: 404,
    help: 'Check the number of the record.',
  },
  ROLL_ERASE_HELD: {
    message: 'This record may not be erased now.',
    status: 409,
    help: 'The reason is named: a retention time, a legal hold, an open incident, or the record is still live.',
  },
  ROLL_ERASE_ONE_PERSON: {
    message: 'Two different people have to agree to an erasure.',
    status: 409,
    help: 'Ask another administrator.',
  },
  ROLL_OPENINGS_MALFORMED: {
    message: 'This is no request for openings.',
    status: 400,
    help: 'It is a signed note, as `bellwether-agent witness run --rows` sends it.',
  },
  ROLL_OPENINGS_STRANGER: {
    message: 'Openings go to witnesses that stand for an office or are named as auditors.',
    status: 403,
    help: 'Ask the state office whether your keys are in the policy, and your name in `rolls.witnessOffices` or `rolls.auditors`.',
  },
  ROLL_OPENINGS_CLOCK: {
    message: 'The time of the request is more than ten minutes away from that of the hub.',
    status: 403,
    help: 'Set the clock of the computer of the witness, best by NTP.',
  },
  ROLL_OPENINGS_AGAIN: {
    message: 'This request was answered before, or is older than the hub.',
    status: 409,
    help: 'Ask again in a minute: a request is good for one answer.',
  },
  ROLL_OPENINGS_OTHER: {
    message: 'The request is about another log, or not about the last seal.',
    status: 409,
    help: 'Read the log again, and ask for its last seal.',
  },
  ROLL_OPENINGS_NONE: {
    message: 'There is nothing to open yet.',
    status: 404,
    help: 'Ask again after the next night is sealed.',
  },
  ROLL_OPENINGS_BUSY: {
    message: 'The hub answers other witnesses at this moment.',
    status: 429,
    help: 'Ask again in a minute.',
  },
});

export type RollErrorCode = keyof typeof ROLL_ERRORS;

/** One failure: its code, and what happened in this case. */
export type RollError = { readonly code: RollErrorCode; readonly detail: string };

/** A failure as a result. */
export function rollRefused(code: RollErrorCode, detail: string): Result<never, RollError> {
  return err({ code, detail });
}
