/**
 * A saved column map: which columns of a CSV or NDJSON export hold what, in our names, as one JSON object.
 *
 *     { "time": "Event Time", "source": "client.ip", "destinationPort": "dpt" }
 *
 * For a CSV without a header line, the columns are numbered from 1: `{ "time": "1", "source": "4" }`.
 */
import { readFileSync, statSync } from 'node:fs';
import { err, ok, type Result } from '@bellwether/basics';
import { COLUMN_NAMES } from '@bellwether/contacts';
import { systemReason, type WatchError, watchError } from './errors.ts';

/** Our name of a column to theirs. */
export type ColumnMap = Readonly<Record<string, string>>;

/** Largest map looked at: a few dozen names. */
const MAX_BYTES = 64 * 1024;

/** Reads the map at `path`. A name that is none of ours is refused: it would be believed to work. */
export function readColumnMap(path: string): Result<ColumnMap, WatchError> {
  let text: string;
  try {
    if (statSync(path).size > MAX_BYTES) return refused(path, 'it is far larger than any column map');
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return refused(path, systemReason(error));
  }
  let map: unknown;
  try {
    map = JSON.parse(text);
  } catch (error) {
    return refused(path, (error as Error).message);
  }
  if (typeof map !== 'object' || map === null || Array.isArray(map))
    return refused(path, 'it is no JSON object');
  const names: readonly string[] = COLUMN_NAMES;
  for (const [ours, theirs] of Object.entries(map)) {
    if (!names.includes(ours)) {
      return refused(path, `${JSON.stringify(ours)} is none of ${names.join(', ')}`);
    }
    if (typeof theirs !== 'string' || theirs === '') return refused(path, `"${ours}" does not name a column`);
  }
  return ok(map as ColumnMap);
}

function refused(path: string, reason: string): Result<never, WatchError> {
  return err(watchError('WATCH_COLUMNS_INVALID', `${path}: ${reason}`));
}
