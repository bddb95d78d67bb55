import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Signal } from '../signal.ts';
import { decide, HOLD_FROM } from './decide.ts';
import { MAIL_SIGNALS, stepOf } from './signals.ts';
import { TOGETHER_SIGNALS, togetherSignals } from './together.ts';

const ORDER = ['deliver', 'banner', 'hold', 'block'];
const codes = [...MAIL_SIGNALS.keys()];
const signalsOf = fc
  .uniqueArray(fc.constantFrom(...codes), { maxLength: 12 })
  .map((found) => found.map((code): Signal => ({ code })));
const bitsOf = fc.option(fc.double({ min: -40, max: 40, noNaN: true }));

describe('a decision', () => {
  it('without signals is to deliver, with the score of nothing', () => {
    expect(decide([], null)).toMatchObject({ decision: 'deliver', reasons: [] });
    expect(decide([], null).score).toBeLessThan(0.05);
  });

  it('holds from one score on, whatever it was that held', () => {
    fc.assert(
      fc.property(signalsOf, bitsOf, (signals, bits) => {
        const { decision, score } = decide(signals, bits);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(score >= HOLD_FROM).toBe(decision === 'hold' || decision === 'block');
      }),
    );
  });

  it('is never milder for one more signal against a message', () => {
    const against = codes.filter((code) => MAIL_SIGNALS.get(code)!.points > 0);
    fc.assert(
      fc.property(signalsOf, bitsOf, fc.constantFrom(...against), (signals, bits, code) => {
        fc.pre(!signals.some((signal) => signal.code === code));
        const before = decide(signals, bits);
        const after = decide([...signals, { code }], bits);
        expect(ORDER.indexOf(after.decision)).toBeGreaterThanOrEqual(ORDER.indexOf(before.decision));
        expect(after.score).toBeGreaterThanOrEqual(before.score);
      }),
    );
  });

  it('is at least what one of its signals asks for, whatever speaks for the message', () => {
    const inFavour = codes.filter((code) => MAIL_SIGNALS.get(code)!.points < 0).map((code) => ({ code }));
    for (const [code, { atLeast }] of MAIL_SIGNALS)
      if (atLeast !== undefined)
        expect(ORDER.indexOf(decide([{ code }, ...inFavour], -40).decision), code).toBeGreaterThanOrEqual(
          ORDER.indexOf(atLeast),
        );
  });

  it('cannot be bought with ordinary words: the classifier takes off one bit at most', () => {
    fc.assert(
      fc.property(signalsOf, (signals) => {
        const [least, without] = [decide(signals, -1_000), decide(signals, null)];
        const odds = (score: number): number => Math.log2(score / (1 - score));
        fc.pre(without.score < 0.999);
        expect(odds(without.score) - odds(least.score)).toBeLessThanOrEqual(1.000_001);
      }),
    );
  });

  it('tells what weighs most first, in sentences without open places', () => {
    fc.assert(
      fc.property(signalsOf, bitsOf, (signals, bits) => {
        const { reasons } = decide(signals, bits);
        const points = reasons.map((reason) => reason.points);
        expect(points).toEqual([...points].sort((a, b) => b - a));
        for (const { text } of reasons) expect(text).toMatch(/^[A-Z…][^{}]*\.$/);
      }),
    );
  });

  it('by the classifier alone holds from its bits on, and is told', () => {
    expect(decide([], 5.9).decision).toBe('banner');
    expect(decide([], 6)).toMatchObject({ decision: 'hold', reasons: [{ code: 'looks-like-lures' }] });
    expect(decide([], 40).decision).toBe('hold');
  });
});

describe('the table of signals', () => {
  it('has each code once, in kebab case, with a sentence and a reason', () => {
    for (const [code, { text, why }] of MAIL_SIGNALS) {
      expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(text).toMatch(/^[A-Z{].*\.$/);
      expect(why.length).toBeGreaterThan(10);
    }
  });

  it('tells the step of each code, but for those that follow from several', () => {
    for (const code of codes) expect(stepOf(code) === null).toBe(Object.hasOwn(TOGETHER_SIGNALS, code));
  });
});

describe('signals together', () => {
  it('are told where one of each group is there, and only there', () => {
    for (const [code, { oneOfEach }] of Object.entries(TOGETHER_SIGNALS)) {
      const all = oneOfEach.map((group) => ({ code: group[0]! }));
      expect(togetherSignals(all).map((signal) => signal.code)).toContain(code);
      for (const left of all.keys())
        expect(
          togetherSignals(all.filter((_, at) => at !== left)).map((signal) => signal.code),
        ).not.toContain(code);
    }
  });

  it('ask only for codes that there are', () => {
    for (const { oneOfEach } of Object.values(TOGETHER_SIGNALS))
      for (const code of oneOfEach.flat()) expect(codes).toContain(code);
  });
});
