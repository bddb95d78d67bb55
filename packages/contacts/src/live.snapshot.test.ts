import { createHash } from 'node:crypto';
import { Random } from '@bellwether/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateShape } from './judge/state-shape.ts';
import { Traffic } from './live.fixture.ts';
import { createLiveJudge, Live, restoreLiveJudge } from './live.ts';
import type { LiveJudge, Step } from './live-types.ts';
import { VERSION } from './snapshot.ts';
import type { Stretch } from './stretch.ts';

const traffic = new Traffic(1_000, 23);
const { surface, files } = traffic;
/** When nothing waits any more. */
const LATER = Date.UTC(2026, 9, 9);
/** Small tables, so that sources are folded and prefixes and routes find no room. */
const TIGHT = { sources: 128, prefixes: 64, routes: 4 };

function judgeOfAll(caps = {}): LiveJudge {
  const judge = createLiveJudge({ surface, caps });
  for (const file of files) judge.addFile(file);
  return judge;
}

function restored(bytes: Uint8Array, caps = {}): LiveJudge {
  const judge = restoreLiveJudge(bytes, { surface, caps });
  if (judge.isErr()) throw new Error(judge.error.detail);
  return judge.value;
}

/** A step as text: two that are the same are the same, and the difference can be read. */
function told({ cells, ...step }: Step): string {
  const columns = [cells.minute, cells.file, cells.counts].map((column) => Array.from(column));
  return JSON.stringify({ ...step, count: cells.count, columns });
}

/** What a step yields and what it writes into the rows. */
function judged(judge: LiveJudge, stretch: Stretch): readonly [string, string] {
  const step = told(judge.judge(stretch));
  const hash = createHash('sha256');
  for (const { batch, from, to } of stretch) {
    hash.update(batch.rule.slice(from, to));
    hash.update(new Uint8Array(batch.flags.slice(from, to).buffer));
    hash.update(new Uint8Array(batch.stake.slice(from, to).buffer));
  }
  return [step, hash.digest('hex')];
}

/** All pieces of a snapshot. */
function bytesOf(judge: LiveJudge): Uint8Array {
  const pieces: Uint8Array[] = [];
  judge.snapshot((piece) => void pieces.push(piece.slice()));
  return Uint8Array.from(Buffer.concat(pieces));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

describe('a judge restored from a snapshot', () => {
  it.each([
    ['with all the room there is', {}],
    ['with little room', TIGHT],
  ])('goes on as the one that was not cut, %s', (_, caps) => {
    fc.assert(
      // Without bias: a cut before the first step would show nothing.
      fc.property(fc.integer(), fc.noBias(fc.integer({ min: 1, max: 95 })), (seed, percent) => {
        const stretches = traffic.steps(new Random(seed), 4_000);
        const cut = Math.floor((percent / 100) * stretches.length);
        traffic.reset();
        const whole = judgeOfAll(caps);
        for (const stretch of stretches.slice(0, cut)) whole.judge(stretch);
        const bytes = bytesOf(whole);
        const expected = stretches.slice(cut).map((stretch) => judged(whole, stretch));

        traffic.reset();
        const again = restored(bytes, caps);
        expect(sameBytes(bytesOf(again), bytes)).toBe(true);
        const found = stretches.slice(cut).map((stretch) => judged(again, stretch));

        expect(found).toEqual(expected);
        expect(told(again.pass(LATER))).toBe(told(whole.pass(LATER)));
        expect(sameBytes(bytesOf(again), bytesOf(whole))).toBe(true);
        expect(again.files).toEqual(files);
      }),
      { numRuns: 6 },
    );
  });
});

describe('a snapshot', () => {
  const judge = judgeOfAll();
  traffic.reset();
  judge.judge(traffic.stretch(0, 3_000));
  const bytes = bytesOf(judge);

  it('of a judge who has seen little is small', () => {
    expect(bytesOf(judgeOfAll()).length).toBeLessThan(64_000);
    expect(bytes.length).toBeLessThan(2_000_000);
  });

  it('is refused with any bit turned', () => {
    fc.assert(
      fc.property(fc.nat(8 * bytes.length - 1), (bit) => {
        const damaged = bytes.slice();
        damaged[bit >>> 3]! ^= 1 << (bit & 7);
        expect(restoreLiveJudge(damaged, { surface }).isErr()).toBe(true);
      }),
    );
  });

  it('is refused if it ends too early, or goes on', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), (length) => {
        expect(restoreLiveJudge(bytes.subarray(0, length), { surface }).isErr()).toBe(true);
      }),
    );
    expect(restoreLiveJudge(Buffer.concat([bytes, Buffer.alloc(4)]), { surface }).isErr()).toBe(true);
  });

  it('is refused from a newer version, by name', () => {
    const newer = bytes.slice();
    new DataView(newer.buffer).setUint32(8, VERSION + 1, true);

    expect(restoreLiveJudge(newer, { surface })).toMatchObject({ error: { code: 'SNAPSHOT_VERSION' } });
  });

  it('is not broken by what its sums cannot see: words that were made to fit', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length / 4 - 7), fc.nat(0xffff_ffff), (at, value) => {
        const forged = new Uint32Array(bytes.slice().buffer);
        forged[3 + at] = value;
        forged.set(sumsOf(forged.subarray(0, -3)), forged.length - 2);
        // An answer or a refusal; never an error that is thrown, and never memory without bound.
        const judge = restoreLiveJudge(new Uint8Array(forged.buffer), { surface });
        expect(typeof judge.isOk()).toBe('boolean');
      }),
      { numRuns: 40 },
    );
  });

  it('is read wherever its bytes begin', () => {
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);

    expect(sameBytes(bytesOf(restored(shifted.subarray(1))), bytes)).toBe(true);
  });

  it('has the shape of its version: raise VERSION when this fails', () => {
    const shape = new StateShape();
    new Live({ surface }).state(shape);

    expect([VERSION, createHash('sha256').update(shape.lines).digest('hex').slice(0, 16)]).toEqual([
      4,
      '0fabea1c4594d522',
    ]);
    expect(shape.lines.split('\n').length).toBeGreaterThan(150);
  });
});

function sumsOf(words: Uint32Array): [number, number] {
  let first = 0;
  let second = 0;
  for (const word of words) {
    first = (first + word) >>> 0;
    second = (second + first) >>> 0;
  }
  return [first, second];
}
