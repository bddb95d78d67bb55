/**
 * Prefixes in CIDR notation: RFC 4632 (IPv4), RFC 4291 section 2.3 (IPv6).
 *
 *     198.18.0.0/15        network and length
 *     2001:db8:4f::/48
 *     192.0.2.53           an address alone is a prefix of its full length
 *
 * Read strictly, because people write these and programs act on them: bits behind the length have to be zero, a
 * length has no leading zero, and IPv4 inside IPv6 (`::ffff:192.0.2.1`) is written as IPv4.
 */
import { err, ok, type Result } from '../result.ts';
import { type AddressWords, formatIPv4, formatIPv6, readAddressText } from './address.ts';

/** A network, or one address with all of its bits. */
export type Cidr = {
  readonly family: 4 | 6;
  readonly words: AddressWords;
  /** Length of the prefix: 0 to 32 for IPv4, 0 to 128 for IPv6. */
  readonly bits: number;
};

/** Why a text is no prefix. */
export type CidrError = {
  readonly code: 'CIDR_MALFORMED' | 'CIDR_HOST_BITS';
  /** What is wrong, for the person who wrote it. */
  readonly reason: string;
  /** The spelling that was probably meant, where one can be told. */
  readonly suggestion: string | null;
};

/** Longest text of a prefix: IPv6 with an embedded IPv4 tail (45) and `/128`. Bounds work on hostile input. */
const MAX_CIDR_LENGTH = 49;

/** Reads `address` or `address/length`. */
export function parseCidr(text: string): Result<Cidr, CidrError> {
  if (text.length > MAX_CIDR_LENGTH || !/^[0-9a-fA-F:./]*$/.test(text)) {
    return malformed('it is neither an IPv4 nor an IPv6 address or network');
  }
  const slash = text.indexOf('/');
  const end = slash < 0 ? text.length : slash;
  const found = readAddressText(text.slice(0, end));
  if (found === undefined) return malformed('it is neither an IPv4 nor an IPv6 address or network');
  const { family, words: address } = found;
  const width = widthOf(family);
  if (family === 6 && address[0] === 0 && address[1] === 0 && address[2] === 0xffff) {
    const plain = formatIPv4(address[3]);
    return malformed('an IPv4 address inside IPv6 is written as IPv4', plain);
  }

  const rest = text.slice(end);
  if (rest === '') return ok({ family, words: address, bits: width });
  if (!/^\/(0|[1-9][0-9]{0,2})$/.test(rest))
    return malformed(`after the address, "/" and 0 to ${width} may follow`);
  const bits = Number(rest.slice(1));
  if (bits > width) return malformed(`its length is more than the ${width} bits of such an address`);

  const network = masked({ family, words: address, bits });
  if (sameWords(network.words, address)) return ok(network);
  const reason = `the address has bits set behind the first ${bits}`;
  return err({ code: 'CIDR_HOST_BITS', reason, suggestion: formatCidr(network) });
}

/** `198.18.0.0/15`; an address alone is written without its length. `parseCidr` reads it back. */
export function formatCidr(cidr: Cidr): string {
  const address = cidr.family === 4 ? formatIPv4(cidr.words[3]) : formatIPv6(cidr.words);
  return cidr.bits === widthOf(cidr.family) ? address : `${address}/${cidr.bits}`;
}

/** Whether every address of `inner` is one of `outer`. For one question: `packages/contacts` has tables for many. */
export function contains(outer: Cidr, inner: Cidr): boolean {
  if (outer.family !== inner.family || outer.bits > inner.bits) return false;
  return sameWords(masked({ ...inner, bits: outer.bits }).words, outer.words);
}

/** Whether two prefixes have an address in common. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return contains(a, b) || contains(b, a);
}

/** The network of `bits` that the address lies in. */
export function masked(cidr: Cidr): Cidr {
  const first = cidr.family === 4 ? 96 : 0;
  const keep = (word: number, index: number): number => {
    const bits = Math.min(32, Math.max(0, first + cidr.bits - index * 32));
    return bits === 0 ? 0 : (word & (0xffff_ffff << (32 - bits))) >>> 0;
  };
  const [a, b, c, d] = cidr.words;
  return { ...cidr, words: [keep(a, 0), keep(b, 1), keep(c, 2), keep(d, 3)] };
}

/** The whole of a family's address, in bits. */
export function widthOf(family: 4 | 6): 32 | 128 {
  return family === 4 ? 32 : 128;
}

function sameWords(a: AddressWords, b: AddressWords): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3];
}

function malformed(reason: string, suggestion: string | null = null): Result<never, CidrError> {
  return err({ code: 'CIDR_MALFORMED', reason, suggestion });
}
