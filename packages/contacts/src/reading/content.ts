/**
 * What a web request asks for: its route, and whether it carries an attack.
 */
import type { Batch } from '../contact.ts';
import { routeOf } from './route.ts';

const MAX_TEXT = 0xffff;

/**
 * Reads the request target [from, to) (path and query as the log writes them) into row `row` of `batch`: `route`,
 * `textAt`, `textLength`, and what of `Content` is found is added to `content`.
 */
export function readTarget(bytes: Uint8Array, from: number, to: number, batch: Batch, row: number): void {
  batch.textAt[row] = from;
  batch.textLength[row] = Math.min(to - from, MAX_TEXT);
  let end = from;
  while (end < to && bytes[end] !== 63) end++;
  batch.route[row] = routeOf(bytes, from, end);
}

/** Content bits that a user agent's name in [from, to) stands for. */
export function readAgent(_bytes: Uint8Array, _from: number, _to: number): number {
  return 0;
}
