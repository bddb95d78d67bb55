import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashOf, looksLikeSecret, newPersonId, newSecret, sameSecret } from './secrets.ts';

describe('a secret', () => {
  it('has 256 bits in 43 characters', () => {
    const secret = newSecret(randomBytes);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(looksLikeSecret(secret)).toBe(true);
    expect(newSecret(randomBytes)).not.toBe(secret);
  });

  it.each(['', 'A'.repeat(42), 'A'.repeat(44), `${'A'.repeat(42)}=`, `${'A'.repeat(42)}\n`, 'é'.repeat(43)])(
    'is not %j',
    (text) => expect(looksLikeSecret(text)).toBe(false),
  );

  it('is kept as SHA-256', () => {
    // FIPS 180-4, example of a one-block message.
    expect(hashOf('abc').toString('hex')).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('is compared whole, whatever its length', () => {
    expect(sameSecret('abc', 'abc')).toBe(true);
    expect(sameSecret('abc', 'abd')).toBe(false);
    expect(sameSecret('abc', '')).toBe(false);
    expect(sameSecret('', '')).toBe(true);
  });
});

it('the number of a person has 128 bits and is never taken for an option of a command', () => {
  const draws = [Uint8Array.from([0xf8, ...new Array(15).fill(0)]), new Uint8Array(16)];
  expect(newPersonId(() => draws.shift()!)).toBe('A'.repeat(22));
  expect(draws).toEqual([]);
});
