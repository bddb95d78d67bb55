import { formatNoteKey, KeyKind } from '@bellwether/evidence';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signerOfByte } from '../testing/small-log.ts';
import { fingerprintOf } from './fingerprint.ts';

function keysOf(name: string, byte: number, other: number) {
  const cosigner = signerOfByte(name, KeyKind.cosignature, byte).key;
  return [cosigner, signerOfByte(`${name}/checks`, KeyKind.note, other).key] as const;
}

describe('the fingerprint of a witness', () => {
  it('is eight groups of four digits, the same for the same keys', () => {
    expect(fingerprintOf(keysOf('adair', 1, 2))).toMatch(/^(?:[0-9]{4} ){7}[0-9]{4}$/);
    expect(fingerprintOf(keysOf('adair', 1, 2))).toBe(fingerprintOf(keysOf('adair', 1, 2)));
  });

  it('is another one when either key, the name or the order is another', () => {
    const [cosigner, checks] = keysOf('adair', 1, 2);
    const all = [
      [cosigner, checks],
      [checks, cosigner],
      [cosigner],
      keysOf('adair', 1, 3),
      keysOf('adair', 3, 2),
      keysOf('boone', 1, 2),
    ].map(fingerprintOf);
    expect(new Set(all).size).toBe(all.length);
  });

  it('differs for any two keys that differ', () => {
    fc.assert(
      fc.property(fc.nat(255), fc.nat(255), (one, other) => {
        const [a, b] = [keysOf('adair', one, 0), keysOf('adair', other, 0)];
        const same = formatNoteKey(a[0]) === formatNoteKey(b[0]);
        expect(fingerprintOf(a) === fingerprintOf(b)).toBe(same);
      }),
      { numRuns: 20 },
    );
  });
});
