/**
 * Statistics that one wild day cannot move: median, median absolute deviation, and tails of the Poisson and chi-square
 * distributions for counts too small for either.
 *
 * Sources: Hampel 1974 (MAD and its factor for the normal distribution); Anscombe 1948 (square root of counts);
 * DLMF 8.11 and 8.9 (series and continued fraction of the incomplete gamma function); DLMF 5.11 (Stirling's series).
 */

/** 1 / Φ⁻¹(3/4): makes the MAD of normal numbers their standard deviation. */
const MAD_TO_SIGMA = 1.482_602_218_505_602;

/** Terms of a series or fraction that are computed at most: both settle within some hundred for the counts of an office. */
const MOST_TERMS = 10_000;

/** The middle number; the mean of the two middle ones; NaN of none. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The value at which half of the weight lies below; NaN where there is no weight. */
export function weightedMedian(values: readonly (readonly [value: number, weight: number])[]): number {
  const sorted = values.filter(([, weight]) => weight > 0).sort((a, b) => a[0] - b[0]);
  const total = sorted.reduce((sum, [, weight]) => sum + weight, 0);
  let below = 0;
  for (const [value, weight] of sorted) {
    below += weight;
    if (below >= total / 2) return value;
  }
  return Number.NaN;
}

/** Standard deviation by the median absolute deviation; NaN of none. */
export function robustSigma(values: readonly number[]): number {
  const middle = median(values);
  return MAD_TO_SIGMA * median(values.map((value) => Math.abs(value - middle)));
}

/** A count on a scale where its standard deviation is 1 whatever its mean: 2 √(x + 3/8), Anscombe 1948. */
export function anscombe(count: number): number {
  return 2 * Math.sqrt(count + 3 / 8);
}

/** P(X ≥ count) of a Poisson number with this mean. */
export function poissonTail(count: number, mean: number): number {
  if (count <= 0) return 1;
  return mean <= 0 ? 0 : 1 - upperGamma(count, mean);
}

/** P(X ≥ value) of a chi-square number with this many degrees of freedom. */
export function chiSquareTail(value: number, freedom: number): number {
  return value <= 0 ? 1 : upperGamma(freedom / 2, value / 2);
}

/** Q(a, x) = Γ(a, x) / Γ(a): series below a + 1, continued fraction (Lentz) above. */
function upperGamma(a: number, x: number): number {
  const factor = Math.exp(-x + a * Math.log(x) - logGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < MOST_TERMS && term > sum * Number.EPSILON; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return Math.max(0, 1 - factor * sum);
  }
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1; n < MOST_TERMS; n++) {
    const step = -n * (n - a);
    b += 2;
    d = 1 / (Math.abs(step * d + b) < tiny ? tiny : step * d + b);
    c = Math.abs(b + step / c) < tiny ? tiny : b + step / c;
    const delta = c * d;
    fraction *= delta;
    if (Math.abs(delta - 1) < Number.EPSILON) break;
  }
  return Math.min(1, factor * fraction);
}

/** ln Γ(a) by Stirling's series, moved up to where it is exact. */
function logGamma(a: number): number {
  let shift = 0;
  let x = a;
  for (; x < 15; x++) shift += Math.log(x);
  const y = 1 / (x * x);
  const series = (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y / 1680))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
