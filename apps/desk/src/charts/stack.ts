/** Bars of hours, stacked by group: where each piece begins and ends, in contacts. */
import type { TodayAnswer } from '@bellwether/api';
import { allContacts, GROUPS, type Group, inGroup } from '../words/dispositions.ts';

/** A piece of a bar, from `low` to `high` contacts. */
export type Piece = { readonly group: Group; readonly low: number; readonly high: number };

/** One hour. */
export type Bar = { readonly from: string; readonly total: number; readonly pieces: readonly Piece[] };

/** Stacks every hour. Pieces without contacts are left out. */
export function stack(hours: TodayAnswer['hours']): readonly Bar[] {
  return hours.map(({ from, dispositions }) => {
    let low = 0;
    const pieces: Piece[] = [];
    for (const group of GROUPS) {
      const size = Math.max(0, inGroup(group, dispositions));
      if (size > 0) pieces.push({ group, low, high: low + size });
      low += size;
    }
    return { from, total: allContacts(dispositions), pieces };
  });
}
