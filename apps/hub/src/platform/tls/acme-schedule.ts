/** When a certificate is renewed, and when a failed attempt is made again. Times in ms; chance comes in as a number in [0,1). */

/** Two thirds: thirty days are left of ninety, for whatever goes wrong. What most directories recommend. */
const LIFE_BEFORE_RENEWAL = 2 / 3;

/** So much of its life later at most, by chance: offices that began on one day do not come back on one day. */
const SPREAD = 1 / 24;

/** A directory that was away for a moment is asked again after a minute. */
const FIRST_PAUSE = 60_000;

/** Each failure makes the next pause so much longer: within the first hour four attempts, as directories bear. */
const GROWTH = 4;

/** Four attempts a day: a mistake that a person mends today is over today. */
const LONGEST_PAUSE = 6 * 3_600_000;

/** A directory that asks for more patience than a day is asked again after a day. */
const MOST_PATIENCE = 24 * 3_600_000;

/** When to renew what is in force from `notBefore` to `notAfter`. */
export function renewalOf(
  { notBefore, notAfter }: { notBefore: number; notAfter: number },
  chance: number,
): number {
  return notBefore + (notAfter - notBefore) * (LIFE_BEFORE_RENEWAL + SPREAD * chance);
}

/** How long to wait after so many failures in a row, and at least as long as the directory asks. */
export function pauseAfter(failures: number, asked: number | undefined, chance: number): number {
  const growing = Math.min(FIRST_PAUSE * GROWTH ** (failures - 1), LONGEST_PAUSE);
  return Math.max(growing * (0.75 + chance / 2), Math.min(asked ?? 0, MOST_PATIENCE));
}
