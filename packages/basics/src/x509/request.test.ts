import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contextTag, derElement, derNumber, derOctets, derOid, derSequence, derText, TAG } from './der.ts';
import { derExtensions } from './extensions.ts';
import { derAlternativeNames, derName } from './names.ts';
import { OID } from './oids.ts';
import { decodePem, pemOf } from './pem.ts';
import { certificateRequestOf, parseCertificateRequest } from './request.ts';
import { isSignedBy, signedOf } from './signed.ts';
import {
  anyName,
  anyNames,
  check,
  damaged,
  hexOf,
  openssl,
  opensslSays,
  pemKey,
  testKey,
} from './x509.fixture.ts';

const key = testKey();
const VERIFY = ['req', '-in', 'a.pem', '-verify', '-noout'];
const names = [
  { dns: 'agent.example.gov' },
  { ip: Uint8Array.of(192, 0, 2, 9) },
  { uri: 'urn:bellwether:a' },
];

/** A request made by openssl. */
function foreign(...args: string[]): Uint8Array {
  const pem = openssl({ 'key.pem': pemKey(key) }, ['req', '-new', '-key', 'key.pem', '-sha256', ...args]);
  return decodePem(pem, 'CERTIFICATE REQUEST').okOrThrow()[0]!;
}

/** A request with this in the place of its attributes. */
function withAttributes(...attributes: Uint8Array[]): Promise<Uint8Array> {
  const list = derElement(contextTag(0, true), ...attributes);
  return signedOf(derSequence(derNumber(0), derName('a'), key.publicKey, list), key);
}

describe('a request of ours', () => {
  it('is verified by openssl, which reads the same names', async () => {
    const der = await certificateRequestOf({ subject: 'Boone County', names }, key);
    const files = { 'a.pem': pemOf('CERTIFICATE REQUEST', der) };
    const text = openssl(files, ['req', '-in', 'a.pem', '-noout', '-text']);

    expect(opensslSays(files, VERIFY)).toMatch(/verify OK/);
    expect(text).toContain('Subject: CN = Boone County');
    expect(text).toContain('DNS:agent.example.gov, IP Address:192.0.2.9, URI:urn:bellwether:a');
  });

  it('is not verified by openssl with one letter changed', async () => {
    const der = await certificateRequestOf({ subject: 'Boone County', names }, key);
    der[Buffer.from(der).indexOf('Boone')] = 'N'.charCodeAt(0);

    expect(opensslSays({ 'a.pem': pemOf('CERTIFICATE REQUEST', der) }, VERIFY)).toMatch(/verify failure/);
  });

  it('comes back as it was meant, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyName, fc.constant('')), anyNames, async (subject, asked) => {
        const parsed = parseCertificateRequest(
          await certificateRequestOf({ subject, names: asked }, key),
        ).okOrThrow();

        expect(parsed.content).toEqual({ subject, names: asked, publicKey: key.publicKey });
        expect(await isSignedBy(parsed, parsed.content.publicKey, check)).toBe(true);
      }),
    );
  });
});

describe('a request made by openssl', () => {
  it('is read, with its names', async () => {
    const der = foreign(
      '-subj',
      '/CN=Boone County',
      '-addext',
      'subjectAltName=DNS:a.gov,IP:192.0.2.1,URI:urn:b',
    );
    const parsed = parseCertificateRequest(der).okOrThrow();

    expect(parsed.content).toEqual({
      subject: 'Boone County',
      publicKey: key.publicKey,
      names: [{ dns: 'a.gov' }, { ip: Uint8Array.of(192, 0, 2, 1) }, { uri: 'urn:b' }],
    });
    expect(await isSignedBy(parsed, parsed.content.publicKey, check)).toBe(true);
  });

  it('is read with more in its name, and with more asked for, which is passed over', () => {
    const der = foreign(
      ...['-subj', '/C=US/ST=Missouri/O=Clerk/CN=Boone/emailAddress=a@b.gov'],
      ...['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=keyCertSign'],
    );

    expect(parseCertificateRequest(der).okOrThrow().content).toMatchObject({ subject: 'Boone', names: [] });
  });

  it('is read without names or attributes', () => {
    expect(parseCertificateRequest(foreign('-subj', '/')).okOrThrow().content).toMatchObject({
      subject: '',
      names: [],
    });
  });

  it('is refused with two common names, or with names of another kind', () => {
    for (const args of [
      ['-subj', '/CN=a/CN=b'],
      ['-subj', '/CN=a', '-addext', 'subjectAltName=email:a@b.gov'],
      ['-subj', '/CN=a', '-addext', 'subjectAltName=DNS:*.example.gov'],
    ]) {
      expect(parseCertificateRequest(foreign(...args)).isErr()).toBe(true);
    }
  });

  it('is refused with a key of another curve, or a signature of another digest', () => {
    const p384 = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-384',
      '-nodes',
      '-keyout',
      '-',
      '-subj',
      '/CN=a',
    ];
    const both = openssl({}, ['req', ...p384]);
    const pem = both.slice(both.indexOf('-----BEGIN CERTIFICATE REQUEST'));
    const other = parseCertificateRequest(decodePem(pem, 'CERTIFICATE REQUEST').okOrThrow()[0]!);
    const digest = parseCertificateRequest(foreign('-subj', '/CN=a', '-sha512'));

    expect([other, digest].map((found) => found.isErr() && found.error.code)).toEqual([
      'X509_UNSUPPORTED',
      'X509_UNSUPPORTED',
    ]);
  });
});

