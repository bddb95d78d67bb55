/** Files that hold keys and certificates: read within bounds, written so that a reader sees the old one or the new one. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import { type TlsError, tlsError } from './errors.ts';
import { MOST_PEM } from './pair.ts';

/** The text of a file, and the permissions it has. */
export type FileText = { readonly text: string; readonly mode: number };

/** Read by the owner and the group at most, changed by the owner alone: what a key file may not allow. */
const OPEN_TO_OTHERS = 0o027;

/** Reads a PEM file. Never waits for one that is no file, as a pipe would make us. */
export async function readPem(path: string): Promise<Result<FileText, TlsError>> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      if (!found.isFile()) return unreadable(`${path} is no file`);
      const buffer = Buffer.alloc(MOST_PEM + 1);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
      if (bytesRead > MOST_PEM) return unreadable(`${path} is longer than any certificate`);
      return ok({ text: buffer.toString('latin1', 0, bytesRead), mode: found.mode & 0o777 });
    } finally {
      await file.close();
    }
  } catch (error) {
    return unreadable(`${path}: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`);
  }
}

/** Reads a key; refused if others than its owner and its group may read it, or others than its owner change it. */
export async function readKeyFile(path: string): Promise<Result<string, TlsError>> {
  const read = await readPem(path);
  if (read.isErr()) return read;
  const { text, mode } = read.value;
  if ((mode & OPEN_TO_OTHERS) === 0) return ok(text);
  return err(tlsError('TLS_KEY_OPEN', `${path} has the permissions ${mode.toString(8)}`));
}

/** Writes a file of ours (0600) in one step, and its folder (0700) if it is missing: after a power cut it is the old one or the new one. */
export async function writePrivate(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `.${randomBytes(8).toString('hex')}.new`);
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  const held = await open(folder, constants.O_RDONLY);
  await held.sync().finally(() => held.close());
}

function unreadable(detail: string): Result<never, TlsError> {
  return err(tlsError('TLS_FILE_UNREADABLE', detail));
}
