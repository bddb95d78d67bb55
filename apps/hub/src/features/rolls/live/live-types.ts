/** What reading the live database gives, whatever it comes as. */
import type { Result } from '@bellwether/basics';
import type { RollsError } from '@bellwether/rolls';

/** Most columns: the widest file that a state publishes has a third. */
export const MOST_COLUMNS = 256;

/** Takes rows, one after the other. The first failure ends the reading. */
export type LiveSink = {
  /** Names of the columns, once, before the first row. */
  takeColumns(names: readonly string[]): Result<void, RollsError>;
  /** Values in the order of the columns: lent, until the next row. */
  takeRow(values: readonly string[]): Result<void, RollsError>;
};

/** What is said of a dump that is not whole, or cannot be read. */
export function incompleteDump(detail: string): RollsError {
  return { code: 'ROLLS_DUMP_INCOMPLETE', detail };
}
