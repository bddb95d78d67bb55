/**
 * What a row of the hub's history says: the columns of its Parquet files, as docs/reference/history.md tells them.
 *
 * `source_key` and `source_low` are the source as numbers, by which files are ordered and prefixes are found: of IPv4 the
 * address and NULL, of IPv6 the upper and the lower 64 bits. No IPv6 address of the internet has an upper half as small
 * as an IPv4 address, so one range of keys is one prefix.
 */
import { Flag } from '@bellwether/contacts';
import { listed } from './naming.ts';
import type { PackedColumn } from './packing.ts';

/** Columns of packed rows that a hub's rows are made of. */
export const CARRIED: readonly PackedColumn[] = [
  'time',
  'line',
  'origin',
  'src',
  'src1',
  'src2',
  'src3',
  'dst',
  'ports',
  'what',
  'answer',
  'flags',
  'units',
  'entry',
  'stake',
];

/** Digits of `stake` behind the point: more tell nobody anything, and take half the file. */
const STAKE_DIGITS = 2;

/** Bits for the number of a later entry in its file; above them stands the file's first step, below 2^53 in all. */
const ENTRY_BITS = 24;

/**
 * The waiting rows as they stand in a file that begins with a step. Needs the types of `typesSql` and a table `streams`
 * (number, authority, sensor).
 */
export function rowsSql(table: string, fromStep: number): string {
  const words = (high: string, low: string): string => `(${high}::UBIGINT << 32) | ${low}::UBIGINT`;
  const sourced = `(flags & ${Flag.noSource}) = 0`;
  return `SELECT
    ${listed(['time'])},
    origin AS stream,
    authority,
    sensor,
    ${listed(['line'])},
    CASE WHEN entry = 0 THEN 0 ELSE (${fromStep}::UBIGINT << ${ENTRY_BITS}) | entry::UBIGINT END::UBIGINT AS entry,
    CASE WHEN ${sourced} THEN CASE WHEN source6 IS NULL THEN src::UBIGINT ELSE ${words('src', 'src1')} END END AS source_key,
    CASE WHEN ${sourced} AND source6 IS NOT NULL THEN ${words('src2', 'src3')} END AS source_low,
    ${listed(['source', 'destination', 'source_port', 'destination_port', 'protocol', 'kind', 'outcome'])},
    ${listed(['status', 'disposition', 'rule', 'content'])},
    units,
    (flags & ${Flag.late}) <> 0 AS late,
    round(stake, ${STAKE_DIGITS})::FLOAT AS stake
  FROM ${table} JOIN streams ON origin = number`;
}
