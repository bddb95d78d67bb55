import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addLosses, type Losses, lossesOfFile, noLosses, noteCounter } from './losses.ts';

/** One line: a number of lost events, a loss without a number, or a counter. */
type Told =
  | { readonly lost: number }
  | { readonly unknown: true }
  | { readonly counter: number; readonly fromZero: boolean };

const line: fc.Arbitrary<Told> = fc.oneof(
  fc.record({ lost: fc.nat(50) }),
  fc.constant({ unknown: true as const }),
  fc.record({ counter: fc.nat(100), fromZero: fc.boolean() }),
);

function read(lines: readonly Told[]): Losses {
  const losses = noLosses();
  for (const told of lines) {
    if ('lost' in told) losses.lost += told.lost;
    else if ('unknown' in told) losses.lostUnknown = true;
    else noteCounter(losses, told.counter, told.fromZero);
  }
  return losses;
}

const counters = (fromZero: boolean, ...values: number[]): Losses =>
  read(values.map((counter) => ({ counter, fromZero })));

describe('losses', () => {
  it('are the same wherever the lines are cut', () => {
    fc.assert(
      fc.property(fc.array(fc.array(line, { maxLength: 5 }), { maxLength: 8 }), (pieces) => {
        const added = noLosses();
        for (const piece of pieces) addLosses(added, read(piece));

        expect(added).toEqual(read(pieces.flat()));
      }),
    );
  });

  it('are what a counter grew by, from 0 where the sensor was started again', () => {
    expect(lossesOfFile(counters(true, 7, 9))).toEqual({ lost: 9, lostUnknown: false });
    expect(lossesOfFile(counters(true, 7, 107, 3))).toEqual({ lost: 110, lostUnknown: false });
  });

  it('are not known where the counter is older than the file, unless nothing had been lost', () => {
    expect(lossesOfFile(counters(false, 7, 9))).toEqual({ lost: 2, lostUnknown: true });
    expect(lossesOfFile(counters(false, 0, 2))).toEqual({ lost: 2, lostUnknown: false });
  });
});
