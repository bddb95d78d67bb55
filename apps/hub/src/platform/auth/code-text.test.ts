import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inGroups, newPhoneCode, newPrintedCode, PRINTED_LENGTH, readTypedCode } from './code-text.ts';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Bytes of a printed code, as chance would give them. */
const drawn = fc.uint8Array({ minLength: PRINTED_LENGTH - 1, maxLength: PRINTED_LENGTH - 1 });
const printed = drawn.map((bytes) => newPrintedCode(() => bytes));

describe('a code for the phone', () => {
  it('has twelve digits, and zeros in front where it is small', () => {
    expect(newPhoneCode(() => new Uint8Array(5))).toBe('000000000000');
    expect(inGroups('407100935528')).toBe('4071-0093-5528');
  });

  it('is drawn anew where the bits make no such number, so that every number is equally likely', () => {
    // 10^12 is E8 D4 A5 10 00: the first number that is too large, and the last that is not.
    const draws = [
      [0xe8, 0xd4, 0xa5, 0x10, 0x00],
      [0xff, 0xff, 0xff, 0xff, 0xff],
      [0xe8, 0xd4, 0xa5, 0x0f, 0xff],
    ].map((bytes) => Uint8Array.from(bytes));
    expect(newPhoneCode(() => draws.shift()!)).toBe('999999999999');
    expect(draws).toEqual([]);
  });

  it('has each digit at each place about as often', () => {
    // 12 places, 10 digits, 20,000 codes: a digit is expected 2,000 times (sigma 42), and six sigma do not happen.
    const counts = Array.from({ length: 12 }, () => new Array<number>(10).fill(0));
    for (let index = 0; index < 20_000; index += 1) {
      [...newPhoneCode(randomBytes)].forEach((digit, place) => {
        counts[place]![Number(digit)]! += 1;
      });
    }
    for (const count of counts.flat()) expect(Math.abs(count - 2_000)).toBeLessThan(6 * 42.5);
  });

  it('is read back however it is grouped', () => {
    const gap = fc.constantFrom('', '', '', ' ', '-', '.', '/', '\u00a0', '\u2013', '\t', '_');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), gap), { minLength: 12, maxLength: 12 }),
        (parts) => {
          const code = parts.map(([digit]) => digit).join('');
          expect(readTypedCode(parts.flat().join(''))).toEqual({ kind: 'phone', code });
        },
      ),
    );
  });

  it.each(['', '40710093552', '4071009355281', '4O71-0093-5528', '4071-0093-552l', '٤٠٧١٠٠٩٣٥٥٢٨'])(
    'is not %j',
    (text) => expect(readTypedCode(text)).toEqual({ kind: 'neither' }),
  );
});

describe('a printed code', () => {
  it('has the check character that follows from the field', () => {
    const bytes = Uint8Array.from('7K2MV0QX9DTE4HBAR6Z', (letter) => ALPHABET.indexOf(letter));
    expect(inGroups(newPrintedCode(() => bytes))).toBe('7K2M-V0QX-9DTE-4HBA-R6ZP');
  });

  it('has 95 random bits', () => {
    expect(newPrintedCode(() => new Uint8Array(19))).toBe('0'.repeat(20));
    const codes = new Set(Array.from({ length: 1_000 }, () => newPrintedCode(randomBytes).slice(0, 19)));
    expect(codes.size).toBe(1_000);
    expect(new Set([...codes].join(''))).toEqual(new Set(ALPHABET));
  });

  it('is read back in any case and grouping, with letters taken for the digits they look like', () => {
    fc.assert(
      fc.property(printed, (code) => {
        const lookalike = code.replaceAll('0', 'o').replaceAll('1', 'l').toLowerCase();
        for (const text of [code, inGroups(code), inGroups(code).replaceAll('-', '  '), lookalike]) {
          expect(readTypedCode(text)).toEqual({ kind: 'printed', code });
        }
      }),
    );
  });

  it('with any one wrong character is a slip of the hand', () => {
    fc.assert(
      fc.property(printed, fc.nat(PRINTED_LENGTH - 1), fc.constantFrom(...ALPHABET), (code, place, other) => {
        fc.pre(code[place] !== other);
        const wrong = code.slice(0, place) + other + code.slice(place + 1);
        expect(readTypedCode(wrong)).toEqual({ kind: 'mistyped' });
      }),
    );
  });

  it('with any two characters exchanged is a slip of the hand', () => {
    const place = fc.nat(PRINTED_LENGTH - 1);
    fc.assert(
      fc.property(printed, place, place, (code, one, other) => {
        fc.pre(code[one] !== code[other]);
        const letters = [...code];
        [letters[one], letters[other]] = [letters[other]!, letters[one]!];
        expect(readTypedCode(letters.join(''))).toEqual({ kind: 'mistyped' });
      }),
    );
  });

  it.each([
    ['7K2M-V0QX-9DTE-4HBA-R6Z', 'neither'],
    ['7K2M-V0QX-9DTE-4HBA-R6UU', 'mistyped'],
    ["7K2M-V0QX-9DTE-4HBA-R6Z'", 'mistyped'],
    ['7'.repeat(65), 'neither'],
    [' '.repeat(1_000_000), 'neither'],
    ['\0'.repeat(20), 'mistyped'],
  ])('%j is none: %s', (text, kind) => expect(readTypedCode(text)).toEqual({ kind }));

  it('never throws, whatever is typed', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => readTypedCode(text).kind.length > 0));
  });
});
