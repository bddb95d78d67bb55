/** What reading the live database gives, whatever it comes as. */
import type { Result } from '@bellwether/basics';
import type { RollsError, RowValues } from '@bellwether/rolls';

/** Most columns: the widest file that a state publishes has a third. */
export const MOST_COLUMNS = 256;

/** Takes rows, one after the other. The first failure ends the reading. */
export type LiveSink = {
  /** Names of the columns, once, before the first row. */
  takeColumns(names: readonly string[]): Result<void, RollsError>;
  /** Values in the order of the columns: lent, until the next row. */
  takeRow(values: RowValues): Result<void, RollsError>;
  /** Whoever knows rows by their bytes; a source that has no such bytes does not ask. */
  readonly known?: KnownRows;
};

/** Rows as a dump has them, one behind the other: row i is bytes [starts[i], starts[i + 1]), with the end of its line. */
export type RawRows = {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly count: number;
};

/** Passes rows over that are known, so that nobody has to read them. */
export type KnownRows = {
  /** The first row of the dump, as it is. */
  lookAtHeader(row: Uint8Array): void;
  /** Rows that come next: lent, until the next call. */
  lookAt(rows: RawRows): void;
  /** Whether row `at` of these is known, and was counted; if not, `takeRow` has it next. Asked once for each, in order. */
  passesRow(at: number): boolean;
};

/** What is said of a dump that is not whole, or cannot be read. */
export function incompleteDump(detail: string): RollsError {
  return { code: 'ROLLS_DUMP_INCOMPLETE', detail };
}
