import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derInteger, derSequence, derText, TAG } from './der.ts';
import { readDer } from './der-reader.ts';
import { derSignatureOf, isPublicKey, readSignature } from './p256.ts';
import { derTime, readCertificateTime } from './times.ts';
import { anyTime, hexOf, testKey } from './x509.fixture.ts';

const ORDER = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');

describe('a signature', () => {
  it('comes back from DER as r and s, 32 bytes each, whatever zeros they begin with', () => {
    const half = fc
      .tuple(fc.nat(31), fc.uint8Array({ minLength: 32, maxLength: 32 }))
      .map(([zeros, bytes]) =>
        bytes.map((byte, at) => (at < zeros ? 0 : at === 31 ? byte | 1 : byte & 0x7f)),
      );
    fc.assert(
      fc.property(half, half, (r, s) => {
        const signature = Uint8Array.from([...r, ...s]);
        const back = readDer(derSignatureOf(signature), 100, readSignature);

        expect(hexOf(back.okOrThrow())).toBe(hexOf(signature));
      }),
    );
  });

  it.each([
    ['a half that is zero', new Uint8Array(1), Uint8Array.of(1)],
    ['a half that is the order of the curve', Uint8Array.of(1), ORDER],
    ['a half of 33 bytes', Uint8Array.of(1, ...new Uint8Array(32)), Uint8Array.of(1)],
  ])('is refused with %s', (_, r, s) => {
    expect(readDer(derSequence(derInteger(r), derInteger(s)), 100, readSignature).isErr()).toBe(true);
  });

  it('is not written with another length', () => {
    expect(() => derSignatureOf(new Uint8Array(63))).toThrow(RangeError);
  });
});

describe('a key', () => {
  it('is one whose point is on the curve', () => {
    for (let n = 0; n < 20; n += 1) {
      const { publicKey } = testKey();
      const turned = publicKey.slice();
      turned[27 + 3 * n]! ^= 4;

      expect([isPublicKey(publicKey), isPublicKey(turned)]).toEqual([true, false]);
    }
  });

  it('has one spelling: coordinates are below the prime, and nothing is cut', () => {
    const { publicKey } = testKey();
    const compressed = Uint8Array.from([...publicKey.slice(0, 26), 2, ...publicKey.slice(27, 59)]);

    expect([compressed, publicKey.slice(0, 90), new Uint8Array(0)].map(isPublicKey)).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('a time', () => {
  it('comes back', () => {
    fc.assert(
      fc.property(anyTime, (time) => {
        expect(readDer(derTime(time), 20, readCertificateTime).okOrThrow()).toBe(time);
      }),
    );
  });

  it.each([
    ['30 February', TAG.utcTime, '260230000000Z'],
    ['a 24th hour', TAG.utcTime, '260201240000Z'],
    ['a leap second', TAG.utcTime, '161231235960Z'],
    ['no seconds', TAG.utcTime, '2602010000Z'],
    ['a zone', TAG.utcTime, '260201000000+0100'],
    ['four digits before 2050', TAG.generalizedTime, '20260201000000Z'],
    ['fractions', TAG.generalizedTime, '20600201000000.5Z'],
    ['two digits as four', TAG.generalizedTime, '260201000000Z'],
    ['no digits', TAG.utcTime, 'aabbccddeeffZ'],
  ])('is refused: %s', (_, tag, text) => {
    expect(readDer(derText(tag, text), 30, readCertificateTime).isErr()).toBe(true);
  });
});
