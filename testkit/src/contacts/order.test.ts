import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderByTime } from './order.ts';

describe('the order of events', () => {
  it('is by time, and ties stay as they were made', () => {
    const times = fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 2 ** 47 })), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(times, (list) => {
        const order = [...orderByTime(Float64Array.from(list), list.length)];
        const wanted = list
          .map((_, row) => row)
          .sort((a, b) => (list[a] as number) - (list[b] as number) || a - b);
        expect(order).toEqual(wanted);
      }),
      { numRuns: 40 },
    );
  });
});
