/** Precinct registers: the columns that stand at the polls (RSMo 115.163), of one office, as somebody changed them. */
import type { AttackTruth, PollBook } from './attack.ts';
import type { ByteFile } from './byte-file.ts';
import { type Column, isLive, type VoterRow, withValues } from './columns.ts';
import { CsvRows } from './csv-rows.ts';
import type { Population } from './population.ts';

/** Columns of the register. */
export const POLL_BOOK_COLUMNS: readonly Column[] = [
  'voter_id',
  'last_name',
  'first_name',
  'middle_name',
  'suffix',
  'house_number',
  'street',
  'unit',
  'city',
  'zip',
  'precinct',
  'status',
];

/** What the truth says about a changed register. */
export function pollBookFile(
  book: PollBook,
  population: Population,
): Required<Pick<AttackTruth, 'files' | 'rows'>> {
  return {
    files: [pollBookName(book)],
    rows: {
      missing: book.missing.map(population.voterId),
      different: [...book.different.keys()].map(population.voterId),
      extra: book.extra.map((row) => row.voter_id),
    },
  };
}

/** The name of its file. */
export function pollBookName(book: PollBook): string {
  return `pollbook-${book.office.leaId}.csv`;
}

/** Adds the register to a file, from the rows of its night. */
export function addPollBook(
  file: ByteFile,
  book: PollBook,
  population: Population,
  rows: Iterable<VoterRow>,
): void {
  const missing = new Set(book.missing.map(population.voterId));
  const different = new Map(
    [...book.different].map(([index, values]) => [population.voterId(index), values]),
  );
  const csv = new CsvRows(POLL_BOOK_COLUMNS);
  file.add(csv.header());
  for (const row of rows) {
    if (row.lea_id !== book.office.leaId || !isLive(row) || missing.has(row.voter_id)) continue;
    file.add(csv.line(withValues(row, different.get(row.voter_id) ?? {})));
  }
  for (const row of book.extra) file.add(csv.line(row));
}
