import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  drawDrill,
  drillOutcome,
  EVEN_MIXTURE,
  type Finished,
  isCaught,
  KIND_CODES,
  KINDS,
  missBound,
  mixtureText,
  mutantsOf,
  type Observed,
  openSeal,
  readMixture,
  sayScore,
  scoreRegressions,
  scoreSeries,
  sealOf,
  settingsOf,
} from './index.ts';

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();
const seed = digest(Buffer.from('a seed'));

describe('the bound', () => {
  // Figures that were computed elsewhere, by integration of the density (shared research of this project).
  it.each([
    [300, 0, 0.0115],
    [1_000, 0, 0.0041],
    [3_000, 0, 0.00165],
    [3_000, 3, 0.0036],
  ])('of %i drills with %i misses is %f', (drills, missed, expected) => {
    const found = missBound({ drills, missed }, 0.05);
    expect(Math.abs(found - expected) / expected).toBeLessThan(0.02);
  });

  it('is refuted above and not below: the martingale crosses 1/alpha there', () => {
    // ln Γ of whole numbers by adding logarithms: another way to the same function.
    const sums = [0, 0];
    for (let n = 2; n < 6_000; n++) sums.push(sums[n - 1]! + Math.log(n - 1));
    const beta = (a: number, b: number): number => sums[a]! + sums[b]! - sums[a + b]!;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4_000 }), fc.nat(50), (drills, some) => {
        const missed = Math.min(some, drills - 1);
        const bound = missBound({ drills, missed }, 0.05);
        const log = (p: number): number =>
          beta(1 + missed, 500 + drills - missed) -
          beta(1, 500) -
          missed * Math.log(p) -
          (drills - missed) * Math.log1p(-p);
        expect(bound).toBeGreaterThan(missed / drills);
        expect(log(bound + (1 - bound) * 1e-4)).toBeGreaterThan(Math.log(20));
        expect(log(bound - (bound - missed / drills) * 1e-4)).toBeLessThan(Math.log(20));
      }),
    );
  });

  it('is wrong at any time less often than it says, looked at after every drill', () => {
    let wrong = 0;
    const runs = 400;
    const rate = 0.01;
    for (let run = 0; run < runs; run++) {
      let missed = 0;
      for (let drills = 1; drills <= 1_500; drills++) {
        const chance = digest(Buffer.from(`${run}/${drills}`)).readUInt32BE(0) / 2 ** 32;
        if (chance < rate) missed++;
        if (missBound({ drills, missed }, 0.05) < rate) {
          wrong++;
          break;
        }
      }
    }
    expect(wrong / runs).toBeLessThan(0.05);
  }, 60_000);

  it('says nothing without drills, nor where all were missed', () => {
    expect(missBound({ drills: 0, missed: 0 }, 0.05)).toBe(1);
    expect(missBound({ drills: 5, missed: 5 }, 0.05)).toBe(1);
    expect(() => missBound({ drills: 1, missed: 2 }, 0.05)).toThrow(RangeError);
  });
});

describe('the mixture', () => {
  it('draws the same drills for everybody who has its seed, and others for another', () => {
    const drawn = Array.from({ length: 50 }, (_, i) => drawDrill(EVEN_MIXTURE, seed, i, digest));
    expect(Array.from({ length: 50 }, (_, i) => drawDrill(EVEN_MIXTURE, seed, i, digest))).toEqual(drawn);
    const others = Array.from({ length: 50 }, (_, i) => drawDrill(EVEN_MIXTURE, digest(seed), i, digest));
    expect(others).not.toEqual(drawn);
    expect(new Set(drawn.map(({ variation }) => variation)).size).toBe(50);
  });

  it('draws kinds as often as their weights say', () => {
    const mixture = readMixture(
      '{"schema":"bellwether/mixture@1","weights":{"port-sweep":3,"decoys":1}}',
    ).okOrThrow();
    const draws = 4_000;
    let sweeps = 0;
    const mutants = new Set<number>();
    for (let i = 0; i < draws; i++) {
      const { kind, mutant, settings } = drawDrill(mixture, seed, i, digest);
      expect(settings).toEqual(settingsOf(kind, mutant));
      if (kind !== 'port-sweep') continue;
      sweeps++;
      mutants.add(mutant);
    }
    // Six standard deviations of a binomial.
    expect(Math.abs(sweeps - 3_000)).toBeLessThan(6 * Math.sqrt(draws * 0.75 * 0.25));
    expect(mutants.size).toBe(mutantsOf('port-sweep'));
  });

  it('reads what it writes, and refuses what is none', () => {
    expect(readMixture(mixtureText(EVEN_MIXTURE)).okOrThrow()).toEqual(EVEN_MIXTURE);
    for (const text of [
      '',
      'null',
      '{}',
      '{"schema":"bellwether/mixture@1","weights":{}}',
      '{"schema":"bellwether/mixture@1","weights":{"toString":1}}',
      '{"schema":"bellwether/mixture@1","weights":{"decoys":0}}',
      '{"schema":"bellwether/mixture@1","weights":{"decoys":"1"}}',
      `{"schema":"bellwether/mixture@1","weights":{"decoys":1}}${' '.repeat(20_000)}`,
    ])
      expect(readMixture(text)).toMatchObject({ error: { code: 'DRILLS_MIXTURE_MALFORMED' } });
  });

  it('has settings for each of its mutants, all different', () => {
    for (const kind of KIND_CODES) {
      const all = Array.from({ length: mutantsOf(kind) }, (_, i) => JSON.stringify(settingsOf(kind, i)));
      expect(new Set(all).size).toBe(all.length);
      expect(() => settingsOf(kind, all.length)).toThrow(RangeError);
    }
  });
});

