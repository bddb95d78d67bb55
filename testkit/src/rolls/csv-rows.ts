/** Rows of the voter file as CSV (RFC 4180): a header, CRLF, quotes only where they are needed. */
import { COLUMNS, type Column, type VoterRow } from './columns.ts';

/** The header of these columns, as a line. */
export function csvHeader(columns: readonly Column[] = COLUMNS): string {
  return `${columns.join(',')}\r\n`;
}

/** One row as a line. */
export function csvLine(row: VoterRow, columns: readonly Column[] = COLUMNS): string {
  let line = '';
  for (let at = 0; at < columns.length; at++) {
    if (at > 0) line += ',';
    line += csvField(row[columns[at] as Column]);
  }
  return `${line}\r\n`;
}

function csvField(value: string): string {
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    // Comma, quote, line feed, carriage return.
    if (code === 44 || code === 34 || code === 10 || code === 13) return `"${value.replaceAll('"', '""')}"`;
  }
  return value;
}
