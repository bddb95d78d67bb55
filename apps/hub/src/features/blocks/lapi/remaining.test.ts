import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REMAINING_WIDTH, remainingText } from './remaining.ts';

/** What Go's `time.ParseDuration` makes of hours, minutes and seconds, in seconds. */
function secondsOf(text: string): number {
  const [, h, m, s] = /^(\d+)h(\d+)m(\d+)s$/.exec(text)!;
  return Number(h) * 3600 + Number(m) * 60 + Number(s);
}

describe('the time that is left', () => {
  it.each([
    [0, '000h00m00s'],
    [999, '000h00m00s'],
    [1_000, '000h00m01s'],
    [4 * 3_600_000 - 1, '003h59m59s'],
    [7 * 86_400_000, '168h00m00s'],
    [-5_000, '000h00m00s'],
    [1e12, '999h59m59s'],
  ])('%d ms is %s', (ms, text) => {
    expect(remainingText(ms)).toBe(text);
  });

  it('is whole seconds, rounded down, always as wide', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 * 3_600_000 }), (ms) => {
        const text = remainingText(ms);
        expect(text).toHaveLength(REMAINING_WIDTH);
        expect(secondsOf(text)).toBe(Math.floor(ms / 1000));
      }),
    );
  });
});
