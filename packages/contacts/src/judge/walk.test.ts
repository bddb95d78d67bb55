import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TIERS, threshold } from './tiers.ts';
import {
  CONTENT_BENIGN,
  forget,
  HALF_LIFE,
  LR_CONTENT,
  LR_FAILURE,
  LR_NO_CONTENT,
  LR_SUCCESS,
  stake,
  THETA_BENIGN,
  wager,
} from './walk.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Mulberry32: small, seeded, good enough to toss coins. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A walk that is told of each trial and of the time before it. */
type Walk = { tell(lr: number, elapsed: number): number };

function ours(): Walk {
  let inPlay = 0;
  let n = 0;
  return {
    tell(lr, elapsed) {
      inPlay = wager(forget(inPlay, elapsed), ++n, lr);
      return stake(inPlay, n);
    },
  };
}

/**
 * The share of benign walks that ever exceed `1 / alpha`. Walks are as long as visits are: most have a few trials, some
 * have thousands. Time between trials is from a second to days.
 */
function shareOfAlarms(make: () => Walk, alpha: number, walks: number): number {
  const toss = random(20_261_103);
  let alarms = 0;
  for (let k = 0; k < walks; k++) {
    const walk = make();
    const trials = Math.min(4_000, Math.ceil(3 / (1 - toss()) ** 1.25));
    for (let n = 0; n < trials; n++) {
      const elapsed = 1_000 * Math.min(400_000, 1 / (1 - toss()) ** 2);
      const lr = toss() < THETA_BENIGN ? LR_FAILURE : LR_SUCCESS;
      if (walk.tell(lr, elapsed) < 1 / alpha) continue;
      alarms++;
      break;
    }
  }
  return alarms / walks;
}

/** Failures that it takes to exceed `limit`, after so many good contacts. */
function failuresUntil(limit: number, good: number, elapsed = 0): number {
  const walk = ours();
  for (let n = 0; n < good; n++) walk.tell(LR_SUCCESS, elapsed);
  for (let failures = 1; failures < 10_000; failures++) {
    if (walk.tell(LR_FAILURE, elapsed) >= limit) return failures;
  }
  return Number.POSITIVE_INFINITY;
}

