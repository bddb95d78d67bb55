import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certificateOf, parseCertificate } from './certificate.ts';
import { contextTag, derElement, derSequence } from './der.ts';
import { pemOf } from './pem.ts';
import { isSignedBy } from './signed.ts';
import {
  anyContent,
  authorityContent,
  check,
  DAY,
  damaged,
  hexOf,
  leafContent,
  NOW,
  openssl,
  pemKey,
  sha256,
  testKey,
} from './x509.fixture.ts';
import type { CertificateContent } from './x509-types.ts';

const ca = testKey();
const leaf = testKey();
const other = testKey();
const authority = await certificateOf(authorityContent(ca), ca, sha256);
const caPem = pemOf('CERTIFICATE', authority);

function issue(changes: Partial<CertificateContent> = {}): Promise<Uint8Array> {
  return certificateOf(leafContent(leaf, changes), ca, sha256);
}

async function textOf(der: Uint8Array): Promise<string> {
  return openssl({ 'a.der': der }, ['x509', '-inform', 'DER', '-in', 'a.der', '-noout', '-text']);
}

describe('a certificate of ours', () => {
  it('is verified by openssl, for a server or a client and not for the other', async () => {
    const files = {
      'ca.pem': caPem,
      'server.pem': pemOf('CERTIFICATE', await issue()),
      'client.pem': pemOf('CERTIFICATE', await issue({ usages: ['client'], names: [] })),
    };
    const verify = (purpose: string, file: string, ...more: string[]): string =>
      openssl(files, ['verify', '-x509_strict', '-CAfile', 'ca.pem', '-purpose', purpose, ...more, file]);

    expect(verify('sslserver', 'server.pem', '-verify_hostname', 'hub.example.gov')).toBe('server.pem: OK\n');
    expect(verify('sslclient', 'client.pem')).toBe('client.pem: OK\n');
    expect(() => verify('sslclient', 'server.pem')).toThrow(/unsuitable certificate purpose/);
    expect(() => verify('sslserver', 'client.pem')).toThrow(/unsuitable certificate purpose/);
    expect(() => verify('sslserver', 'server.pem', '-verify_hostname', 'other.example.gov')).toThrow(
      /mismatch/,
    );
  });

  it('is not verified against another authority of the same name', async () => {
    const files = {
      'ca.pem': pemOf('CERTIFICATE', await certificateOf(authorityContent(other), other, sha256)),
      'leaf.pem': pemOf('CERTIFICATE', await issue()),
    };

    expect(() => openssl(files, ['verify', '-CAfile', 'ca.pem', 'leaf.pem'])).toThrow();
  });

  it('signs no further authority: openssl refuses a chain through a leaf, or below the path length', async () => {
    const middle = await certificateOf(
      { ...authorityContent(other, 'Below'), issuer: 'Show-Me CA' },
      ca,
      sha256,
    );
    const below = await certificateOf(leafContent(leaf, { issuer: 'Below' }), other, sha256);
    const files = {
      'ca.pem': caPem,
      'middle.pem': pemOf('CERTIFICATE', middle),
      'leaf.pem': pemOf('CERTIFICATE', below),
    };

    expect(() =>
      openssl(files, ['verify', '-CAfile', 'ca.pem', '-untrusted', 'middle.pem', 'leaf.pem']),
    ).toThrow(/path length constraint exceeded/);
  });

  it('says the same in the words of openssl', async () => {
    const text = await textOf(
      await issue({
        usages: ['server', 'client'],
        names: [
          { dns: 'hub.example.gov' },
          { ip: Uint8Array.of(192, 0, 2, 7) },
          { ip: Uint8Array.from([0x20, 1, 0x0d, 0xb8, ...new Array(11).fill(0), 1]) },
          { uri: 'urn:bellwether:office:55' },
        ],
      }),
    );

    for (const line of [
      'Version: 3 (0x2)',
      'Serial Number: 10420739 (0x9f0203)',
      'Signature Algorithm: ecdsa-with-SHA256',
      'Issuer: CN = Show-Me CA',
      'Subject: CN = hub.example.gov',
      'NIST CURVE: P-256',
      'X509v3 Basic Constraints: critical',
      'CA:FALSE',
      'X509v3 Key Usage: critical',
      'Digital Signature',
      'TLS Web Server Authentication, TLS Web Client Authentication',
      'DNS:hub.example.gov, IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:1, URI:urn:bellwether:office:55',
    ]) {
      expect(text).toContain(line);
    }
    expect(await textOf(authority)).toMatch(
      /Basic Constraints: critical\s+CA:TRUE, pathlen:0\s+X509v3 Key Usage: critical\s+Certificate Sign, CRL Sign\s/,
    );
  });

  it('says the same to Node', async () => {
    const issued = new X509Certificate(await issue());
    const issuer = new X509Certificate(authority);

    expect(issued.checkIssued(issuer)).toBe(true);
    expect(issued.verify(issuer.publicKey)).toBe(true);
    expect(issued.verify(issued.publicKey)).toBe(false);
    expect(issued.checkPrivateKey(leaf.node)).toBe(true);
    expect(issued.checkHost('hub.example.gov')).toBe('hub.example.gov');
    expect(issued.serialNumber).toBe('9F0203');
    expect(issued.subject).toBe('CN=hub.example.gov');
    expect(issued.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
    expect([issued.ca, issuer.ca]).toEqual([false, true]);
    expect(new Date(issued.validTo).getTime()).toBe(NOW + 90 * DAY);
  });

  it('names its key and the key of its issuer by 160 bits of SHA-256 (RFC 7093)', async () => {
    const parsed = parseCertificate(await issue()).okOrThrow();
    const id = hexOf((await sha256(ca.publicKey.slice(26))).slice(0, 20));

    expect(hexOf(parsed.authorityKeyId)).toBe(id);
    expect(hexOf(parseCertificate(authority).okOrThrow().subjectKeyId)).toBe(id);
    expect((await textOf(await issue())).toLowerCase().replaceAll(':', '')).toContain(id);
  });

  it('marks its names as critical if it has no subject (RFC 5280, 4.1.2.6)', async () => {
    expect(await textOf(await issue({ subject: '' }))).toMatch(
      /Subject: \n[\s\S]*Alternative Name: critical/,
    );
  });

  it('has two digits for the year to the end of 2049, and four from then on', async () => {
    const text = await textOf(
      await issue({ notBefore: Date.UTC(2049, 11, 31, 23, 59, 59), notAfter: Date.UTC(2050, 0, 1) }),
    );

    expect(text).toMatch(/Not Before: Dec 31 23:59:59 2049 GMT\s+Not After : Jan {2}1 00:00:00 2050 GMT/);
  });

  it('comes back as it was meant, whatever is in it, and Node reads it too', async () => {
    await fc.assert(
      fc.asyncProperty(anyContent(leaf.publicKey), async (content) => {
        const der = await certificateOf(content, ca, sha256);
        const parsed = parseCertificate(der).okOrThrow();

        expect(parsed.content).toEqual(content);
        expect(await isSignedBy(parsed, ca.publicKey, check)).toBe(true);
        const node = new X509Certificate(der);
        expect(node.serialNumber.toLowerCase()).toBe(hexOf(content.serial));
        expect(new Date(node.validTo).getTime()).toBe(content.notAfter);
      }),
      { numRuns: 150 },
    );
  });
});

describe('a certificate that was damaged', () => {
  it('is refused, or its signature is: at every length, and with any bit turned', async () => {
    const der = await issue({
      names: [{ dns: 'a.gov' }, { ip: Uint8Array.of(1, 2, 3, 4) }, { uri: 'urn:a' }],
    });
    const passed: string[] = [];
    let read = 0;
    for (const changed of damaged(der)) {
      const parsed = parseCertificate(changed);
      if (parsed.isErr()) continue;
      read += 1;
      if (await isSignedBy(parsed.value, ca.publicKey, check)) passed.push(hexOf(changed));
    }

    expect(passed).toEqual([]);
    // Bits of the serial, of letters, of times and of the signature do not show in the form.
    expect(read).toBeGreaterThan(100);
  });

  it('is refused if it is anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(parseCertificate(bytes).isErr()).toBe(true);
      }),
    );
  });
});

