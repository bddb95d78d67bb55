/**
 * An address or a prefix, as the ranges of `source_key` and `source_low` that it covers (rows.ts tells what they are).
 */
import { isIP, isIPv4 } from 'node:net';

/** Both ends count. `low` is null for IPv4. */
export type SourceRange = {
  readonly key: readonly [bigint, bigint];
  readonly low: readonly [bigint, bigint] | null;
};

const HALF = 64n;
const HALF_MASK = (1n << HALF) - 1n;
const BITS_4 = 32;
const BITS_6 = 128;

/** The range of `203.0.113.7`, `203.0.113.0/24`, `2001:db8::1`, `2001:db8::/48`; undefined for what is neither. */
export function sourceRange(text: string): SourceRange | undefined {
  const [, address, bits] = /^([0-9a-fA-F:.]+)(?:\/([0-9]{1,3}))?$/.exec(text) ?? [];
  if (address === undefined || isIP(address) === 0) return undefined;
  if (isIPv4(address)) return rangeOfIPv4(numberOfIPv4(address), bits === undefined ? BITS_4 : Number(bits));
  const value = numberOfIPv6(address);
  const length = bits === undefined ? BITS_6 : Number(bits);
  // IPv4-mapped addresses are IPv4, here as in everything that is read.
  const mapped = value >> BigInt(BITS_4) === 0xffffn && length >= BITS_6 - BITS_4;
  if (mapped) return rangeOfIPv4(value & 0xffff_ffffn, length - (BITS_6 - BITS_4));
  return rangeOfIPv6(value, length);
}

function rangeOfIPv4(address: bigint, length: number): SourceRange | undefined {
  if (length > BITS_4) return undefined;
  return { key: cover(address, BITS_4 - length), low: null };
}

function rangeOfIPv6(address: bigint, length: number): SourceRange | undefined {
  if (length > BITS_6) return undefined;
  const [first, last] = cover(address, BITS_6 - length);
  return { key: [first >> HALF, last >> HALF], low: [first & HALF_MASK, last & HALF_MASK] };
}

/** First and last number that differ from `value` in the lowest bits only. */
function cover(value: bigint, free: number): [bigint, bigint] {
  const mask = (1n << BigInt(free)) - 1n;
  return [value & ~mask, value | mask];
}

function numberOfIPv4(address: string): bigint {
  return address.split('.').reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

/** Of an address that is known to be valid. */
function numberOfIPv6(address: string): bigint {
  const plain = address.replace(/[0-9.]+$/, (tail) => (tail.includes('.') ? groupsOfIPv4(tail) : tail));
  const [head = '', tail] = plain.split('::');
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const zeros = new Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n);
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

function groupsOfIPv4(address: string): string {
  const value = numberOfIPv4(address);
  return `${(value >> 16n).toString(16)}:${(value & 0xffffn).toString(16)}`;
}
