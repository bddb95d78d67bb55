/**
 * Learning: logistic regression with a ridge, by dual coordinate descent in a stated order (Yu, Huang, Lin 2011, "Dual coordinate descent
 * methods for logistic regression and maximum entropy models"). The same messages in the same order give the same weights.
 */
import { calibrated } from './calibrate.ts';
import { FEATURE_BITS, type Features } from './features.ts';
import type { Provenance, Weights } from './weights.ts';

/** A message that was labelled by people. */
export type Sample = { readonly features: Features; readonly isBad: boolean };

/** How it is learned. */
export type LearnOptions = {
  readonly provenance: readonly Provenance[];
  /** Inverse of the ridge: how dear a mistake is. 4 was best of 0.25 to 64 in cross-validation, with hardly a difference from 1 to 16. */
  readonly cost?: number;
};

const COST = 4;

/** Passes over all messages; weights change by less than a step of a byte after some twelve. */
const PASSES = 15;

/** Parts for calibration: each is judged by what was learned from the others. */
const FOLDS = 5;

/** A model before it is rounded to bytes. */
export type Model = { readonly values: Float64Array; readonly bias: number };

/** Learns weights. Both kinds have to be there, a hundred of each at least for a calibration that means anything. */
export function learn(samples: readonly Sample[], { provenance, cost = COST }: LearnOptions): Weights {
  const margins: { margin: number; isBad: boolean }[] = [];
  for (let fold = 0; fold < FOLDS; fold++) {
    const model = fitted(
      samples.filter((_, at) => at % FOLDS !== fold),
      cost,
    );
    for (const [at, sample] of samples.entries())
      if (at % FOLDS === fold)
        margins.push({ margin: marginOf(model, sample.features), isBad: sample.isBad });
  }
  const { slope, offset } = calibrated(margins);
  return { ...rounded(fitted(samples, cost)), slope, offset, provenance };
}

/** Fits a model. Bad and good weigh alike whatever their numbers. */
export function fitted(samples: readonly Sample[], cost: number): Model {
  const values = new Float64Array(2 ** FEATURE_BITS);
  let bias = 0;
  const bad = samples.filter(({ isBad }) => isBad).length;
  const costOf = (isBad: boolean): number =>
    (cost * samples.length) / (2 * Math.max(1, isBad ? bad : samples.length - bad));
  const upper = samples.map(({ isBad }) => costOf(isBad));
  const alpha = upper.map((most) => most * 1e-3);
  const order = samples.map((_, at) => at);
  for (const [at, { features, isBad }] of samples.entries()) {
    const share = ((isBad ? 1 : -1) * alpha[at]!) / Math.sqrt(features.length || 1);
    for (const place of features) values[place]! += share;
    bias += (isBad ? 1 : -1) * alpha[at]!;
  }
  for (let pass = 0; pass < PASSES; pass++) {
    reordered(order, pass);
    for (const at of order) {
      const { features, isBad } = samples[at]!;
      const sign = isBad ? 1 : -1;
      const margin = sign * marginOf({ values, bias }, features);
      const next = solved(alpha[at]!, margin, upper[at]!);
      const change = sign * (next - alpha[at]!);
      alpha[at] = next;
      const share = change / Math.sqrt(features.length || 1);
      for (const place of features) values[place]! += share;
      bias += change;
    }
  }
  return { values, bias };
}

/** The features of a message have the length 1 together, and the bias counts as one more. */
function marginOf({ values, bias }: Model, features: Features): number {
  let sum = 0;
  for (const place of features) sum += values[place]!;
  return bias + sum / Math.sqrt(features.length || 1);
}

/** Length of a message's features, squared, with the bias. */
const LENGTH = 2;

/**
 * The best value of one dual variable z in (0, most): where log(z / (most - z)) + margin + LENGTH (z - alpha) is 0, by Newton's steps
 * that stay inside.
 */
function solved(alpha: number, margin: number, most: number): number {
  const least = most * 1e-9;
  let low = least;
  let high = most - least;
  let z = Math.min(Math.max(alpha, low), high);
  for (let step = 0; step < 20; step++) {
    const slope = Math.log(z / (most - z)) + margin + LENGTH * (z - alpha);
    if (Math.abs(slope) < 1e-4) break;
    if (slope > 0) high = z;
    else low = z;
    const next = z - slope / (LENGTH + most / (z * (most - z)));
    z = next > low && next < high ? next : (low + high) / 2;
  }
  return z;
}

/** Another order for each pass, the same each time: Fisher and Yates with a linear congruential sequence (Knuth, MMIX). */
function reordered(order: number[], pass: number): void {
  let state = (pass + 1) * 2_654_435_761;
  for (let at = order.length - 1; at > 0; at--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (at + 1);
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
}

/** The largest weight fills a byte. */
function rounded({ values, bias }: Model): Pick<Weights, 'values' | 'step' | 'bias'> {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  const step = most === 0 ? 1 : most / 127;
  return { values: Int8Array.from(values, (value) => Math.round(value / step)), step, bias };
}
