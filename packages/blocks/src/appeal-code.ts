/**
 * The code that a person reads to somebody on the telephone when a voters' service keeps them out: digits, because they are said
 * alike in every language. It is the address itself with two check digits (ISO/IEC 7064, MOD 97-10, as in an IBAN), so that
 * nobody has to look anything up, and a digit that was heard wrong, or two that changed places, are noticed.
 *
 *     IPv4        10 digits, the address as a number         ‖ 2 check digits     3405 8037 7397
 *     IPv6, /64   20 digits, its first 64 bits as a number   ‖ 2 check digits
 *
 * It is no secret: whoever knows the address can make it, and all it opens is a service that is open to everybody.
 */
import { type Cidr, err, ok, type Result } from '@bellwether/basics';
import type { BlocksError } from './errors.ts';

const IPV4_DIGITS = 10;
const IPV6_DIGITS = 20;
const CHECK_DIGITS = 2;

/** How many digits stand together: what people say in one breath. */
const GROUP = 4;

/** Longest text that is looked at: what somebody typed from a telephone call. */
const MOST_TEXT = 100;

/** The code of an address, or of the /64 of an IPv6 address, in groups. */
export function appealCode({ family, words }: Pick<Cidr, 'family' | 'words'>): string {
  const number = family === 4 ? BigInt(words[3]) : (BigInt(words[0]) << 32n) | BigInt(words[1]);
  const digits = String(number).padStart(family === 4 ? IPV4_DIGITS : IPV6_DIGITS, '0');
  const check = String(98n - ((number * 100n) % 97n)).padStart(CHECK_DIGITS, '0');
  return `${digits}${check}`.match(new RegExp(`.{1,${GROUP}}`, 'g'))!.join(' ');
}

/** Reads a code as it was typed: spaces and dashes are passed over. An IPv4 address, or an IPv6 /64. */
export function readAppealCode(text: string): Result<Cidr, BlocksError> {
  if (text.length > MOST_TEXT) return notACode('it is too long');
  const digits = text.replace(/[\s.-]/g, '');
  const isIPv4 = digits.length === IPV4_DIGITS + CHECK_DIGITS;
  if (!/^\d+$/.test(digits) || !(isIPv4 || digits.length === IPV6_DIGITS + CHECK_DIGITS))
    return notACode(`it has 12 or 22 digits; ${digits.length} were typed`);
  // Two digits of check: 98 less the rest, so that number ‖ check leaves 1.
  if (BigInt(digits) % 97n !== 1n) return notACode('one of its digits is another one');
  const number = BigInt(digits.slice(0, -CHECK_DIGITS));
  if (number >= (isIPv4 ? 1n << 32n : 1n << 64n)) return notACode('no address has this number');
  if (isIPv4) return ok({ family: 4, words: [0, 0, 0, Number(number)], bits: 32 });
  return ok({ family: 6, words: [Number(number >> 32n), Number(number & 0xffff_ffffn), 0, 0], bits: 64 });
}

function notACode(detail: string): Result<never, BlocksError> {
  return err({ code: 'BLOCKS_APPEAL_CODE', detail });
}
