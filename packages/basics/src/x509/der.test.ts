import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  derElement,
  derInteger,
  derNamedBits,
  derNumber,
  derOid,
  derSequence,
  leastBytes,
  TAG,
} from './der.ts';
import { type DerReader, readDer } from './der-reader.ts';
import { OID } from './oids.ts';
import { hexOf } from './x509.fixture.ts';

function bytes(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

function read<T>(hex: string, how: (reader: DerReader) => T): T | string {
  const found = readDer(bytes(hex), 100_000, how);
  return found.isOk() ? found.value : found.error.detail;
}

describe('DER', () => {
  it.each([
    ['zero', derNumber(0), '02 01 00'],
    ['a number below the sign', derNumber(127), '02 01 7f'],
    ['a number that reaches the sign', derNumber(128), '02 02 00 80'],
    ['a number of two bytes', derNumber(256), '02 02 01 00'],
    ['the largest number', derNumber(Number.MAX_SAFE_INTEGER), '02 07 1f ff ff ff ff ff ff'],
    ['an identifier (RFC 5480)', derOid(OID.ecPublicKey), '06 07 2a 86 48 ce 3d 02 01'],
    ['an identifier of the third tree (X.690, 8.19.5)', derOid('2.999.3'), '06 03 88 37 03'],
    ['named bits, the last ones left out', derNamedBits([5, 6]), '03 02 01 06'],
    ['the first bit', derNamedBits([0]), '03 02 07 80'],
  ])('spells %s', (_, der, hex) => {
    expect(hexOf(der)).toBe(hexOf(bytes(hex)));
  });

  it.each([
    [127, '7f'],
    [128, '8180'],
    [255, '81ff'],
    [256, '820100'],
    [65_535, '82ffff'],
    [65_536, '83010000'],
  ])('says a length of %i in as few bytes as do', (length, hex) => {
    expect(hexOf(derElement(TAG.octetString, new Uint8Array(length)).subarray(1, 1 + hex.length / 2))).toBe(
      hex,
    );
  });

  it('writes no number that is no count', () => {
    for (const number of [-1, 1.5, Number.NaN, 2 ** 53]) expect(() => derNumber(number)).toThrow(RangeError);
  });

  it('comes back as it was written', () => {
    const magnitude = fc.uint8Array({ maxLength: 32 });
    const arcs = fc.tuple(
      fc.constantFrom('0.3', '1.39', '2.40', '2.999'),
      fc.array(fc.nat(2 ** 31 - 1), { maxLength: 5 }),
    );
    const text = fc.string({ unit: 'grapheme', maxLength: 300 });
    fc.assert(
      fc.property(magnitude, fc.maxSafeNat(), arcs, text, (integer, number, [start, rest], string) => {
        const dotted = [start, ...rest].join('.');
        const written = new TextEncoder().encode(string);
        const der = derSequence(
          derInteger(integer),
          derNumber(number),
          derOid(dotted),
          derElement(TAG.utf8String, written),
        );
        const back = readDer(der, 10_000, (reader) =>
          reader.inside(TAG.sequence, (r) => [
            hexOf(r.integer()),
            r.number(),
            r.oid(),
            r.text(TAG.utf8String),
          ]),
        );

        expect(back.okOrThrow()).toEqual([
          hexOf(leastBytes(integer)),
          number,
          dotted,
          new TextDecoder('utf-8', { ignoreBOM: true }).decode(written),
        ]);
      }),
    );
  });
});

describe('a reader of DER refuses', () => {
  const octets = (r: DerReader) => r.content(TAG.octetString);
  const nested = (r: DerReader) => r.inside(TAG.sequence, (inner) => inner.content(TAG.octetString));

  it.each([
    ['an indefinite length', '04 80 01 00 00', octets],
    ['a long length for a short one', '04 81 01 aa', octets],
    ['a length of 127 in two bytes', `04 81 7f ${'aa'.repeat(127)}`, octets],
    ['a length with a zero in front', `04 82 00 80 ${'aa'.repeat(128)}`, octets],
    ['a length of four bytes', '04 84 00 00 00 01 aa', octets],
    ['a length of 127 bytes (reserved)', '04 ff 01', octets],
    ['a length beyond the end', '04 05 aa', octets],
    ['a length that is cut off', '04 82 01', octets],
    ['a tag alone', '04', octets],
    ['nothing', '', octets],
    ['bytes behind the end', '04 01 aa 00', octets],
    ['bytes behind the end of what is inside', '30 04 04 01 aa 00', nested],
    ['an element that reaches beyond what it is in', '30 03 04 02 aa bb', nested],
    ['another tag', '0c 01 61', octets],
    ['a constructed string (BER)', '24 03 04 01 aa', octets],
    ['a tag of two bytes', '1f 04 01 aa', octets],
    ['a negative integer', '02 01 80', (r: DerReader) => r.integer()],
    ['an integer with a zero to spare', '02 02 00 7f', (r: DerReader) => r.integer()],
    ['an integer of nothing', '02 00', (r: DerReader) => r.integer()],
    ['an integer of 33 bytes', `02 21 01${'00'.repeat(32)}`, (r: DerReader) => r.integer()],
    ['a count beyond 2^53', '02 07 20 00 00 00 00 00 00', (r: DerReader) => r.number()],
    ['a FALSE that is said', '01 01 00', (r: DerReader) => r.flag()],
    ['a TRUE of another byte', '01 01 01', (r: DerReader) => r.flag()],
    ['a TRUE of two bytes', '01 02 ff ff', (r: DerReader) => r.flag()],
    ['bits that fill no bytes', '03 02 01 80', (r: DerReader) => r.bits()],
    ['bits without their first byte', '03 00', (r: DerReader) => r.bits()],
    ['an identifier with a byte to spare', '06 03 2a 80 01', (r: DerReader) => r.oid()],
    ['an identifier that is cut off', '06 02 2a 86', (r: DerReader) => r.oid()],
    ['an identifier of nothing', '06 00', (r: DerReader) => r.oid()],
    ['an identifier of 65 bytes', `06 41 ${'01'.repeat(65)}`, (r: DerReader) => r.oid()],
    ['text that is no UTF-8', '0c 02 c3 28', (r: DerReader) => r.text(TAG.utf8String)],
    ['text of surrogates', '0c 03 ed a0 80', (r: DerReader) => r.text(TAG.utf8String)],
  ])('%s', (_, hex, how) => {
    expect(readDer<unknown>(bytes(hex), 1_000, how).isErr()).toBe(true);
  });

  it('more bytes than it was told', () => {
    expect(readDer(bytes('04 02 aa bb'), 3, octets).isErr()).toBe(true);
    expect(readDer(bytes('04 02 aa bb'), 4, octets).isOk()).toBe(true);
  });

  it('elements that lie too deep in each other', () => {
    const deep = (levels: number): Uint8Array =>
      levels === 0 ? derSequence() : derSequence(deep(levels - 1));
    const walk = (r: DerReader): number => (r.more() ? 1 + r.inside(TAG.sequence, walk) : 0);

    expect(readDer(deep(14), 1_000, walk).okOrThrow()).toBe(15);
    expect(readDer(deep(5_000), 100_000, walk).isErr()).toBe(true);
  });

  it('more of a kind than it was told', () => {
    const flags = (r: DerReader) => r.each(2, (one) => one.flag());

    expect(read('01 01 ff 01 01 ff', flags)).toEqual([true, true]);
    expect(read('01 01 ff 01 01 ff 01 01 ff', flags)).toBe('more than 2 of a kind');
  });

  it('the first fault, whatever comes behind it', () => {
    const how = (r: DerReader) => [r.integer(), r.oid(), r.bits(), r.number()];

    expect(read('02 02 00 01 06 00', how)).toBe('an integer with bytes to spare');
  });
});

describe('text', () => {
  it('keeps a byte order mark, or two spellings would give one text', () => {
    expect(read('0c 04 ef bb bf 61', (r) => r.text(TAG.utf8String))).toBe('\ufeffa');
  });
});

describe('a reader of any bytes', () => {
  it('never throws, never hangs, and reads no byte twice', () => {
    const all = (r: DerReader): unknown => {
      if (r.next(TAG.sequence)) return r.inside(TAG.sequence, (inner) => inner.each(100, all));
      if (r.next(TAG.integer)) return r.integer();
      if (r.next(TAG.objectIdentifier)) return r.oid();
      if (r.next(TAG.bitString)) return r.bits();
      return r.text(TAG.utf8String);
    };
    const tagged = fc.array(
      fc.oneof(fc.constantFrom(0x30, 0x02, 0x06, 0x03, 0x0c, 0, 1, 2, 3), fc.nat(255)),
      {
        maxLength: 60,
      },
    );
    fc.assert(
      fc.property(tagged, (input) => {
        const found = readDer(Uint8Array.from(input), 60, (r) => r.each(100, all));

        expect(found.isOk() || found.error.detail !== '').toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes one spelling of an integer only', () => {
    const content = fc.uint8Array({ maxLength: 6 });
    fc.assert(
      fc.property(content, (input) => {
        const der = derElement(TAG.integer, input);
        const found = readDer(der, 100, (r) => r.integer());

        if (found.isOk()) expect(hexOf(derInteger(found.value))).toBe(hexOf(der));
      }),
      { numRuns: 2_000 },
    );
  });
});
