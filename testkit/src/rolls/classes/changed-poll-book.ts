/** `pollbook`: the precinct register of an office differs from the roll (Los Angeles 2018: 118,000 voters missing from rosters). */
import { type Attack, note, officeOfSize, victim, victims } from '../attack.ts';
import type { NewValues, VoterRow } from '../columns.ts';
import { newcomerRow } from '../population.ts';

/** Size of the office it looks for: a book that a person can read through. */
const OFFICE_SIZE = 2_000;

const MISSING = 5;
const DIFFERENT = 3;
const EXTRA = 1;

export const changedPollBook: Attack = {
  kind: 'pollbook',
  caughtBy: 'extract',
  why: 'The sealed roll and the poll book do not agree row for row; the roll itself is right.',
  leastDays: 1,
  operation: 'Seal the poll book file beside this one as the extract of its office for the night.',
  prepare(stage) {
    const { book, random } = stage;
    const office = officeOfSize(stage, OFFICE_SIZE);
    const missing = victims(stage, MISSING, office);
    const changed = Array.from({ length: DIFFERENT }, () => victim(stage, office));
    return (sheet) => {
      if (sheet.night !== stage.night) return;
      const different = new Map<number, NewValues>();
      for (const index of missing) note(stage, index);
      for (const index of changed) {
        const row = book.row(index) as VoterRow;
        const values = { house_number: `${Number(row.house_number) + 1}`, last_name: `${row.last_name}s` };
        different.set(index, values);
        note(stage, index, values);
      }
      const extra = Array.from({ length: EXTRA }, () => {
        const index = book.newIndex();
        stage.records.add(book.population.voterId(index));
        return newcomerRow(book.population, random, index, office.from, sheet.day);
      });
      stage.pollBooks.push({ office, night: stage.night, missing, different, extra });
    };
  },
};
