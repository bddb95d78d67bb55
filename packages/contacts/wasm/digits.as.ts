/**
 * Numbers and addresses from their digits, without a branch for each: the length of a number is hard to foresee, and a
 * wrong guess costs as much as fifteen instructions. Functions may read 16 bytes around what they are given.
 */

/** Value of `number` and others when what stands there is no such thing: the line is for the plain reader. */
export const ODD: i64 = -2;

/** Bits below `n`, which may be 0 to 16. */
// @ts-ignore: decorator
@inline
export function below(n: usize): i32 {
  return (1 << <i32>n) - 1;
}

/** One bit for each of the 16 bytes at `at` that is no digit. */
// @ts-ignore: decorator
@inline
export function notDigits(at: usize): i32 {
  return i8x16.bitmask(i8x16.gt_u(i8x16.sub(v128.load(at), i8x16.splat(48)), i8x16.splat(9)));
}

/** The eight digits at `at` as a number; what is no digit must have been excluded. */
// @ts-ignore: decorator
@inline
export function digits8(chunk: u64): u64 {
  let v = chunk & 0x0f0f0f0f0f0f0f0f;
  v = (v * 2561) >> 8;
  v = ((v & 0x00ff00ff00ff00ff) * 6553601) >> 16;
  return ((v & 0x0000ffff0000ffff) * 42949672960001) >> 32;
}

/** The last `n` (1 to 8) bytes before `end` as digits of a number, without looking whether they are. */
// @ts-ignore: decorator
@inline
export function tail8(end: usize, n: usize): u64 {
  const shift = <u64>(64 - (n << 3));
  return digits8((load<u64>(end - 8) >> shift) << shift);
}

/** The whole number in [from, to) of 1 to 15 digits; -1 if it is none. */
// @ts-ignore: decorator
@inline
export function number(from: usize, to: usize): i64 {
  const n = to - from;
  if (n - 1 > 14) return -1;
  if ((notDigits(from) & below(n)) !== 0) return -1;
  if (n <= 8) return <i64>tail8(to, n);
  return <i64>(tail8(to, 8) + tail8(to - 8, n - 8) * 100_000_000);
}

/** The octet in [from, to) of 1 to 3 digits; above 255 if it is none or has a leading zero. */
// @ts-ignore: decorator
@inline
export function octet(from: usize, to: usize): u32 {
  const n = <u32>(to - from);
  // Three bytes that end at `to`, those before `from` made zeros.
  const shift = (3 - n) << 3;
  const raw = load<u32>(to - 4) >> 8;
  const v = ((raw >> shift) << shift) ^ ((0x303030 >> shift) << shift);
  const wrong = (((v + 0x767676) | v) & 0x808080) | <u32>(n > 3) | <u32>(n === 0);
  const zero = <u32>(n > 1) & <u32>(load<u8>(from) === 48);
  const value = (v & 255) * 100 + ((v >> 8) & 255) * 10 + (v >> 16);
  return wrong | zero ? 256 : value;
}

/** The IPv4 address in [from, to); -1 if it is none. */
// @ts-ignore: decorator
@inline
export function ipv4(from: usize, to: usize): i64 {
  const n = to - from;
  if (n - 7 > 8) return -1;
  let dots = i8x16.bitmask(i8x16.eq(v128.load(from), i8x16.splat(46))) & below(n);
  if (popcnt(dots) !== 3) return -1;
  const a = from + ctz(dots);
  dots &= dots - 1;
  const b = from + ctz(dots);
  dots &= dots - 1;
  const c = from + ctz(dots);
  const w = octet(from, a);
  const x = octet(a + 1, b);
  const y = octet(b + 1, c);
  const z = octet(c + 1, to);
  if ((w | x | y | z) > 255) return -1;
  return <i64>((w << 24) | (x << 16) | (y << 8) | z);
}

/** `mix32` of ../src/reading/bytes.ts. */
// @ts-ignore: decorator
@inline
export function mix(value: u32): u32 {
  let h = (value ^ (value >> 16)) * 0x85ebca6b;
  h = (h ^ (h >> 13)) * 0xc2b2ae35;
  return h ^ (h >> 16);
}

