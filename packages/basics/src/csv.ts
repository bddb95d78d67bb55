/**
 * Rows of a CSV file (RFC 4180), as spreadsheets save it: with or without a byte order mark, quotes, and lines that end
 * either way. Beyond the standard, a quote inside a field that was not quoted is a quote, and what stands behind a closing
 * quote belongs to the field.
 */

/** A row: the line on which it begins, from 1, and its fields. An empty line is a row with one empty field. */
export type CsvRow = { readonly line: number; readonly fields: readonly string[] };

/** What was read. */
export type CsvRows = {
  readonly rows: readonly CsvRow[];
  /** Line of a row with a quote that is opened and never closed: that row is left out. */
  readonly openedAt?: number;
  /** There are more rows than asked for. */
  readonly isCut: boolean;
};

/** Reads up to `most` rows; the text is as long as its caller allows. */
export function csvRows(text: string, most: number): CsvRows {
  const rows: CsvRow[] = [];
  let fields: string[] = [];
  let field = '';
  let line = 1;
  let began = 1;
  let isQuoted = false;
  for (let at = text.startsWith('\uFEFF') ? 1 : 0; at < text.length; at++) {
    if (rows.length === most) return { rows, isCut: true };
    const char = text[at] as string;
    if (char === '\n') line++;
    if (isQuoted) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') {
        field += '"';
        at++;
      } else isQuoted = false;
    } else if (char === '"' && field === '') isQuoted = true;
    else if (char === ',' || char === '\n') {
      fields.push(field);
      field = '';
      if (char === ',') continue;
      rows.push({ line: began, fields });
      fields = [];
      began = line;
    } else if (char !== '\r' || text[at + 1] !== '\n') field += char;
  }
  if (isQuoted) return { rows, openedAt: began, isCut: false };
  if (field !== '' || fields.length > 0) {
    fields.push(field);
    rows.push({ line: began, fields });
  }
  return { rows, isCut: false };
}
