/** `false-reconcile`: the database was changed without authority, and the operator seals that there is no difference. */
import { type Attack, note, victims } from '../attack.ts';
import type { VoterRow } from '../columns.ts';

const ROWS = 20;

export const falseReconcile: Attack = {
  kind: 'false-reconcile',
  caughtBy: 'second-hand',
  why: 'The offices that recompute their own rows, and the auditors of the opened records, do not get the sealed root.',
  leastDays: 1,
  operation:
    'Let the hub take the dump without these changes, and seal the night as equal; offices and auditors read the true dump.',
  prepare(stage) {
    const rows = victims(stage, ROWS);
    return (sheet) => {
      if (sheet.night !== stage.night) return;
      for (const index of rows) {
        const row = stage.book.row(index) as VoterRow;
        const values = { party: row.party === 'UNA' ? 'LIB' : 'UNA' };
        note(stage, index, values);
        stage.book.set(index, values);
      }
    };
  },
};
