import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mix32 } from '../reading/bytes.ts';
import { EXACT_TARGETS, TargetSets } from './targets.ts';

const SLOTS = 4;
/** What happens to sets: targets are added, sets are emptied or moved. */
const steps = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: fc.record({ add: fc.nat(20), slot: fc.nat(SLOTS - 1) }) },
    { weight: 1, arbitrary: fc.record({ clear: fc.nat(SLOTS - 1) }) },
    { weight: 1, arbitrary: fc.record({ grow: fc.constant(true) }) },
  ),
  { maxLength: 300 },
);

describe('sets of targets', () => {
  it('know exactly up to sixteen, whatever is added to and taken from the sets beside', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const sets = new TargetSets(SLOTS);
        const plain = Array.from({ length: SLOTS }, () => new Set<number>());
        let slots = SLOTS;
        for (const step of all) {
          if ('grow' in step) {
            slots *= 2;
            if (slots <= 64) sets.grow(slots);
          } else if ('clear' in step) {
            sets.clear(step.clear);
            plain[step.clear]!.clear();
          } else {
            const set = plain[step.slot]!;
            const isNew = !set.has(step.add);
            set.add(step.add);
            const said = sets.add(step.slot, mix32(step.add));
            if (set.size <= EXACT_TARGETS) expect(said).toBe(isNew);
            // Beyond, a target that was seen is never new; one that is new may be passed over.
            else if (!isNew) expect(said).toBe(false);
          }
        }
        plain.forEach((set, slot) => {
          if (set.size <= EXACT_TARGETS) expect(sets.size(slot)).toBe(set.size);
          else expect(sets.size(slot)).toBeGreaterThan(EXACT_TARGETS);
        });
      }),
    );
  });

  it('count the seventeenth as new', () => {
    const sets = new TargetSets(1);
    for (let k = 0; k < EXACT_TARGETS; k++) sets.add(0, mix32(k));

    expect(sets.add(0, mix32(99))).toBe(true);
  });

  it.each([40, 100, 300, 1_000, 10_000, 65_536])('estimate %d within three standard errors', (targets) => {
    // 1.04/sqrt(256) is 6.5 %; the mean of 20 sets is within three of its own errors, each set within four.
    const sigma = 1.04 / 16;
    let sum = 0;
    for (let seed = 0; seed < 20; seed++) {
      const sets = new TargetSets(1);
      for (let k = 0; k < targets; k++) sets.add(0, mix32(seed * 1_000_003 + k));
      const off = sets.size(0) / targets - 1;
      expect(Math.abs(off)).toBeLessThan(4 * sigma);
      sum += off;
    }

    expect(Math.abs(sum / 20)).toBeLessThan((3 * sigma) / Math.sqrt(20));
  });

  it('call fewer and fewer of many targets new, so that no walk is told the same thing for ever', () => {
    const sets = new TargetSets(1);
    let news = 0;
    for (let k = 0; k < 65_536; k++) if (sets.add(0, mix32(k))) news++;

    expect(news).toBeGreaterThan(256);
    expect(news).toBeLessThan(4_096);
  });

  it('move a set and leave the slot empty', () => {
    const sets = new TargetSets(2);
    for (let k = 0; k < 40; k++) sets.add(0, mix32(k));
    const size = sets.size(0);
    sets.move(0, 1);

    expect([sets.size(0), sets.size(1)]).toEqual([0, size]);
    expect(sets.add(1, mix32(3))).toBe(false);
    expect(sets.add(0, mix32(3))).toBe(true);
  });
});