describe('a request', () => {
  it('signed with another key than the one in it, shows', async () => {
    const der = await certificateRequestOf(
      { subject: 'a', names: [] },
      { publicKey: testKey().publicKey, sign: key.sign },
    );
    const parsed = parseCertificateRequest(der).okOrThrow();

    expect(await isSignedBy(parsed, parsed.content.publicKey, check)).toBe(false);
  });

  it('that was damaged is refused, or its signature is: at every length, and with any bit turned', async () => {
    const der = await certificateRequestOf({ subject: 'Boone County', names }, key);
    const passed: string[] = [];
    for (const changed of damaged(der)) {
      const parsed = parseCertificateRequest(changed);
      if (parsed.isErr()) continue;
      if (await isSignedBy(parsed.value, parsed.value.content.publicKey, check)) passed.push(hexOf(changed));
    }

    expect(passed).toEqual([]);
  });

  it('is refused if it is anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(parseCertificateRequest(bytes).isErr()).toBe(true);
      }),
    );
  });
});

describe('attributes', () => {
  const extension = {
    oid: OID.subjectAltName,
    critical: false,
    value: derAlternativeNames([{ dns: 'a.gov' }]),
  };
  const asked = derSequence(derOid(OID.extensionRequest), derElement(TAG.set, derExtensions([extension])));
  const password = derSequence(
    derOid('1.2.840.113549.1.9.7'),
    derElement(TAG.set, derText(TAG.utf8String, 'x')),
  );

  it('of another kind are passed over, in the order of their bytes', async () => {
    const [first, second] = [password, asked].sort(Buffer.compare) as [Uint8Array, Uint8Array];

    expect(parseCertificateRequest(await withAttributes(first, second)).okOrThrow().content.names).toEqual([
      { dns: 'a.gov' },
    ]);
    expect(parseCertificateRequest(await withAttributes(second, first)).isErr()).toBe(true);
  });

  it('that ask for extensions twice are refused, in order as they may be', async () => {
    const other = { ...extension, value: derAlternativeNames([{ dns: 'b.gov' }]) };
    const der = await withAttributes(requested(extension), requested(other));
    const parsed = parseCertificateRequest(der);

    expect(parsed.isErr() && parsed.error.detail).toBe('extensions are asked for twice');
  });

  it.each<[string, readonly Uint8Array[]]>([
    ['the same twice', [asked, asked]],
    [
      'nine of them',
      Array.from({ length: 9 }, (_, n) => derSequence(derOid(`1.2.${n}`), derElement(TAG.set))),
    ],
    ['an extension twice', [requested(extension, extension)]],
    ['no extension', [requested()]],
    ['no names', [requested({ ...extension, value: derSequence() })]],
    [
      'names and more behind them',
      [requested({ ...extension, value: Uint8Array.of(...extension.value, 5, 0) })],
    ],
    [
      '33 names',
      [requested({ ...extension, value: derSequence(...new Array(33).fill(derText(0x82, 'a.gov'))) })],
    ],
    [
      'two values',
      [derSequence(derOid(OID.extensionRequest), derElement(TAG.set, derSequence(), derSequence()))],
    ],
    ['what is no attribute', [derOctets()]],
  ])('are refused: %s', async (_, attributes) => {
    expect(parseCertificateRequest(await withAttributes(...attributes)).isErr()).toBe(true);
  });

  function requested(...extensions: (typeof extension)[]): Uint8Array {
    return derSequence(derOid(OID.extensionRequest), derElement(TAG.set, derExtensions(extensions)));
  }
});
