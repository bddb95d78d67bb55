/**
 * What one source did, oldest first. Where it did more than is wanted, the rows that moved its stake most are kept: they
 * are why it is thought of as it is.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { ofSource } from './conditions.ts';
import { comparePlaces, OLDEST_FIRST } from './cursor.ts';
import type { HistoryFile, WalkRow, Within } from './history-types.ts';
import { type ListedFiles, lastOf } from './listed-files.ts';
import { type PlacedRow, placedRow, SELECTED } from './row.ts';
import type { SourceRange } from './source-range.ts';

/** Rows of the files that are looked at together: a source that is behind a tenth of them can be ordered in memory. */
const STEP = 4_000_000;

type Moved = PlacedRow & { readonly by: number };

/** The walk of a source through the listed files and some offices, at most `limit` rows of it. */
export async function walkOf(
  connection: DuckDBConnection,
  listed: ListedFiles,
  range: SourceRange,
  limit: number,
  within: Within,
): Promise<readonly WalkRow[]> {
  const { files } = listed.between(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  const { sql, values } = ofSource(range, within);
  let kept: Moved[] = [];
  let before = 0;
  for (const together of steps([...files].sort((a, b) => lastOf(a) - lastOf(b)))) {
    const answer = await connection.runAndReadAll(
      `SELECT ${SELECTED},
         abs(stake - coalesce(lag(stake) OVER walk, $${values.length + 1}::FLOAT))::DOUBLE AS moved,
         last_value(stake) OVER (walk ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)::DOUBLE
       FROM ${listed.tableOf(together)} WHERE ${sql}
       WINDOW walk AS (ORDER BY ${OLDEST_FIRST})
       ORDER BY moved DESC, ${OLDEST_FIRST} LIMIT ${limit}`,
      [...values, before],
    );
    const rows = answer.getRows();
    if (rows.length === 0) continue;
    before = rows[0]!.at(-1) as number;
    const moved = rows.map((row) => ({ ...placedRow(row), by: row.at(-2) as number }));
    kept = [...kept, ...moved].sort((a, b) => b.by - a.by || comparePlaces(b.place, a.place)).slice(0, limit);
  }
  return kept.sort((a, b) => comparePlaces(b.place, a.place)).map(({ row }) => row);
}

function steps(files: readonly HistoryFile[]): HistoryFile[][] {
  const together: HistoryFile[][] = [];
  let rows = STEP;
  for (const file of files) {
    if (rows + file.rows > STEP) {
      together.push([]);
      rows = 0;
    }
    together.at(-1)!.push(file);
    rows += file.rows;
  }
  return together;
}
