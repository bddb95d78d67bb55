/** `erase-tamper`: a registration is cancelled and its keys are erased; then the row is live again, somewhere else. */
import { type Attack, note, victim } from '../attack.ts';
import type { VoterRow } from '../columns.ts';

export const eraseAndTamper: Attack = {
  kind: 'erase-tamper',
  caughtBy: 'reconcile',
  why: 'The handle is erased, and the registration is live in the database.',
  leastDays: 2,
  operation: 'After the night before, when the cancellation is sealed, erase the record.',
  prepare(stage) {
    const { book, random } = stage;
    const index = victim(stage);
    const office = book.population.officeOf(index);
    return (sheet) => {
      if (sheet.night === stage.night - 1) {
        const deed = { index, office, source: 'office', class: 'registration-cancelled' } as const;
        stage.places.push(sheet.transact(random, { ...deed, fields: { status: 'cancelled' } }));
      } else if (sheet.night === stage.night) {
        const row = book.row(index) as VoterRow;
        const values = { status: 'active', house_number: `${Number(row.house_number) + 2}` };
        note(stage, index, values);
        book.set(index, values);
      }
    };
  },
};
