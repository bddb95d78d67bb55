import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIPv4, formatIPv6, readAddressText } from './address.ts';

const word = fc.oneof(fc.constantFrom(0, 0xffff, 0xffff_0000, 0xffff_ffff), fc.nat(0xffff_ffff));
/** Text that is nearly an address. */
const nearly = fc
  .array(fc.constantFrom(':', '::', '.', '0', '1', '00', 'ffff', 'g', '255', '256', '01', '%', ' '), {
    maxLength: 17,
  })
  .map((parts) => parts.join(''));

describe('an address', () => {
  it('is read from every spelling that Node takes, and from no other', () => {
    const spelled = fc.oneof(nearly, fc.ipV4(), fc.ipV6());
    fc.assert(
      fc.property(spelled, (text) => {
        // Zones (`fe80::1%eth0`) are no part of an address.
        expect(readAddressText(text)?.family ?? 0).toBe(text.includes('%') ? 0 : isIP(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it('reads back as it was written', () => {
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), (words) => {
        expect(readAddressText(formatIPv4(words[3]))).toEqual({ family: 4, words: [0, 0, 0, words[3]] });
        expect(readAddressText(formatIPv6(words))).toEqual({ family: 6, words });
      }),
    );
  });
});
