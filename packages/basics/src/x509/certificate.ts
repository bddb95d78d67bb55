/**
 * Certificates: RFC 5280, version 3, in the one form that a small CA needs.
 *
 *     body  SEQUENCE {
 *       [0] { INTEGER 2 }                                      version 3
 *       INTEGER                                                serial
 *       SEQUENCE { OID ecdsa-with-SHA256 }
 *       Name                                                   issuer
 *       SEQUENCE { Time, Time }                                from, until
 *       Name                                                   subject
 *       SubjectPublicKeyInfo
 *       [3] { extensions }
 *     }
 *
 *     of an authority                                          of a leaf
 *       basicConstraints      critical: CA, path length 0        basicConstraints      critical: no CA
 *       keyUsage              critical: keyCertSign, cRLSign     keyUsage              critical: digitalSignature
 *                                                                extendedKeyUsage      serverAuth, clientAuth
 *                                                                subjectAltName        critical if the subject is empty
 *       subjectKeyIdentifier, authorityKeyIdentifier             the same
 *
 * What is parsed is written again and compared: a certificate in any other form is refused.
 */
import type { Result } from '../result.ts';
import { contextTag, derElement, derNamedBits, derNumber, derOid, derSequence, derTrue, TAG } from './der.ts';
import type { DerReader } from './der-reader.ts';
import type { X509Error } from './errors.ts';
import {
  derAuthorityKeyId,
  derExtensions,
  derSubjectKeyId,
  type Extension,
  keyIdOf,
  readAuthorityKeyId,
  readExtension,
  readExtensions,
  readSubjectKeyId,
} from './extensions.ts';
import { derAlternativeNames, derName, readAlternativeNames, readName } from './names.ts';
import { OID } from './oids.ts';
import { ECDSA_WITH_SHA256, isPublicKey, readPublicKey } from './p256.ts';
import { derSerial, readSerial } from './serials.ts';
import { checkSpelling, readAlgorithm, readSigned, signedOf } from './signed.ts';
import { derTime, readCertificateTime } from './times.ts';
import type { Certificate, CertificateContent, Sha256, Signer } from './x509-types.ts';

/** Longest certificate that is read, in bytes: 32 names of 512 characters, and as much again. */
const MAX_CERTIFICATE = 32_768;

const VERSION = contextTag(0, true);
const EXTENSIONS = contextTag(3, true);

/** Bits of a KeyUsage (RFC 5280, 4.2.1.3). */
const DIGITAL_SIGNATURE = 0;
const KEY_CERT_SIGN = 5;
const CRL_SIGN = 6;

type KeyIds = Pick<Certificate, 'subjectKeyId' | 'authorityKeyId'>;

/**
 * A certificate, DER. Whoever issues is who says so: `content.issuer` is the subject of the signer's certificate, and the
 * content of an authority that signs itself has the signer's key. Throws on a content that cannot be written (RangeError).
 */
export async function certificateOf(
  content: CertificateContent,
  issuer: Signer,
  sha256: Sha256,
): Promise<Uint8Array> {
  const ids = {
    subjectKeyId: await keyIdOf(content.publicKey, sha256),
    authorityKeyId: await keyIdOf(issuer.publicKey, sha256),
  };
  return signedOf(bodyOf(content, ids), issuer);
}

/** Reads a certificate as `certificateOf` writes it. Whether its signature holds, `isSignedBy` tells. */
export function parseCertificate(der: Uint8Array): Result<Certificate, X509Error> {
  return readSigned(der, MAX_CERTIFICATE, readBody).map(({ of, body, signature }) => ({
    ...of,
    body,
    signature,
  }));
}

function bodyOf(content: CertificateContent, ids: KeyIds): Uint8Array {
  const fault = faultOf(content);
  if (fault !== undefined) throw new RangeError(fault);
  return derSequence(
    derElement(VERSION, derNumber(2)),
    derSerial(content.serial),
    ECDSA_WITH_SHA256,
    derName(content.issuer),
    derSequence(derTime(content.notBefore), derTime(content.notAfter)),
    derName(content.subject),
    content.publicKey,
    derElement(EXTENSIONS, derExtensions(extensionsOf(content, ids))),
  );
}

