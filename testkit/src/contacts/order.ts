/**
 * The order in which a sensor tells its events: by time, ties as they were made.
 *
 * A radix sort over whole microseconds in three passes of 16 bits: stable, linear, and the same on every machine.
 */

const DIGIT = 65_536;

/**
 * Row numbers in the order of their times.
 *
 * @param times microseconds, not negative, below 2^48
 * @param count how many rows of `times` are used
 */
export function orderByTime(times: Float64Array, count: number): Uint32Array {
  let order = new Uint32Array(count);
  let scratch = new Uint32Array(count);
  for (let row = 0; row < count; row++) order[row] = row;

  for (let divisor = 1; divisor < DIGIT ** 3; divisor *= DIGIT) {
    const starts = new Uint32Array(DIGIT + 1);
    for (let row = 0; row < count; row++) {
      const digit = digitOf(times[row] as number, divisor);
      starts[digit + 1] = (starts[digit + 1] as number) + 1;
    }
    for (let digit = 0; digit < DIGIT; digit++) {
      starts[digit + 1] = (starts[digit + 1] as number) + (starts[digit] as number);
    }
    for (let at = 0; at < count; at++) {
      const row = order[at] as number;
      const digit = digitOf(times[row] as number, divisor);
      const place = starts[digit] as number;
      scratch[place] = row;
      starts[digit] = place + 1;
    }
    [order, scratch] = [scratch, order];
  }
  return order;
}

function digitOf(time: number, divisor: number): number {
  return Math.floor(time / divisor) % DIGIT;
}
