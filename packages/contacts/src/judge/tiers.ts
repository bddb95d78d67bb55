/**
 * What follows from a stake: the tiers of decisions, and how the error of each is shared out.
 */

/** A tier: what is done when the stake of a source exceeds `1 / share(alpha)`. */
export type Tier = {
  readonly name: 'watch' | 'block' | 'block-long';
  /** Probability that a benign source ever gets here, over all tests that it takes part in. */
  readonly alpha: number;
  /** How long a block lasts, ms; 0: a label, no block. */
  readonly duration: number;
};

const HOUR = 3_600_000;

/** Label at one in a hundred, block for hours at one in ten thousand, for a week at one in a million. */
export const TIERS: readonly [Tier, Tier, Tier] = [
  { name: 'watch', alpha: 1e-2, duration: 0 },
  { name: 'block', alpha: 1e-4, duration: 4 * HOUR },
  { name: 'block-long', alpha: 1e-6, duration: 7 * 24 * HOUR },
];

/**
 * Tests that one source takes part in: its own contacts, its own contacts that cannot be forged, its prefix, and the
 * accounts or destinations that it touches. Alpha is divided among them (Bonferroni).
 */
export const TESTS_PER_SOURCE = 4;

/** The stake that one test must exceed for a tier. */
export function threshold(alpha: number): number {
  return TESTS_PER_SOURCE / alpha;
}

/** For people: the lines that a source's stake may cross, as powers of ten. */
export const STAKE_LINES: ReadonlyArray<{ readonly name: Tier['name']; readonly stake: number }> = TIERS.map(
  ({ name, alpha }) => ({ name, stake: Math.log10(threshold(alpha)) }),
);

/** Longest block on evidence that can be forged: long enough to end a scan, short enough to be no weapon. */
export const FORGEABLE_DURATION = 4 * HOUR;

/** A source that completed a handshake or a login this recently is not blocked on evidence that can be forged. */
export const FRIEND_TIME = 30 * 24 * HOUR;

/** Members of a prefix needed before the prefix itself is decided: two may share a desk. */
export const PREFIX_MEMBERS = 3;

/**
 * A member of a campaign is blocked only with contacts of its own to so many targets: one packet may be anybody's, and
 * a client with a stale address asks for the same thing again and again.
 */
export const MEMBER_CONTACTS = 2;

/**
 * How long before its failures began a source must have proved who it is: a scanner that happens to find an open port
 * in the middle of its scan makes no friend of ours by it.
 */
export const FRIEND_SETTLE = 30_000;

/**
 * Members whose evidence cannot be forged that a network needs before it is blocked as a whole: three wrong ones may be
 * three guests of one hotel, and a block of a network meets all of its guests.
 */
export const NETWORK_MEMBERS = 8;

/**
 * A member that asks for the same things again and again, more often than a packet is repeated when nobody answers (three
 * times), is a client with a stale address and no part of a scan.
 */
export const MEMBER_REPEATS = 4;
