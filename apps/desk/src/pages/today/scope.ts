/** A day as who has some offices sees it: numbers of the other offices are none of theirs, nor is how many there are. */
import type { TodayAnswer } from '@bellwether/api';
import type { Reach } from '../../api/me.ts';

/** Whose day it is: the whole state's, that of one office by its name, or that of some offices. */
export type Scope =
  | { readonly of: 'state' }
  | { readonly of: 'office'; readonly name: string }
  | { readonly of: 'offices' };

/** The day of these offices, and whose that is. */
export function scopedDay(
  today: TodayAnswer,
  offices: Reach,
): { readonly day: TodayAnswer; readonly scope: Scope } {
  if (offices === 'all') return { day: today, scope: { of: 'state' } };
  const map = today.map.filter(({ leaId }) => offices.includes(leaId));
  const day = {
    ...today,
    map,
    offices: {
      total: map.length,
      watched: map.filter(({ sensors }) => sensors > 0).length,
      knockedAt: map.filter(({ knocks }) => knocks > 0).length,
      complete: map.filter(({ state }) => state === 'complete').length,
    },
  };
  const [only, ...others] = map;
  if (only === undefined || others.length > 0) return { day, scope: { of: 'offices' } };
  return { day, scope: { of: 'office', name: only.name } };
}