describe('a seal', () => {
  it('opens to what was sealed, and to nothing else', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.string(),
        fc.nat(),
        (nonce, text, at) => {
          const seal = sealOf(nonce, text, digest);
          const hex = Buffer.from(nonce).toString('hex');
          expect(openSeal(seal, { nonce: hex, text }, digest).okOrThrow()).toBe(text);
          const changed = Uint8Array.from(nonce);
          changed[at % 32]! ^= 1;
          const opened = [
            { nonce: hex, text: `${text}x` },
            { nonce: Buffer.from(changed).toString('hex'), text },
            { nonce: hex.slice(2), text },
          ];
          for (const each of opened)
            expect(openSeal(seal, each, digest)).toMatchObject({ error: { code: 'DRILLS_SEAL_OTHER' } });
        },
      ),
    );
  });
});

const base: Observed = { kind: 'port-sweep', seen: 100, judged: 200, blocked: 900, innocent: 0 };

describe('an outcome', () => {
  it.each<[Partial<Observed>, string]>([
    [{}, 'blocked'],
    [{ blocked: KINDS['port-sweep'].within + 1 }, 'late'],
    [{ blocked: null }, 'judged-only'],
    [{ blocked: null, judged: null }, 'seen-only'],
    [{ seen: null, judged: null, blocked: null }, 'not-recorded'],
    [{ innocent: 1 }, 'wrong-block'],
    [{ kind: 'decoys', blocked: null }, 'told'],
    [{ kind: 'decoys', blocked: null, judged: KINDS.decoys.within + 1 }, 'late'],
    [{ kind: 'forged-flood', innocent: 3 }, 'wrong-block'],
  ])('%j is %s', (change, expected) => {
    expect(drillOutcome({ ...base, ...change })).toBe(expected);
  });
});

describe('a score', () => {
  let id = 0;
  const finished = (change: Partial<Finished>): Finished => ({
    id: `d${++id}`,
    kind: 'port-sweep',
    drawn: { series: 's', draw: id },
    repeats: null,
    detector: '1',
    outcome: 'blocked',
    after: 1_000,
    ...change,
  });

  it('counts first-time drills of its series and detector alone', () => {
    const missed = finished({ outcome: 'not-recorded', after: null });
    const drills = [
      finished({}),
      missed,
      finished({ kind: 'decoys', outcome: 'told', after: 3_000 }),
      // None of these is one.
      finished({ drawn: { series: 'other', draw: 1 } }),
      finished({ detector: '2' }),
      finished({ drawn: null, repeats: missed.id }),
      finished({ drawn: missed.drawn }),
    ];
    expect(scoreSeries(drills, 's', '1')).toMatchObject({
      drills: 3,
      missed: 1,
      notRecorded: 1,
      median: 3_000,
      kinds: 2,
    });
    expect(scoreRegressions(drills)).toEqual(new Map([[missed.id, { kind: 'port-sweep', isCaught: true }]]));
  });

  it('is never better for what was missed and passed later', () => {
    const outcome = fc.constantFrom<Finished['outcome'][]>('blocked', 'late', 'seen-only', 'told');
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 30 }), (outcomes) => {
        const drills = outcomes.map((each) => finished({ outcome: each }));
        const again = drills
          .filter((each) => !isCaught(each.outcome))
          .map(({ id: repeats }) => finished({ drawn: null, repeats }));
        const missed = outcomes.filter((each) => !isCaught(each)).length;
        expect(scoreSeries([...drills, ...again], 's', '1').missed).toBe(missed);
        const suite = [...scoreRegressions([...drills, ...again]).values()];
        expect(suite.filter(({ isCaught: now }) => now === true).length).toBe(missed);
      }),
    );
  });
});

describe('the sentence', () => {
  it('names drills, kinds and misses, and how bad it can still be', () => {
    expect(sayScore({ drills: 412, missed: 3, kinds: 14 }, 0.05)).toMatch(
      /^Of 412 first-time drills of 14 known kinds we missed 3; of unknown kinds we cannot say\. Even so, up to 2\.\d % /,
    );
    expect(sayScore({ drills: 0, missed: 0, kinds: 0 }, 0.05)).toContain('No first-time drill');
    expect(sayScore({ drills: 1, missed: 0, kinds: 1 }, 0.05)).toContain('too few');
  });

  it('never speaks of nothing missed without the bound beside it', () => {
    expect(sayScore({ drills: 300, missed: 0, kinds: 5 }, 0.05)).toContain('up to 1.2 %');
  });
});
