/** The weights that are shipped: made by `npm run mail:learn-shipped` from what may be shipped, read when they are first asked for. */

import type { Weights } from './weights.ts';
import { readWeights } from './weights-file.ts';
import { SHIPPED_TEXT } from './weights-shipped-text.ts';

let read: Weights | undefined;

/** The weights. */
export function shippedWeights(): Weights {
  read ??= readWeights(SHIPPED_TEXT).okOrThrow();
  return read;
}
