/** The sensor behind a log file that the surface does not list: the name of the file without what rotation adds. */
import { basename } from 'node:path';
import { STDIN } from './inputs.ts';

const COMPRESSED = /\.(?:gz|zst|zstd)$/i;
/** logrotate: `auth.log.1`, `auth.log-20261009`; Zeek: `conn.2026-10-09-00-00-00.log`, `conn.00:00:00-01:00:00.log.gz`. */
const NUMBERED = /\.\d{1,4}$/;
const DATED = /[-_.]\d{4}-?\d\d-?\d\d(?:[-_.T]?\d\d[-:]?\d\d(?:[-:]?\d\d)?)?(?=\.|$)/;
const TIMED = /[-_.]\d\d:\d\d:\d\d-\d\d:\d\d:\d\d(?=\.|$)/;

/** Name of the sensor that wrote the file at `path`: equal for all rotations of one log. */
export function sensorName(path: string): string {
  if (path === STDIN) return 'stdin';
  const name = basename(path).replace(COMPRESSED, '').replace(NUMBERED, '');
  const bare = name.replace(DATED, '').replace(TIMED, '');
  return bare === '' ? name : bare;
}
