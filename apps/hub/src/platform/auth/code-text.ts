/**
 * The two kinds of codes that people type, how they are drawn, written and read back.
 *
 *     4071-0093-5528             read over the phone: 12 digits (40 bits), 15 minutes, one use
 *     7K2M-V0QX-9DTE-4HBA-R6ZP   printed: 19 characters of 5 bits (95 bits), and a check character
 *
 * The printed alphabet is Crockford's Base 32: no I, L, O or U, and who writes them is understood. The check character is
 * a weighted sum in the field of 32 elements: any one wrong character and any two exchanged ones are noticed, so that a
 * slip of the hand is told from a code that does not exist, and costs no attempt. It gives nothing away: it follows from
 * the other 19.
 */
import type { RandomBytes } from './secrets.ts';

/** Digits of a code for the phone. limits.ts says how likely one is guessed. */
export const PHONE_DIGITS = 12;

/** Characters of a printed code, with the one that checks: five groups of four, as on a gift card. */
export const PRINTED_LENGTH = 20;

/** What was typed: one of ours as it was drawn, a slip of the hand, or nothing of ours. */
export type TypedCode =
  | { readonly kind: 'phone'; readonly code: string }
  | { readonly kind: 'printed'; readonly code: string }
  | { readonly kind: 'mistyped' }
  | { readonly kind: 'neither' };

/** No code of ours with all its spaces is longer: nobody reads further. */
const LONGEST_TYPED = 64;

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 12 digits, each of the 10^12 equally likely: of 40 random bits those are drawn anew that are no such number. */
export function newPhoneCode(random: RandomBytes): string {
  for (;;) {
    const drawn = Buffer.from(random(5)).readUIntBE(0, 5);
    if (drawn < 10 ** PHONE_DIGITS) return String(drawn).padStart(PHONE_DIGITS, '0');
  }
}

/** A printed code, without its hyphens. */
export function newPrintedCode(random: RandomBytes): string {
  const values = [...random(PRINTED_LENGTH - 1)].map((byte) => byte & 31);
  const letters = [checkValue(values), ...values].map((value) => ALPHABET[value]);
  return [...letters.slice(1), letters[0]].join('');
}

/** A code as it is shown: in groups of four. */
export function inGroups(code: string): string {
  return code.match(/.{1,4}/g)?.join('-') ?? '';
}

/** What somebody typed, however it is grouped: spaces, hyphens, dots and slashes say nothing. */
export function readTypedCode(text: string): TypedCode {
  if (text.length > LONGEST_TYPED) return { kind: 'neither' };
  const bare = text.replace(/[\s\p{Pd}./·_]/gu, '');
  if (new RegExp(`^[0-9]{${PHONE_DIGITS}}$`).test(bare)) return { kind: 'phone', code: bare };
  if (bare.length !== PRINTED_LENGTH) return { kind: 'neither' };
  const code = bare.toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1');
  const values = [...code].map((letter) => ALPHABET.indexOf(letter));
  if (values.includes(-1)) return { kind: 'mistyped' };
  return checkValue(values.slice(0, -1)) === values.at(-1) ? { kind: 'printed', code } : { kind: 'mistyped' };
}

/** Sum of each value times its own power of the field's generator, from the first power on. */
function checkValue(values: readonly number[]): number {
  let weight = 1;
  let sum = 0;
  for (const value of values) {
    weight = doubled(weight);
    sum ^= product(value, weight);
  }
  return sum;
}

/** Times x in GF(2)[x] / (x^5 + x^2 + 1): a primitive polynomial, so that the first 31 powers of x all differ. */
function doubled(value: number): number {
  const next = value << 1;
  return next & 32 ? next ^ 0b100101 : next;
}

function product(one: number, other: number): number {
  let sum = 0;
  let power = other;
  for (let bits = one; bits !== 0; bits >>= 1) {
    if (bits & 1) sum ^= power;
    power = doubled(power);
  }
  return sum;
}
