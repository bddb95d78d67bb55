/** What can go wrong between the hub and the agents of offices. docs/reference/errors.md lists it. */
import { defineErrors, type ErrorEntry } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const AGENTS_ERRORS = defineErrors({
  AGENTS_OFF: {
    message: 'This hub lets no agents in.',
    status: 409,
    help: 'Name `agents.name` and `agents.listen` in the configuration, and start the hub again.',
  },
  AGENT_CODE_WRONG: {
    message: 'This code enrols nobody.',
    status: 403,
    help: 'Read it again, letter by letter. It works once and for half an hour; after five wrong tries the state office makes another one.',
  },
  AGENT_NAME_TAKEN: {
    message: 'The office has an agent of this name already.',
    status: 409,
    help: 'Choose another name, or revoke that agent first if its computer is gone.',
  },
  AGENT_OFFICE_UNKNOWN: {
    message: 'There is no such office.',
    status: 422,
    help: 'Choose it from the list of offices.',
  },
  AGENT_UNKNOWN: {
    message: 'There is no such agent.',
    status: 404,
    help: 'Look at the list of agents again: it may have been revoked already.',
  },
  AGENT_REQUEST_REFUSED: {
    message: 'The request for a certificate cannot be read.',
    status: 422,
    help: 'Enrol again with `bellwether-agent enrol`; other programs have to send PKCS #10 with a key of P-256.',
  },
  AGENT_CERTIFICATE_MISSING: {
    message: 'No certificate of an agent was shown.',
    status: 401,
    help: 'Enrol this computer: the state office reads you a code for `bellwether-agent enrol`.',
  },
  AGENT_CERTIFICATE_OVER: {
    message: 'The certificate of this agent does not hold now.',
    status: 401,
    help: 'Look at the clock of this computer. If it is right, enrol it again with a code of the state office.',
  },
  AGENT_REVOKED: {
    message: 'The state office has revoked this agent.',
    status: 403,
    help: 'Call the state office. To let this computer in again, it reads you a new code.',
  },
  AGENT_BLOCK_OVER: {
    message: 'This block is not in force.',
    status: 404,
    help: 'Load the list of blocks again: it may have ended, or somebody has lifted it already.',
  },
});

export type AgentsErrorCode = keyof typeof AGENTS_ERRORS;

/** One failure: its code, and what happened in this case. */
export type AgentsError = { readonly code: AgentsErrorCode; readonly detail: string };

/** A failure. */
export function agentsError(code: AgentsErrorCode, detail: string): AgentsError {
  return { code, detail };
}

/** What the catalogue says of a failure. */
export function agentsEntry({ code }: AgentsError): ErrorEntry {
  return AGENTS_ERRORS[code];
}
