/**
 * What did not fit. Every table of the judging has a cap, so that no input makes it grow without bound; what a cap
 * turns away is counted here and stands in the account, because nothing is dropped in silence.
 */

/** What each count means, in the order of the account. */
export const LIMITS = {
  judgedFolded: 'sources that had been judged and were forgotten for want of room: no verdict lists them',
  prefixes: 'failures of sources whose /24 or /48 found no room for a walk',
  routes: 'web answers on routes that found no room for a history',
  connections: 'connections forgotten within the hour in which further lines may tell of them',
  requests: 'requests of ours forgotten within the two minutes in which answers may come',
  tuples: 'contacts forgotten within the two seconds in which another sensor may tell of them',
  hosts: 'failures at hosts of ours that found no room for a walk',
  accounts: 'attempts at accounts that found no room for a walk',
  attempts: 'failed attempts and failures at hosts forgotten before a campaign could claim them',
  members:
    'members of campaigns against accounts who found no room, so that they are labelled and not blocked',
  labels: 'members of campaigns who found no room for a label',
} as const;

/** What did not fit. */
export type LimitName = keyof typeof LIMITS;

/** Counts of what did not fit, those that are not 0. */
export type Limits = Readonly<Partial<Record<LimitName, number>>>;

/** The sum of several counts, in the order of `LIMITS`. */
export function sumLimits(all: readonly Limits[]): Limits {
  const sum: { [Name in LimitName]?: number } = {};
  for (const name of Object.keys(LIMITS) as LimitName[]) {
    const count = all.reduce((total, limits) => total + (limits[name] ?? 0), 0);
    if (count > 0) sum[name] = count;
  }
  return sum;
}
