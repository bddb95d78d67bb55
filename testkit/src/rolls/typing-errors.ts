/** What fingers do: two letters or digits in the wrong order, or a digit of a house number gone. */
import type { Random } from '../random.ts';
import type { Column, NewValues } from './columns.ts';
import type { TransactionClass } from './transactions.ts';

/** Columns in which errors are made, and what the correction is called. */
const TYPED: ReadonlyArray<readonly [column: Column, correction: TransactionClass]> = [
  ['last_name', 'name-updated'],
  ['street', 'address-updated'],
  ['house_number', 'address-updated'],
  ['date_of_birth', 'registration-updated'],
];

/** One error: what was typed, what was meant, and how it will be corrected; undefined where nothing can be mistyped. */
export type TypingError = {
  readonly typed: NewValues;
  readonly meant: NewValues;
  readonly class: TransactionClass;
};

/** Makes an error in one of the values. */
export function mistyped(random: Random, values: NewValues): TypingError | undefined {
  const possible = TYPED.filter(([column]) => (values[column]?.length ?? 0) > 2);
  if (possible.length === 0) return undefined;
  const [column, correction] = random.pick(possible);
  const meant = values[column] as string;
  const typed = column === 'date_of_birth' ? otherDay(meant) : swapped(random, meant);
  if (typed === meant) return undefined;
  return { typed: { [column]: typed }, meant: { [column]: meant }, class: correction };
}

function swapped(random: Random, text: string): string {
  const at = 1 + random.below(text.length - 2);
  const letters = [...text];
  const [one, other] = [letters[at] as string, letters[at + 1] ?? ''];
  letters[at] = other;
  letters[at + 1] = one;
  return letters.join('');
}

/** Day and month the wrong way round, as people from elsewhere write them; only where that is a date. */
function otherDay(date: string): string {
  const [year, month, day] = date.split('-') as [string, string, string];
  return Number(day) <= 12 ? `${year}-${day}-${month}` : date;
}
