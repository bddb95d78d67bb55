/** What can be wrong with a data folder and with a configuration. docs/reference/errors.md is written from this catalogue. */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const PLATFORM_ERRORS = defineErrors({
  FOLDER_NEWER: {
    message: 'The data folder was written by a newer version of Bellwether.',
    status: 409,
    help: 'Install that version again; nothing was changed.',
  },
  FOLDER_NOT_OURS: {
    message: 'The folder holds something else than the data of a hub.',
    status: 409,
    help: 'Name an empty folder, or one that does not exist yet, with `--data`.',
  },
  FOLDER_MISSING: {
    message: 'There is no data folder there.',
    status: 404,
    help: 'Name the folder of your hub with `--data`.',
  },
  FOLDER_UNWRITABLE: {
    message: 'The data folder cannot be made or written to.',
    status: 403,
    help: 'Check its owner and the disk, or name another with `--data`.',
  },
  FOLDER_IN_USE: {
    message: 'Another process works on the data folder.',
    status: 409,
    help: 'Stop it first, or name another folder with `--data`.',
  },
  CONFIG_UNREADABLE: {
    message: 'The configuration cannot be read.',
    status: 500,
    help: 'Check the owner and the permissions of the file; the hub did not start.',
  },
  CONFIG_INVALID: {
    message: 'There is a mistake in the configuration.',
    status: 500,
    help: 'Mend the place that is named; docs/reference/configuration.md lists every key. The hub did not start.',
  },
});
