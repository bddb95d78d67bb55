/**
 * The walk over one JSON line by shapes that have been seen: see ../src/reading/eve-shapes.ts. A line is taken if what
 * stands between its values is, byte for byte, what stood between those of a line that the plain scanner has taken: then
 * it is as well formed as that one, once each value is.
 */
import { below, notDigits, number } from './digits.as';
import { ARENA, ENDS, MAX_LINE, STARTS, TYPES } from './table.as';

export const STRING: u32 = 1;
export const NUMBER: u32 = 3;
export const TRUE: u32 = 4;
export const FALSE: u32 = 5;
export const NULL: u32 = 6;

// A node of the tree of shapes: what stands between one value and the next, and what kind of value follows.
const NODE_SIBLING: usize = 0;
const NODE_CHILD: usize = 4;
const NODE_LENGTH: usize = 8;
const NODE_KIND: usize = 10;
const NODE_PATH: usize = 11;
const NODE_TEXT: usize = 16;
const KIND_END: u32 = 0;
const KIND_STRING: u32 = 1;

/** What is taken from an address to make it a place in the block. */
let moved: usize = 0;

/** Finds the values of the line at `at`. Returns where the next line begins, 0 if its shape is not known. */
export function shapeEnd(at: usize): usize {
  const zero = i8x16.splat(0);
  v128.store(TYPES, zero);
  v128.store(TYPES, zero, 16);
  v128.store(TYPES, zero, 32);
  v128.store(TYPES, zero, 48);
  const quote = i8x16.splat(34);
  const backslash = i8x16.splat(92);
  const control = i8x16.splat(32);
  let p = at;
  let node = ARENA;
  while (true) {
    node = <usize>load<u32>(node, NODE_CHILD);
    let length: usize = 0;
    while (true) {
      if (node === 0) return 0;
      length = load<u16>(node, NODE_LENGTH);
      if (isText(p, node + NODE_TEXT, length)) break;
      node = <usize>load<u32>(node, NODE_SIBLING);
    }
    p += length;
    const kind_ = <u32>load<u8>(node, NODE_KIND);
    const path = <usize>load<u8>(node, NODE_PATH);
    const from = p;
    let type: u32;
    if (kind_ === KIND_STRING) {
      let stops: i32;
      while (true) {
        const v = v128.load(p);
        stops = i8x16.bitmask(v128.or(v128.or(i8x16.eq(v, quote), i8x16.eq(v, backslash)), i8x16.lt_u(v, control)));
        if (stops !== 0) break;
        p += 16;
      }
      p += ctz(stops);
      if (load<u8>(p) !== 34) return 0;
      type = STRING;
    } else if (kind_ === KIND_END) {
      if (load<u8>(p) === 13) p++;
      if (load<u8>(p) !== 10 || p - at > MAX_LINE) return 0;
      return p + 1;
    } else {
      p = bareEnd(p);
      if (p === 0) return 0;
      type = bareType;
    }
    if (path !== 0) {
      const slot = (path - 1) << 2;
      store<u32>(STARTS + slot, <u32>(from - moved));
      store<u32>(ENDS + slot, <u32>(p - moved));
      store<u8>(TYPES + path - 1, <u8>type);
    }
  }
}

/** Whether the `length` bytes at `at` are those at `text`. */
// @ts-ignore: decorator
@inline
export function isText(at: usize, text: usize, length: usize): bool {
  while (true) {
    const same = i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(text)));
    if (length <= 16) {
      const mask = below(length);
      return (same & mask) === mask;
    }
    if (same !== 0xffff) return false;
    at += 16;
    text += 16;
    length -= 16;
  }
}

let bareType: u32 = 0;

/** End of the number, `true`, `false` or `null` at `at`, its type in `bareType`; 0 if it is none of them. */
// @ts-ignore: decorator
@inline
function bareEnd(at: usize): usize {
  const other = notDigits(at);
  const first = load<u8>(at);
  bareType = NUMBER;
  if (other > 1 || other === 0) {
    const n = <usize>ctz(other);
    // Up to 16 digits; the byte behind decides whether the number ends there.
    const behind = load<u8>(at + n);
    const ends = behind === 44 || behind === 125 || behind === 93;
    if (other !== 0 && ends && (other & 1) === 0) return first === 48 && n > 1 ? 0 : at + n;
  }
  return oddBareEnd(at, first);
}

function oddBareEnd(at: usize, first: u32): usize {
  if (first === 116 && load<u32>(at) === 0x65757274) {
    bareType = TRUE;
    return at + 4;
  }
  if (first === 102 && load<u32>(at, 1) === 0x65736c61) {
    bareType = FALSE;
    return at + 5;
  }
  if (first === 110 && load<u32>(at) === 0x6c6c756e) {
    bareType = NULL;
    return at + 4;
  }
  bareType = NUMBER;
  let p = at;
  if (load<u8>(p) === 45) p++;
  const whole = p;
  p = digitsEnd(p);
  if (p === whole || (load<u8>(whole) === 48 && p > whole + 1)) return 0;
  if (load<u8>(p) === 46) {
    const fraction = p + 1;
    p = digitsEnd(fraction);
    if (p === fraction) return 0;
  }
  if ((load<u8>(p) | 32) === 101) {
    p++;
    const sign = load<u8>(p);
    if (sign === 43 || sign === 45) p++;
    const power = p;
    p = digitsEnd(power);
    if (p === power) return 0;
  }
  return p;
}

function digitsEnd(at: usize): usize {
  while (<u32>load<u8>(at) - 48 <= 9) at++;
  return at;
}

// @ts-ignore: decorator
@inline
export function typeAt(path: usize): u32 {
  return load<u8>(TYPES + path);
}
// @ts-ignore: decorator
@inline
export function startAt(path: usize): usize {
  return <usize>load<u32>(STARTS + (path << 2)) + moved;
}
// @ts-ignore: decorator
@inline
export function endAt(path: usize): usize {
  return <usize>load<u32>(ENDS + (path << 2)) + moved;
}
/** The whole number at a path, -1 if there is none. */
// @ts-ignore: decorator
@inline
export function numberAt(path: usize): i64 {
  const type = typeAt(path);
  return type === NUMBER || type === STRING ? number(startAt(path), endAt(path)) : -1;
}

/** Sets what is taken from an address to make it a place in the block. */
export function moveBy(shift: usize): void {
  moved = shift;
}
