import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Gaps } from './gaps.ts';

describe('numbers of a client', () => {
  it('are missing while they have not come, wherever the first one stands', () => {
    const gaps = new Gaps();

    expect([7, 8, 12, 10, 10, 9, 11, 13].map((sequence) => gaps.take(sequence))).toEqual([
      0, 0, 3, -1, 0, -1, -1, 0,
    ]);
  });

  it('add up to those that never came, in whatever order the others did, over snapshots', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 }),
        fc.nat(40),
        (later, cut) => {
          let gaps = new Gaps();
          let missing = gaps.take(0);
          later.forEach((sequence, i) => {
            if (i === cut) gaps = new Gaps(JSON.parse(JSON.stringify(gaps.memory)));
            missing += gaps.take(sequence);
          });

          expect(missing).toBe(Math.max(...later) - later.length);
        },
      ),
    );
  });
});
