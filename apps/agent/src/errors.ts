/** What can go wrong in an office. docs/reference/errors.md lists it. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const AGENT_ERRORS = defineErrors({
  WITNESS_STATE_MISSING: {
    message: 'There is no witness at this place.',
    status: 404,
    help: 'Check the path behind `--state`; `bellwether-agent witness init` makes a new witness.',
  },
  WITNESS_STATE_TAKEN: {
    message: 'There is a witness at this place already.',
    status: 409,
    help: 'Name another file with `--state`. A witness that was made is never written over.',
  },
  WITNESS_STATE_UNREADABLE: {
    message: 'The state of the witness cannot be read.',
    status: 422,
    help: 'Keep the file as it is, and call the state office: this witness has to be made anew, with new keys.',
  },
  WITNESS_STATE_OPEN: {
    message: 'Other users of this computer can read the keys of the witness.',
    status: 403,
    help: 'Close the file with `chmod 600`, and tell the state office if somebody may have read it.',
  },
  WITNESS_STATE_IN_USE: {
    message: 'The witness runs already.',
    status: 409,
    help: 'Stop the other one first: two that share one memory could sign two different things.',
  },
  WITNESS_STATE_UNWRITABLE: {
    message: 'The witness cannot keep what it would have to remember, so it signs nothing.',
    status: 503,
    help: 'Look whether the disk is full, and who owns the folder of the state.',
  },
  WITNESS_STOPPED: {
    message: 'The witness has stopped, and a person has to look.',
    status: 503,
    help: 'Run `bellwether-agent witness status` to see why; after you have checked, `witness resume --i-have-checked`.',
  },
  WITNESS_CLOCK_BEHIND: {
    message: 'The clock of this computer is behind the last thing that the witness signed.',
    status: 503,
    help: 'Set the clock, best by NTP, and start the witness again.',
  },
  WITNESS_LOG_UNKNOWN: {
    message: 'The witness was not told which log to watch.',
    status: 422,
    help: 'Name the key of the log with `--log`, as the state office reads it to you.',
  },
  WITNESS_LOG_OTHER_KEY: {
    message: 'This is not the key that the witness knows of this log.',
    status: 409,
    help: 'Compare the key with the state office by phone. If the log really has a new one, make a new witness for it.',
  },
  WITNESS_POLICY_MALFORMED: {
    message: 'This is no proposal of a policy.',
    status: 422,
    help: 'It is the text that `bellwether rolls policy propose` wrote. Let the state office send it again, as a file.',
  },
  WITNESS_POLICY_STRANGER: {
    message: 'This proposal is not for this witness to sign.',
    status: 409,
    help: 'The reason is named. Call the state office on a number that you know.',
  },
  WITNESS_HUB_AWAY: {
    message: 'The hub cannot be reached, or does not answer as it has to.',
    status: 502,
    help: 'Check the address and the connection. The witness tries again by itself.',
  },
  WITNESS_LOG_REFUSED: {
    message: 'The log shows something that the witness must not sign.',
    status: 422,
    help: 'Keep the files that are named, and call the other witnesses before you call the state office.',
  },
  WITNESS_ROWS_UNREADABLE: {
    message: 'The own rows, or the openings that the hub gave for them, cannot be used.',
    status: 422,
    help: 'Mend the file that is named. If the openings are wrong, call the state office and two other witnesses.',
  },
  WITNESS_POST_REFUSED: {
    message: 'The hub did not take what the witness sent.',
    status: 502,
    help: 'Ask the state office whether your keys are in the policy of the log.',
  },
});

export type AgentErrorCode = keyof typeof AGENT_ERRORS;

/** One failure: its code, and what happened in this case. */
export type AgentError = { readonly code: AgentErrorCode; readonly detail: string };

/** A failure in sentences: what happened, the case, what to do. */
export function describeAgentError({ code, detail }: AgentError): string {
  const { message, help } = AGENT_ERRORS[code];
  return `${message} (${detail})\n${help}`;
}
