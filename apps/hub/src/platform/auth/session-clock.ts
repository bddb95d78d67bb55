/**
 * The clock that sessions live by. That of a machine can be set back, and would give every session the time again. What
 * went by cannot be known then: `onSetBack` is called, once, before anybody is told the time again.
 */

/** A minute, ms: what a time service sets a clock back by at most while it is kept; more is told apart from that. */
export const CLOCK_SLACK = 60_000;

/** Gives `now` (ms since 1970), or waits first until `onSetBack` has done its work. */
export function watchClock(
  now: () => number,
  onSetBack: (time: number) => Promise<void>,
): () => Promise<number> {
  let latest = Number.NEGATIVE_INFINITY;
  let working: Promise<void> | undefined;
  return async () => {
    const time = now();
    if (time < latest - CLOCK_SLACK) {
      working = onSetBack(time);
      latest = time;
      try {
        await working;
      } catch (error) {
        // Nothing was done: whoever asks next finds the clock set back again.
        latest = Number.POSITIVE_INFINITY;
        throw error;
      } finally {
        working = undefined;
      }
    } else if (working !== undefined) await working;
    if (latest !== Number.POSITIVE_INFINITY) latest = Math.max(latest, time);
    return time;
  };
}
