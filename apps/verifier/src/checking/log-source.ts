/** Where a log is read from: a folder, an address, or files that were chosen in a browser. What comes from it is believed only when proven. */
import { err, ok, type Result } from '@bellwether/basics';
import {
  type Checkpoint,
  MAX_NOTE_BYTES,
  parseNote,
  type ReadTile,
  type SignedNote,
  TILE_WIDTH,
  type Tile,
  tilePath,
} from '@bellwether/evidence';
import type { VerifyError } from '../errors.ts';

/** A log as C2SP tlog-tiles lays it out, with `state/` beside its tiles. */
export type LogSource = {
  /** The bytes at a path below the log; null where there is nothing. More than `most` bytes are a failure. */
  readPath(path: string, most: number): Promise<Result<Uint8Array | null, VerifyError>>;
};

/** The same, and a failure where there is nothing. */
export async function readNeeded(
  source: LogSource,
  path: string,
  most: number,
): Promise<Result<Uint8Array, VerifyError>> {
  const read = await source.readPath(path, most);
  if (read.isErr()) return read;
  return read.value === null ? logAway(`${path} is not there`) : ok(read.value);
}

/** The newest checkpoint of a log; nothing of it is checked. */
export async function readCheckpointNote(source: LogSource): Promise<Result<SignedNote, VerifyError>> {
  const bytes = await readNeeded(source, 'checkpoint', MAX_NOTE_BYTES);
  return bytes.isErr() ? bytes : parseNote(bytes.value);
}

/** A tile or bundle of the log at some size: itself, or the full one that took its place. `width`: of what was found. */
export async function readTileFile(
  source: LogSource,
  tile: Tile,
  most: number,
): Promise<Result<{ readonly bytes: Uint8Array; readonly width: number }, VerifyError>> {
  const read = await source.readPath(tilePath(tile), most);
  if (read.isErr()) return read;
  if (read.value !== null) return ok({ bytes: read.value, width: tile.width });
  if (tile.width === TILE_WIDTH) return logAway(`${tilePath(tile)} is not there`);
  const full = await readNeeded(source, tilePath({ ...tile, width: TILE_WIDTH }), most);
  return full.map((bytes) => ({ bytes, width: TILE_WIDTH }));
}

/** Tiles of hashes, for proofs. A failure to read is told as a tile that is not there. */
export function tilesOf(source: LogSource): ReadTile {
  return async (tile) => {
    const read = await readTileFile(source, tile, TILE_WIDTH * 32);
    return read.isErr() ? null : read.value.bytes;
  };
}

/** A failure to read the log. */
export function logAway(detail: string): Result<never, VerifyError> {
  return err({ code: 'VERIFY_LOG_AWAY', detail });
}

/** A checkpoint in short, for people. */
export function nameOf({ origin, size }: Checkpoint): string {
  return `${origin}, ${size} entries`;
}
