/** `insert`: rows appear in the database, with no transaction behind. */
import { type Attack, note } from '../attack.ts';
import { newcomerRow } from '../population.ts';

const ROWS = 3;

export const directInsert: Attack = {
  kind: 'insert',
  caughtBy: 'reconcile',
  why: 'Registrations are there that nobody made.',
  leastDays: 1,
  prepare(stage) {
    const { book, random } = stage;
    return (sheet) => {
      if (sheet.night !== stage.night) return;
      for (let row = 0; row < ROWS; row++) {
        const index = book.newIndex();
        const neighbour = random.below(book.population.rows);
        book.put(index, newcomerRow(book.population, random, index, neighbour, sheet.day));
        book.hold(index);
        note(stage, index);
      }
    };
  },
};
