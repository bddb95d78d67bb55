/**
 * Rows of the history as CSV (RFC 4180), a chunk at a time: a year does not fit into memory, and whoever reads it may be
 * slow. Files come newest first, and so do the rows within each.
 */
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import type { Condition } from './conditions.ts';
import { NEWEST_FIRST } from './cursor.ts';
import { HistoryUnreadable } from './errors.ts';
import type { ListedFiles } from './listed-files.ts';
import type { Readers } from './readers.ts';
import { placedRow, SELECTED } from './row.ts';

/** Columns in their order, by their names in the API. */
const COLUMNS = [
  'time',
  'authority',
  'sensor',
  'line',
  'source',
  'sourcePort',
  'destination',
  'port',
  'protocol',
  'kind',
  'outcome',
  'disposition',
  'rule',
  'status',
  'units',
  'late',
  'stake',
] as const;

/** All rows of a condition. Throws `HistoryUnreadable` before the first chunk if a file of its time is missing or cut off. */
export async function* csvRows(
  readers: Readers,
  listed: ListedFiles,
  { sql, values, from, to }: Condition,
): AsyncGenerator<string> {
  const connection = await readers.connect();
  try {
    const files = await readableFiles(connection, listed, from, to);
    yield `${COLUMNS.join(',')}\r\n`;
    for (const file of files) {
      const answer = await connection.stream(
        `SELECT ${SELECTED} FROM ${listed.tableOf([file])} WHERE ${sql} ORDER BY ${NEWEST_FIRST}`,
        [...values],
      );
      for await (const rows of answer.yieldRows()) yield rows.map(csvLine).join('');
    }
  } finally {
    connection.closeSync();
  }
}

async function readableFiles(connection: DuckDBConnection, listed: ListedFiles, from: number, to: number) {
  const asked = listed.between(from, to);
  await listed.findUnreadable(connection, asked.files, 'ends');
  const { files, unreadable } = listed.between(from, to);
  if (unreadable.length === 0) return files;
  throw new HistoryUnreadable({ code: 'HISTORY_UNREADABLE', detail: unreadable.join(', ') });
}

function csvLine(values: readonly DuckDBValue[]): string {
  const { row } = placedRow(values);
  return `${COLUMNS.map((column) => csvCell(row[column])).join(',')}\r\n`;
}

/** A value as a cell. Text that a spreadsheet would take for a formula is made text by an apostrophe before it. */
export function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
