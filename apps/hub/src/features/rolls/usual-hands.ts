/** Which clerk accounts and devices have worked for an office: those behind the changes that it signed on days before. */
import type { Change, Sheet } from './rolls-files.ts';

/**
 * Days on which an office has signed changes with hands behind them before a new hand is told: two weeks of work, in which
 * everybody who works there was in. With fewer, everybody is new and nobody is odd.
 */
export const LEAST_DAYS_OF_HANDS = 10;

/** Device and clerk of a change, as `usualHands` has them. */
export function handsBehind({ transaction }: Pick<Change, 'transaction'>): readonly string[] {
  if (transaction === null) return [];
  const { clerk, device } = transaction;
  return [...(clerk === null ? [] : [`clerk ${clerk}`]), ...(device === null ? [] : [`device ${device}`])];
}

/** Hands by office, of signed sheets before `day`; an office whose past is too short is not there. */
export function usualHands(
  sheets: Iterable<Pick<Sheet, 'state' | 'day' | 'changes' | 'refused'>>,
  offices: ReadonlySet<string>,
  day: string,
): ReadonlyMap<string, ReadonlySet<string>> {
  const past = new Map<string, { readonly days: Set<string>; readonly hands: Set<string> }>();
  for (const sheet of sheets) {
    if (sheet.day >= day || (sheet.state !== 'signed' && sheet.state !== 'partly')) continue;
    const refused = new Set(sheet.refused);
    for (const change of sheet.changes) {
      const hands = handsBehind(change);
      if (hands.length === 0 || !offices.has(change.office) || refused.has(change.recordId)) continue;
      const known = past.get(change.office) ?? { days: new Set(), hands: new Set() };
      past.set(change.office, known);
      known.days.add(sheet.day);
      for (const hand of hands) known.hands.add(hand);
    }
  }
  const known = [...past].filter(([, { days }]) => days.size >= LEAST_DAYS_OF_HANDS);
  return new Map(known.map(([office, { hands }]) => [office, hands]));
}
