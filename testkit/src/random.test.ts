import { describe, expect, it } from 'vitest';
import { Random } from './random.ts';

describe('a stream of random numbers', () => {
  it('repeats for the same seed and differs for the next one', () => {
    const draw = (seed: number) =>
      Array.from(
        { length: 8 },
        (
          (random) => () =>
            random.word()
        )(new Random(seed)),
      );
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });

  it('has a stream of its own for each label, whatever the others draw', () => {
    const one = new Random(9).fork('a');
    const other = new Random(9);
    other.fork('b').word();
    expect(other.fork('a').word()).toBe(one.word());
  });

  it('fills its range evenly', () => {
    const random = new Random(1);
    const bins = new Uint32Array(16);
    for (let drawn = 0; drawn < 160_000; drawn++) {
      const bin = random.below(16);
      bins[bin] = (bins[bin] as number) + 1;
    }
    for (const count of bins) expect(Math.abs(count - 10_000)).toBeLessThan(600);
  });
});
