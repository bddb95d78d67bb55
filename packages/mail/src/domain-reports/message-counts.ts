/** Sums of messages. */
import type { DmarcRow } from './dmarc-report.ts';
import type { MessageCounts } from './domain-summary.ts';

/** The same, while it grows. */
export type GrowingCounts = { -readonly [Name in keyof MessageCounts]: MessageCounts[Name] };

/** Nothing counted. */
export function noMessages(): GrowingCounts {
  return {
    ...{ messages: 0, aligned: 0, notAligned: 0, unclear: 0 },
    ...{ forwarded: 0, letThrough: 0, quarantined: 0, rejected: 0 },
  };
}

/** What receivers give for mail that changed on its way (RFC 7489, appendix C; RFC 9990). */
const FORWARDED: ReadonlySet<string> = new Set(['forwarded', 'mailing_list', 'trusted_forwarder']);

/** Adds a row. */
export function addRow(counts: GrowingCounts, row: DmarcRow): void {
  const add = (name: keyof MessageCounts): void => {
    // Reports can claim any number; sums stay whole numbers.
    counts[name] = Math.min(counts[name] + row.count, Number.MAX_SAFE_INTEGER);
  };
  add('messages');
  const outcome = outcomeOf(row);
  add(outcome);
  if (outcome !== 'notAligned') return;
  if (row.overrides.some(({ type }) => FORWARDED.has(type))) add('forwarded');
  else if (row.disposition === 'quarantine') add('quarantined');
  else if (row.disposition === 'reject') add('rejected');
  else if (row.disposition !== null) add('letThrough');
}

function outcomeOf({ dkim, spf }: DmarcRow): 'aligned' | 'notAligned' | 'unclear' {
  if (dkim === 'pass' || spf === 'pass') return 'aligned';
  // One check that failed says nothing while the other is not told.
  return dkim === null || spf === null ? 'unclear' : 'notAligned';
}
