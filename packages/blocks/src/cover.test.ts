import { type Cidr, masked, parseCidr } from '@bellwether/basics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block } from './block.ts';
import { changeOfPieces, coverOf, type Piece, pieceAt } from './cover.ts';

const HOUR = 3_600_000;
type Part = Pick<Block, 'network' | 'covers' | 'until'>;
const covers = fc.constantFrom('all' as const, 'private' as const);
const until = fc.integer({ min: 1, max: 6 }).map((hours) => hours * HOUR);
/** Networks of a few addresses that overlap in every way. */
const near4 = fc
  .tuple(fc.nat(63), fc.integer({ min: 27, max: 32 }))
  .map(([low, bits]): Cidr => masked({ family: 4, words: [0, 0, 0, 0xcb00_7100 + low], bits }));
const near6 = fc
  .tuple(fc.nat(31), fc.integer({ min: 59, max: 64 }))
  .map(([low, bits]): Cidr => masked({ family: 6, words: [0x2001_0db8, low, 0, 0], bits }));
const parts = fc.array(fc.record({ network: fc.oneof(near4, near6), covers, until }) as fc.Arbitrary<Part>, {
  maxLength: 25,
});

/** The latest end of all that cover an address: the plain reading. */
function latest(blocks: readonly Part[], what: Block['covers'], address: Cidr): number | undefined {
  const ends = blocks
    .filter(
      ({ network, covers: which }) =>
        which === what &&
        network.family === address.family &&
        masked({ ...address, bits: network.bits }).words.join() === network.words.join(),
    )
    .map((block) => block.until);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

const addresses: readonly Cidr[] = [
  ...Array.from({ length: 70 }, (_, i): Cidr => ({ family: 4, words: [0, 0, 0, 0xcb00_70fe + i], bits: 32 })),
  ...Array.from({ length: 40 }, (_, i): Cidr => ({ family: 6, words: [0x2001_0db8, i, 7, 7], bits: 128 })),
];

function isDisjoint(pieces: readonly Piece<number | bigint>[]): boolean {
  return pieces.every(
    (piece, i) => piece.first <= piece.last && (i === 0 || pieces[i - 1]!.last < piece.first),
  );
}

describe('a cover', () => {
  it('blocks each address until the latest end of what covers it, and nobody else, in disjoint pieces', () => {
    fc.assert(
      fc.property(parts, (blocks) => {
        const cover = coverOf(blocks);
        for (const pieces of Object.values(cover)) expect(isDisjoint(pieces)).toBe(true);
        for (const what of ['all', 'private'] as const)
          for (const address of addresses)
            expect(pieceAt(cover, what, address)?.until).toBe(latest(blocks, what, address));
      }),
      { numRuns: 300 },
    );
  });

  it('is the same in whatever order blocks came', () => {
    fc.assert(
      fc.property(parts, (blocks) => {
        expect(coverOf(blocks.toReversed())).toEqual(coverOf(blocks));
      }),
    );
  });

  it('becomes another one by its change, taken out before it is put in', () => {
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        const [before, after] = [coverOf(one).all4, coverOf(other).all4];
        const change = changeOfPieces(before, after);
        const text = (piece: Piece<number>): string => `${piece.first} ${piece.last} ${piece.until}`;
        const left = new Set(before.map(text));
        for (const piece of change.out) expect(left.delete(text(piece as Piece<number>))).toBe(true);
        for (const piece of change.in) left.add(text(piece as Piece<number>));
        expect([...left].sort()).toEqual(after.map(text).sort());
      }),
    );
  });

  it('keeps a /24 and an address in it apart where their ends differ', () => {
    const block = (network: string, end: number): Part => ({
      network: parseCidr(network).okOrThrow(),
      covers: 'all',
      until: end,
    });
    expect(coverOf([block('203.0.113.0/24', 1), block('203.0.113.7', 2)]).all4).toEqual([
      { first: 0xcb00_7100, last: 0xcb00_7106, until: 1 },
      { first: 0xcb00_7107, last: 0xcb00_7107, until: 2 },
      { first: 0xcb00_7108, last: 0xcb00_71ff, until: 1 },
    ]);
  });
});