describe('a certificate of others', () => {
  it('is refused if it has another form, valid as it is', () => {
    const files = { 'key.pem': pemKey(leaf) };
    const made = (...args: string[]): Uint8Array => {
      const pem = openssl(files, [
        'req',
        '-x509',
        '-new',
        '-key',
        'key.pem',
        '-sha256',
        '-subj',
        '/CN=a',
        ...args,
      ]);
      return new Uint8Array(new X509Certificate(pem).raw);
    };

    expect(parseCertificate(made()).isErr()).toBe(true);
    expect(parseCertificate(made('-addext', 'keyUsage=critical,keyCertSign')).isErr()).toBe(true);
  });

  it('is refused with a key or a signature of another kind', () => {
    const pem = openssl({}, [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      '-',
      '-subj',
      '/CN=a',
    ]);
    const der = new Uint8Array(new X509Certificate(pem.slice(pem.indexOf('-----BEGIN CERT'))).raw);
    const parsed = parseCertificate(der);

    expect(parsed.isErr() && parsed.error.code).toBe('X509_UNSUPPORTED');
  });

  it('is refused with extensions in another order, one more, or one twice', async () => {
    const der = await issue();
    const text = hexOf(der);
    // The OID of subjectKeyIdentifier, made into one that nobody knows.
    const strange = text.replace('0603551d0e', '0603551d7f');
    const twice = text.replace('0603551d0e', '0603551d23');

    expect(strange).not.toBe(text);
    for (const hex of [strange, twice]) {
      expect(parseCertificate(new Uint8Array(Buffer.from(hex, 'hex'))).isErr()).toBe(true);
    }
  });

  it('is refused beyond 32 KiB before it is looked at', () => {
    const long = derSequence(derElement(contextTag(0, true), new Uint8Array(40_000)));
    const parsed = parseCertificate(long);

    expect(parsed.isErr() && parsed.error.detail).toMatch(/^40\d+ bytes, and 32768 are the most$/);
  });
});

