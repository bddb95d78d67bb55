/** What can go wrong with the evidence log, and what to do. docs/reference/errors.md lists it. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const LOG_ERRORS = defineErrors({
  LOG_LOCKED: {
    message: 'Another program writes to this evidence log.',
    status: 409,
    help: 'Stop it first: it is named. Two that write to one log would make it fork, and witnesses would refuse both.',
  },
  LOG_DAMAGED: {
    message: 'The evidence log on disk is not what was signed.',
    status: 500,
    help: 'Nothing was written. Keep the folder as it is, and bring back the part that is named from a mirror or a backup of the same size or larger.',
  },
  LOG_ROLLED_BACK: {
    message: 'The evidence log is older than what has been published of it.',
    status: 500,
    help: 'A restored log must not go on from an old state: witnesses would refuse it. Copy the missing tiles from a mirror, or begin a log with another name.',
  },
  LOG_KEY_UNREADABLE: {
    message: 'The signing key of the log cannot be used.',
    status: 500,
    help: 'Check the key that is named: a file of this account that nobody else may read, or an ssh-agent that holds it.',
  },
  LOG_KEY_MISSING: {
    message: 'The signing key of the log is not there.',
    status: 500,
    help: 'Bring the key file back to the place that is named: a log keeps its key, and backups hold it only when they are asked to.',
  },
  LOG_UNSIGNED: {
    message: 'The entries are in the evidence log, and its key cannot sign them now.',
    status: 503,
    help: 'Do not add them again. Bring the key back (start the ssh-agent); the log signs by itself as soon as it can.',
  },
  LOG_AT_REST: {
    message: 'The evidence log came from a backup, and takes no entries until a person has compared it.',
    status: 409,
    help: 'Ask witnesses or a mirror how large the log was when they last saw it, and tell it with `bellwether restore --log-seen`.',
  },
  LOG_SEEN_LARGER: {
    message: 'Others have seen more of this log than the backup holds.',
    status: 409,
    help: 'Copy `checkpoint` and `tile/` of a mirror over those in the folder `log`, and run it again; else name another log under `evidence.origin`, in an empty folder, and say publicly why.',
  },
  LOG_POLICY_INVALID: {
    message: 'The policy that says who has to cosign cannot be used.',
    status: 500,
    help: 'Mend the file that is named in bellwether.yaml under `evidence.policy`; its form is C2SP tlog-policy.',
  },
  LOG_DISK_FULL: {
    message: 'There is no room for more entries of the evidence log.',
    status: 507,
    help: 'Make room; what was accepted before is kept, and the log goes on by itself.',
  },
  LOG_UNWRITABLE: {
    message: 'The evidence log cannot be written.',
    status: 500,
    help: 'Check the disk and the owner of the folder. What was accepted before is kept.',
  },
  LOG_MOVED: {
    message: 'Another entry came into the log first.',
    status: 409,
    help: 'Do it again: nothing was added.',
  },
  LOG_CLOSED: {
    message: 'The evidence log is being closed.',
    status: 503,
    help: 'Try again when the hub has started.',
  },
});

export type LogErrorCode = keyof typeof LOG_ERRORS;

/** One failure: its code, and what happened in this case. */
export type LogError = { readonly code: LogErrorCode; readonly detail: string };
