import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { shareInterval } from './clopper-pearson.ts';

describe('the exact interval', () => {
  // Published values: R 4, binom.test.
  it.each([
    [8, 10, 0.4439045, 0.9747893],
    [5, 10, 0.187086, 0.812914],
    [0, 10, 0, 0.3084971],
    [10, 10, 0.6915029, 1],
  ])('of %i of %i is that of the tables', (some, all, low, high) => {
    const found = shareInterval(some, all);
    expect(found.low).toBeCloseTo(low, 6);
    expect(found.high).toBeCloseTo(high, 6);
  });

  it('of nothing counted says nothing', () => {
    expect(shareInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });

  it.each([
    [3, 2],
    [-1, 2],
    [0.5, 2],
    [0, 1e9],
  ])('of %d of %d is a defect', (some, all) => {
    expect(() => shareInterval(some, all)).toThrow(RangeError);
  });
});

test('the interval holds the share that was counted, and is the same from the other side', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_000 }), fc.integer({ min: 0, max: 1_000_000 }), (all, chance) => {
      const some = Math.round((all * chance) / 1_000_000);
      const { low, high } = shareInterval(some, all);
      const other = shareInterval(all - some, all);
      return (
        low <= some / all &&
        some / all <= high &&
        Math.abs(low + other.high - 1) < 1e-9 &&
        Math.abs(high + other.low - 1) < 1e-9
      );
    }),
    { numRuns: 100 },
  );
});
