import { type Cidr, formatCidr, parseCidr } from '@bellwether/basics';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appealCode, readAppealCode } from './appeal-code.ts';

const word = fc.nat(0xffff_ffff);
const source: fc.Arbitrary<Cidr> = fc.oneof(
  word.map((last): Cidr => ({ family: 4, words: [0, 0, 0, last], bits: 32 })),
  fc.tuple(word, word).map(([a, b]): Cidr => ({ family: 6, words: [a, b, 0, 0], bits: 64 })),
);

describe('the code for the telephone', () => {
  it('is digits in groups of four, and reads back as the address, however it is typed', () => {
    fc.assert(
      fc.property(source, (each) => {
        const code = appealCode(each);
        expect(code).toMatch(/^\d{4}(?: \d{1,4})+$/);
        for (const typed of [code, code.replaceAll(' ', ''), code.replaceAll(' ', '-'), ` ${code}\n`])
          expect(readAppealCode(typed).okOrThrow()).toEqual(each);
      }),
    );
  });

  it('notices every digit that was heard wrong, and any two neighbours that changed places', () => {
    fc.assert(
      fc.property(source, fc.nat(), fc.integer({ min: 1, max: 9 }), (each, place, by) => {
        const digits = appealCode(each).replaceAll(' ', '');
        const at = place % digits.length;
        const wrong = `${digits.slice(0, at)}${(Number(digits[at]) + by) % 10}${digits.slice(at + 1)}`;
        expect(readAppealCode(wrong)).toMatchObject({ error: { code: 'BLOCKS_APPEAL_CODE' } });
        const next = Math.min(at, digits.length - 2);
        const swapped = `${digits.slice(0, next)}${digits[next + 1]}${digits[next]}${digits.slice(next + 2)}`;
        expect(readAppealCode(swapped).isErr()).toBe(swapped !== digits);
      }),
    );
  });

  it('of an IPv6 address is that of its /64', () => {
    const code = appealCode(parseCidr('2001:db8:1:2:3:4:5:6').okOrThrow());
    expect(formatCidr(readAppealCode(code).okOrThrow())).toBe('2001:db8:1:2::/64');
  });

  it.each(['', 'call me', '9'.repeat(12), '9'.repeat(22), '1'.repeat(500), '4294 9672 9600'])(
    'is no code: %s',
    (text) => {
      expect(readAppealCode(text).isErr()).toBe(true);
    },
  );
});
