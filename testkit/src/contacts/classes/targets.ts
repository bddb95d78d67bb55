/**
 * Which of our addresses a scanner visits, in which order.
 */
import type { Random } from '../../random.ts';
import { OFFICES, OUR_RANGE_SIZE } from '../estate.ts';
import type { World } from '../world.ts';

/** Any one of our addresses: mostly dark, sometimes an office host or a server. */
export function anyTarget(random: Random, world: World): number {
  if (random.chance(0.15)) return world.estate.office(random.below(OFFICES), random.integer(1, 254));
  if (random.chance(0.05)) return world.estate.ours(256 + random.integer(1, 254));
  return world.estate.ours(random.below(OUR_RANGE_SIZE));
}

/** Addresses of a /24: the stride of scanners that ask one host of each network. */
const NETWORK = 256;

/**
 * `count` different addresses of ours, in the order in which they are visited: in sequence (nmap), in a stride, or
 * in the scattered order of masscan and zmap, which walk a permutation of the range.
 */
export function* sweep(random: Random, world: World, count: number): Generator<number> {
  const size = world.estate.size;
  const first = random.below(size);
  const manner = random.below(3);
  const stride = size > NETWORK ? NETWORK : 1;
  const step = manner === 0 ? 1 : manner === 1 ? stride : random.below(size / 2) * 2 + 1;
  const bounded = Math.min(count, size);
  for (let at = 0; at < bounded; at++) {
    const wrapped = first + at * step;
    const lap = manner === 1 && stride > 1 ? Math.floor((at * step) / size) : 0;
    yield world.estate.ours((wrapped + lap) % size);
  }
}
