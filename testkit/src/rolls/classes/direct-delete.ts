/** `delete`: rows vanish from the database, with no transaction behind. */
import { type Attack, note, victims } from '../attack.ts';

const ROWS = 3;

export const directDelete: Attack = {
  kind: 'delete',
  caughtBy: 'reconcile',
  why: 'Registrations that nobody cancelled are no longer there.',
  leastDays: 1,
  prepare(stage) {
    const rows = victims(stage, ROWS);
    return (sheet) => {
      if (sheet.night !== stage.night) return;
      for (const index of rows) {
        note(stage, index);
        stage.book.drop(index);
      }
    };
  },
};
