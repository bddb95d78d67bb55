import { createHash } from 'node:crypto';
import { sha256Hasher, wasmSha256Hasher } from '@bellwether/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeWords } from './code-words.ts';
import { CODE_WORDS } from './words.ts';

const hasher = wasmSha256Hasher() ?? sha256Hasher();

/** The definition, by node:crypto. */
function plainly(root: Uint8Array): string[] {
  let hash = createHash('sha256').update('bellwether/code-words@1\n').update(root).digest();
  for (let round = 0; round < 65_536; round++) hash = createHash('sha256').update(hash).digest();
  const bits = [...hash.subarray(0, 5)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return [0, 10, 20, 30].map((at) => CODE_WORDS[Number.parseInt(bits.slice(at, at + 10), 2)]!);
}

describe('code words', () => {
  it('come from a list of 1,024 words, no two the same, of 3 to 8 letters, by the alphabet', () => {
    expect(CODE_WORDS).toHaveLength(1024);
    expect(new Set(CODE_WORDS).size).toBe(1024);
    expect(CODE_WORDS.filter((word) => !/^[a-z]{3,8}$/.test(word))).toEqual([]);
    expect([...CODE_WORDS].sort()).toEqual(CODE_WORDS);
  });

  it('are those of the definition, whoever computes them', () => {
    const root = new Uint8Array(32).fill(7);
    expect(codeWords(hasher, root)).toEqual(plainly(root));
  });

  it('differ where a bit of the root does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(255), (root, bit) => {
        const other = Uint8Array.from(root);
        other[bit >> 3]! ^= 1 << (bit & 7);
        expect(codeWords(hasher, other)).not.toEqual(codeWords(hasher, root));
      }),
      { numRuns: 5 },
    );
  });

  it('are asked of a root, and of nothing shorter', () => {
    expect(() => codeWords(hasher, new Uint8Array(31))).toThrow('32 bytes');
  });
});
