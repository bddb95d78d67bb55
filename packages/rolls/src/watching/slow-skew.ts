/**
 * A few removals too many of one party in one office, day after day: too few for any single day to show.
 *
 * CUSUM (Page 1954) of the log-likelihood ratio of a binomial share (Reynolds and Stoumbos 1999): with p the usual share of the
 * party and q = R p / (1 + (R − 1) p) the share when its odds are R times as high, each day with n removals, x of the party, adds
 *   x ln(q / p) + (n − x) ln((1 − q) / (1 − p));
 * the sum never falls below 0, and is told when it passes h. Without a skew, an average of at least e^h removals pass between two
 * false alarms (Lorden 1971).
 */
import { dayAfter, type Finding, numberText } from './finding.ts';

/** Removals of one party in one office on one day. Days without a row had none. */
export type PartyCount = {
  readonly office: string;
  readonly day: string;
  readonly party: string;
  readonly count: number;
};

/** Two months: longer, and what was in the past weighs on an office for ever; shorter, and the slow passes below. */
export const SKEW_DAYS = 60;

/** R: odds that are looked for. Twice as likely to be removed is the least that a few weeks can show. */
const ODDS = 2;

/**
 * h: e^12 is 160,000 removals of an office and party between two false alarms; 116 offices with 4 parties see some 100,000 such
 * in 60 days in a state of 4.3 million.
 */
const MOST_SUM = 12;

/** Removals within the sum below which nothing is told: no share of a handful says anything. */
const LEAST_REMOVALS = 15;

/** Shares below which a party counts as unknown in an office: one odd removal would pass any threshold. */
const LEAST_SHARE = 0.005;

/**
 * The skews that stand on `day`, the strongest first. `usual`: by office, then party, in any unit: the office's roll, or its
 * own removals of the year before where the dead and the moved are not like the roll.
 */
export function watchSkew(
  removals: readonly PartyCount[],
  usual: ReadonlyMap<string, ReadonlyMap<string, number>>,
  day: string,
): readonly Finding[] {
  const first = dayAfter(day, 1 - SKEW_DAYS);
  const offices = new Map<string, Map<string, Map<string, number>>>();
  for (const row of removals) {
    if (row.day < first || row.day > day || row.count <= 0) continue;
    let days = offices.get(row.office);
    if (days === undefined) {
      days = new Map();
      offices.set(row.office, days);
    }
    let parties = days.get(row.day);
    if (parties === undefined) {
      parties = new Map();
      days.set(row.day, parties);
    }
    parties.set(row.party, (parties.get(row.party) ?? 0) + row.count);
  }
  const findings: Finding[] = [];
  for (const [office, days] of offices) {
    const roll = usual.get(office) ?? new Map<string, number>();
    const all = total(roll.values());
    const inOrder = [...days].sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [party, count] of roll) {
      const share = count / all;
      if (share < LEAST_SHARE || share > 1 - LEAST_SHARE) continue;
      const finding = ofParty(office, party, share, inOrder, day);
      if (finding !== null) findings.push(finding);
    }
  }
  return findings.sort((a, b) => b.score - a.score);
}

function ofParty(
  office: string,
  party: string,
  share: number,
  days: readonly (readonly [string, ReadonlyMap<string, number>])[],
  day: string,
): Finding | null {
  const raised = (ODDS * share) / (1 + (ODDS - 1) * share);
  const [more, less] = [Math.log(raised / share), Math.log((1 - raised) / (1 - share))];
  let sum = 0;
  let since = day;
  let count = 0;
  let all = 0;
  for (const [date, parties] of days) {
    if (sum === 0) [since, count, all] = [date, 0, 0];
    const removed = total(parties.values());
    const own = parties.get(party) ?? 0;
    count += own;
    all += removed;
    sum = Math.max(0, sum + own * more + (removed - own) * less);
  }
  if (sum <= MOST_SUM || all < LEAST_REMOVALS) return null;
  const expected = all * share;
  return {
    kind: 'slow-skew',
    office,
    day,
    score: sum / MOST_SUM,
    sentence: `Since ${since}, ${count} of ${all} removed registrations are of party ${party}. By its share of the office, about ${numberText(expected)} would be.`,
    counts: { count, all, expected, sum },
  };
}

function total(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
