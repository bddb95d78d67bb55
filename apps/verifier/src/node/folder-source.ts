/** A log on disk. Read at once, not by turns: a file of some KB comes in 20 microseconds, and a turn through the pool takes longer. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { err, ok, type Result } from '@bellwether/basics';
import type { LogSource } from '../checking/log-source.ts';
import type { VerifyError } from '../errors.ts';

/** The log below a folder: a copy of what is served, or the folder `log` of a hub itself, beside which its states lie. */
export function folderSource(folder: string): LogSource {
  return {
    async readPath(path, most) {
      const read = readAtMost(join(folder, path), most);
      if (read.isErr() || read.value !== null || !path.startsWith('state/')) return read;
      const states = join(folder, '../rolls/public');
      const name = path.slice('state/'.length);
      // What the genesis is made of lies apart, since it is kept for ever; so do the rows of poll books and lists.
      for (const beside of ['', 'genesis', 'extract-rows']) {
        const later = readAtMost(join(states, beside, name), most);
        if (later.isErr() || later.value !== null) return later;
      }
      return ok(null);
    },
  };
}

/** The bytes of a file; null where there is none. */
export function readAtMost(path: string, most: number): Result<Uint8Array | null, VerifyError> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? ok(null) : unreadable(message);
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return unreadable(`${path} is no file`);
    if (stat.size > most) return unreadable(`${path} is longer than ${most} bytes`);
    const bytes = new Uint8Array(stat.size);
    let at = 0;
    while (at < bytes.length) {
      const got = readSync(file, bytes, at, bytes.length - at, at);
      if (got === 0) return unreadable(`${path} became shorter while it was read`);
      at += got;
    }
    return ok(bytes);
  } catch (error) {
    return unreadable((error as Error).message);
  } finally {
    closeSync(file);
  }
}

function unreadable(detail: string): Result<never, VerifyError> {
  return err({ code: 'VERIFY_UNREADABLE', detail });
}
