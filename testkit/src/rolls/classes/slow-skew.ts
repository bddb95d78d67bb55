/** `skew`: in one office, every day from its night on, a few of one party more are cancelled than there should be. */
import { type Attack, isActive, note, officeOfSize, victim } from '../attack.ts';
import { officeShare } from '../calendar.ts';
import { PARTIES } from '../person.ts';

/** Size of the office it looks for. */
const OFFICE_SIZE = 20_000;

/** Cancellations a day that nobody would notice by themselves: of 20,000 voters, about four a day are cancelled anyway. */
const DAILY = 3;

/** In small states, fewer: never more than this share of the office in a whole run. */
const MOST_SHARE = 0.05;

export const slowSkew: Attack = {
  kind: 'skew',
  caughtBy: 'watching',
  why: 'Every transaction is valid; only the share of one party among the cancelled, day after day, is not.',
  leastDays: 1,
  prepare(stage) {
    const { random } = stage;
    const office = officeOfSize(stage, OFFICE_SIZE);
    const party = random.pick(PARTIES.slice(0, 2));
    const days = stage.days - stage.night + 1;
    const most = Math.max(1, Math.floor(office.live * MOST_SHARE));
    const rows = Array.from({ length: Math.min(most, days * DAILY) }, () =>
      victim(stage, office, (row) => isActive(row) && row.party === party),
    );
    const clerk = random.below(office.clerks);
    return (sheet) => {
      if (sheet.night < stage.night || (officeShare(sheet.day) === 0 && sheet.night > stage.night)) return;
      for (const index of rows.splice(0, DAILY)) {
        const fields = { status: 'cancelled' };
        note(stage, index, fields);
        const deed = { index, office, source: 'office', class: 'registration-cancelled' } as const;
        stage.places.push(sheet.transact(random, { ...deed, fields, clerk }));
      }
    };
  },
};
