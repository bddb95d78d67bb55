/** What can go wrong in an office. docs/reference/errors.md lists it. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const AGENT_ERRORS = defineErrors({
  LINK_NOT_ENROLLED: {
    message: 'This computer is not enrolled.',
    status: 404,
    help: 'Call the state office. It reads you a code for `bellwether-agent enrol --hub HOST:PORT --code CODE`.',
  },
  LINK_ENROLLED_ALREADY: {
    message: 'This computer is enrolled already.',
    status: 409,
    help: 'If the state office has revoked it, enrol it again with `--again`: its old key is then replaced.',
  },
  LINK_FOLDER_UNREADABLE: {
    message: 'The files of the agent cannot be used.',
    status: 422,
    help: 'Look who owns them. If they are damaged, call the state office for a new code, and enrol again with `--again`.',
  },
  LINK_HUB_FALSE: {
    message: 'Whoever answers there is not the hub.',
    status: 403,
    help: 'Check the address, and type the code once more. If both are right, call the state office at a number that you know: somebody may stand in between.',
  },
  LINK_CLOCK: {
    message: 'The clock of this computer does not fit the certificate of the hub.',
    status: 503,
    help: 'Set the clock, best by NTP. If it is right, call the state office.',
  },
  LINK_AWAY: {
    message: 'The hub cannot be reached.',
    status: 503,
    help: 'Nothing is lost: lines wait here, and blocks hold until they end. Check the network if it stays so.',
  },
  LINK_REFUSED: {
    message: 'The hub did not take it.',
    status: 502,
    help: 'Do what its answer says, or call the state office.',
  },
  LINK_REVOKED: {
    message: 'The state office has revoked this agent.',
    status: 403,
    help: 'Call the state office. It reads you a new code; then run `bellwether-agent enrol` with `--again`.',
  },
  LINK_CERTIFICATE_OVER: {
    message: 'The certificate of this agent does not hold now.',
    status: 401,
    help: 'Look at the clock of this computer. If it is right, call the state office for a new code, and run `bellwether-agent enrol` with `--again`.',
  },
  LINK_ORDER_FALSE: {
    message: 'An order was refused: it is not one of this hub for this office.',
    status: 403,
    help: 'Nothing of it was done. Call the state office: somebody may have written it in its name.',
  },
  LINK_SETTINGS_INVALID: {
    message: 'The settings of the agent cannot be used.',
    status: 422,
    help: 'Mend the file at the place that is named, and start the agent again.',
  },
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
  SHIP_SETTINGS_WRONG: {
    message: 'The settings of what is sent cannot be used.',
    status: 422,
    help: 'Mend the part `ship` of the settings at the place that is named, and start the agent again.',
  },
  SHIP_SPOOL_IN_USE: {
    message: 'Another agent on this computer uses the same folder.',
    status: 409,
    help: 'Stop the other one first, or give this one a folder of its own.',
  },
  SHIP_SPOOL_UNREADABLE: {
    message: 'A file in which lines wait for the hub cannot be read.',
    status: 500,
    help: 'Check the disk. Then move the folder of that sensor to another place, keep it, and call the state office.',
  },
  SHIP_SPOOL_FULL: {
    message: 'As many lines wait for the hub as may wait.',
    status: 503,
    help: 'Check the connection to the hub. Sources that can wait do so, and nothing of them is lost.',
  },
  SHIP_DISK_FULL: {
    message: 'Lines cannot be written to disk.',
    status: 503,
    help: 'Look whether the disk is full. The agent tries again by itself, and reads no more until then.',
  },
  SHIP_ADDRESS_UNUSABLE: {
    message: 'The agent cannot listen where its settings say.',
    status: 409,
    help: 'Another program may listen there, or the address is none of this computer. Change the one or the other.',
  },
  ENFORCE_VETOES_UNREADABLE: {
    message: 'The vetoes of this office cannot be read.',
    status: 422,
    help: 'Those from before hold. Make them anew with `bellwether-agent veto`, or take the file `vetoes.json` away.',
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
