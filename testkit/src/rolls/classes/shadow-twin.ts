/**
 * `twin`: somebody who is registered is registered again, under a name spelled a little otherwise, with a valid transaction:
 * two records, two handles, one person. `twin-record`: one number stands in the dump twice.
 */
import { type Attack, note, officeOfSize, victim } from '../attack.ts';
import { dateOf } from '../calendar.ts';
import type { VoterRow } from '../columns.ts';

/** Size of the office where the second of the two is registered. */
const OFFICE_SIZE = 10_000;

const TWINS = 2;

export const shadowTwin: Attack = {
  kind: 'twin',
  caughtBy: 'watching',
  why: 'A new registration is nearly the same person as an old one: birthday, first name, a letter of the surname.',
  leastDays: 1,
  prepare(stage) {
    const { book, random } = stage;
    const office = officeOfSize(stage, OFFICE_SIZE);
    const originals = Array.from({ length: TWINS }, () => victim(stage));
    return (sheet) => {
      if (sheet.night !== stage.night) return;
      for (const original of originals) {
        const row = book.row(original) as VoterRow;
        const index = book.newIndex();
        const home = book.population.addressOf(office.from + random.below(office.live));
        const at = Math.min(2, row.last_name.length - 1);
        const fields: VoterRow = {
          ...row,
          ...home,
          voter_id: book.population.voterId(index),
          lea_id: office.leaId,
          last_name: row.last_name.slice(0, at) + row.last_name.slice(at, at + 1) + row.last_name.slice(at),
          registered_on: dateOf(sheet.day),
        };
        const deed = { index, office, source: 'office', class: 'registration-created', fields } as const;
        stage.places.push(sheet.transact(random, deed));
        book.hold(index);
        note(stage, index);
        note(stage, original);
      }
    };
  },
};

export const twinRecord: Attack = {
  kind: 'twin-record',
  caughtBy: 'reconcile',
  why: 'One number stands in the dump twice: such a dump is refused as a whole, and nothing is sealed.',
  leastDays: 1,
  byNameOnly: true,
  prepare(stage) {
    const index = victim(stage);
    return (sheet) => {
      if (sheet.night !== stage.night) return;
      note(stage, index);
      stage.doubled.push(index);
    };
  },
};
