/** `revert`: changed in the morning, used, and changed back before the dump of the night. */
import { type Attack, note, victims } from '../attack.ts';
import type { VoterRow } from '../columns.ts';

const ROWS = 3;

/** Seconds of the local day: after offices open, and before they close. */
const CHANGED_AT = 9 * 3_600 + 12 * 60;
const REVERTED_AT = 15 * 3_600 + 40 * 60;

export const changeAndRevert: Attack = {
  kind: 'revert',
  caughtBy: 'none',
  why: 'No dump has it: only a log of changes (an audit table, replication) does. Its steps are told here.',
  leastDays: 1,
  operation: 'Run the steps on the database between two captures, if it keeps a log of changes.',
  prepare(stage) {
    const rows = victims(stage, ROWS);
    return (sheet) => {
      if (sheet.night !== stage.night) return;
      for (const [at, index] of rows.entries()) {
        const row = stage.book.row(index) as VoterRow;
        const record = row.voter_id;
        note(stage, index, { status: 'inactive' });
        stage.steps.push({ at: sheet.time(CHANGED_AT + at), record, fields: { status: 'inactive' } });
        stage.steps.push({ at: sheet.time(REVERTED_AT + at), record, fields: { status: row.status } });
      }
    };
  },
};
