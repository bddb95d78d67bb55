import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foundTime, Recent } from './keyed.ts';

const key = fc.tuple(fc.nat(9), fc.constantFrom(0, 1, 0xffff_ffff));
const steps = fc.array(fc.tuple(key, fc.nat(1_000)), { maxLength: 200 });

describe('a memory of recent keys', () => {
  it('answers as a map would, as long as there is room', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const recent = new Recent(64, 1_000);
        const map = new Map<string, { value: number; time: number }>();
        all.forEach(([[key0, key1], value], time) => {
          const known = map.get(`${key0}:${key1}`);
          expect(recent.get(key0, key1)).toBe(known?.value ?? -1);
          if (known) expect(foundTime).toBe(known.time);
          recent.set(key0, key1, value, time);
          map.set(`${key0}:${key1}`, { value, time });
        });
      }),
    );
  });

  it('always knows the last keys, as many as it promises, and never more than twice as many', () => {
    const recent = new Recent(100, 1_000);
    for (let k = 0; k < 5_000; k++) {
      recent.set(k, 7, k, k);
      for (let back = 0; back < 100 && back <= k; back++) expect(recent.get(k - back, 7)).toBe(k - back);
    }
    let known = 0;
    for (let k = 0; k < 5_000; k++) if (recent.get(k, 7) >= 0) known++;

    expect(known).toBeLessThanOrEqual(200);
  });

  it('tells keys apart that share one word', () => {
    const recent = new Recent(100, 1_000);
    recent.set(1, 2, 3, 0);

    expect([recent.get(1, 2), recent.get(2, 1), recent.get(1, 0), recent.get(0, 2)]).toEqual([3, -1, -1, -1]);
  });

  it('keeps the value 0', () => {
    const recent = new Recent(100, 1_000);
    recent.set(1, 2, 0, 5);

    expect(recent.get(1, 2)).toBe(0);
  });

  it('counts the keys that it forgets before their time, and no others', () => {
    const forgotten = (step: number) => {
      const recent = new Recent(100, 1_000);
      for (let k = 0; k < 1_000; k++) recent.set(k, 7, 1, k * step);
      return recent.forgotten;
    };

    // Each generation of 100 is dropped when 200 more have come: 8 of the 10 are.
    expect(forgotten(1)).toBe(800);
    expect(forgotten(10)).toBe(0);
  });

  it('does not count as forgotten what is remembered anew', () => {
    const recent = new Recent(100, 1_000_000);
    for (let k = 0; k < 10_000; k++) recent.set(k % 90, 7, 1, k);

    expect(recent.forgotten).toBe(0);
  });
});
