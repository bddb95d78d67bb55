import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { waitOf } from './acme-exchange.ts';
import { pauseAfter, renewalOf } from './acme-schedule.ts';

const DAY = 86_400_000;
const HOUR = 3_600_000;
const MINUTE = 60_000;
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('a renewal', () => {
  it.each([
    [90, 0, 60],
    [90, 0.8, 63],
    [6, 0, 4],
    [365, 0, 243.333],
  ])('of %i days is due, with chance %d, after %d', (days, by, due) => {
    expect(renewalOf({ notBefore: 0, notAfter: days * DAY }, by) / DAY).toBeCloseTo(due, 2);
  });

  it('is due behind two thirds of any life, and before three quarters', () => {
    const life = fc.integer({ min: HOUR, max: 4000 * DAY });
    fc.assert(
      fc.property(life, fc.integer({ min: 0, max: 2 ** 42 }), chance, (length, notBefore, by) => {
        const due = renewalOf({ notBefore, notAfter: notBefore + length }, by) - notBefore;
        expect(due / length).toBeGreaterThanOrEqual(0.666);
        expect(due / length).toBeLessThan(0.75);
      }),
    );
  });
});

describe('the pause after failures', () => {
  it('grows from a minute to six hours', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 500].map(
      (failures) => pauseAfter(failures, undefined, 0.5) / MINUTE,
    );

    expect(pauses).toEqual([1, 4, 16, 64, 256, 360, 360, 360]);
  });

  it('is what the directory asks for, and a day at most', () => {
    expect(pauseAfter(1, 2 * HOUR, 0)).toBe(2 * HOUR);
    expect(pauseAfter(1, 30 * DAY, 0)).toBe(DAY);
    expect(pauseAfter(7, 1000, 0.5)).toBe(6 * HOUR);
  });

  it('is never shorter than three quarters of a minute, whatever comes', () => {
    const asked = fc.option(fc.integer({ min: 0 }), { nil: undefined });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), asked, chance, (failures, wanted, by) => {
        const pause = pauseAfter(failures, wanted, by);
        expect(pause).toBeGreaterThanOrEqual(45_000);
        expect(pause).toBeLessThanOrEqual(DAY);
      }),
    );
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 10, 3, 12);

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Tue, 03 Nov 2026 12:00:30 GMT', 30_000],
    ['Tue, 03 Nov 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    ['-1x', undefined],
    ['9'.repeat(30), undefined],
  ])('%s is %s ms', (text, wait) => {
    expect(waitOf(text, now)).toBe(wait);
  });
});
