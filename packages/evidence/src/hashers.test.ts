import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileSha256 } from '../wasm/compile.mjs';
import { HASH_SIZE, type Hasher } from './hasher.ts';
import { sha256Hasher } from './sha256.ts';
import { SHA256_WASM } from './wasm-binary.ts';
import { wasmSha256Hasher } from './wasm-sha256.ts';

/** FIPS 180-4: the examples that NIST publishes beside it. */
const VECTORS = [
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
  ['a'.repeat(1_000_000), 'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0'],
] as const;

const hashers: ReadonlyArray<readonly [string, Hasher]> = [
  ['plain TypeScript', sha256Hasher()],
  ['WebAssembly', wasmSha256Hasher()!],
];

function byNode(prefix: number, input: Uint8Array, size: number, count: number): Buffer {
  const before = prefix < 0 ? [] : [prefix];
  return Buffer.concat(
    Array.from({ length: count }, (_, i) =>
      createHash('sha256')
        .update(Uint8Array.from(before))
        .update(input.subarray(i * size, (i + 1) * size))
        .digest(),
    ),
  );
}

describe.each(hashers)('the hasher in %s', (_, hasher) => {
  test.each(VECTORS)('gives the hash that NIST gives for %.10s', (text, hex) => {
    const out = new Uint8Array(40);
    hasher.hash(Buffer.from(text), out, 5);
    expect(Buffer.from(out.subarray(5, 37)).toString('hex')).toBe(hex);
    expect([...out.subarray(0, 5), ...out.subarray(37)]).toEqual(Array(8).fill(0));
  });

  test('gives what node:crypto gives, for any length, count and prefix', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1, max: 255 }),
        fc.oneof(fc.nat(200), fc.constantFrom(54, 55, 56, 63, 64, 65, 119, 120, 1000)),
        fc.nat(13),
        fc.infiniteStream(fc.nat(255)),
        (prefix, size, count, bytes) => {
          const input = Uint8Array.from({ length: size * count }, () => bytes.next().value as number);
          const out = new Uint8Array(count * HASH_SIZE);
          hasher.hashAll(prefix, input, size, count, out);
          expect(Buffer.from(out)).toEqual(byNode(prefix, input, size, count));
        },
      ),
    );
  });

  test('gives the same for more than fits its memory at once, and for pieces larger than that', () => {
    for (const [size, count] of [
      [64, 5000],
      [1, 9000],
      [70_000, 2],
    ] as const) {
      const input = Uint8Array.from({ length: size * count }, (_, i) => (i * 31 + (i >> 8)) & 255);
      const out = new Uint8Array(count * HASH_SIZE);
      hasher.hashAll(1, input, size, count, out);
      expect(Buffer.from(out).equals(byNode(1, input, size, count))).toBe(true);
    }
  });

  test('gives the same when the hashes are written over what is hashed', () => {
    for (const size of [32, 64, 65]) {
      const input = Uint8Array.from({ length: size * 3001 }, (_, i) => (i * 7 + (i >> 9)) & 255);
      const expected = byNode(1, input, size, 3001);
      hasher.hashAll(1, input, size, 3001, input);
      expect(Buffer.from(input.subarray(0, expected.length)).equals(expected)).toBe(true);
    }
  });
});

test('the module is what its source compiles to', async () => {
  const compiled = await compileSha256();
  expect(Buffer.from(compiled).toString('base64') === SHA256_WASM).toBe(true);
});
