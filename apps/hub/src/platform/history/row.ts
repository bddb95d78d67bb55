/** Rows of the history as the API tells them. */
import type { ContactRow } from '@bellwether/api';
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { Place } from './cursor.ts';

/** A row, and its place among all. */
export type PlacedRow = { readonly place: Place; readonly row: ContactRow };

/** What `readRows` reads, in its order. Numbers come as doubles: as big integers each would cost an allocation. */
export const SELECTED = `epoch_ms(time)::DOUBLE AS ms, stream, line::DOUBLE AS line_number, entry, authority, sensor,
  source, source_port, destination, destination_port, protocol, kind, outcome, disposition, rule,
  coalesce(status, 0)::USMALLINT AS status, units, late, round(stake::DOUBLE, 2) AS stake`;

/** Runs a statement that selects `SELECTED`. */
export async function readRows(
  connection: DuckDBConnection,
  sql: string,
  values: readonly DuckDBValue[],
): Promise<PlacedRow[]> {
  const rows = (await connection.runAndReadAll(sql, [...values])).getRows();
  return rows.map(placedRow);
}

/** A row as `SELECTED` gives it. */
export function placedRow(values: readonly DuckDBValue[]): PlacedRow {
  const [ms, stream, line, entry, authority, sensor, source, sourcePort, destination, port, ...more] = values;
  const [protocol, kind, outcome, disposition, rule, status, units, late, stake] = more;
  const time = ms as number | null;
  const row = {
    time: time === null ? null : new Date(time).toISOString(),
    authority,
    sensor,
    line,
    source,
    sourcePort,
    destination,
    port,
    protocol,
    kind,
    outcome,
    disposition,
    rule,
    status,
    units,
    late,
    stake,
  } as ContactRow;
  return {
    place: { time, stream: stream as number, line: line as number, entry: entry as bigint },
    row,
  };
}
