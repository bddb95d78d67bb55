import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crockfordText, typedCrockford } from './crockford.ts';

describe('Base 32 for people', () => {
  it('has the highest bits first', () => {
    expect(crockfordText(Uint8Array.of(0b00001_000, 0b10_11111_0), 3)).toBe('12Z');
    expect(crockfordText(new Uint8Array(7).fill(0xff), 10)).toBe('ZZZZZZZZZZ');
  });

  it('is read however it is typed', () => {
    expect(typedCrockford('7k2m0-vo9xl — abcde fghjk', 20)).toBe('7K2M0V09X1ABCDEFGHJK');
  });

  it.each(['', 'ABCD', 'ABCDEF', 'ABCDU', 'ABC!E', 'A'.repeat(200)])('refuses what is none: %j', (text) => {
    expect(typedCrockford(text, 5)).toBeUndefined();
  });

  it('gives back what was written, for all bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 7, maxLength: 7 }), (bytes) => {
        const text = crockfordText(bytes, 10);
        expect(typedCrockford(`${text.slice(0, 5)}-${text.slice(5).toLowerCase()}`, 10)).toBe(text);
        let bits = 0n;
        for (const letter of text) {
          bits = (bits << 5n) | BigInt('0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(letter));
        }
        expect(bits).toBe(BigInt(`0x${Buffer.from(bytes).toString('hex')}`) >> 6n);
      }),
    );
  });

  it('is not made of too few bytes', () => {
    expect(() => crockfordText(new Uint8Array(6), 10)).toThrow(RangeError);
  });
});
