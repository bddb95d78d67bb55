/**
 * The sequential test: a threshold random walk (Jung, Paxson, Berger, Balakrishnan, "Fast Portscan Detection Using
 * Sequential Hypothesis Testing", IEEE S&P 2004), with two changes that keep its bound.
 *
 * **The wager.** Under the benign model a first contact fails with probability at most θ0 = 0.2, whatever came before;
 * a scanner's fails with θ1 = 0.8. Each trial multiplies the stake by its likelihood ratio: failure (θ1/θ0 = 4), success
 * ((1-θ1)/(1-θ0) = 1/4). A stake that starts at 1 and is multiplied by fair odds exceeds 1/α with probability at most α
 * (Ville's inequality), at whatever time one looks: that is the error bound that every decision states.
 *
 * **Sources that turn.** A machine with a thousand good contacts that is taken over would have to fail a thousand times
 * before a plain walk notices, and to restart or floor the walk breaks the bound (30 to 70 times the stated error in a
 * simulation). Instead the stake is split in advance: 0.96 is wagered on "bad from the first contact", and 0.04/(k(k-1))
 * on "turned at its k-th contact". The shares sum to 1, so the sum of all wagers is still fair, and a source that turns
 * after n good contacts is caught ln(n²/0.04) later, not n·ln 4 later. `A` is the sum of the wagers in play, `0.04/n`
 * what is not yet in play.
 *
 * **Forgetting.** A stake above 1 shrinks with time (its logarithm halves each HALF_LIFE); a stake below 1 is left
 * alone. To give money away never makes a wager unfair, so the bound stays; and a scanner that sends a probe each
 * quarter of an hour still wins a thousand times faster than it forgets.
 */

/** Share of the stake on "bad from the first contact". 0.96 · 4^10 is above 10^6: it costs no failure at any tier. */
const SHARE_FROM_START = 0.96;
/** Share kept for sources that turn. */
const SHARE_TURNED = 1 - SHARE_FROM_START;

/** θ0: a benign source's first contacts fail with at most this probability. The paper's value. */
export const THETA_BENIGN = 0.2;
/** θ1: a scanner's first contacts fail with about this probability. The paper's value. */
export const THETA_SCANNER = 0.8;

/** Likelihood ratio of a failed first contact. */
export const LR_FAILURE = THETA_SCANNER / THETA_BENIGN;
/** Likelihood ratio of a successful first contact. */
export const LR_SUCCESS = (1 - THETA_SCANNER) / (1 - THETA_BENIGN);

/**
 * Benign requests carry what looks like attack content (an apostrophe in a name, a pasted URL) at most this often:
 * one in five hundred. Measured on honest targets in `reading/content.test.ts`.
 */
export const CONTENT_BENIGN = 1 / 500;
/** An attacker hides its probes among ordinary requests: at least one in twenty is an attack. */
const CONTENT_ATTACKER = 1 / 20;

/** Likelihood ratio of a request with attack content, and of one without. */
export const LR_CONTENT = CONTENT_ATTACKER / CONTENT_BENIGN;
export const LR_NO_CONTENT = (1 - CONTENT_ATTACKER) / (1 - CONTENT_BENIGN);

/** Milliseconds in which the logarithm of a suspicious stake halves. A day: probes once an hour still add up. */
export const HALF_LIFE = 86_400_000;

/** Forgetting is computed at steps of at least this: a minute forgets 0.05 %. */
const FORGET_STEP = 60_000;

/** Wagers beyond this carry no more information and would overflow. Giving money away keeps the bound. */
const MAX_WAGER = 1e30;

/** The wagers in play after trial number `n` (from 1) with likelihood ratio `lr`. */
export function wager(inPlay: number, n: number, lr: number): number {
  const fresh = n === 1 ? SHARE_FROM_START : SHARE_TURNED / (n * (n - 1));
  const next = (inPlay + fresh) * lr;
  return Math.min(next, MAX_WAGER);
}

/** The stake, to be compared with 1/α: wagers in play and those not yet in play, after `n` trials. */
export function stake(inPlay: number, n: number): number {
  return n === 0 ? 1 : inPlay + SHARE_TURNED / n;
}

/** The wagers in play after `elapsed` ms in which nothing happened. */
export function forget(inPlay: number, elapsed: number): number {
  if (inPlay <= 1 || elapsed < FORGET_STEP) return inPlay;
  return Math.exp(Math.log(inPlay) * 2 ** (-elapsed / HALF_LIFE));
}
