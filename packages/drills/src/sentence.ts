/** What may be said of drills in public: with how many, of which, and how bad it can still be. */
import { type Misses, missBound } from './bound.ts';

/** Below so many drills a rate says nothing that a person could use. */
const FEWEST_FOR_A_RATE = 20;

/** One sentence and the next, for people. `alpha`: how often the bound may be wrong at any time. */
export function sayScore(
  { drills, missed, kinds }: Misses & { readonly kinds: number },
  alpha: number,
): string {
  if (drills === 0)
    return 'No first-time drill has been run yet, so nothing can be said about what would be missed.';
  const counted = `Of ${drills} first-time ${drills === 1 ? 'drill' : 'drills'} of ${kinds} known ${kinds === 1 ? 'kind' : 'kinds'} we missed ${missed}; of unknown kinds we cannot say.`;
  if (drills < FEWEST_FOR_A_RATE) return `${counted} These are too few to speak of a rate.`;
  const bound = missBound({ drills, missed }, alpha);
  return `${counted} Even so, up to ${percent(bound)} of such attacks could slip by (a bound that is wrong at any time in ${percent(alpha)} of all histories at most).`;
}

/** Two figures are all that such a bound bears; it is rounded up, never down. */
function percent(rate: number): string {
  const value = rate * 100;
  const digits = value >= 10 ? 0 : value >= 1 ? 1 : 2;
  const step = 10 ** digits;
  return `${(Math.ceil(value * step - 1e-9) / step).toFixed(digits)} %`;
}
