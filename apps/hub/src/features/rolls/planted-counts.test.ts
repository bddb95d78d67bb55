import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countPlanted, LEAST_TOLD, NO_COUNTS, type PlantedCounts, toldShare } from './planted-counts.ts';

/** So many planted, so many of them noticed, all in one month. */
function counted(planted: number, noticed: number, month: string, from: PlantedCounts = NO_COUNTS) {
  let counts = from;
  for (let i = 0; i < planted; i++) counts = countPlanted(counts, month, i < noticed);
  return counts;
}

describe('planted changes', () => {
  it('are told with the interval of their share', () => {
    const told = toldShare(counted(40, 37, '2026-10'), '2026-10')!;
    expect(told).toMatchObject({ planted: 40, noticed: 37 });
    // R 4, binom.test(37, 40).
    expect(told.low).toBeCloseTo(0.7961, 4);
    expect(told.high).toBeCloseTo(0.9843, 4);
  });

  it('are not told below five, and then by five at least', () => {
    expect(toldShare(counted(4, 4, '2026-10'), '2026-10')).toBeNull();
    expect(toldShare(counted(5, 4, '2026-10'), '2026-10')).toMatchObject({ planted: 5, noticed: 4 });
    const nine = counted(4, 0, '2026-11', counted(5, 4, '2026-10'));
    expect(toldShare(nine, '2026-11')).toMatchObject({ planted: 5, noticed: 4 });
    expect(toldShare(counted(1, 1, '2026-11', nine), '2026-11')).toMatchObject({ planted: 10, noticed: 5 });
  });

  it('are forgotten after a year', () => {
    const counts = counted(6, 6, '2026-11', counted(20, 1, '2025-11'));
    expect(toldShare(counts, '2026-10')).toMatchObject({ planted: 25 });
    expect(toldShare(counts, '2026-11')).toMatchObject({ planted: 5, noticed: 5 });
  });

  it('never change by fewer than five in what is told', () => {
    const months = ['2026-08', '2026-09', '2026-10'];
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...months), fc.boolean()), { maxLength: 60 }), (some) => {
        let counts = NO_COUNTS;
        let before = 0;
        for (const [month, isNoticed] of some) {
          counts = countPlanted(counts, month, isNoticed);
          const now = toldShare(counts, '2026-10')?.planted ?? 0;
          expect(now === before || now - before >= LEAST_TOLD).toBe(true);
          before = now;
        }
        expect(some.length - before).toBeLessThan(LEAST_TOLD);
      }),
    );
  });
});
