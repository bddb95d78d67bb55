/** Which place lies next in a direction: how the arrow keys walk over the map. */
import type { Place } from './shapes.ts';

/** Direction of an arrow key, as steps right and down. */
export const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/** A place twice as far to the side counts as far as one straight ahead: counties stand in rough rows. */
const SIDEWAYS = 2;

/** The nearest place within 45 degrees of the direction; undefined at the border of the state. */
export function neighbour(
  places: readonly Place[],
  from: Place,
  [right, down]: readonly [number, number],
): Place | undefined {
  let best: Place | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const place of places) {
    const dx = place.x - from.x;
    const dy = place.y - from.y;
    const ahead = dx * right + dy * down;
    const aside = Math.abs(dx * down) + Math.abs(dy * right);
    if (ahead <= 0 || aside > ahead) continue;
    const distance = ahead + aside * SIDEWAYS;
    if (distance < least) {
      least = distance;
      best = place;
    }
  }
  return best;
}
