import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anscombe, chiSquareTail, median, poissonTail, robustSigma, weightedMedian } from './robust.ts';

test('the median is the middle number, and one wild number does not move the deviation', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeNaN();
  expect(robustSigma([1, 2, 3, 4, 5])).toBeCloseTo(1.4826, 4);
  expect(robustSigma([1, 2, 3, 4, 5_000_000])).toBeCloseTo(1.4826, 4);
});

test('a weighted median gives way to the weight', () => {
  expect(
    weightedMedian([
      [1, 1],
      [2, 1],
      [9, 5],
    ]),
  ).toBe(9);
  expect(weightedMedian([[9, 0]])).toBeNaN();
});

test('tails are those of the tables', () => {
  expect(chiSquareTail(3.841_459, 1)).toBeCloseTo(0.05, 6);
  expect(chiSquareTail(11.344_87, 3)).toBeCloseTo(0.01, 6);
  expect(chiSquareTail(0, 3)).toBe(1);
  expect(poissonTail(0, 3)).toBe(1);
  expect(poissonTail(1, 3)).toBeCloseTo(1 - Math.exp(-3), 12);
  expect(poissonTail(5, 0)).toBe(0);
});

test('the Poisson tail is the sum of its terms', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0.1, max: 50, noNaN: true }),
      (count, mean) => {
        let term = Math.exp(-mean);
        let below = 0;
        for (let n = 0; n < count; n++) {
          below += term;
          term *= mean / (n + 1);
        }
        expect(poissonTail(count, mean)).toBeCloseTo(1 - below, 9);
      },
    ),
  );
});

test('counts have one deviation on the scale of Anscombe', () => {
  expect(anscombe(110) - anscombe(100)).toBeCloseTo(0.973, 2);
});