describe('the wager', () => {
  const inPlay = fc.double({ min: 0, max: 1e20, noNaN: true });

  it('is fair: what a benign source can expect to hold after a trial is what it held before', () => {
    fc.assert(
      fc.property(inPlay, fc.integer({ min: 2, max: 1_000_000 }), (held, n) => {
        const expected =
          THETA_BENIGN * stake(wager(held, n, LR_FAILURE), n) +
          (1 - THETA_BENIGN) * stake(wager(held, n, LR_SUCCESS), n);

        expect(expected / stake(held, n - 1)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('begins with a stake of 1, and is fair at the first trial too', () => {
    const expected =
      THETA_BENIGN * stake(wager(0, 1, LR_FAILURE), 1) +
      (1 - THETA_BENIGN) * stake(wager(0, 1, LR_SUCCESS), 1);

    expect(stake(0, 0)).toBe(1);
    expect(expected).toBeCloseTo(1, 12);
  });

  it('is fair about the content of requests', () => {
    expect(CONTENT_BENIGN * LR_CONTENT + (1 - CONTENT_BENIGN) * LR_NO_CONTENT).toBeCloseTo(1, 12);
  });

  it('stays a number however long it goes on', () => {
    let held = 0;
    for (let n = 1; n <= 1_000; n++) held = wager(held, n, LR_CONTENT);

    expect(Number.isFinite(held)).toBe(true);
    expect(stake(wager(0, 2 ** 32 - 1, LR_SUCCESS), 2 ** 32 - 1)).toBeGreaterThan(0);
  });
});

describe('forgetting', () => {
  const held = fc.double({ min: 0, max: 1e30, noNaN: true });
  const elapsed = fc.oneof(fc.integer({ min: -MINUTE, max: 10 * MINUTE }), fc.nat(400 * HALF_LIFE));

  it('gives away, and never gives', () => {
    fc.assert(
      fc.property(held, elapsed, (before, time) => {
        expect(forget(before, time)).toBeLessThanOrEqual(before);
      }),
    );
  });

  it('never pulls a suspicious stake below 1, and leaves a good one alone', () => {
    fc.assert(
      fc.property(held, elapsed, (before, time) => {
        if (before <= 1) expect(forget(before, time)).toBe(before);
        else expect(forget(before, time)).toBeGreaterThanOrEqual(1);
      }),
    );
  });

  it('halves the logarithm in a day, in one step or in many', () => {
    let inSteps = 1e8;
    for (let minute = 0; minute < 24 * 60; minute++) inSteps = forget(inSteps, MINUTE);

    expect(forget(1e8, HALF_LIFE)).toBeCloseTo(1e4, 6);
    expect(inSteps / 1e4).toBeCloseTo(1, 6);
  });
});

describe('the error of the walk', () => {
  const WALKS = 50_000;
  /** Three standard deviations of a share of `alpha` among so many walks. */
  const margin = (alpha: number) => 3 * Math.sqrt((alpha * (1 - alpha)) / WALKS);

  it.each([0.05, 0.01, 0.001])(
    'is at most %d, with walks of any length and any time between trials',
    (alpha) => {
      const share = shareOfAlarms(ours, alpha, WALKS);

      expect(share + margin(alpha)).toBeLessThan(alpha);
      // The test could not fail if nothing ever rose.
      expect(share).toBeGreaterThan(alpha / 50);
    },
  );

  // What docs/why/fair-wager.md refuses, and why.
  const restarted = (): Walk => {
    let held = 1;
    return {
      tell(lr) {
        held *= lr;
        if (held <= 0.01) held = 1;
        return held;
      },
    };
  };
  const floored = (): Walk => {
    let held = 1;
    return {
      tell(lr) {
        held = Math.max(1, held * lr);
        return held;
      },
    };
  };
  const lifted = (): Walk => {
    let held = 1;
    return {
      tell(lr, elapsed) {
        if (held < 1) held = Math.exp(Math.log(held) * 2 ** (-elapsed / 10_000));
        held *= lr;
        return held;
      },
    };
  };

  it.each([
    ['restarted when it accepts', restarted],
    ['kept above a floor', floored],
    ['lifted back to 1 with time', lifted],
  ])('would be broken by a walk that is %s', (_, make) => {
    const alpha = 0.001;

    expect(shareOfAlarms(make, alpha, WALKS) - margin(alpha)).toBeGreaterThan(2 * alpha);
  });
});

describe('the delay of the walk', () => {
  const BLOCK = threshold(TIERS[1].alpha);
  const BLOCK_LONG = threshold(TIERS[2].alpha);

  it('is 5 failures to watch, 8 to block, 11 to block for long, for a source that is bad from the start', () => {
    expect(failuresUntil(threshold(TIERS[0].alpha), 0)).toBe(5);
    expect(failuresUntil(BLOCK, 0)).toBe(8);
    expect(failuresUntil(BLOCK_LONG, 0)).toBe(11);
  });

  it.each([10, 100, 1_000, 10_000])(
    'grows with the logarithm of %d good contacts before the turn',
    (good) => {
      const failures = failuresUntil(BLOCK, good);

      expect(failures).toBeLessThanOrEqual(
        Math.ceil(Math.log((BLOCK * (good + 1) ** 2) / 0.04) / Math.log(4)),
      );
      // A plain walk would have to take back every good contact.
      expect(failures).toBeLessThan(8 + good);
    },
  );

  it('is no longer than without forgetting for one probe each quarter of an hour', () => {
    expect(failuresUntil(BLOCK, 0, 15 * MINUTE)).toBe(8);
    expect(failuresUntil(BLOCK_LONG, 0, HOUR)).toBeLessThan(16);
  });
});
