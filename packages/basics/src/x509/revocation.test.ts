import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certificateOf } from './certificate.ts';
import { pemOf } from './pem.ts';
import { parseRevocationList, revocationListOf } from './revocation.ts';
import { isSignedBy } from './signed.ts';
import {
  anyName,
  anySerial,
  anyTime,
  authorityContent,
  check,
  DAY,
  damaged,
  hexOf,
  leafContent,
  NOW,
  openssl,
  opensslSays,
  sha256,
  testKey,
} from './x509.fixture.ts';
import type { RevocationContent } from './x509-types.ts';

const ca = testKey();
const serial = Uint8Array.of(0x9f, 2, 3);
const content: RevocationContent = {
  issuer: 'Show-Me CA',
  number: 7,
  thisUpdate: NOW - DAY,
  nextUpdate: NOW + 7 * DAY,
  revoked: [{ serial, at: NOW - DAY }],
};
const caPem = pemOf('CERTIFICATE', await certificateOf(authorityContent(ca), ca, sha256));

async function listPem(changes: Partial<RevocationContent> = {}): Promise<string> {
  return pemOf('X509 CRL', await revocationListOf({ ...content, ...changes }, ca, sha256));
}

describe('a list of ours', () => {
  it('is verified by openssl, which reads the same in it', async () => {
    const files = { 'ca.pem': caPem, 'crl.pem': await listPem() };
    const text = openssl(files, ['crl', '-in', 'crl.pem', '-noout', '-text']);
    const verify = ['crl', '-in', 'crl.pem', '-CAfile', 'ca.pem', '-verify', '-noout'];

    expect(opensslSays(files, verify)).toMatch(/verify OK/);
    const forged = pemOf('X509 CRL', await revocationListOf(content, testKey(), sha256));
    expect(opensslSays({ ...files, 'crl.pem': forged }, verify)).toMatch(/verify failure/);

    expect(text).toContain('Version 2 (0x1)');
    expect(text).toContain('Issuer: CN = Show-Me CA');
    expect(text).toMatch(/X509v3 CRL Number: \s+7\s/);
    expect(text).toMatch(/Authority Key Identifier: \s+([0-9A-F]{2}:){19}/);
    expect(text).toMatch(/Serial Number: 9F0203\s/);
  });

  it('makes openssl refuse who is on it, and nobody else', async () => {
    const leaf = testKey();
    const files = {
      'ca.pem': caPem,
      'crl.pem': await listPem(),
      'none.pem': await listPem({ revoked: [] }),
      'leaf.pem': pemOf('CERTIFICATE', await certificateOf(leafContent(leaf, { serial }), ca, sha256)),
      'other.pem': pemOf(
        'CERTIFICATE',
        await certificateOf(leafContent(leaf, { serial: Uint8Array.of(5) }), ca, sha256),
      ),
    };
    const verify = (list: string, file: string): string =>
      openssl(files, ['verify', '-crl_check', '-CAfile', 'ca.pem', '-CRLfile', list, file]);

    expect(() => verify('crl.pem', 'leaf.pem')).toThrow(/certificate revoked/);
    expect(verify('crl.pem', 'other.pem')).toBe('other.pem: OK\n');
    expect(verify('none.pem', 'leaf.pem')).toBe('leaf.pem: OK\n');
  });

  it('comes back as it was meant, whatever is in it', async () => {
    const entry = fc.record({ serial: anySerial, at: anyTime });
    const revoked = fc.uniqueArray(entry, { maxLength: 20, selector: (one) => hexOf(one.serial) });
    const any = fc.record({
      issuer: anyName,
      number: fc.maxSafeNat(),
      times: fc.tuple(anyTime, anyTime),
      revoked,
    });
    await fc.assert(
      fc.asyncProperty(any, async ({ times, ...rest }) => {
        const meant = { ...rest, thisUpdate: Math.min(...times), nextUpdate: Math.max(...times) };
        const parsed = parseRevocationList(await revocationListOf(meant, ca, sha256)).okOrThrow();

        expect(parsed.content).toEqual(meant);
        expect(await isSignedBy(parsed, ca.publicKey, check)).toBe(true);
      }),
    );
  });

  it('may have as many entries as a state will ever need', async () => {
    const revoked = Array.from({ length: 20_000 }, (_, n) => ({
      serial: Uint8Array.from([0x70, ...new Array(13).fill(1), n >>> 8, n & 0xff]),
      at: NOW,
    }));
    const parsed = parseRevocationList(await revocationListOf({ ...content, revoked }, ca, sha256));

    expect(parsed.okOrThrow().content.revoked).toHaveLength(20_000);
  });

  it.each<[string, Partial<RevocationContent>]>([
    ['the same twice', { revoked: [...content.revoked, { serial: Uint8Array.of(0, ...serial), at: NOW }] }],
    ['no issuer', { issuer: '' }],
    ['a number that is none', { number: -1 }],
    ['an end before its beginning', { nextUpdate: NOW - 2 * DAY }],
    ['more entries than are read', { revoked: new Array(25_001).fill(content.revoked[0]) }],
  ])('is not written with %s', async (_, changes) => {
    await expect(listPem(changes)).rejects.toThrow(RangeError);
  });
});

describe('a list that was damaged', () => {
  it('is refused, or its signature is: at every length, and with any bit turned', async () => {
    const passed: string[] = [];
    for (const changed of damaged(await revocationListOf(content, ca, sha256))) {
      const parsed = parseRevocationList(changed);
      if (parsed.isErr()) continue;
      if (await isSignedBy(parsed.value, ca.publicKey, check)) passed.push(hexOf(changed));
    }

    expect(passed).toEqual([]);
  });

  it('is refused if it is anything, or too long', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(parseRevocationList(bytes).isErr()).toBe(true);
      }),
    );
    expect(parseRevocationList(new Uint8Array(2_000_000)).isErr()).toBe(true);
  });
});
