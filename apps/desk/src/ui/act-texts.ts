/** Words of acts that are explained before they are done. */
export const ACT = {
  leave: 'Do not do it',
  waiting: 'Doing it',
  whyHint: 'In a few words. It stands in the trail, where others read it.',
  whyMissing: 'Write why first: a few words are enough.',
} as const;

/** Shortest reason that the hub takes, letters. */
export const SHORTEST_REASON = 3;

/** Longest reason that the hub takes, letters. */
export const LONGEST_REASON = 500;
