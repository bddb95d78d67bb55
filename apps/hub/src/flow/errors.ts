/** What can go wrong with lines on their way in. docs/reference/errors.md is written from this catalogue. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const FLOW_ERRORS = defineErrors({
  INTAKE_AUTHORITY_UNKNOWN: {
    message: 'There is no such authority.',
    status: 404,
    help: 'Use the five digits of the authority (29380 is Kansas City), or `state` for the sensors of the state itself; nothing was kept.',
  },
  INTAKE_SENSOR_INVALID: {
    message: 'That is no name for a sensor.',
    status: 422,
    help: 'Use up to 64 letters, digits, dots, hyphens and underscores; nothing was kept.',
  },
  INTAKE_FORMAT_UNLISTED: {
    message: 'There is no format of that name.',
    status: 422,
    help: 'Leave the format out, or use a name of docs/reference/formats.md; nothing was kept.',
  },
  INTAKE_ZONE_UNKNOWN: {
    message: 'There is no time zone of that name.',
    status: 422,
    help: 'Use a name of the IANA list, for example `America/Chicago`; nothing was kept.',
  },
  INTAKE_BATCH_CHANGED: {
    message: 'A batch with this number was acknowledged before, with other content.',
    status: 409,
    help: 'What was acknowledged stays; send these lines under a new number, and find out why the client counts twice.',
  },
  INTAKE_BATCH_TOO_OLD: {
    message: 'The number of the batch is so old that nobody can tell any more whether it was acknowledged.',
    status: 409,
    help: 'If these lines were never acknowledged, send them under a new number.',
  },
  INTAKE_TOO_LARGE: {
    message: 'The batch is too large.',
    status: 413,
    help: 'Send fewer lines at once, 16 MiB at most; nothing was kept.',
  },
  INTAKE_EMPTY: {
    message: 'There are no lines in the batch.',
    status: 422,
    help: 'Send at least one line, each ended by a line feed.',
  },
  INTAKE_DISK_FULL: {
    message: 'The disk of the hub is full.',
    status: 503,
    help: 'Keep the lines and send them again later; whoever runs the hub has to make room.',
  },
  INTAKE_BUSY: {
    message: 'The hub cannot take in more at the moment.',
    status: 503,
    help: 'Keep the lines and send them again later, under the same number.',
  },
  INTAKE_ELSEWHERE: {
    message: 'Another process of this hub takes in lines.',
    status: 503,
    help: 'Send to the address of the process that was started with `--role intake`, under the same number.',
  },
  INTAKE_TOO_MANY_SENSORS: {
    message: 'There are more sensors than the hub can number.',
    status: 503,
    help: 'Check whether a client makes up new names of sensors; nothing was kept.',
  },
  INTAKE_STOPPING: {
    message: 'The hub is stopping.',
    status: 503,
    help: 'Keep the lines and send them again in a moment, under the same number.',
  },
});
