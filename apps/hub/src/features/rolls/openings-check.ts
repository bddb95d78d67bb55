/** Compares openings with rows that somebody reads by their own access: what an auditor without an agent does, and tests. */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { err, ok, type Result } from '@bellwether/basics';
import type { Hasher } from '@bellwether/evidence';
import {
  beginRecomputing,
  type Mapping,
  type Openings,
  OpeningsReader,
  type Recomputation,
  type RollsError,
  type RowReader,
  rowReader,
  textAt,
} from '@bellwether/rolls';
import { readLive } from './live/read-live.ts';

/** Reads a file of openings, packed if it ends in `.gz`. */
export async function readOpenings(path: string): Promise<Result<Openings, RollsError>> {
  const reader = new OpeningsReader();
  let taken = ok() as Result<void, RollsError>;
  const into = async (source: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const piece of source) {
      taken = reader.takePiece(piece);
      if (taken.isErr()) return;
    }
  };
  try {
    const file = createReadStream(path);
    if (path.endsWith('.gz')) await pipeline(file, createGunzip(), into);
    else await pipeline(file, into);
  } catch (error) {
    // Whoever stops reading early breaks the pipe: then what was wrong is told.
    if (taken.isOk()) return err({ code: 'ROLLS_OPENINGS_MALFORMED', detail: (error as Error).message });
  }
  if (taken.isErr()) return taken;
  return reader.readToEnd();
}

/** Compares them with rows: `live` as `readLive` takes it. */
export async function compareOpenings(
  hasher: Hasher,
  openings: Openings,
  mapping: Mapping,
  live: string,
): Promise<Result<Recomputation, RollsError>> {
  const recomputing = beginRecomputing(hasher, openings, null);
  if (recomputing.isErr()) return recomputing;
  let reader: RowReader | undefined;
  const read = await readLive(mapping, live, {
    takeColumns(names) {
      const made = rowReader(mapping, names);
      if (made.isErr()) return made;
      reader = made.value;
      return ok();
    },
    takeRow(values) {
      const row = reader!.readRow(Array.from({ length: values.count }, (_, at) => textAt(values, at)));
      if (row.isErr()) return row;
      if (row.value !== 'not-live') recomputing.value.compareRow(row.value);
      return ok();
    },
  });
  return read.isErr() ? read : ok(recomputing.value.outcome());
}
