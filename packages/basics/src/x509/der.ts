/**
 * The Distinguished Encoding Rules (ITU-T X.690, clauses 8, 10 and 11), as far as certificates need them: what writes.
 *
 *     tag      one byte: class (2 bits), constructed (1 bit), number below 31
 *     length   one byte below 128, else 0x81..0x83 and that many bytes, as few as do
 *     content  that many bytes
 *
 * What reads it stands in der-reader.ts and takes no other spelling.
 */

/** Tags of what stands in a certificate (X.680, clause 8). */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Longest content there can be, in bytes: three bytes of length say it, and our largest list is a sixteenth of that. */
export const MAX_CONTENT = 0xff_ff_ff;

/** The tag `[number]` of a context: a constructed one, or one for bytes that stand in it as they are. */
export function contextTag(number: number, constructed: boolean): number {
  return (constructed ? 0xa0 : 0x80) | number;
}

/** One element: its tag, its length, and these parts as its content. Throws if they are longer than `MAX_CONTENT`. */
export function derElement(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const content = joinBytes(...parts);
  const { length } = content;
  if (length > MAX_CONTENT) throw new RangeError(`${length} bytes are too many for one element`);
  if (length < 0x80) return joinBytes(Uint8Array.of(tag, length), content);
  const bytes = [length >>> 16, (length >>> 8) & 0xff, length & 0xff];
  const from = bytes.findIndex((byte) => byte !== 0);
  return joinBytes(Uint8Array.of(tag, 0x80 + 3 - from, ...bytes.slice(from)), content);
}

/** Elements in their order. */
export function derSequence(...parts: readonly Uint8Array[]): Uint8Array {
  return derElement(TAG.sequence, ...parts);
}

/** TRUE. FALSE is always the default where we have one, and a default is left out. */
export function derTrue(): Uint8Array {
  return derElement(TAG.boolean, Uint8Array.of(0xff));
}

/** The number with this magnitude, zero or more, its first byte the highest: in as few bytes as do. */
export function derInteger(magnitude: Uint8Array): Uint8Array {
  const least = leastBytes(magnitude);
  // The highest bit is the sign.
  return (least[0] ?? 0) < 0x80 && least.length > 0
    ? derElement(TAG.integer, least)
    : derElement(TAG.integer, Uint8Array.of(0), least);
}

/** A whole number from zero to 2^53 - 1. */
export function derNumber(number: number): Uint8Array {
  if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`${number} is no count`);
  return derInteger(bytesOf(number, 256));
}

/** Bits that fill whole bytes. */
export function derBitString(bytes: Uint8Array): Uint8Array {
  return derElement(TAG.bitString, Uint8Array.of(0), bytes);
}

/** Named bits (X.680, 22.7), the first of them bit 0: those behind the last that is set are left out. */
export function derNamedBits(set: readonly number[]): Uint8Array {
  const last = Math.max(...set);
  const bytes = new Uint8Array((last >>> 3) + 1);
  for (const bit of set) bytes[bit >>> 3]! |= 0x80 >>> (bit & 7);
  return derElement(TAG.bitString, Uint8Array.of(7 - (last & 7)), bytes);
}

/** Bytes as they are. */
export function derOctets(...parts: readonly Uint8Array[]): Uint8Array {
  return derElement(TAG.octetString, ...parts);
}

/** An object identifier, given with dots: `1.2.840.10045.2.1`. */
export function derOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const content = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [...bytesOf(arc, 128)];
    return digits.map((digit, at) => (at === digits.length - 1 ? digit : digit | 0x80));
  });
  return derElement(TAG.objectIdentifier, Uint8Array.from(content));
}

/** Text in the tag of a kind of string. */
export function derText(tag: number, text: string): Uint8Array {
  return derElement(tag, new TextEncoder().encode(text));
}

/** The magnitude without zero bytes at its start; empty for zero. */
export function leastBytes(magnitude: Uint8Array): Uint8Array {
  const from = magnitude.findIndex((byte) => byte !== 0);
  return from === -1 ? new Uint8Array(0) : magnitude.subarray(from);
}

/** These bytes, one after the other, in an array of their own. */
export function joinBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Whether two arrays hold the same bytes. Not for secrets: it stops at the first difference. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

function bytesOf(number: number, base: number): Uint8Array {
  const digits: number[] = [];
  for (let rest = number; rest > 0; rest = Math.floor(rest / base)) digits.unshift(rest % base);
  return Uint8Array.from(digits.length === 0 ? [0] : digits);
}
