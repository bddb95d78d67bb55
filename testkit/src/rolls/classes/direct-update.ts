/** `update`: statements run straight in the database (Illinois 2016: an injection could have), with no transaction behind. */
import { type Attack, note, victims } from '../attack.ts';
import type { NewValues, VoterRow } from '../columns.ts';

/** Rows it changes, one in each of its ways. */
const ROWS = 4;

const WAYS: ReadonlyArray<(row: VoterRow) => NewValues> = [
  (row) => ({ party: row.party === 'UNA' ? 'LIB' : 'UNA' }),
  (row) => ({ house_number: `${Number(row.house_number) + 1}`, street: 'Nowhere Rd' }),
  () => ({ status: 'inactive' }),
  (row) => ({ date_of_birth: `1901${row.date_of_birth.slice(4)}` }),
];

export const directUpdate: Attack = {
  kind: 'update',
  caughtBy: 'reconcile',
  why: 'The rows differ from what the authorised transactions make of them.',
  leastDays: 1,
  prepare(stage) {
    const rows = victims(stage, ROWS);
    return (sheet) => {
      if (sheet.night !== stage.night) return;
      for (const [at, index] of rows.entries()) {
        const change = WAYS[at % WAYS.length] as (row: VoterRow) => NewValues;
        const values = change(stage.book.row(index) as VoterRow);
        note(stage, index, values);
        stage.book.set(index, values);
      }
    };
  },
};
