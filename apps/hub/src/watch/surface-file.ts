/** The surface file: read once, checked whole, and known by its hash in the account. Loaded only when one is named. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { err, ok, type Result } from '@bellwether/basics';
import type { Surface } from '@bellwether/contacts';
import { formatSurfaceError, parseSurface, type SurfaceError } from '@bellwether/contacts/surface';
import { systemReason, type WatchError, watchError } from './errors.ts';

/** A surface as it was read. */
export type SurfaceFile = {
  readonly surface: Surface;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
};

/** Largest file looked at; `parseSurface` refuses less, and says so. */
const MAX_BYTES = 16 * 1024 * 1024;

/** Reads the surface at `path`. All mistakes in it are in one error, each with its line. */
export function readSurface(path: string): Result<SurfaceFile, WatchError> {
  const checked = checkSurface(path);
  if (checked.isErr()) return checked;
  const { surface, mistakes, sha256 } = checked.value;
  if (surface === undefined || mistakes !== undefined) {
    const told = mistakes === undefined ? path : formatSurfaceError(mistakes, path);
    return err(watchError('WATCH_SURFACE_INVALID', told));
  }
  return ok({ surface, sha256 });
}

/** A surface that was looked at: as it reads, or its mistakes. */
export type CheckedSurface = {
  readonly surface: Surface | undefined;
  readonly mistakes: SurfaceError | undefined;
  readonly sha256: string;
};

/** Looks at the surface at `path`; a file that cannot be read at all is the error. */
export function checkSurface(path: string): Result<CheckedSurface, WatchError> {
  let bytes: Buffer;
  try {
    if (statSync(path).size > MAX_BYTES) {
      return err(watchError('WATCH_SURFACE_UNREADABLE', `${path} is far larger than any surface`));
    }
    bytes = readFileSync(path);
  } catch (error) {
    return err(watchError('WATCH_SURFACE_UNREADABLE', `${path}: ${systemReason(error)}`));
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const parsed = parseSurface(bytes.toString('utf8'));
  return ok(
    parsed.isOk()
      ? { surface: parsed.value, mistakes: undefined, sha256 }
      : { surface: undefined, mistakes: parsed.error, sha256 },
  );
}
