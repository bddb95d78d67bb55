import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Replays } from './replays.ts';

describe('lines that are delivered twice', () => {
  it('are found in another file, and in the same one only when they come late', () => {
    const replays = new Replays();
    replays.add(7, 3, 0);
    expect(replays.take(7, 3, 0, false)).toBe(false);
    expect(replays.take(7, 3, 1, false)).toBe(true);
    expect(replays.take(9, 3, 1, true)).toBe(false);
    expect(replays.take(7, 3, 1, true)).toBe(true);
  });

  it('are not taken for others that share one print of the two', () => {
    const replays = new Replays();
    replays.add(7, 1, 0);
    expect(replays.take(7, 2, 1, true)).toBe(false);
    expect(replays.take(7, 1, 1, true)).toBe(true);
  });

  it('are as many as were told: a telling answers for one line of each file', () => {
    const replays = new Replays();
    replays.add(5, 3, 0);
    replays.add(5, 3, 0);
    expect([1, 2, 3].map(() => replays.take(5, 3, 1, false))).toEqual([true, true, false]);
  });

  it('agree with a plain list of the last lines, whatever comes, also when the ring has turned', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { minLength: 1, maxLength: 300 }), fc.boolean(), (prints, early) => {
        const replays = new Replays();
        if (early) replays.take(1, 3, 0, true);
        for (let k = 0; k < 65_536 - 150; k++) replays.add(((k * 2_654_435_761) | 1) >>> 0, 3, 0);
        const kept: number[] = [];
        for (const print of prints) {
          replays.add(print * 2 + 1, 3, 0);
          kept.push(print * 2 + 1);
        }
        for (const print of new Set(kept)) expect(replays.take(print, 3, 1, false)).toBe(true);
      }),
      { numRuns: 10 },
    );
  });
});
