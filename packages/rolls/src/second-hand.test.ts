import { createHash } from 'node:crypto';
import { encodeText, sha256Hasher } from '@bellwether/evidence';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  formatOpeningsRequest,
  isRequestFresh,
  parseOpeningsRequest,
  REQUEST_FRESH_FOR,
} from './openings-request.ts';
import { DRAWN_RECORDS, drawnRanks, drawSeed } from './second-hand.ts';

const hasher = sha256Hasher();
const CHECKPOINT = 'elections.example.gov/rolls\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— a b\n';

it('draws what anybody can draw again, with no more than SHA-256', () => {
  const seed = createHash('sha256').update(`bellwether/second-hand@1\n${CHECKPOINT}`).digest();
  expect(Buffer.from(drawSeed(hasher, encodeText(CHECKPOINT)))).toEqual(seed);
  const ranks = new Set<number>();
  for (let i = 0; ranks.size < 2_000; i++) {
    const number = Buffer.alloc(4);
    number.writeUInt32BE(i);
    const hash = createHash('sha256').update(seed).update(number).digest();
    ranks.add(Number(hash.readBigUInt64BE() % 4_300_000n));
  }
  expect(drawnRanks(hasher, Uint8Array.from(seed), 4_300_000)).toEqual([...ranks].sort((a, b) => a - b));
});

it('draws the same from day to day: these numbers were worked out with the command sha256sum', () => {
  // printf 'bellwether/second-hand@1\nx' | sha256sum; then the same over those bytes and 00000000.
  const seed = drawSeed(hasher, encodeText('x'));
  expect(Buffer.from(seed).toString('hex')).toBe(
    'b987c7e1047b8dd3dd6c205d3a889620e2cd72c6d35366e777c3e9b080d0abfc',
  );
  expect(drawnRanks(hasher, seed, 1_000_000)).toContain(743741);
});

it('draws each rank once, all of a small state, and others with another signature', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.integer({ min: 0, max: 9_000 }),
      (seed, leaves) => {
        const ranks = drawnRanks(hasher, seed, leaves);
        expect(new Set(ranks).size).toBe(Math.min(leaves, DRAWN_RECORDS));
        expect(ranks.every((rank) => rank >= 0 && rank < leaves)).toBe(true);
      },
    ),
    { numRuns: 20 },
  );
  const draw = (text: string) => drawnRanks(hasher, drawSeed(hasher, encodeText(text)), 100_000);
  expect(draw(CHECKPOINT)).not.toEqual(draw(`${CHECKPOINT}— b c\n`));
});

it('a request has one spelling, and is fresh for ten minutes either way', () => {
  const request = { witness: 'office-017', origin: 'a.example/log', seal: 12n, time: '2026-11-03T02:31Z' };
  const text = formatOpeningsRequest(request);
  expect(text).toBe(
    'bellwether/openings-request@1\nwitness office-017\norigin a.example/log\nseal 12\ntime 2026-11-03T02:31Z\n',
  );
  expect(parseOpeningsRequest(text).okOrThrow()).toEqual(request);
  for (const wrong of [
    text.slice(0, -1),
    `${text}\n`,
    text.replace('@1', '@2'),
    text.replace('seal 12', 'seal 012'),
    text.replace('seal 12', 'seal -1'),
    text.replace('02:31Z', '02:31'),
    text.replace('office-017', ''),
    text.replace('witness', 'Witness'),
    text.replace('office-017', 'x'.repeat(1_000)),
  ])
    expect(parseOpeningsRequest(wrong)).toMatchObject({ error: { code: 'ROLLS_OPENINGS_MALFORMED' } });
  const at = Date.parse(request.time);
  expect(isRequestFresh(request, at + REQUEST_FRESH_FOR)).toBe(true);
  expect(isRequestFresh(request, at + REQUEST_FRESH_FOR + 1)).toBe(false);
  expect(isRequestFresh(request, at - REQUEST_FRESH_FOR - 1)).toBe(false);
});
