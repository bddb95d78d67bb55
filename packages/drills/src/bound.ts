/**
 * How bad it can still be. The upper end of a confidence sequence for a rate of misses, by the method of mixtures: with n drills
 * and k misses, and a beta distribution with density b(p) laid down before the first of them,
 *
 *     M(p) = B(a + k, b + n - k) / (B(a, b) · p^k · (1 - p)^(n - k))
 *
 * is a martingale of mean 1 if p is the true rate, so that it ever reaches 1/alpha with probability alpha at most (Ville's
 * inequality; H. Robbins, Statistical methods related to the law of the iterated logarithm, 1970). The bound is the largest p
 * that was never refuted so: right at all looks together, however often somebody looks.
 */

/** Misses among drills. */
export type Misses = { readonly drills: number; readonly missed: number };

/**
 * The mixture: Beta(1, 500). It is laid before the first drill and bears no evidence; it only says where the bound is to be
 * tightest, at one miss in some hundreds, which is what such a system has to be told apart at.
 */
const A = 1;
const B = 500;

/** Halvings of the interval: a double has no more to give. */
const HALVINGS = 60;

/** The upper bound of the rate of misses, [0, 1], that is wrong at any time with probability `alpha` at most. 1 without drills. */
export function missBound({ drills, missed }: Misses, alpha: number): number {
  if (!Number.isInteger(drills) || !Number.isInteger(missed) || missed < 0 || missed > drills)
    throw new RangeError(`${missed} misses of ${drills} drills`);
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`no error probability: ${alpha}`);
  if (drills === 0) return 1;
  const hits = drills - missed;
  const mixed = logBeta(A + missed, B + hits) - logBeta(A, B);
  const refuted = (p: number): boolean => {
    const likelihood = (missed === 0 ? 0 : missed * Math.log(p)) + (hits === 0 ? 0 : hits * Math.log1p(-p));
    return mixed - likelihood >= -Math.log(alpha);
  };
  let low = missed / drills;
  let high = 1;
  // Where nothing was caught, no rate is refuted from above.
  if (!refuted(1 - Number.EPSILON)) return 1;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (refuted(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Coefficients of Lanczos' series with g = 7 and nine terms: errors below 1e-13 for x > 0. */
const LANCZOS = [
  0.999_999_999_999_809_9, 676.520_368_121_885_1, -1_259.139_216_722_402_8, 771.323_428_777_653_1,
  -176.615_029_162_140_6, 12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_572e-6,
  1.505_632_735_149_311_6e-7,
] as const;
const G = 7;

/** ln Γ(x) for x >= 0.5. */
function logGamma(x: number): number {
  const z = x - 1;
  let sum = LANCZOS[0] as number;
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (z + i);
  const t = z + G + 0.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}
