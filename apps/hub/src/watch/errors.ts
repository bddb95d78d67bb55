/**
 * Everything that can go wrong around `bellwether watch` and `bellwether surface` and that a person can do something
 * about. docs/reference/errors.md is written from this catalogue.
 */
import { defineErrors } from '@bellwether/basics';

/** The catalogue: by code, what happened and what to do. */
export const WATCH_ERRORS = defineErrors({
  WATCH_INPUT_MISSING: {
    message: 'An input file does not exist.',
    status: 404,
    help: 'Check the spelling and the folder; nothing was read.',
  },
  WATCH_INPUT_DIRECTORY: {
    message: 'An input is a folder, and only files are read.',
    status: 400,
    help: 'Name the files in it, for example with `folder/*`; nothing was read.',
  },
  WATCH_INPUT_UNREADABLE: {
    message: 'An input could not be read.',
    status: 403,
    help: 'Check its permissions and the disk, or run as a user who may read it.',
  },
  WATCH_INPUT_TWICE: {
    message: 'The same input is named twice.',
    status: 400,
    help: 'Name each file once: every contact in it would count twice.',
  },
  WATCH_INPUT_CHANGED: {
    message: 'An input was replaced or shortened while it was being read.',
    status: 409,
    help: 'Watch a copy of it, or the rotated file.',
  },
  WATCH_ENCODING_UTF16: {
    message: 'An input is text in UTF-16, as Windows programs write it.',
    status: 415,
    help: 'Convert it first: `iconv -f UTF-16 -t UTF-8 FILE | bellwether watch -`.',
  },
  WATCH_CONTENT_REFUSED: {
    message: 'An input is not a log in lines of text.',
    status: 415,
    help: 'Turn it into lines first, as the message says.',
  },
  WATCH_FORMAT_UNKNOWN: {
    message: 'The format of an input was not recognised.',
    status: 415,
    help: 'Name it with `--format`; `bellwether watch --help` lists the formats.',
  },
  WATCH_FORMAT_UNLISTED: {
    message: 'There is no format of that name.',
    status: 400,
    help: '`bellwether watch --help` lists the formats.',
  },
  WATCH_ZONE_UNKNOWN: {
    message: 'There is no time zone of that name.',
    status: 400,
    help: 'Use a name of the IANA list, for example `America/Chicago`.',
  },
  WATCH_ARCHIVE_DAMAGED: {
    message: 'A compressed input is damaged or cut off.',
    status: 422,
    help: 'What came before the damage was read and counted; get the file again from where it came from.',
  },
  WATCH_ARCHIVE_BOMB: {
    message: 'A compressed input grows out of all proportion when it is unpacked.',
    status: 413,
    help: 'What came before was read and counted; if it is a log all the same, unpack it first and watch the result.',
  },
  WATCH_ARCHIVE_WINDOW: {
    message: 'A zstd file needs more memory to be unpacked than is granted.',
    status: 413,
    help: 'Pack it without `--long`, or pipe it in: `zstd -d --long=31 -c FILE | bellwether watch -`.',
  },
  WATCH_OUTPUT_UNWRITABLE: {
    message: 'A file for the results cannot be written.',
    status: 403,
    help: 'Check that its folder exists and may be written to.',
  },
  WATCH_HISTORY_UNAVAILABLE: {
    message: 'The library that writes the history of contacts cannot be loaded on this machine.',
    status: 501,
    help: 'Run `npm run setup` again; if there is no DuckDB for this machine, watch without `--history`.',
  },
  WATCH_SURFACE_UNREADABLE: {
    message: 'The surface file could not be read.',
    status: 403,
    help: 'Check its path and permissions; nothing was read.',
  },
  WATCH_SURFACE_INVALID: {
    message: 'The surface file has mistakes.',
    status: 422,
    help: 'Correct the lines named; `bellwether surface check FILE` looks again. Nothing was read.',
  },
  WATCH_COLUMNS_INVALID: {
    message: 'The column map cannot be used.',
    status: 422,
    help: 'Write one JSON object of our names to theirs, for example `{"time": "When", "source": "client.ip"}`.',
  },
  WATCH_WORKER_LOST: {
    message: 'A worker stopped before its work was done.',
    status: 500,
    help: 'Run again with `--workers 1`; if that works, please report it with the message.',
  },
});

export type WatchErrorCode = keyof typeof WATCH_ERRORS;

/** One failure: its code, and what happened in this case, with the names of files. */
export type WatchError = {
  readonly code: WatchErrorCode;
  /** Names the input or output, and says what is wrong with it. */
  readonly reason: string;
  /** What to do in this case, where the catalogue's sentence is too general. */
  readonly help?: string;
};

/** A failure. */
export function watchError(code: WatchErrorCode, reason: string, help?: string): WatchError {
  return help === undefined ? { code, reason } : { code, reason, help };
}

/** The codes that mean wrong usage (exit code 2); all others are an input that could not be read (1). */
const USAGE: ReadonlySet<WatchErrorCode> = new Set([
  'WATCH_FORMAT_UNLISTED',
  'WATCH_ZONE_UNKNOWN',
  'WATCH_INPUT_TWICE',
]);

/** The exit code that a failure ends the command with. */
export function exitCodeOf({ code }: WatchError): 1 | 2 {
  return USAGE.has(code) ? 2 : 1;
}

/** A failure as it is printed: what happened, then what to do. */
export function describeError({ code, reason, help }: WatchError): string {
  return `${reason}\n  ${help ?? WATCH_ERRORS[code].help} (${code})`;
}

/** What a system call said, without its own wording: `permission denied`, `no such file or directory`. */
export function systemReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : SYSTEM_REASONS[code];
  return known ?? message;
}

const SYSTEM_REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'no such file',
  ENOTDIR: 'a part of its path is no folder',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EIO: 'the disk reports an error',
  ENXIO: 'it is a socket or a device that is not there',
};
