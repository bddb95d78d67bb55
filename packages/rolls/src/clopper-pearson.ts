/**
 * The exact interval of a share (Clopper and Pearson, Biometrika 26, 1934): with k of n counted, the lower end is the p at which k or
 * more would be seen in a fortieth of all cases, the upper end the p at which k or fewer would be. At least 95 % of such intervals
 * hold the true share, however small n is. It is meant for one look; whoever looks daily and picks a day says less than 95 %.
 */

/** Ends of an interval, each in [0, 1]. */
export type ShareInterval = { readonly low: number; readonly high: number };

/** What may lie beyond each end: 95 % between them is what people read in other reports. */
const BEYOND = 0.025;

/** Halvings of the interval: a double has no more to give. */
const HALVINGS = 60;

/** Largest n: the tail is summed term by term, and a state plants some hundred changes a month. */
const MOST_COUNTED = 100_000;

/** The 95 % interval of a share of which `some` of `all` were counted. Throws a RangeError on what is no count. */
export function shareInterval(some: number, all: number): ShareInterval {
  const isCount = Number.isInteger(some) && Number.isInteger(all) && some >= 0 && some <= all;
  if (!isCount || all > MOST_COUNTED) throw new RangeError(`no counts: ${some} of ${all}`);
  return {
    low: some === 0 ? 0 : turningPoint((p) => 1 - atMost(some - 1, all, p) < BEYOND),
    high: some === all ? 1 : turningPoint((p) => atMost(some, all, p) > BEYOND),
  };
}

/** The p below which something holds, and above which it does not. */
function turningPoint(holds: (p: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Probability of at most `k` of `n`, where each has probability `p`. Terms are kept as logarithms: the first may be below every double. */
function atMost(k: number, n: number, p: number): number {
  const odds = Math.log(p) - Math.log1p(-p);
  let term = n * Math.log1p(-p);
  let sum = Math.exp(term);
  for (let i = 0; i < k; i++) {
    term += Math.log((n - i) / (i + 1)) + odds;
    sum += Math.exp(term);
  }
  return sum;
}
