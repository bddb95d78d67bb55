/** `stolen-clerk`: one account cancels a tenth of an office in an hour, with transactions that all look right. */
import { type Attack, note, officeOfSize, victims } from '../attack.ts';

/** Size of the office it looks for: large enough that no policy calls its tenth small. */
const OFFICE_SIZE = 5_000;

/** Share of the office's voters. */
const SHARE = 0.1;

/** Never fewer, as far as the office has them. */
const LEAST = 25;

/** Quarter past nine in the evening, local time, for an hour. */
const FROM = 21 * 3_600 + 15 * 60;
const HOUR = 3_600;

export const stolenClerk: Attack = {
  kind: 'stolen-clerk',
  caughtBy: 'policy',
  why: 'More changes in one batch than the policy allows without a second office; one account, one hour, one class.',
  leastDays: 1,
  prepare(stage) {
    const { random } = stage;
    const office = officeOfSize(stage, OFFICE_SIZE);
    const count = Math.min(Math.floor(office.live / 3), Math.max(LEAST, Math.round(office.live * SHARE)));
    const rows = victims(stage, count, office);
    const clerk = random.below(office.clerks);
    return (sheet) => {
      if (sheet.night !== stage.night) return;
      for (const index of rows) {
        const fields = { status: 'cancelled' };
        note(stage, index, fields);
        const second = FROM + random.below(HOUR);
        const deed = { index, office, source: 'office', class: 'registration-cancelled' } as const;
        stage.places.push(sheet.transact(random, { ...deed, fields, clerk, second }));
      }
    };
  },
};