describe('a content that cannot be written', () => {
  it.each<[string, Partial<CertificateContent>]>([
    ['a serial of zero', { serial: Uint8Array.of(0) }],
    ['a serial of 160 bits', { serial: new Uint8Array(20).fill(0x80) }],
    ['no issuer', { issuer: '' }],
    ['a subject of 65 characters', { subject: 'a'.repeat(65) }],
    ['a subject with a line end', { subject: 'a\nb' }],
    ['a subject that turns the writing', { subject: 'a\u202eb' }],
    ['half a character', { subject: 'a\ud800' }],
    ['nobody it is about', { subject: '', names: [] }],
    ['no use', { usages: [] }],
    ['one use twice', { usages: ['server', 'server'] }],
    ['an end before its beginning', { notAfter: NOW - 2 * DAY }],
    ['a time that is no whole second', { notAfter: NOW + 1 }],
    ['no time', { notAfter: Number.NaN }],
    ['a wildcard', { names: [{ dns: '*.example.gov' }] }],
    ['a DNS name with a zero byte', { names: [{ dns: 'hub.example.gov\0.evil.com' }] }],
    ['an address as a name', { names: [{ dns: '192.0.2.7' }] }],
    ['an address of five bytes', { names: [{ ip: new Uint8Array(5) }] }],
    ['a URI without a scheme', { names: [{ uri: 'office/55' }] }],
    ['a URI with a blank', { names: [{ uri: 'urn:a b' }] }],
    ['33 names', { names: Array.from({ length: 33 }, () => ({ dns: 'a.gov' })) }],
    ['an authority with a use', { authority: true, names: [] }],
    ['a key that is none', { publicKey: new Uint8Array(91) }],
    ['a point that is not on the curve', { publicKey: leaf.publicKey.map((b, i) => (i === 90 ? b ^ 1 : b)) }],
  ])('is %s', async (_, changes) => {
    await expect(issue(changes)).rejects.toThrow(RangeError);
  });
});
