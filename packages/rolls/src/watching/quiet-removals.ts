/**
 * Removals in the 90 days before a federal election, in which lists are not maintained: 52 U.S.C. 20507(c)(2)(A). Removals at
 * the voter's request, for a conviction or after a death stay lawful there, (c)(2)(B): who counts leaves those out that say so.
 */
import type { RollsPolicy } from '../rolls-types.ts';
import type { Finding } from './finding.ts';

/** Removals of one office on one day, without those that are lawful in a quiet period. */
export type RemovalCount = { readonly office: string; readonly day: string; readonly count: number };

/** Offices with more removals on a quiet day than the policy lets one office sign; none outside the quiet periods. */
export function watchQuietRemovals(
  removals: readonly RemovalCount[],
  policy: Pick<RollsPolicy, 'quiet' | 'quietRemovals'>,
): readonly Finding[] {
  return removals
    .filter(
      ({ day, count }) =>
        count > policy.quietRemovals && policy.quiet.some(({ from, to }) => from <= day && day <= to),
    )
    .map(({ office, day, count }) => ({
      kind: 'quiet-removals' as const,
      office,
      day,
      score: count / Math.max(1, policy.quietRemovals),
      sentence: `${count} registrations were removed on one day of the 90 days before a federal election, when lists are not cleaned. Look at the reason of each.`,
      counts: { count, limit: policy.quietRemovals },
    }))
    .sort((a, b) => b.score - a.score);
}
