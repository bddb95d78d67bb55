/** Messages in files: one in a file (`.eml`), a mailbox, a folder of either, standard input. */
import { lstatSync, opendirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { isMbox, mboxMessages, READ_LIMITS } from '@bellwether/mail';
import type { MailFileError } from './errors.ts';

/** Standard input. */
export const STDIN = '-';

/** A file beyond it is no mailbox that fits into memory beside what is made of it. */
const MOST_BYTES = 1_073_741_824;

/** Files of all folders together. */
const MOST_FILES = 500_000;

/** Folders in folders. */
const MOST_DEPTH = 32;

/** A message with where it lies: the path, and its number in a mailbox from 1. */
export type FileMessage = { readonly path: string; readonly bytes: Uint8Array };

/** All files below a path, sorted, folders opened; links that lead out of a folder are not followed. */
export function mailPaths(paths: readonly string[]): Result<string[], MailFileError> {
  const found: string[] = [];
  const enter = (path: string, depth: number, isNamed: boolean): void => {
    if (path === STDIN) {
      found.push(path);
      return;
    }
    const stat = lstatSync(path);
    if (stat.isDirectory() && depth < MOST_DEPTH) {
      const names: string[] = [];
      const folder = opendirSync(path);
      for (let entry = folder.readSync(); entry !== null; entry = folder.readSync())
        if (!entry.name.startsWith('.')) names.push(entry.name);
      folder.closeSync();
      for (const name of names.sort()) enter(join(path, name), depth + 1, false);
    } else if (stat.isFile() || isNamed) {
      if (found.length >= MOST_FILES) throw new TooMany();
      found.push(path);
    }
  };
  for (const path of paths) {
    try {
      enter(path, 0, true);
    } catch (cause) {
      if (cause instanceof TooMany)
        return err({ code: 'MAIL_FILES_TOO_MANY', detail: `there are more than ${MOST_FILES}` });
      return err(unreadable(path, cause as NodeJS.ErrnoException));
    }
  }
  return ok(found);
}

class TooMany extends Error {}

/** The messages of one file. */
export function messagesOf(path: string): Result<FileMessage[], MailFileError> {
  let bytes: Uint8Array;
  try {
    if (path !== STDIN && lstatSync(path).size > MOST_BYTES)
      return err({ code: 'MAIL_FILE_TOO_LARGE', detail: `${path} has more than ${MOST_BYTES} bytes` });
    bytes = readFileSync(path === STDIN ? 0 : path);
  } catch (cause) {
    return err(unreadable(path, cause as NodeJS.ErrnoException));
  }
  const name = path === STDIN ? '(standard input)' : path;
  if (!isMbox(bytes)) return ok([{ path: name, bytes: bytes.subarray(0, READ_LIMITS.messageBytes + 1) }]);
  return ok(
    Array.from(mboxMessages(bytes), (message, at) => ({ path: `${name}#${at + 1}`, bytes: message })),
  );
}

function unreadable(path: string, cause: NodeJS.ErrnoException): MailFileError {
  if (cause.code === 'ENOENT') return { code: 'MAIL_FILE_MISSING', detail: path };
  return { code: 'MAIL_FILE_UNREADABLE', detail: `${path}: ${cause.message}` };
}
