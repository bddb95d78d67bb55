/**
 * `replay`: an old transaction comes again. Somebody moves from A to B and from B to C; days later the first move is handed
 * in again, with its own number and today's date, and the database has B.
 */
import { type Attack, note, victim } from '../attack.ts';
import { differing, type NewValues, type VoterRow } from '../columns.ts';
import type { RollsTransaction } from '../transactions.ts';

const SECOND = 11 * 3_600 + 5 * 60;

export const replayedTransaction: Attack = {
  kind: 'replay',
  caughtBy: 'reconcile',
  why: 'The transaction was used before: its number was seen, and it does not start from what the record was.',
  leastDays: 3,
  prepare(stage) {
    const { book, random } = stage;
    const { population } = book;
    const index = victim(stage);
    const office = population.officeOf(index);
    const first = elsewhere(() => office.from + random.below(office.live), index);
    const second = elsewhere(() => office.from + random.below(office.live), first);
    const move = (home: number): NewValues =>
      differing(book.row(index) as VoterRow, { ...population.addressOf(home) });
    return (sheet) => {
      const deed = { index, office, source: 'office', class: 'address-updated' } as const;
      if (sheet.night === stage.night - 2) {
        stage.places.push(sheet.transact(random, { ...deed, fields: move(first) }));
      } else if (sheet.night === stage.night - 1) {
        stage.places.push(sheet.transact(random, { ...deed, fields: move(second) }));
      } else if (sheet.night === stage.night) {
        const old = stage.transactions[0] as RollsTransaction;
        note(stage, index, differing(book.row(index) as VoterRow, old.fields));
        book.set(index, old.fields);
        sheet.repeat(old, SECOND);
      }
    };

    function elsewhere(draw: () => number, from: number): number {
      const there = JSON.stringify(population.addressOf(from));
      for (let tries = 0; tries < 200; tries++) {
        const home = draw();
        if (JSON.stringify(population.addressOf(home)) !== there) return home;
      }
      return from;
    }
  },
};