type Unsigned = KeyIds & { readonly content: CertificateContent };

function readBody(reader: DerReader, body: Uint8Array): Unsigned {
  reader.exactly(derElement(VERSION, derNumber(2)), 'another version than 3');
  const serial = readSerial(reader);
  readAlgorithm(reader);
  const issuer = readName(reader);
  const [notBefore, notAfter] = reader.inside(
    TAG.sequence,
    (times) => [readCertificateTime(times), readCertificateTime(times)] as const,
  );
  const subject = readName(reader);
  const publicKey = readPublicKey(reader).slice();
  const extensions = reader.inside(EXTENSIONS, readExtensions);

  function extension<T>(oid: string, read: (value: DerReader) => T, missing: T): T {
    return readExtension(reader, extensions, oid, read, missing);
  }
  const authority = extension(OID.basicConstraints, readConstraints, false);
  const usages = extension(OID.extendedKeyUsage, readPurposes, []);
  const names = extension(OID.subjectAltName, readAlternativeNames, []);
  const subjectKeyId = extension(OID.subjectKeyIdentifier, readSubjectKeyId, new Uint8Array(0));
  const authorityKeyId = extension(OID.authorityKeyIdentifier, readAuthorityKeyId, new Uint8Array(0));

  const content = { serial, issuer, subject, notBefore, notAfter, publicKey, authority, usages, names };
  const ids = { subjectKeyId, authorityKeyId };
  checkSpelling(
    reader,
    body,
    () => faultOf(content),
    () => bodyOf(content, ids),
  );
  return { content, ...ids };
}

function readConstraints(reader: DerReader): boolean {
  return reader.inside(TAG.sequence, (parts) => {
    const authority = parts.flag();
    if (authority) parts.exactly(derNumber(0), 'an authority that may sign others');
    return authority;
  });
}

function readPurposes(reader: DerReader): CertificateContent['usages'] {
  return reader.inside(TAG.sequence, (list) =>
    list.each(2, (next) => {
      const purpose = next.oid();
      if (purpose === OID.serverAuth) return 'server';
      if (purpose !== OID.clientAuth) next.fail('a purpose other than server and client', 'X509_UNSUPPORTED');
      return 'client';
    }),
  );
}

function faultOf(content: CertificateContent): string | undefined {
  const { authority, usages, names } = content;
  if (!isPublicKey(content.publicKey)) return 'the key is none on the curve P-256';
  if (content.issuer === '') return 'nobody issues it';
  if (!(content.notBefore <= content.notAfter)) return 'it ends before it begins';
  if (authority) return usages.length + names.length > 0 ? 'an authority with names or usages' : undefined;
  if (content.subject === '' && names.length === 0) return 'it is about nobody';
  const order = ['server', 'client'].filter((usage) => usages.some((used) => used === usage));
  return usages.length > 0 && order.join() === usages.join()
    ? undefined
    : 'usages: none, twice, or out of order';
}

function extensionsOf(content: CertificateContent, ids: KeyIds): readonly Extension[] {
  const { authority, names, usages } = content;
  const keyUsage = derNamedBits(authority ? [KEY_CERT_SIGN, CRL_SIGN] : [DIGITAL_SIGNATURE]);
  const constraints = authority ? derSequence(derTrue(), derNumber(0)) : derSequence();
  const purposes = usages.map((usage) => derOid(usage === 'server' ? OID.serverAuth : OID.clientAuth));
  const nameless = content.subject === '';
  return [
    { oid: OID.basicConstraints, critical: true, value: constraints },
    { oid: OID.keyUsage, critical: true, value: keyUsage },
    ...(authority ? [] : [{ oid: OID.extendedKeyUsage, critical: false, value: derSequence(...purposes) }]),
    ...(names.length === 0
      ? []
      : [{ oid: OID.subjectAltName, critical: nameless, value: derAlternativeNames(names) }]),
    { oid: OID.subjectKeyIdentifier, critical: false, value: derSubjectKeyId(ids.subjectKeyId) },
    { oid: OID.authorityKeyIdentifier, critical: false, value: derAuthorityKeyId(ids.authorityKeyId) },
  ];
}
