/**
 * Events that a sensor admits to have lost, added up in the order of the lines. Some sensors tell a counter that runs
 * since they were started, so what was lost is the difference to the time before: pieces of a file (rows, batches,
 * blocks) keep the first and the last value they saw, and whoever puts the pieces together adds what lies between.
 */

/** Losses told by consecutive lines. */
export type Losses = {
  /** Events lost, as far as these lines alone tell it. */
  lost: number;
  /** A loss was admitted without a number. */
  lostUnknown: boolean;
  /** The first value of a running counter in these lines; NaN if they tell none. */
  lostFrom: number;
  /** The last value of it; NaN likewise. */
  lostTo: number;
  /** The counter stood at 0 when the file began, so the first value counts whole if none stands before it. */
  lostFromZero: boolean;
};

/** Losses of no line. */
export function noLosses(): Losses {
  return { lost: 0, lostUnknown: false, lostFrom: Number.NaN, lostTo: Number.NaN, lostFromZero: false };
}

/** Takes note of a running counter in the line that comes next. */
export function noteCounter(losses: Losses, counter: number, fromZero: boolean): void {
  if (Number.isNaN(losses.lostFrom)) {
    losses.lostFrom = counter;
    losses.lostFromZero = fromZero;
  } else {
    losses.lost += growth(losses.lostTo, counter);
  }
  losses.lostTo = counter;
}

/** Adds the losses of the lines that follow; the cut between the two makes no difference. */
export function addLosses(losses: Losses, next: Readonly<Losses>): void {
  losses.lost += next.lost;
  losses.lostUnknown ||= next.lostUnknown;
  if (Number.isNaN(next.lostFrom)) return;
  noteCounter(losses, next.lostFrom, next.lostFromZero);
  losses.lostTo = next.lostTo;
}

/** What a whole file lost: its first counter counts from 0, or nobody knows how much of it is older than the file. */
export function lossesOfFile(losses: Readonly<Losses>): {
  readonly lost: number;
  readonly lostUnknown: boolean;
} {
  const first = Number.isNaN(losses.lostFrom) ? 0 : losses.lostFrom;
  return {
    lost: losses.lost + (losses.lostFromZero ? first : 0),
    lostUnknown: losses.lostUnknown || (first > 0 && !losses.lostFromZero),
  };
}

/** From one value to the next. A smaller one: the sensor was started again, and counts from 0. */
function growth(before: number, now: number): number {
  return now < before ? now : now - before;
}
