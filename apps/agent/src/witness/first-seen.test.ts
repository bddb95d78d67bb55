import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstSeen, MAX_MARKS, markSeen, type SeenMark } from './first-seen.ts';

const HOUR = 3_600_000;

describe('when an entry was first seen', () => {
  it('is unknown for what was there before the witness, and else the time of its own clock', () => {
    let marks = markSeen([], 10n, 0);
    marks = markSeen(marks, 20n, HOUR);
    marks = markSeen(marks, 30n, 2 * HOUR);
    expect([9n, 10n, 19n, 20n, 30n].map((index) => firstSeen(marks, index, 9 * HOUR))).toEqual([
      null,
      HOUR,
      HOUR,
      2 * HOUR,
      9 * HOUR,
    ]);
    expect(markSeen(marks, 30n, 5 * HOUR)).toBe(marks);
  });

  it('is never told as earlier than it was, by marks that stay few', () => {
    const steps = fc.array(fc.record({ more: fc.integer({ min: 1, max: 50 }), wait: fc.nat(HOUR) }), {
      minLength: 1,
      maxLength: 200,
    });
    fc.assert(
      fc.property(steps, (all) => {
        let marks: readonly SeenMark[] = [];
        const truth: (number | null)[] = [];
        let now = 0;
        for (const { more, wait } of all) {
          now += wait;
          for (let i = 0; i < more; i++) truth.push(marks.length === 0 ? null : now);
          marks = markSeen(marks, BigInt(truth.length), now);
        }
        for (const [index, at] of truth.entries()) {
          const told = firstSeen(marks, BigInt(index), now);
          if (at === null) expect(told).toBeNull();
          else expect(told).toBeGreaterThanOrEqual(at);
        }
        expect(marks.length).toBeLessThanOrEqual(MAX_MARKS);
      }),
    );
  });

  it('is forgotten after a month, when it is old enough for any signer', () => {
    let marks: readonly SeenMark[] = [];
    for (let hour = 0; hour < 1_000; hour++) marks = markSeen(marks, BigInt(hour + 1), hour * HOUR);
    expect(marks.length).toBeLessThan(31 * 24 + 3);
    expect(firstSeen(marks, 10n, 1_000 * HOUR)).toBeNull();
    expect(firstSeen(marks, 990n, 1_000 * HOUR)).toBe(990 * HOUR);
  });
});
