/** What a row of the history of `watch` says, and to which day and sensor it belongs. */
import { HAS_TIME, listed, quoted } from '../platform/history/naming.ts';
import type { PackedColumn } from '../platform/history/packing.ts';

/** What one file of the history is about. */
export type DayAndSensor = {
  /** `2026-10-09`, in UTC; null for lines without a readable time. */
  readonly day: string | null;
  readonly sensor: string;
};

/** Columns of packed rows that its rows are made of. */
export const CARRIED: readonly PackedColumn[] = [
  'time',
  'line',
  'origin',
  'src',
  'dst',
  'ports',
  'what',
  'answer',
  'flags',
  'acct0',
  'acct1',
  'route',
  'size',
  'millis',
  'units',
];

/** Day of a row in UTC; NULL where its line has no readable time. */
const DAY = `CASE WHEN ${HAS_TIME} THEN make_date(floor(time / 86400000)::INTEGER) END`;

/** Which days and sensors (columns of these names) are in a table of packed rows. */
export function partsSql(table: string): string {
  return `SELECT DISTINCT ${DAY}::VARCHAR AS day, sensor FROM ${table} JOIN inputs ON origin = number ORDER BY ALL`;
}

/**
 * The rows of a day and sensor in a table of packed rows as they stand in the history, in their order. Needs the table
 * `inputs` and the types of `typesSql`.
 */
export function historySql(table: string, { day, sensor }: DayAndSensor): string {
  return `SELECT
    ${listed(['time'])},
    path AS file,
    ${listed(['line', 'source', 'destination', 'source_port', 'destination_port', 'protocol', 'kind', 'outcome'])},
    ${listed(['status', 'disposition', 'rule', 'account', 'route', 'content', 'bytes', 'millis'])},
    units::UINTEGER AS contacts
  FROM ${table} JOIN inputs ON origin = number
  WHERE sensor = ${quoted(sensor)} AND ${DAY} IS NOT DISTINCT FROM ${day === null ? 'NULL' : `DATE ${quoted(day)}`}`;
}
