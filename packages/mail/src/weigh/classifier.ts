/** How much a message looks like what was learned, in bits. */
import type { Features } from './features.ts';
import type { Weights } from './weights.ts';

/** log2 of how much likelier these features are in bad mail than in good. */
export function bitsOf(features: Features, { values, step, bias, slope, offset }: Weights): number {
  let sum = 0;
  for (const place of features) sum += values[place] ?? 0;
  const margin = features.length === 0 ? bias : bias + (sum * step) / Math.sqrt(features.length);
  return slope * margin + offset;
}
