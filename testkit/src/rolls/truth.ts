/** What `truth.json` says about a run of rolls. */
import type { AttackTruth } from './attack.ts';
import type { RollsChange } from './roll-book.ts';
import type { RollsTransaction } from './transactions.ts';

/** Counts of a night: registrations, and records whose row differs from the night before. */
export type NightTruth = {
  readonly night: number;
  /** Live registrations in the dump. */
  readonly records: number;
  readonly changed: number;
  /** Of those, with a transaction of an office or of the state behind them. */
  readonly authorised: number;
  /** Of those, with one of the motor-vehicle feed only. The rest is what attacks did. */
  readonly fromFeeds: number;
};

/** The truth of a run. */
export type RollsTruth = {
  readonly schema: 'bellwether/rolls-truth@1';
  readonly seed: number;
  readonly voters: number;
  readonly days: number;
  readonly start: string;
  readonly attacks: readonly AttackTruth[];
  readonly nights: readonly NightTruth[];
};

/** Counts a night. A transaction that was used before, and comes again, authorises nothing. */
export function nightTruth(
  night: number,
  records: number,
  changes: readonly RollsChange[],
  transactions: readonly RollsTransaction[],
): NightTruth {
  const day = transactions[0]?.day.replaceAll('-', '') ?? '';
  const sources = new Map<string, boolean>();
  for (const { id, record, source } of transactions) {
    if (!id.startsWith(`t${day}-`)) continue;
    sources.set(record, sources.get(record) === true || source !== 'motor-vehicle');
  }
  let authorised = 0;
  let fromFeeds = 0;
  for (const { record } of changes) {
    const byPeople = sources.get(record);
    if (byPeople === true) authorised++;
    else if (byPeople === false) fromFeeds++;
  }
  return { night, records, changed: changes.length, authorised, fromFeeds };
}
