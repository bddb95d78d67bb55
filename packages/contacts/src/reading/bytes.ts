/**
 * Byte-level parts that every reader shares. Hot path: numbers are returned in module-level variables instead of
 * objects, so that nothing is allocated per line. Every function stays inside [from, to) whatever the bytes are.
 */

/** Where the last `read*` function stopped: the index of the first byte that it did not take. */
export let readEnd = 0;
/** Says where a reader built on these stopped, for its caller. */
export function stopAt(at: number): void {
  readEnd = at;
}

/** The four words of the last IPv6 address read, most significant first; word 3 holds an IPv4 address. */
export const words: Uint32Array = new Uint32Array(4);

/** What `readAddress` found. */
export const Family = { none: 0, v4: 4, v6: 6 } as const;
export type Family = (typeof Family)[keyof typeof Family];

const ZERO = 48;
const NINE = 57;
const DOT = 46;
const COLON = 58;
const PERCENT = 37;

/**
 * Reads a decimal number without sign. Returns -1 where there is no digit; more than 15 digits are -1 too, because
 * they are no exact double. `readEnd` is behind the last digit.
 */
export function readNumber(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  let i = from;
  for (; i < to; i++) {
    const digit = bytes[i]! - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  readEnd = i;
  return i === from || i - from > 15 ? -1 : value;
}

/** Reads a port, 0 to 65535; -1 if it is none. */
export function readPort(bytes: Uint8Array, from: number, to: number): number {
  const value = readNumber(bytes, from, to);
  return value > 65_535 ? -1 : value;
}

/**
 * Reads an IPv4 address in dotted decimal, as an unsigned number; -1 if it is none. Leading zeros and values above
 * 255 are refused: they read differently in different programs. `readEnd` is behind the last digit.
 */
export function readIPv4(bytes: Uint8Array, from: number, to: number): number {
  const end = takeIPv4(bytes, from, to);
  if (end < 0) return -1;
  readEnd = end;
  return words[3]!;
}

/**
 * `readIPv4` for the hottest paths: leaves the address in `words[3]` and returns the index behind it, -1 if it is none.
 * (A number above 2^31 that a function returns is an object to the machine, unless the function is inlined.)
 */
export function takeIPv4(bytes: Uint8Array, from: number, to: number): number {
  let i = from;
  let address = 0;
  for (let part = 0; part < 4; part++) {
    if (part > 0) {
      if (bytes[i] !== DOT) return -1;
      i++;
    }
    let octet = bytes[i]! - ZERO;
    if (!(octet >= 0 && octet <= 9)) return -1;
    i++;
    let digit = bytes[i]! - ZERO;
    if (digit >= 0 && digit <= 9 && i < to) {
      if (octet === 0) return -1;
      octet = octet * 10 + digit;
      i++;
      digit = bytes[i]! - ZERO;
      if (digit >= 0 && digit <= 9 && i < to) {
        octet = octet * 10 + digit;
        i++;
        digit = bytes[i]! - ZERO;
        if (octet > 255 || (digit >= 0 && digit <= 9 && i < to)) return -1;
      }
    }
    address = (address << 8) | octet;
  }
  if (i > to) return -1;
  words[3] = address;
  return i;
}

let viewedBytes: Uint8Array | undefined;
let viewed: DataView = new DataView(new ArrayBuffer(0));

/** The same bytes as a DataView, for reading four at a time (`getInt32`); kept from call to call. */
export function viewOf(bytes: Uint8Array): DataView {
  if (bytes !== viewedBytes) {
    viewedBytes = bytes;
    viewed = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
  return viewed;
}

/** Four ASCII letters as the number that `getInt32` reads them as. */
export function letters(text: string): number {
  return (
    (text.charCodeAt(0) << 24) | (text.charCodeAt(1) << 16) | (text.charCodeAt(2) << 8) | text.charCodeAt(3)
  );
}

/**
 * Reads an IPv6 address (RFC 4291 text, with `::` and an embedded IPv4 tail) into `words`. Returns false if it is
 * none. A zone (`%eth0`) is not taken. `readEnd` is behind the address.
 */
export function readIPv6(bytes: Uint8Array, from: number, to: number): boolean {
  groups.fill(0);
  let count = 0;
  let gap = -1;
  let i = from;
  if (i + 1 < to && bytes[i] === COLON && bytes[i + 1] === COLON) {
    gap = 0;
    i += 2;
  }
  while (count < 8 && i < to) {
    const start = i;
    let value = 0;
    while (i < to && i - start < 5) {
      const digit = hexDigit(bytes[i]!);
      if (digit < 0) break;
      value = value * 16 + digit;
      i++;
    }
    if (i === start) break;
    if (i < to && bytes[i] === DOT) {
      const tail = count <= 6 ? readIPv4(bytes, start, to) : -1;
      if (tail < 0) return false;
      groups[count++] = tail >>> 16;
      groups[count++] = tail & 0xffff;
      i = readEnd;
      break;
    }
    if (i - start > 4) return false;
    groups[count++] = value;
    if (i + 1 < to && bytes[i] === COLON && bytes[i + 1] === COLON) {
      if (gap >= 0) return false;
      gap = count;
      i += 2;
    } else if (count < 8 && i + 1 < to && bytes[i] === COLON && hexDigit(bytes[i + 1]!) >= 0) {
      i++;
    } else {
      break;
    }
  }
  if (gap < 0 ? count !== 8 : count > 7) return false;
  if (gap >= 0) {
    const moved = count - gap;
    for (let k = 1; k <= moved; k++) {
      const value = groups[count - k]!;
      groups[count - k] = 0;
      groups[8 - k] = value;
    }
  }
  for (let word = 0; word < 4; word++) words[word] = (groups[2 * word]! << 16) | groups[2 * word + 1]!;
  readEnd = i;
  return true;
}
const groups = new Uint16Array(8);

/**
 * Reads an address of either family. IPv4 (also IPv4-mapped, `::ffff:192.0.2.1`) lands in `words[3]`, IPv6 in all of
 * `words`.
 */
export function readAddress(bytes: Uint8Array, from: number, to: number): Family {
  const v4 = readIPv4(bytes, from, to);
  if (v4 >= 0) {
    words[3] = v4;
    return Family.v4;
  }
  if (!readIPv6(bytes, from, to)) return Family.none;
  return words[0] === 0 && words[1] === 0 && words[2] === 0xffff ? Family.v4 : Family.v6;
}

/** Reads an address that fills [from, to); an IPv6 address may have a zone (`fe80::1%eth0`), which is dropped. */
export function takeAddress(bytes: Uint8Array, from: number, to: number): Family {
  if (takeIPv4(bytes, from, to) === to) return Family.v4;
  if (!readIPv6(bytes, from, to)) return Family.none;
  if (readEnd !== to && (bytes[readEnd] !== PERCENT || readEnd + 1 >= to)) return Family.none;
  return words[0] === 0 && words[1] === 0 && words[2] === 0xffff ? Family.v4 : Family.v6;
}

/** Index behind the next `count` bytes `separator` in [from, to), -1 if there are fewer. */
export function skipFields(
  bytes: Uint8Array,
  separator: number,
  from: number,
  to: number,
  count: number,
): number {
  let left = count;
  for (let i = from; i < to; i++) if (bytes[i] === separator && --left === 0) return i + 1;
  return -1;
}

/** Value of a hexadecimal digit, or -1. */
export function hexDigit(byte: number): number {
  if (byte >= ZERO && byte <= NINE) return byte - ZERO;
  const lower = byte | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** First index in [from, to) that holds `byte`, or -1. */
export function findByte(bytes: Uint8Array, byte: number, from: number, to: number): number {
  for (let i = from; i < to; i++) if (bytes[i] === byte) return i;
  return -1;
}

/** Last index in [from, to) that holds `byte`, or -1. */
export function findLastByte(bytes: Uint8Array, byte: number, from: number, to: number): number {
  for (let i = to - 1; i >= from; i--) if (bytes[i] === byte) return i;
  return -1;
}

/** The bytes of an ASCII text, for `startsWith` and `find`. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Whether the bytes at `from` spell `needle` before `to`. */
export function startsWith(bytes: Uint8Array, from: number, to: number, needle: Uint8Array): boolean {
  if (from < 0 || to - from < needle.length) return false;
  for (let i = 0; i < needle.length; i++) if (bytes[from + i] !== needle[i]) return false;
  return true;
}

/** First place in [from, to) where `needle` stands, or -1. */
export function find(bytes: Uint8Array, needle: Uint8Array, from: number, to: number): number {
  const first = needle[0]!;
  const last = to - needle.length;
  for (let i = from; i <= last; i++) {
    if (bytes[i] === first && startsWith(bytes, i, to, needle)) return i;
  }
  return -1;
}

/** Last place in [from, to) where `needle` stands, or -1. */
export function findLast(bytes: Uint8Array, needle: Uint8Array, from: number, to: number): number {
  const first = needle[0]!;
  for (let i = to - needle.length; i >= from; i--) {
    if (bytes[i] === first && startsWith(bytes, i, to, needle)) return i;
  }
  return -1;
}

/** Second word of the last hash made by `hashText`. */
export let hash1 = 0;

/**
 * 64-bit hash of the bytes in [from, to), ASCII letters in lower case: two FNV-1a-like lanes with different primes,
 * mixed at the end (murmur3 finaliser). Returns the first word, the second is in `hash1`. Never 0,0. It keys tables;
 * it is no protection against someone who looks for collisions, so tables keyed by it hold counts, never rights.
 */
export function hashText(bytes: Uint8Array, from: number, to: number): number {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = from; i < to; i++) {
    let byte = bytes[i]!;
    if (byte >= 65 && byte <= 90) byte |= 32;
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b ^ byte, 0x85ebca6b);
    b = (b << 13) | (b >>> 19);
  }
  a = mix32(a ^ (to - from));
  hash1 = mix32(b ^ a);
  return a === 0 && hash1 === 0 ? 1 : a;
}

/** Finaliser of MurmurHash3 (Appleby, public domain): spreads every bit over all 32. Unsigned. */
export function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
