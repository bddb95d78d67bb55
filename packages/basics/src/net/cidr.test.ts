import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cidr, contains, formatCidr, masked, overlaps, parseCidr } from './cidr.ts';

const cidr = (text: string): Cidr => parseCidr(text).okOrThrow();
const word = fc.oneof(fc.constantFrom(0, 0xffff_ffff), fc.nat(0xffff_ffff));
const any: fc.Arbitrary<Cidr> = fc.oneof(
  fc.tuple(word, fc.nat(32)).map(([d, bits]) => masked({ family: 4, words: [0, 0, 0, d], bits })),
  fc
    .tuple(fc.tuple(word, word, word, word), fc.nat(128))
    // An IPv4 address inside IPv6 is IPv4, and no prefix of its own.
    .filter(([[a, b, c]]) => a !== 0 || b !== 0 || c !== 0xffff)
    .map(([words, bits]) => masked({ family: 6, words, bits })),
);
/** Every bit of the address as a character: the plain reading of what a prefix holds. */
const bitsOf = ({ family, words }: Cidr): string =>
  words
    .slice(family === 4 ? 3 : 0)
    .map((each) => each.toString(2).padStart(32, '0'))
    .join('');

describe('a prefix', () => {
  it.each([
    ['198.18.0.0/15', { family: 4, words: [0, 0, 0, 0xc612_0000], bits: 15 }],
    ['192.0.2.53', { family: 4, words: [0, 0, 0, 0xc000_0235], bits: 32 }],
    ['0.0.0.0/0', { family: 4, words: [0, 0, 0, 0], bits: 0 }],
    ['2001:db8:4f::/48', { family: 6, words: [0x2001_0db8, 0x004f_0000, 0, 0], bits: 48 }],
    ['2001:DB8::1', { family: 6, words: [0x2001_0db8, 0, 0, 1], bits: 128 }],
    ['::/0', { family: 6, words: [0, 0, 0, 0], bits: 0 }],
  ])('is read: %s', (text, expected) => {
    expect(parseCidr(text)).toMatchObject({ value: expected });
  });

  it('reads back as it was written', () => {
    fc.assert(
      fc.property(any, (prefix) => {
        expect(parseCidr(formatCidr(prefix))).toMatchObject({ value: prefix });
      }),
    );
  });

  it.each([
    ['198.18.0.5/15', '198.18.0.0/15'],
    ['203.0.113.200/24', '203.0.113.0/24'],
    ['10.0.0.1/0', '0.0.0.0/0'],
    ['2001:db8:4f::1/48', '2001:db8:4f::/48'],
    ['2001:db8:4f:8000::/48', '2001:db8:4f::/48'],
  ])('with bits behind its length is refused, and the network suggested: %s', (text, suggestion) => {
    expect(parseCidr(text)).toMatchObject({ error: { code: 'CIDR_HOST_BITS', suggestion } });
  });

  it('that is an IPv4 address inside IPv6 is refused, and the IPv4 spelling suggested', () => {
    expect(parseCidr('::ffff:192.0.2.1')).toMatchObject({ error: { suggestion: '192.0.2.1' } });
    expect(parseCidr('::ffff:c000:201/128')).toMatchObject({ error: { suggestion: '192.0.2.1' } });
  });

  it.each([
    [''],
    ['/8'],
    ['198.18.0.0/'],
    ['198.18.0.0/33'],
    ['198.18.0.0/015'],
    ['198.18.0.0/-1'],
    ['198.18.0.0/15/8'],
    ['198.18.0.0 /15'],
    ['198.18/16'],
    ['198.018.0.0/15'],
    ['198.18.0.0/255.254.0.0'],
    ['2001:db8::/129'],
    ['2001:db8:::/48'],
    ['fe80::1%eth0'],
    ['example.gov'],
    ['1'.repeat(100)],
  ])('is refused: "%s"', (text) => {
    expect(parseCidr(text)).toMatchObject({ error: { code: 'CIDR_MALFORMED' } });
  });

  it('holds what begins with the same bits', () => {
    fc.assert(
      fc.property(any, any, (outer, inner) => {
        const expected =
          outer.family === inner.family &&
          outer.bits <= inner.bits &&
          bitsOf(outer).slice(0, outer.bits) === bitsOf(inner).slice(0, outer.bits);
        expect(contains(outer, inner)).toBe(expected);
      }),
    );
  });

  it('overlaps what it holds and what holds it, and nothing beside it', () => {
    expect(overlaps(cidr('198.18.0.0/15'), cidr('198.19.4.0/24'))).toBe(true);
    expect(overlaps(cidr('198.19.4.0/24'), cidr('198.18.0.0/15'))).toBe(true);
    expect(overlaps(cidr('198.18.0.0/16'), cidr('198.19.0.0/16'))).toBe(false);
    expect(overlaps(cidr('0.0.0.0/0'), cidr('::/0'))).toBe(false);
  });
});
